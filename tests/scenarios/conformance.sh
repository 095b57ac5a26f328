# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# What every adapter of a netdev must do, whatever device is behind it: two netdevs joined by a cable, both opened by programs.
#
#     netmap:NEAR === netmap:FAR
# shellcheck source=tests/scenarios/nicpair.sh
. "$(dirname "${BASH_SOURCE[0]}")/nicpair.sh"
# shellcheck source=tests/scenarios/native.sh
. "$(dirname "${BASH_SOURCE[0]}")/native.sh"

# Set where slots exchange buffers: frames keep their cut, and the sender gets other buffers.
exchanges=
# Why long frames are not tried.
no_jumbo=
# Set where the driver does not reset its device for a transmit timeout.
no_reset=
# Why the device is not suspended and reset while it receives.
no_flood=
rate=

both() { for link in "$near" "$far"; do "$@" "$link"; done; }
# Promiscuous: programs' addresses are not the devices' own.
use() { no_ipv6_on "$1" && ip link set "$1" up promisc on; }

# both_ways CMD... : from near to far, then back; PORT PORT is appended.
both_ways() {
    "$@" "netmap:$near" "netmap:$far"
    "$@" "netmap:$far" "netmap:$near"
}

# What a device has counted, as far as it is not 0.
counted() { echo "$1: $(ethtool -S "$1" 2>/dev/null | awk '/^ / && $2 != "0"' | tr -s '\n ' ' ')"; }

# protocol [OPTION]... FROM TO: nmconform's cases.
protocol() {
    nmconform "$@" ${exchanges:+--exchanges} --patience $((5 * slow)) >/tmp/conform 2>&1 ||
        fail "nmconform $*: $(tail -n 1 /tmp/conform; both counted)"
    expect_eq "$(grep -v '"settle"' /tmp/conform | grep -c '"ok":true')" 11 "cases of nmconform $*"
}

# conversation FROM TO: frames of all sizes, every byte checked, none lost; in as many slots as may be.
conversation() {
    local receiver
    # shellcheck disable=SC2046  # none or one
    background /tmp/recv nmrecv "$2" $([ -n "$exchanges" ] || echo --recut) --timeout $((20 * slow))
    receiver=$!
    eventually 5 grep -q /dev/netmap "/proc/$receiver/maps"
    taskset -c 0 nmsend "$1" --count $((20000 / (slow * slow))) --min 60 --max 1514 --frags 8 --timeout $((20 * slow)) ||
        fail "nmsend $1"
    wait "$receiver" || fail "nmrecv $2: $(cat /tmp/recv)"
}

# disturbed CMD...: while a program has both rings of near open, which must survive it, and goes on receiving.
disturbed() {
    local program
    background /tmp/disturbed nmcount "netmap:$near" --frames 20 --seconds $((60 * slow))
    program=$!
    eventually 5 grep -q ready /tmp/disturbed
    vale-ctl --direct show "$near" | grep -q "adapter $adapter\$" || fail "$(vale-ctl --direct show "$near") is not $adapter"
    "$@"
    both eventually 10 carrier
    kill -0 "$program" || fail "the program did not survive $*: $(cat /tmp/disturbed)"
    pkt-gen -i "netmap:$far/T" -f tx -n 50 -w 0 >/tmp/disturber 2>&1 || fail "pkt-gen after $*: $(tail -n 3 /tmp/disturber)"
    wait "$program" || fail "nmcount after $*: $(cat /tmp/disturbed)"
}

lose_carrier() {
    local _
    for _ in 1 2 3; do
        ip link set "$far" down
        ip link set "$far" up
        eventually 10 carrier "$near"
    done
}

down_and_up() {
    ip link set "$near" down
    ip link set "$near" up
}

# What the device can; those it cannot are said.
change_rings() {
    ethtool -G "$near" rx 512 tx 512 2>/dev/null || echo "$near: no ring sizes to change"
    ethtool -L "$near" combined 1 2>/dev/null || ethtool -L "$near" rx 1 tx 1 2>/dev/null || echo "$near: no channels to change"
}

mtu() { ip link set "$2" mtu "$1" 2>/dev/null; }
# Drivers start a device anew for it.
change_mtu() { mtu 1400 "$near" && mtu 1500 "$near"; }

