#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The main job, shown: two containers (network namespaces) on a VALE switch, put there by vale-ctl through valed.
#
#     [namespace red]  10.9.9.1 -- veth -- leg-red    vale0    leg-blue -- veth -- 10.9.9.2  [namespace blue]
#
# ./quickstart runs it in a throw-away machine, ./quickstart --here on this one. Everything made here is removed again.
set -euo pipefail

work=$(mktemp -d)
socket=$work/valed.sock
slow=${VALE_SLOW:-1}
legs=()
loaded_here='' daemon=''

step() { printf '\n== %s\n' "$*"; }
run() { printf '$ %s\n' "$*"; "$@"; }
ctl() { printf '$ vale-ctl %s\n' "$*"; vale-ctl --socket "$socket" "$@"; }

wait_for() {
    local try
    for try in $(seq $((100 * slow))); do
        ! "$@" >/dev/null 2>&1 || return 0
        sleep 0.1
    done
    echo "gave up waiting after $try attempts: $*" >&2
    return 1
}

undo() {
    local rc=$? leg
    set +e
    for leg in "${legs[@]}"; do
        vale-ctl --socket "$socket" detach "vale0:$leg" >/dev/null 2>&1
        ip link del "$leg"
    done
    [ -z "$daemon" ] || { kill "$daemon"; wait "$daemon" 2>/dev/null; }
    ip netns del red 2>/dev/null
    ip netns del blue 2>/dev/null
    [ -z "$loaded_here" ] || rmmod vale
    [ "$rc" = 0 ] || { echo "failed; what valed said:"; cat "$work/valed.log"; } >&2
    rm -rf "$work"
    exit "$rc"
}
trap undo EXIT

container() {
    local name=$1 address=$2
    ip netns add "$name"
    ip link add "leg-$name" type veth peer name eth0 netns "$name"
    legs+=("leg-$name")
    ip -n "$name" addr add "$address/24" dev eth0
    ip -n "$name" link set eth0 up
    ip link set "leg-$name" up
}

step "The kernel module: Linux $(uname -r)"
if [ ! -d /sys/module/vale ]; then
    run insmod "${VALE_MODULES:-/vale/modules}/vale.ko"
    loaded_here=1
fi
wait_for test -c /dev/netmap
ls -l /dev/netmap

step "The manager"
valed --socket "$socket" --state "$work/state" --foreground >"$work/valed.log" 2>&1 &
daemon=$!
wait_for test -S "$socket"
echo "valed runs (process $daemon), its socket is $socket"

step "Two containers, each with one leg of a veth pair; the other legs go to the switch vale0"
container red 10.9.9.1
container blue 10.9.9.2
ctl attach vale0:leg-red
ctl attach vale0:leg-blue
ctl list

step "Ping and TCP from red to blue, through the switch"
run ip netns exec red ping -n -c 3 -W $((2 * slow)) 10.9.9.2
ip netns exec blue iperf3 -s -1 >"$work/iperf3.log" 2>&1 &
wait_for sh -c "ip netns exec blue ss -Hltn 'sport = :5201' | grep -q ."
run ip netns exec red iperf3 -c 10.9.9.2 -t 3

step "What was switched, port by port"
ctl stats
ctl fdb list vale0

step "Taken apart again"
ctl detach vale0:leg-red
ctl detach vale0:leg-blue
ip netns exec red ping -n -c 1 -W 1 10.9.9.2 >/dev/null && { echo "still connected?" >&2; exit 1; }
echo "red no longer reaches blue: it was the switch that carried the packets"
