#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A million broadcast frames of 14 to 1514 bytes reach each of three other members once, in order and unchanged.
#
#               +-> vale0:b
#     vale0:a --+-> vale0:c
#               +-> vale0:d
# timeout: 90
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

load_vale
step "$million frames to three"
talk /tmp/talk vale0:a --to vale0:b --to vale0:c --to vale0:d --broadcast --count "$million"
expect_eq "$(report /tmp/talk recv frames)" $((3 * million)) "frames received and verified"
