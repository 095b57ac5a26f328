#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A million frames of 14 to 1514 bytes go from one netmap program to another: all of them, in order, unchanged, to nobody else.
#
#     vale0:a ---> vale0:b
#             -x-> vale0:c      learned, so it must not see a frame
# timeout: 90
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

load_vale
step "$million frames"
talk /tmp/talk vale0:a --to vale0:b --bystander vale0:c --count "$million"
expect_eq "$(report /tmp/talk send frames)" "$million" "frames sent"
expect_eq "$(report /tmp/talk recv frames)" "$million" "frames received and verified"
expect_eq "$(report /tmp/talk recv bytes)" "$(report /tmp/talk send bytes)" "bytes received"
expect_eq "$(report /tmp/talk bystander frames)" 0 "frames a bystander saw"
