#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Ports that share a region exchange buffers instead of copying frames, if their switch says so; both programs are told, no
# buffer is ever in two places, also when receivers come and go. Ports of different regions copy as always.
#
#     vale0:a <--- region 1 ---> vale0:b          vale0:c (its own region)
# timeout: 60
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

bursts=$((1000 / (slow * slow)))
sent=$((bursts * 37))

# exchange FROM TO: frames and exchanged ones
exchange() { nmexchange "$@" --bursts "$bursts" | jq -r '"\(.frames) \(.exchanged)"'; }

load_vale
step "copied, as long as nothing else is said"
expect_eq "$(exchange vale0:a@1 vale0:b@1)" "$sent 0" "frames, exchanged"

step "exchanged"
kernel_says switch create vale0 --exchange on >/dev/null
expect_eq "$(kernel_says switch list | jq -c '.switches[0].exchange')" true "setting"
expect_eq "$(exchange vale0:a@1 vale0:b@1)" "$sent $sent" "frames, exchanged"

step "a conversation of all sizes, verified byte by byte"
talk /tmp/talk vale0:a@1 --to vale0:b@1 --frags 4 --count "$((million / 10))"
expect_eq "$(report /tmp/talk recv frames)" "$((million / 10))" "frames received and verified"
step "flooded to two"
talk /tmp/flood vale0:a@1 --to vale0:b@1 --to vale0:c@1 --broadcast --count "$((million / 50))"
expect_eq "$(report /tmp/flood recv frames)" "$((2 * (million / 50)))" "frames received and verified"

step "copied between regions, and once it is off"
expect_eq "$(exchange vale0:a@1 vale0:c)" "$sent 0" "frames, exchanged"
kernel_says switch set vale0 --exchange off >/dev/null
expect_eq "$(exchange vale0:a@1 vale0:b@1)" "$sent 0" "frames, exchanged"
