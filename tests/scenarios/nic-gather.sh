#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A NIC that gathers sends long frames of a program uncopied: slots come back when it is done, in order. A NIC that sends when it is
# told to (tests/kmod/heldnic.c) shows what happens meanwhile: the program waits, is killed, its netdev goes down, the module is to go.
#
#     netmap:held0 ==== netmap:held1
# timeout: 180
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

held=/sys/module/heldnic/parameters
set_held() { echo "$2" >"$held/$1"; }
gathered() { cat "$held/gathered"; }
came_in_pieces() { [ "$(gathered)" -ge "$1" ]; }
use() { no_ipv6_on "$1" && ip link set "$1" up promisc on mtu "$2"; }

# send FRAMES BYTES: in the background; the program ends when all its slots are back.
send() {
    background /tmp/sender pkt-gen -i netmap:held0/T -f tx -n "$1" -l "$2" -w 0
    sender=$!
}
waits() {
    sleep 0.5
    kill -0 "$sender" || fail "$1: $(cat /tmp/sender)"
}
ends() { wait "$sender" || fail "pkt-gen: $(cat /tmp/sender)"; }

# pkt-gen waits a second for slots.
left_behind() { grep -q 'have not left the port' /tmp/sender; }

# receive FRAMES: in the background, from the other end. all_received: so many came, and not one more.
receive() {
    background /tmp/receiver nmcount netmap:held1/R --frames "$1" --seconds $((20 * slow))
    receiver=$!
    eventually 5 grep -q ready /tmp/receiver
}
all_received() {
    wait "$receiver" || fail "nmcount: $(cat /tmp/receiver)"
    expect_eq "$(tail -n 1 /tmp/receiver | jq .frames)" "$1" "frames received"
}

# converse BYTES [SLOTS]: frames up to that, about half of which are long enough not to be copied. A sender with a ring of so few SLOTS
# that it is full while the receiver has room asks for nothing but answers then.
converse() {
    set_held gathered 0
    background /tmp/receiver nmrecv netmap:held1 --recut --timeout $((20 * slow))
    receiver=$!
    eventually 5 grep -q /dev/netmap "/proc/$receiver/maps"
    echo "${2:-1024}" >/sys/module/vale/parameters/generic_ringsize
    nmsend netmap:held0 --count "$frames" --min 60 --max "$1" --frags 8 --window $((${2:-32} * 4)) --timeout $((20 * slow)) || fail "nmsend"
    echo 1024 >/sys/module/vale/parameters/generic_ringsize
    wait "$receiver" || fail "nmrecv: $(cat /tmp/receiver)"
    expect_ge "$(gathered)" $((frames / 10)) "frames in pieces"
    expect_le "$(gathered)" $((frames - frames / 20)) "frames in pieces"
}

at_end() {
    [ ! -d /sys/module/heldnic ] || rmmod heldnic
}

load_vale
need_module heldnic
use held0 2048
use held1 2048
frames=$((20000 / slow))

step "every byte is right, of short frames and long ones, in up to 8 slots"
converse 2048

step "buffers of several pages"
echo 9216 >/sys/module/vale/parameters/buf_size
use held0 9000
use held1 9000
converse 9000
echo 2048 >/sys/module/vale/parameters/buf_size
use held0 1500
use held1 1500

step "a full ring, of which the NIC sends ten frames at a time, and a program that polls for input"
frames=1000
set_held hold 1
background /tmp/releasing bash -c "while sleep 0.005; do echo 10 >$held/release; done"
releasing=$!
converse 1514 64
kill "$releasing"

step "slots come back when the frames are done, in order"
set_held gathered 0
receive 1024
send 1024 1514
eventually 5 came_in_pieces 1023
waits "slots came back although the NIC has the frames"
set_held release -511
set_held release -511
waits "slots came back although the NIC has the first frame"
set_held release 1
ends
set_held release 1
all_received 1024

step "short ones are copied, and their slots come back at once"
set_held gathered 0
send 8 60
ends
! left_behind || fail "slots did not come back: $(cat /tmp/sender)"
expect_eq "$(gathered)" 0 "frames in pieces"
set_held release 8

step "the NIC's queue is full as well"
set_held depth 256
receive 3000
send 3000 1514
waits "3000 frames are gone although the NIC sent none"
while kill -0 "$sender" 2>/dev/null; do
    set_held release 50
    sleep 0.02
done
ends
! left_behind || fail "slots did not come back: $(cat /tmp/sender)"
all_received 3000

step "the netdev goes down: what its NIC had is lost, and the program goes on"
set_held gathered 0
send 600 1514
eventually 5 came_in_pieces 256
ip link set held0 down
ends
ip link set held0 up

step "a program ends: its frames are sent, and the next one's"
set_held gathered 0
receive 108
send 100 1514
eventually 5 came_in_pieces 100
kill -KILL "$sender"
wait "$sender" || true
echo 100000 >/sys/module/vale/parameters/buf_num
send 8 1514
eventually 5 came_in_pieces 108
ends
left_behind || fail "slots came back although the NIC has the frames: $(cat /tmp/sender)"
set_held release 108
all_received 108

step "with generic_zcopy at 0 all is copied"
echo 0 >/sys/module/vale/parameters/generic_zcopy
set_held gathered 0
send 8 1514
ends
! left_behind || fail "slots did not come back: $(cat /tmp/sender)"
expect_eq "$(gathered)" 0 "frames in pieces"
set_held release 8
echo 1024 >/sys/module/vale/parameters/generic_zcopy

step "the module goes when the last frame is done"
send 8 1514
eventually 5 came_in_pieces 8
kill -KILL "$sender"
wait "$sender" || true
rmmod vale &
gone=$!
sleep 0.5
[ -d /sys/module/vale ] || fail "the module is gone, but its frames are not"
set_held release 8
wait "$gone" || fail "rmmod: exit status $?"
