#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# vale.ko loads, /dev/netmap appears, and it unloads again without a trace, three times.
#
#     insmod vale.ko  ->  /dev/netmap  ->  rmmod vale
# shellcheck source=tests/scenarios/lib.sh
. "$(dirname "$0")/lib.sh"

for round in 1 2 3; do
    step "round $round"
    load_vale
    [ -c /dev/netmap ] || fail "/dev/netmap is not there"
    expect_eq "$(cat /sys/module/vale/refcnt)" 0 "references to the module"
    unload_vale
    [ ! -e /dev/netmap ] || fail "/dev/netmap outlived the module"
done
