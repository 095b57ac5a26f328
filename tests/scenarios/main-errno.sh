#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Every request of /dev/netmap that can be refused is refused with the errno its specification names, row by row.
# timeout: 90
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

load_vale
rc=0
abi-errno >/tmp/answers || rc=$?
grep -v '^ok' /tmp/answers || true
grep '# SKIP' /tmp/answers || true
expect_eq "$rc" 0 "exit status of abi-errno"
expect_ge "$(grep -c '^ok' /tmp/answers)" 100 "rows"
