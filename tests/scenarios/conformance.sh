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

both() { for link in "$near" "$far"; do "$@" "$link"; done; }
# Promiscuous: programs' addresses are not the devices' own.
use() { no_ipv6_on "$1" && ip link set "$1" up promisc on; }

# both_ways CMD... : from near to far, then back; PORT PORT is appended.
both_ways() {
    "$@" "netmap:$near" "netmap:$far"
    "$@" "netmap:$far" "netmap:$near"
}

protocol() {
    nmconform "$1" "$2" ${exchanges:+--exchanges} --patience $((5 * slow)) >/tmp/conform 2>&1 || fail "$1 to $2: $(tail -n 1 /tmp/conform)"
    expect_eq "$(grep -c '"ok":true' /tmp/conform)" 10 "cases from $1 to $2"
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

# disturbed CMD...: while a program has both rings of near open, which must survive it.
disturbed() {
    local program
    background /tmp/disturbed nmcount "netmap:$near"
    program=$!
    eventually 5 grep -q ready /tmp/disturbed
    vale-ctl --direct show "$near" | grep -q "adapter $adapter\$" || fail "$(vale-ctl --direct show "$near") is not $adapter"
    "$@"
    kill "$program" || fail "the program did not survive: $*"
    wait "$program" || fail "nmcount: $(cat /tmp/disturbed)"
    eventually 10 carrier "$near"
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

    step "frames of all sizes in up to 8 slots"
    both_ways conversation

    step "the link goes and comes, the netdev goes down and up, its rings change: while a program has it open"
    disturbed lose_carrier
    disturbed down_and_up
    disturbed change_rings

    step "and it still keeps to the protocol"
    both_ways protocol
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
at_end() { both quiet_down && native_undo; }
quiet_down() { ip link set "$1" down promisc off 2>/dev/null; }
