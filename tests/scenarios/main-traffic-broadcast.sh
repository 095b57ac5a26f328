#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Broadcast frames reach each of three other members once, in order and unchanged.
#
#               +-> vale0:b
#     vale0:a --+-> vale0:c
#               +-> vale0:d
# timeout: 90
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

frames=$((million / 4))
load_vale
step "$frames frames to three"
talk /tmp/talk vale0:a --to vale0:b --to vale0:c --to vale0:d --broadcast --count "$frames"
expect_eq "$(report /tmp/talk recv frames)" $((3 * frames)) "frames received and verified"
