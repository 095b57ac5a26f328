#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# nm_open() and libnetmap on the real module: packets both ways, memory shared and cloned, ring ranges, refusals (tests/prog/libuse.c).
#
#     vale0:a  nm_open  <-->  vale0:b  nmport_open
#
# shellcheck source=tests/scenarios/lib.sh
. "$(dirname "$0")/lib.sh"

load_vale
step "both libraries"
expect_eq "$(libuse)" "both libraries do what they say"
