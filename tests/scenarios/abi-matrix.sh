#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# One static program that knows netmap by the numbers of the table only (tests/prog/matrix) registers, maps, sends, receives and asks,
# the new way and the old. What it saw is left for tests/abi/same-answers, which compares the kernels.
# timeout: 60
# shellcheck source=tests/scenarios/lib.sh
. "$(dirname "$0")/lib.sh"

load_vale
step "abi-matrix on $(uname -r)"
rc=0
abi-matrix >/tmp/answers || rc=$?
grep -e '^WRONG' -e 'wrong$' /tmp/answers || true
expect_eq "$rc" 0 "exit status of abi-matrix"
expect_ge "$(grep -c ' = ' /tmp/answers)" 200 "numbers it saw"
{ sha256sum <"$(command -v abi-matrix)"; cat /tmp/answers; } >/host/abi-matrix.answers
