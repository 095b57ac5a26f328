#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Control requests of an i386 program, which lays out nmreq_register otherwise (tests/prog/requests32.c).
# needs: ia32 veth
# timeout: 20
# shellcheck source=tests/scenarios/lib.sh
. "$(dirname "$0")/lib.sh"

command -v requests32 >/dev/null || skip "requests32 was not built: no 32-bit C library (package gcc-multilib)"
load_vale
ns A
veth va A vb
step "requests"
requests32 vale0:a va vale1 || fail "see above"
