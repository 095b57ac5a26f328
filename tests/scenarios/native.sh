# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# A driver with native adapters in the place of the distribution's, for the time of a scenario.

# Drivers that native_undo puts back.
native_loaded=()
# How often a program opens and closes a NIC.
cycles=${VALE_STRESS_CYCLES:-50}
tracing=/sys/kernel/tracing

# native_driver NAME...: vale.ko and those drivers. What is opened now is native or fails.
native_driver() {
    local name
    load_vale admode=1
    for name in "$@"; do
        # What it depends on stays.
        rmmod "$name"
        native_loaded+=("$name")
        native_insmod "$name"
        # How an operator sees it.
        [ -e "/sys/module/vale/holders/$name" ] || fail "the $name that is loaded does not use vale.ko"
    done
    bash /vale/guest/devices
}

# QEMU's e1000e is an 82574.
native_insmod() {
    case $1 in
    e1000e) insmod "$vale_modules/native/$1.ko" vale_stop_rx=1 ;;
    *) insmod "$vale_modules/native/$1.ko" ;;
    esac
}

# As it was at boot; vale.ko can go then.
native_undo() {
    local name
    [ "${#native_loaded[@]}" -gt 0 ] || return 0
    watch_nothing
    for name in "${native_loaded[@]}"; do
        rmmod "$name"
        modprobe "$name"
    done
    bash /vale/guest/devices
    native_loaded=()
}

# --- opening and closing under traffic ---

changes() { cat "/sys/class/net/$1/carrier_changes"; }
far_changes() { in_ns B cat "/sys/class/net/$1/carrier_changes"; }
link_messages() { dmesg | grep -c 'Link is' || true; }

# note_link NIC FAR, link_as_noted NIC FAR: neither end of the link, nor the kernel's log, has noticed anything since.
note_link() { noted=$(changes "$1") far_noted=$(far_changes "$2") messages_noted=$(link_messages); }
link_as_noted() {
    expect_eq "$(changes "$1")" "$noted" "carrier changes of $1"
    expect_eq "$(far_changes "$2")" "$far_noted" "carrier changes of $2"
    expect_eq "$(link_messages)" "$messages_noted" "messages about the link"
}

# UDP datagrams that reached the host's stack; none has a socket.
host_datagrams() { stack_count UdpNoPorts; }

