# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# What a stream to the host sees of programs that come and go on other queues of its NIC: how long nothing comes. An emulated machine has gaps of its own,
# so the same stream is measured three times: alone; while the same program opens and closes a port of a switch; while it does so with the NIC's queue.

# How long a port is open, and then closed, in milliseconds.
held=20
cycles=${VALE_STRESS_CYCLES:-50}

received() { stack_count UdpInDatagrams; }
receives() { ss -Hlun "sport = :$1" | grep -q .; }
arrived() { [ $(($(received) - received_before + $(missed "$near") - missed_before)) -ge "$sent" ]; }

# phase NAME CMD...: the stream meanwhile; what came of it is left in $gaps. Nothing but what found the ring full may be lost. The order is not
# checked: what waits in a hub of QEMU for room in the ring may be overtaken there.
phase() {
    local name=$1 receiver received_before missed_before
    shift
    background /tmp/gaps udpgaps --port 7000
    receiver=$!
    eventually 5 receives 7000
    received_before=$(received) missed_before=$(missed "$near")
    stream_add "$far@0" "$(mac_of "$near")" "$interval" "$stream_port" 7000
    [ -z "${other_port:-}" ] || stream_add "$far@1" "$(mac_of "$near")" 10000000 "$other_port" 7001
    stream_run
    "$@" >/tmp/flap || fail "$*"
    stream_stop "$far@0"
    eventually 10 arrived
    kill "$receiver"
    wait "$receiver" || fail "udpgaps: $(cat /tmp/gaps)"
    gaps=$(tail -n 1 /tmp/gaps)
    echo "$name: one in $interval ns: $sent sent, $(($(missed "$near") - missed_before)) missed: $gaps $(cat /tmp/flap)"
    expect_eq "$(jq '.overrun + .twice + .foreign' <<<"$gaps")" 0 "datagrams that found the socket full, came twice or are not the stream's"
    expect_le "$(jq .received <<<"$gaps")" "$sent" "datagrams that arrived"
    expect_ge $(($(jq .received <<<"$gaps") + $(missed "$near") - missed_before)) "$sent" "datagrams that arrived or found the ring full"
}

# The fastest that this machine holds, from 10000 a second downwards.
phase_alone() {
    for interval in 100000 200000 400000 800000; do
        phase alone sleep $((cycles * held * 2 / 1000 + 1))
        [ "$(jq ".received * $interval * 100 / .ns | floor" <<<"$gaps")" -lt 97 ] || return 0
    done
    echo "not even one datagram in $interval ns"
}

# untouched DRIVER KIND RINGS: a program opens and closes those rings of the NIC, by which the stream does not come.
untouched() {
    local alone elsewhere
    near=$(nic "$2" 0)
    far=$(nic "$2" 1)
    native_driver "$1"
    ns B
    far_nic "$far" B 10.0.0.2/24
    near_nic "$near" 10.0.0.9/24
    stream_port=9
    [ "$3" != -1 ] || by_queues
    ping_ok B 10.0.0.9
    note_link "$near" "$far"

    step "the stream alone"
    phase_alone
    alone=$gaps
    step "$cycles times opened and closed elsewhere"
    phase elsewhere nmflap vale9:x --cycles "$cycles" --hold "$held"
    elsewhere=$gaps
    step "$cycles times opened and closed: netmap:$near$3"
    phase untouched nmflap "netmap:$near$3" --cycles "$cycles" --hold "$held"
    expect_eq "$(jq .cycles /tmp/flap)" "$cycles" "cycles"
    link_as_noted "$near" "$far"
    ping_ok B 10.0.0.9
    printf '%s\n%s\n%s\n' "$alone" "$elsewhere" "$gaps" |
        jq -rs --arg nic "$near$3" '"longest gap, ms, of \($nic): " + (map(.gap.max / 10000 | floor / 100 | tostring) | join(" / "))
            + "; longest delay: " + (map(.delay.max / 10000 | floor / 100 | tostring) | join(" / ")) + " (alone / elsewhere / opened)"'
}

# The stream by queue 0, some datagrams by queue 1, which changes hands.
by_queues() {
    ethtool -X "$near" equal 4
    ethtool -N "$near" rx-flow-hash udp4 sdfn 2>/dev/null || true
    answer_by_one_queue "$near"
    stream_port=$(port_on 0 40001 datagrams_from)
    other_port=$(to_port=7001 port_on 1 40001 datagrams_from)
    step "the stream comes from port $stream_port, by queue 0; by queue 1 comes port $other_port"
}
