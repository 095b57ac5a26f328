#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A TAP device on a switch can still be opened by its name, as QEMU does: attaching leaves its operations alone. Only with
# the host stack on the switch too is the name taken until DETACH.
#
#     whoever opens tap0 --- tap0  vale0
# shellcheck source=tests/scenarios/lib.sh
. "$(dirname "$0")/lib.sh"

open_tap() { pkt-gen -i tap:tap0 -f tx -n 1 -w 0; }

need_module tun
load_vale
ip tuntap add dev tap0 mode tap
scenario_links+=(tap0)
no_ipv6_on tap0
ip link set tap0 up
open_tap

step "attached without the host stack"
vale-ctl -a vale0:tap0
open_tap
vale-ctl -d vale0:tap0

step "with the host stack"
vale-ctl -h vale0:tap0
if open_tap; then fail "the scenario's premise is gone: the TAP could be opened"; fi
vale-ctl -d vale0:tap0
open_tap

step "deleted while attached"
vale-ctl -h vale0:tap0
ip link del tap0
expect_eq "$(vale-ctl)" "" "ports left"
