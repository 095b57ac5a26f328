# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# What scenarios with the machine's own NICs share. The NICs of a kind come in pairs, joined outside the machine:
#
#     [ns A] eth0 --- leg-A  vale0  KIND0 ==outside== KIND1 [ns B]
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "${BASH_SOURCE[0]}")/topology.sh"

# far_nic LINK NAMESPACE ADDRESS/LENGTH: the other end of the cable is a NIC of that namespace.
far_nic() {
    ip link set "$1" netns "$2"
    ip -n "$2" addr add "$3" dev "$1"
    ip -n "$2" link set "$1" up
}

# near_nic LINK ADDRESS/LENGTH: this end is the host's, with settings that nothing but an administrator gives it.
near_nic() {
    near=$1
    no_ipv6_on "$near"
    ip addr add "$2" dev "$near"
    ip link set "$near" up
    eventually 10 carrier "$near"
    ip route add 10.99.0.0/16 dev "$near"
    ip neigh replace 10.0.0.200 lladdr 02:00:00:00:00:c8 dev "$near" nud permanent
    tc qdisc replace dev "$near" root handle 7: fq_codel limit 777 target 7ms
    ethtool -K "$near" gro off
}

# The NIC as it was at boot. A far one comes back by itself with its namespace.
at_end() {
    [ -n "${near:-}" ] || return 0
    [ -z "${segmented:-}" ] || as_before "$segmented"
    vale-ctl --direct detach "vale0:$near" 2>/dev/null
    tc qdisc del dev "$near" root 2>/dev/null
    ethtool -K "$near" gro on
    ip addr flush dev "$near"
    ip link set "$near" down
}

# A NIC on the switch: traffic passes, with and without its host stack; afterwards it is the host's, as it was.
attach_and_give_back() {
    local nic far before
    nic=$(nic "$1" 0)
    far=$(nic "$1" 1)
    need_module sch_fq_codel
    load_vale
    start_valed
    ns A B
    far_nic "$far" B 10.0.0.2/24
    near_nic "$nic" 10.0.0.9/24
    ping_ok B 10.0.0.9
    before=$(link_state "$nic")

    step "$nic alone on the switch: B and A reach each other, not the host"
    leg vale0 A 10.0.0.1/24
    vale-ctl -v -a "vale0:$nic"
    ping_ok A 10.0.0.2
    ping_ok A 10.0.0.2 -s 1472 -M "do"
    tcp B 10.0.0.2 A 1
    tcp A 10.0.0.1 B 1
    ping_fails B 10.0.0.9

    step "detached: the host's again"
    vale-ctl -d "vale0:$nic"
    same_state "$before" "$nic"
    ping_ok B 10.0.0.9
    ping_fails A 10.0.0.2

    step "with its host stack: all three reach each other"
    vale-ctl -h "vale0:$nic"
    expect_eq "$(members vale0 | grep -Fxc -e "vale0:$nic" -e "vale0:$nic^")" 2 "members of $nic"
    ping_ok A 10.0.0.2
    ping_ok A 10.0.0.9
    ping_ok B 10.0.0.9
    host_tcp B 10.0.0.9 1
    vale-ctl -d "vale0:$nic"
    same_state "$before" "$nic"
    ping_ok B 10.0.0.9
}

# host_tcp NAMESPACE ADDRESS SECONDS: iperf3 from the namespace to the host, and back.
host_tcp() {
    background /tmp/host-server.log iperf3 -s -p 5999
    eventually 5 host_listens 5999
    in_ns "$1" iperf3 -c "$2" -p 5999 -t "$3" >/tmp/host.log || fail "iperf3 $1 -> host: $(cat /tmp/host.log)"
    in_ns "$1" iperf3 -R -c "$2" -p 5999 -t "$3" >/tmp/host.log || fail "iperf3 host -> $1: $(cat /tmp/host.log)"
    kill $!
}

host_listens() { ss -Hltn "sport = :$1" | grep -q .; }

# --- partial bypass of a NIC with several queues ---

