#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# 32 processes open, sync, poll, share, monitor, attach, poll by thread, close and delete ports of every kind under few names, and
# are killed in the middle of it. Nothing hangs, no request fails for a reason that cannot be, and nothing is left: ports, regions,
# descriptors, netdevs. VALE_STRESS_SECONDS and VALE_STRESS_SEED say how long (20) and how (1).
#
#     portstress: 32 workers --> vale0, vale1: p0..p3, keep0..1, pipes up to 3 deep, monitors of all   nic0 === nic1
#                                                                                                     gone0 === gone1 (come and go)
# timeout: 180
# needs: veth
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

seconds=${VALE_STRESS_SECONDS:-20}
refs() { cat /sys/module/vale/refcnt; }
idle() { [ "$(refs)" = "$refs_at_start" ]; }
queues() { ip link add "$1" numrxqueues 2 numtxqueues 2 type veth peer name "$2" numrxqueues 2 numtxqueues 2; }

# pair ONE OTHER: NICs of two queues each, both up.
pair() {
    queues "$1" "$2"
    ip link set "$1" up
    ip link set "$2" up
}

# A pair that is there for a second, and a switch that exchanges buffers or does not.
come_and_go() {
    while :; do
        pair gone0 gone1 || true
        vale-ctl --direct switch set vale0 --exchange on || true
        sleep 1
        ip link del gone0 || true
        vale-ctl --direct switch set vale0 --exchange off || true
    done >/dev/null 2>&1
}

# What workers have left on purpose, as an administrator takes it away.
take_away() {
    local port
    for port in $(kernel_says list | jq -r '.ports[].name' | grep -v '\^$'); do
        vale-ctl -P "$port" 2>/dev/null || true
        vale-ctl -d "$port"
    done
    for port in keep0 keep1; do
        [ ! -d "/sys/class/net/$port" ] || vale-ctl -r "$port"
    done
}

at_end() { take_away; }

load_vale
insmod "$vale_modules/netmap.ko"
refs_at_start=$(refs)
pair nic0 nic1
scenario_links+=(nic0 gone0)
come_and_go &
scenario_pids+=("$!")
changes=$!

step "$seconds s"
rc=0
portstress --seconds "$seconds" --seed "${VALE_STRESS_SEED:-1}" >/tmp/stress 2>&1 || rc=$?
cat /tmp/stress
expect_eq "$rc" 0 "exit status of portstress"
kill "$changes"
wait "$changes" || true

step "taken away, all is gone"
take_away
ip link del nic0
ip link del gone0 2>/dev/null || true
eventually 10 idle
expect_eq "$(vale-ctl)" "" "ports"
expect_eq "$(ip -o link show | grep -cE 'keep|ghost|nic|gone|nm_' || true)" 0 "netdevs"
expect_eq "$(portstress --regions)" 0 "private regions"
# It takes another size only when nobody uses it.
echo 20000 >/sys/module/netmap/parameters/buf_num
nmcount vale0:a@1 --seconds 1 >/tmp/count 2>&1
expect_eq "$(cat /sys/module/netmap/parameters/buf_curr_num)" 20000 "buffers of the global region"

step "and a conversation is what it was"
talk /tmp/talk vale0:a --to vale0:b --count $((million / 20)) --min 60
expect_eq "$(report /tmp/talk recv frames)" "$(report /tmp/talk send frames)" "frames received and verified"
