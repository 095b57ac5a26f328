#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Buffers of 2112 bytes, as docs/operations.md has them for small frames: ports made from then on have them, those that are
# there keep theirs, and both talk to each other.
#
#     vale0:old (2048) <---> vale0:a (2112) <---> vale0:b (2112)
# timeout: 90
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

frames=$((million / 10))

at_end() { [ ! -e /sys/class/net/old ] || ip link del old; }

load_vale
vale-ctl -n old
vale-ctl -a vale0:old

step "2048 bytes, if nothing else is said"
! nmtalk vale0:a --to vale0:b --max 2049 --count 1 2>/tmp/refused || fail "a frame of 2049 bytes had room in a slot"
talk /tmp/talk vale0:a --to vale0:b --max 2048 --count 100

step "2112 bytes from now on"
echo 2112 >/sys/module/vale/parameters/priv_buf_size
talk /tmp/talk vale0:a --to vale0:b --max 2112 --count "$frames"
expect_eq "$(report /tmp/talk recv frames)" "$frames" "frames received and verified"
expect_eq "$(report /tmp/talk recv slots)" "$frames" "slots"

step "to and from a port of before"
talk /tmp/talk vale0:a --to vale0:old --max 2048 --count "$frames"
talk /tmp/talk vale0:old --to vale0:a --max 2048 --count "$frames"
! nmtalk vale0:old --to vale0:a --max 2049 --count 1 2>/tmp/refused || fail "the old port's buffers have grown"

step "2048 again"
echo 2048 >/sys/module/vale/parameters/priv_buf_size
! nmtalk vale0:a --to vale0:b --max 2049 --count 1 2>/tmp/refused || fail "a frame of 2049 bytes had room in a slot"