# nicevent WHAT NUMBER: tests/kmod/nicevents.c. False where there is no device behind near, which is said.
nicevent() {
    local said
    ! said=$( (echo "$near $2" >"/sys/module/nicevents/parameters/$1") 2>&1) || return 0
    [ ! -e "/sys/class/net/$near/device" ] || fail "$1 of $near: $said"
    expect_match "$said" "Operation not supported"
    echo "$near: $1 not tried, there is no device behind it"
    return 1
}

# The device alone, not the machine: programs go on meanwhile.
suspend() { nicevent suspend 200 || true; }

time_out() {
    local before
    before=$(changes "$near")
    nicevent tx_timeout 0 || return 0
    [ -n "$no_reset" ] || eventually 10 carrier_changed "$before"
}
carrier_changed() { [ "$(changes "$near")" -gt "$1" ]; }

# sending CMD...: while a program sends on near without end ($rate frames a second, as fast as it can if empty), which far must see
# before and after.
sending() {
    local program
    # shellcheck disable=SC2086  # none or two words
    background /tmp/sending pkt-gen -i "netmap:$near" -f tx -w 0 ${rate:+-R $rate}
    program=$!
    arrives
    "$@"
    eventually 10 carrier "$near"
    arrives
    kill "$program" || fail "pkt-gen did not survive $*: $(tail -n 3 /tmp/sending)"
    wait "$program" || fail "pkt-gen: $(tail -n 3 /tmp/sending)"
}
arrives() { eventually 10 came $(($(counter "$far" rx_packets) + 1000)); }
came() { [ "$(counter "$far" rx_packets)" -ge "$1" ]; }

# flooded CMD...: while frames come for a program that has both rings of near open, which it sees before and after.
flooded() {
    local program flood
    background /tmp/flooded nmcount "netmap:$near"
    program=$!
    eventually 5 grep -q ready /tmp/flooded
    background /tmp/flood pkt-gen -i "netmap:$far/T" -f tx -w 0 -R $((4000 / slow))
    flood=$!
    takes
    "$@"
    both eventually 10 carrier
    takes
    kill "$flood" "$program" || fail "a program did not survive $*: $(tail -qn 3 /tmp/flood /tmp/flooded)"
    wait "$flood" || fail "pkt-gen: $(tail -n 3 /tmp/flood)"
    wait "$program" || fail "nmcount: $(cat /tmp/flooded)"
}
receiving_through() {
    if [ -z "$no_flood" ]; then
        flooded "$@"
    else
        echo "frames come only afterwards: $no_flood"
        disturbed "$@"
    fi
}
takes() {
    local before
    before=$(frames_taken)
    eventually 10 taken $((before + 100))
}
taken() { [ "$(frames_taken)" -ge "$1" ]; }
frames_taken() {
    local before
    before=$(wc -l </tmp/flooded)
    kill -USR1 "$program"
    eventually 5 answered "$before"
    tail -n 1 /tmp/flooded | jq .frames
}
answered() { [ "$(wc -l </tmp/flooded)" -gt "$1" ]; }

# Frames longer than the usual, in buffers of a page and in several of the usual size.
jumbo() {
    local size=/sys/module/vale/parameters/buf_size
    if [ -n "$no_jumbo" ]; then
        echo "not tried: $no_jumbo"
        return
    fi
    both mtu 3000 || fail "no frames longer than the usual"
    both eventually 10 carrier
    echo 4096 >$size
    both_ways protocol --max 3014
    echo 2048 >$size
    both mtu 1500
    both eventually 10 carrier
}

# --- the host stack ---

# forwarding: while a program lets near's wire and host stack talk, they do. receiving: one that has the receive rings only lets
# the host send.
host_stack() {
    ns A
    far_nic "$far" A 10.0.2.1/24
    ip addr add 10.0.2.9/24 dev "$near"
    both_carriers
    ping_ok A 10.0.2.9
    forwarding
    receiving
    ip addr flush dev "$near"
    ip -n A link set "$far" netns 1
    both use
    both eventually 10 carrier
}
both_carriers() { eventually 10 carrier "$near" && eventually 10 in_ns A grep -q 1 "/sys/class/net/$far/carrier"; }