# Packets by receive queue as the driver counts them, or where it does not (virtio since 6.11) interrupts: "0 17", one a line.
rx_queues() {
    local packets device
    packets=$(ethtool -S "$1" | sed -nE 's/^ *rx(_queue_)?([0-9]+)_packets: ([0-9]+)$/\2 \3/p')
    if [ -n "$packets" ]; then
        printf '%s\n' "$packets"
    else
        device=$(basename "$(readlink -f "/sys/class/net/$1/device")")
        awk -v input="^$device-input[.]" '$NF ~ input { n = 0; for (i = 2; i < NF; i++) if ($i ~ /^[0-9]+$/) n += $i
            sub(input, "", $NF); print $NF, n }' /proc/interrupts
    fi
}

# queue_of LINK CMD...: the receive queue on which most of the packets arrive that the command causes.
queue_of() {
    local link=$1
    shift
    rx_queues "$link" >/tmp/queues.before
    "$@" >/dev/null 2>&1 || true
    sleep 0.3
    rx_queues "$link" >/tmp/queues.after
    awk 'FNR == NR { before[$1] = $2; next } { d = $2 - before[$1]; if (d > most) { most = d; queue = $1 } } END { print queue }' \
        /tmp/queues.before /tmp/queues.after
}

# Everything that leaves the NIC leaves by its first queue: a TAP with several queues has a flow follow its answers.
answer_by_one_queue() {
    local queue
    for queue in /sys/class/net/"$1"/queues/tx-*; do echo 0 >"$queue/xps_cpus" || return 0; done
    printf '%x\n' $(((1 << $(nproc)) - 1)) >"/sys/class/net/$1/queues/tx-0/xps_cpus"
}

# The port that whatever B opens next comes from.
next_port() { in_ns B sysctl -qw net.ipv4.ip_local_port_range="$1 $1"; }

# From a port of B (bash waits by itself: a process for each pause is most of the work in an emulator): so many datagrams (to port 7000, or $to_port); one TCP segment; a connection that carries megabytes.
datagrams_from() {
    next_port "$1"
    in_ns B bash -c "exec 3>/dev/udp/10.0.0.9/${to_port:-7000} 4<> <(:)
        for i in \$(seq $2); do echo \$i >&3 || true; read -rt 0.005 -u 4 || true; done" 2>/dev/null
}

segment_from() {
    next_port "$1"
    in_ns B timeout 1 busybox nc -w 1 10.0.0.9 5999 </dev/null
}

megabytes_from() {
    next_port "$1"
    in_ns B bash -c "head -c ${2}M /dev/zero | busybox nc -w 10 10.0.0.9 5999"
}

connected_from() { in_ns B ss -Htn state established "sport = :$1" | grep -q .; }

# port_on QUEUE FIRST CMD [not]: a source port from FIRST on whose packets arrive there, or elsewhere. The hash of receive side
# scaling is linear in the port's bits: neighbours, which differ in a few of them, may all miss a queue.
port_on() {
    local port queue
    for port in $(seq "$2" 397 $(($2 + 24 * 397))); do
        queue=$(queue_of "$near" "$3" "$port" 20)
        [ -n "$queue" ] || continue
        if [ "${4:-}" = not ]; then [ "$queue" != "$1" ] || continue; else [ "$queue" = "$1" ] || continue; fi
        echo "$port"
        return
    done
    fail "no port whose packets arrive ${4:-} on queue $1, last on ${queue:-none}" >&2
}

# What B's TCP sends from this link are frames of one segment each from here on, which both ends count. What TCP itself makes of the
# frames, as gaps and segments sent again, is so of frames that only changed places or came late, too. Nor does B's end drop frames
# because they had to wait, as the default (fq_codel) does of some that waited 5 ms for a slow machine.
segment_by_segment() {
    segmented=$1
    in_ns B ethtool -K "$1" tso off
    in_ns B tc qdisc replace dev "$1" root pfifo limit 10000
}

as_before() {
    in_ns B tc qdisc del dev "$1" root
    in_ns B ethtool -K "$1" tso on
}

# Segments that B has sent so far and the host has not got.
not_arrived() {
    local sent arrived
    sent=$(stack_count -n B TcpOutSegs TcpRetransSegs)
    arrived=$(stack_count TcpInSegs)
    echo $((sent - arrived))
}