# stream_add DEVICE MAC GAP [FROM TO]: pktgen is to send datagrams from B's LINK to the host, one in so many nanoseconds, with those
# ports. DEVICE is LINK, or LINK@N for more of them; CPU N sends.
stream_add() {
    local word thread=kpktgend_0
    [ "${1#*@}" = "$1" ] || thread=kpktgend_${1#*@}
    need_module pktgen
    in_ns B bash -c "echo 'add_device $1' >/proc/net/pktgen/$thread"
    for word in "count 0" "pkt_size 100" "delay $3" "dst 10.0.0.9" "src_min 10.0.0.2" "src_max 10.0.0.2" "dst_mac $2" \
        "udp_src_min ${4:-9}" "udp_src_max ${4:-9}" "udp_dst_min ${5:-9}" "udp_dst_max ${5:-9}"; do
        in_ns B bash -c "echo '$word' >/proc/net/pktgen/$1"
    done
}

# What was added sends until stream_stop.
stream_run() {
    in_ns B bash -c 'echo start >/proc/net/pktgen/pgctrl' &
    stream=$!
}

stream_start() { stream_add "$@" && stream_run; }

# stream_stop DEVICE: all stop; leaves in "sent" how many datagrams this one has sent.
stream_stop() {
    local thread
    in_ns B bash -c 'echo stop >/proc/net/pktgen/pgctrl'
    wait "$stream" || true
    sent=$(in_ns B awk '/pkts-sofar/ { print $2 }' "/proc/net/pktgen/$1")
    for thread in 0 1; do in_ns B bash -c "echo rem_device_all >/proc/net/pktgen/kpktgend_$thread"; done
}

# What came while the ring was full: the device counts it, and not every one makes the sender wait.
missed() { cat "/sys/class/net/$1/statistics/rx_missed_errors"; }

all_arrived() { [ $(($(host_datagrams) - host_before + programs + $(missed "$nic") - missed_before)) -ge $((sent - lose)) ]; }

watch_nothing() {
    [ -e $tracing/events/vale ] || return 0
    echo 0 >$tracing/events/vale/enable
    echo >$tracing/kprobe_events
}

# watch_giving_back XMIT: note from now on when rings are given back to the driver, and when its transmit routine XMIT, as
# MODULE:SYMBOL, sends.
watch_giving_back() {
    printf '%s\n' >$tracing/kprobe_events "p:vale/giving_rx vale:vale_native_rx_off" "r:vale/given_rx vale:vale_native_rx_off" \
        "p:vale/giving vale:vale_native_ring_off" "r:vale/given vale:vale_native_ring_off" "p:vale/sending $1" "r:vale/sent $1"
    echo 4096 >$tracing/buffer_size_kb
    echo >$tracing/trace
    echo 1 >$tracing/events/vale/enable
}

# How many frames were being sent at a time when rings were being given back. QEMU's NICs have a frame where it goes before the driver's
# transmit routine returns.
sent_meanwhile() {
    cat $tracing/trace >/tmp/trace
    watch_nothing
    awk '/: giving/ { giving++; n += sending - counted; counted = sending }
        /: given/ { giving-- }
        /: sending:/ { sending++; if (giving) { n++; counted++ } }
        /: sent:/ { sending--; if (counted > sending) counted = sending }
        END { print n + 0 }' /tmp/trace
}

# no_flap DRIVER KIND CYCLES GAP [XMIT]: a program opens and closes the NIC again and again while datagrams come. Each of them is the host's or a
# program's; neither end of the link notices anything. XMIT is the driver's transmit routine, if reception stops while rings are given back:
# what it sends meanwhile may be lost.
no_flap() {
    local driver=$1 kind=$2 cycles=$3 gap=$4 xmit=${5:-} nic far cycle
    lose=0
    nic=$(nic "$kind" 0)
    far=$(nic "$kind" 1)
    native_driver "$driver"
    ns B
    far_nic "$far" B 10.0.0.2/24
    near_nic "$nic" 10.0.0.9/24
    ping_ok B 10.0.0.9
    note_link "$nic" "$far"

    step "$cycles times opened and closed while datagrams come"
    host_before=$(host_datagrams) missed_before=$(missed "$nic")
    : >/tmp/cycles
    [ -z "$xmit" ] || watch_giving_back "$driver:$xmit"
    stream_start "$far" "$(mac_of "$nic")" "$gap"
    for ((cycle = 0; cycle < cycles; cycle++)); do
        nmcount "netmap:$nic" --frames 5 --seconds $((20 * slow)) 2>/tmp/said >>/tmp/cycles || fail "cycle $cycle: $(tail -n 1 /tmp/said)"
        [ $((cycle % 10)) != 0 ] || in_ns B ping -n -q -c 1 -W $((2 * slow)) 10.0.0.9 >/dev/null || fail "no answer after cycle $cycle"
    done
    stream_stop "$far"
    [ -z "$xmit" ] || lose=$(sent_meanwhile)
    programs=$(jq -s '[.[].flows | to_entries[] | select(.key == "udp 10.0.0.2:9>10.0.0.9:9") | .value] | add' /tmp/cycles)
    printf '%s sent, %s of them while rings were given back; %s to programs, %s to the host by now, %s found the ring full\n' "$sent" "$lose" \
        "$programs" $(($(host_datagrams) - host_before)) $(($(missed "$nic") - missed_before))
    eventually 10 all_arrived
    expect_le $(($(host_datagrams) - host_before + programs)) "$sent" "datagrams that arrived"
    # Of the five frames that each takes, one may be of the ping.
    expect_ge "$programs" $((4 * cycles)) "datagrams to programs"
    link_as_noted "$nic" "$far"
    ping_ok B 10.0.0.9
}

# --- one queue of several ---

# From those ports of B, as long as /tmp/sending is there: a TCP connection to the host, whose bytes are counted; datagrams.
tcp_meanwhile() {
    local server
    [ -p /tmp/never ] || mkfifo /tmp/never
    exec 8<>/tmp/never
    background /tmp/bytes bash -c 'busybox nc -l -p 5999 </tmp/never | wc -c'
    server=$!
    eventually 5 host_listens 5999
    next_port "$1"
    in_ns B bash -c 'exec 4<> <(:); while [ -e /tmp/sending ]; do head -c 10000 /dev/zero; read -rt 0.01 -u 4 || true; done |
        busybox nc -w 10 10.0.0.9 5999'
    wait "$server"
    exec 8>&-
}

datagrams_meanwhile() {
    next_port "$1"
    in_ns B bash -c 'exec 3>/dev/udp/10.0.0.9/7000; exec 4<> <(:)
        while [ -e /tmp/sending ]; do echo x >&3 || true; read -rt 0.01 -u 4 || true; done' 2>/dev/null
}

# program_cycles CYCLES: a program has queue 1 of near, sees datagrams there, and leaves.
program_cycles() {
    local cycle
    for ((cycle = 0; cycle < $1; cycle++)); do
        nmcount "netmap:$near-1" --frames 2 --seconds $((20 * slow)) 2>/tmp/said >/tmp/cycle || fail "cycle $cycle: $(tail -n 1 /tmp/said)"
        expect_eq "$(tail -n 1 /tmp/cycle | jq -c '.rings | keys')" '["1"]' "rings of the program"
    done
}

# one_queue_flaps DRIVER KIND CYCLES: a program opens and closes queue 1 again and again; the host's TCP on another loses no segment.
one_queue_flaps() {
    local nic far tcp udp unarrived client before
    nic=$(nic "$2" 0)
    far=$(nic "$2" 1)
    native_driver "$1"
    ns B
    far_nic "$far" B 10.0.0.2/24
    near_nic "$nic" 10.0.0.9/24
    ethtool -X "$nic" equal 4
    ethtool -N "$nic" rx-flow-hash udp4 sdfn 2>/dev/null || true
    answer_by_one_queue "$nic"
    segment_by_segment "$far"
    ping_ok B 10.0.0.9
    tcp=$(port_on 1 40001 segment_from not)
    udp=$(port_on 1 40001 datagrams_from)
    step "TCP from port $tcp comes by another queue, UDP from port $udp by queue 1, which changes hands $3 times"
    before=$(changes "$nic")
    unarrived=$(not_arrived)
    touch /tmp/sending
    tcp_meanwhile "$tcp" &
    client=$!
    eventually 10 connected_from "$tcp"
    datagrams_meanwhile "$udp" &
    program_cycles "$3"
    connected_from "$tcp" || fail "the host's TCP connection did not last"
    rm /tmp/sending
    wait "$client" || fail "the host's TCP connection broke"
    wait
    echo "bytes of the host's TCP connection meanwhile: $(cat /tmp/bytes)"
    expect_ge "$(cat /tmp/bytes)" $((10000 * $3)) "bytes of the host's TCP connection"
    nothing_lost "$unarrived"
    expect_eq "$(changes "$nic")" "$before" "carrier changes of $nic"
}