forwarding() {
    local program
    background /tmp/forward nmforward "netmap:$near*"
    program=$!
    eventually 5 grep -q ready /tmp/forward
    in_ns A ping -n -q -c 20 -i 0.05 -W $((2 * slow)) 10.0.2.9 >/tmp/ping || fail "ping: $(cat /tmp/ping)"
    kill "$program"
    wait "$program" || fail "nmforward: $(cat /tmp/forward)"
    expect_ge "$(tail -n 1 /tmp/forward | jq .from_nic)" 20 "frames from the wire"
    expect_ge "$(tail -n 1 /tmp/forward | jq .from_host)" 20 "frames from the host"
}

receiving() {
    local program before
    ip neigh replace 10.0.2.1 lladdr "$(in_ns A cat "/sys/class/net/$far/address")" dev "$near"
    background /tmp/receiving nmcount "netmap:$near/R"
    program=$!
    eventually 5 grep -q ready /tmp/receiving
    before=$(stack_count -n A UdpNoPorts)
    for _ in 1 2 3 4 5; do printf x >/dev/udp/10.0.2.1/9; done 2>/dev/null || true
    eventually 5 datagrams_at_a $((before + 5))
    ! in_ns A ping -n -q -c 2 -i 0.2 -W 1 10.0.2.9 >/tmp/ping || fail "the host got what was the program's"
    kill "$program"
    wait "$program" || fail "nmcount: $(cat /tmp/receiving)"
    expect_ge "$(tail -n 1 /tmp/receiving | jq .frames)" 2 "frames to the program"
}
datagrams_at_a() { [ "$(stack_count -n A UdpNoPorts)" -ge "$1" ]; }

# conform NEAR FAR [DRIVER]: by socket buffers, or with the native adapters of that driver.
conform() {
    near=$1 far=$2
    if [ -z "${3:-}" ]; then
        load_vale
        conform_as emulated
    else
        native_driver "$3"
        conform_as native
        driver_leaves "$3"
    fi
}

# conform_as ADAPTER: near and far, which are native or emulated.
conform_as() {
    adapter=$1
    both use
    both eventually 10 carrier

    step "the ring protocol, case by case"
    both_ways protocol

    step "the same with frames that begin somewhere in their buffers"
    exchanges='' both_ways protocol --offset 64

    step "frames of all sizes in up to 8 slots"
    both_ways conversation

    step "and of 3014 bytes"
    jumbo

    step "a program between the wire and the host's stack"
    host_stack

    step "the link goes and comes, the netdev goes down and up, its rings and its MTU change: while a program has it open"
    disturbed lose_carrier
    disturbed down_and_up
    disturbed change_mtu
    disturbed change_rings

    step "and while a program sends"
    # Before it goes down, e1000e waits until it has nothing to receive, and an 82574 it does not stop receiving: at full rate for ever.
    rate=$((20000 / slow)) sending lose_carrier
    sending down_and_up
    sending change_mtu
    sending change_rings

    step "its device sleeps and wakes, its driver is told that it does not send: while a program receives"
    need_module nicevents
    receiving_through suspend
    receiving_through time_out

    step "and while a program sends"
    sending suspend
    sending time_out

    step "and it still keeps to the protocol"
    # Rings may be full of what was sent last.
    both_ways protocol --settle
}

# The driver is removed while a program has its device open: that is told so, and whatever the device was given is its no more.
driver_leaves() {
    local program
    step "the driver goes while a program has it open, and comes back"
    background /tmp/zombie nmcount "netmap:$near"
    program=$!
    eventually 5 grep -q ready /tmp/zombie
    rmmod "$1"
    ! wait "$program" || fail "the program noticed nothing"
    expect_match "$(cat /tmp/zombie)" POLLERR "its last words"
    native_insmod "$1"
    bash /vale/guest/devices
    both use
    both eventually 10 carrier
    both_ways protocol
}

# As they were at boot.
at_end() {
    both quiet_down && native_undo
    [ ! -d /sys/module/nicevents ] || rmmod nicevents
}
quiet_down() { ip link set "$1" down promisc off 2>/dev/null; }
