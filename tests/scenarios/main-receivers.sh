#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# One sender whose batches go to 20 ports, half of which nobody has open: each port's share arrives or is counted, and it goes
# on while ports are opened, closed and taken away.
#
#     vale0:s ---> vale0:p0 (open), p1 (not), p2 (open) ... p19
# timeout: 120
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

ports=20
share=500 # frames to each, fewer than a ring has slots

at_end() {
    local i
    for ((i = 0; i < ports; i++)); do
        [ ! -e "/sys/class/net/p$i" ] || ip link del "p$i"
    done
}

open_port() {
    background "/tmp/p$1" nmcount "vale0:p$1"
    receiver[$1]=$!
}
is_open() { grep -q ready "/tmp/p$1"; }
close_port() {
    kill "${receiver[$1]}"
    wait "${receiver[$1]}" || fail "nmcount: $(cat "/tmp/p$1")"
}

send_to_all() {
    pkt-gen -i vale0:s -f tx -l 60 -b 256 -w 0 -n $((ports * share * $1)) -S 02:00:00:00:00:01 \
        -D "02:00:00:00:01:00-$(printf '02:00:00:00:01:%02x' $((ports - 1)))"
}

load_vale
declare -a receiver
for ((i = 0; i < ports; i++)); do
    vale-ctl -n "p$i"
    vale-ctl -a "vale0:p$i"
    kernel_says fdb add "vale0:p$i" "$(printf '02:00:00:00:01:%02x' "$i")"
done

step "$share frames to each"
for ((i = 0; i < ports; i += 2)); do open_port "$i"; done
for ((i = 0; i < ports; i += 2)); do eventually 5 is_open "$i"; done
send_to_all 1 >/tmp/pktgen 2>&1 || fail "pkt-gen: $(cat /tmp/pktgen)"
for ((i = 0; i < ports; i += 2)); do
    expect_eq "$(port_counter "vale0:p$i" out_packets) $(dropped "vale0:p$i")" "$share " "frames to p$i, drops"
    expect_eq "$(port_counter "vale0:p$((i + 1))" out_packets) $(dropped "vale0:p$((i + 1))")" "0 no_receiver=$share" "frames to p$((i + 1)), drops"
done

step "ports open, close and go away meanwhile"
background /tmp/pktgen send_to_all 100
sender=$!
for ((i = 0; i < ports - 4; i += 4)); do
    close_port "$i"
    open_port $((i + 1))
    vale-ctl -d "vale0:p$((i + 3))"
done
wait "$sender" || fail "pkt-gen: $(cat /tmp/pktgen)"
for ((i = 2; i < ports; i += 4)); do
    # and whatever was for those that went, whose addresses went with them
    expect_ge $(($(port_counter "vale0:p$i" out_packets) + $(port_drops "vale0:p$i" ring_full))) $((101 * share)) "frames to p$i, drops"
done
