#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Memory of ports counts for the control group of the process that opens them: at its limit the answer is ENOMEM, nobody in it is
# killed for that, others go on, and what is closed is given back. Small ports take little.
#
#     group of 64 MiB:  nmfill  valef0:p0 valef0:p1 ... until refused          outside:  vale0:a ===verified===> vale0:b
# timeout: 120
# needs: memcg
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

group=/sys/fs/cgroup/limited
limit=$((64 << 20))
port=$((6 << 20))  # what a default port occupies, and some of another chunk

charged() { cat "$group/memory.current"; }
charged_at_most() { [ "$(charged)" -le "$1" ]; }

# in_group CMD...: what it starts stays there.
in_group() {
    echo $$ >"$group/cgroup.procs"
    "$@"
    echo $$ >/sys/fs/cgroup/cgroup.procs
}

# give_back PREFIX: closes them all.
give_back() {
    empty "$1"
    eventually 20 charged_at_most $((4 << 20))
    echo "$(charged) bytes charged"
}

load_vale
echo +memory >/sys/fs/cgroup/cgroup.subtree_control
mkdir "$group"
echo "$limit" >"$group/memory.max"
start_talk 200 vale0:a --to vale0:b

step "default ports in a group of $((limit >> 20)) MiB"
in_group start_fill valef
full valef
echo "$(charged) bytes charged"
expect_ge "$filled" $((limit / port / 2)) "ports"
expect_le "$filled" $((limit / (port * 9 / 10))) "ports"
expect_ge "$(charged)" $((filled * port * 9 / 10)) "bytes charged"

step "nobody was killed, and others are as they were"
expect_match "$(cat "$group/memory.events")" "oom_kill 0" "events of the group"
kill -0 "${filler[valef]}"
still_talking "while the group was full"
talk /tmp/more vale1:a --to vale1:b --count 2000

step "closed, they are given back"
give_back valef

step "ports of 64 slots, which are ten times as many"
in_group start_fill valeg --slots 64
full valeg
expect_ge "$filled" $((limit * 8 / port)) "ports"
give_back valeg
still_talking "to the end"
eventually 5 rmdir "$group"