# tell_where FAR: what both ends have counted on the way from there.
tell_where() {
    local file
    in_ns B nstat -as
    in_ns B ip -s -s link show dev "$1"
    in_ns B tc -s qdisc show dev "$1"
    ip -s -s link show dev "$near"
    cat /proc/net/softnet_stat
    nstat -as
    for file in /tmp/count /tmp/cycle; do [ ! -e "$file" ] || cat "$file"; done
}

# nothing_lost NOT-ARRIVED: what was sent since then has arrived, or does soon.
nothing_lost() {
    local lost deadline=$((SECONDS + 5 * slow))
    while lost=$(($(not_arrived) - $1)) && [ "$lost" != 0 ] && [ "$SECONDS" -lt "$deadline" ]; do sleep 0.1; done
    [ "$lost" = 0 ] || tell_where "$segmented"
    expect_eq "$lost" 0 "segments lost"
}

# carry_on PORT CMD...: the host's TCP connection from that port of B transfers megabytes while the command runs, without a lost segment.
megabytes=$((40 / slow))

carry_on() {
    local before server client
    before=$(not_arrived)
    # nc ends its side when its input ends: here that never does, whereupon the client ends the connection.
    [ -p /tmp/never ] || mkfifo /tmp/never
    exec 8<>/tmp/never
    background /tmp/bytes bash -c 'busybox nc -l -p 5999 </tmp/never | wc -c'
    server=$!
    eventually 5 host_listens 5999
    megabytes_from "$1" "$megabytes" &
    client=$!
    eventually 5 connected_from "$1"
    shift
    "$@"
    wait "$client" || fail "the host's TCP connection broke"
    wait "$server"
    exec 8>&-
    expect_eq "$(cat /tmp/bytes)" $((megabytes * 1048576)) "bytes of the host's TCP connection"
    nothing_lost "$before"
}

# Queue 2 to a program, then to a switch; the rest stays with the host.
bypass_one_queue() {
    local nic far one two
    nic=$(nic "$1" 0)
    far=$(nic "$1" 1)
    need_module sch_fq_codel
    load_vale
    ns B
    ethtool -L "$nic" combined 4 2>/dev/null || true
    far_nic "$far" B 10.0.0.2/24
    near_nic "$nic" 10.0.0.9/24
    ethtool -X "$nic" equal 4 2>/dev/null || true
    ethtool -N "$nic" rx-flow-hash udp4 sdfn 2>/dev/null || true
    answer_by_one_queue "$nic"
    segment_by_segment "$far"
    ping_ok B 10.0.0.9
    expect_eq "$(rx_queues "$nic" | wc -l)" 4 "receive queues"
    # Two, for a port that a connection used is not free at once.
    one=$(port_on 2 40001 segment_from not)
    two=$(port_on 2 $((one + 1)) segment_from not)
    udp_port=$(port_on 2 40001 datagrams_from)
    step "the host's TCP comes from ports $one and $two, not by queue 2; UDP from port $udp_port does"

    carry_on "$one" queue_to_program "$nic"
    carry_on "$two" queue_to_switch "$nic"
    ping_ok B 10.0.0.9
}

queue_to_program() {
    local counter
    step "queue 2 to a program"
    background /tmp/count nmcount "netmap:$1-2/R" --frames 200 --seconds $((20 * slow))
    counter=$!
    eventually 5 grep -q ready /tmp/count
    datagrams_from "$udp_port" 200
    wait "$counter" || fail "the program did not get its frames: $(cat /tmp/count)"
    expect_eq "$(tail -n 1 /tmp/count | jq -c '.rings | keys')" '["2"]' "rings of the program"
}

queue_to_switch() {
    local counter
    step "queue 2 to a switch"
    background /tmp/count nmcount vale0:b --frames 200 --seconds $((20 * slow))
    counter=$!
    eventually 5 grep -q ready /tmp/count
    vale-ctl --direct attach "vale0:$1" --rx-rings 2
    datagrams_from "$udp_port" 200
    wait "$counter" || fail "the switch did not get the frames: $(cat /tmp/count)"
    vale-ctl --direct detach "vale0:$1"
}
