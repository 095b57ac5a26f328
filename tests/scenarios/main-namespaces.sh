#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Switches of the same name in two network namespaces are separate: no frame passes, and each lists its own ports only.
#
#     here:   vale0:a ---> vale0:b
#     other:  vale0:a ---> vale0:b      at the same time, and a bystander on each hears nothing of the other
# timeout: 60
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

frames=$((million / 10))
load_vale
ns other
step "two conversations at a time"
ip netns exec other nmtalk vale0:a --to vale0:b --bystander vale0:c --count "$frames" --seed 2 --timeout $((20 * slow)) >/tmp/other 2>&1 &
scenario_pids+=("$!")
there=$!
talk /tmp/here vale0:a --to vale0:b --bystander vale0:c --count "$frames"
wait "$there" || fail "in the other namespace: $(cat /tmp/other)"
expect_eq "$(report /tmp/here recv frames)" "$frames" "frames here"
expect_eq "$(report /tmp/other recv frames)" "$frames" "frames there"

step "each sees its own ports"
background /tmp/a nmcount vale0:onlyhere
background /tmp/b ip netns exec other nmcount vale0:onlythere
eventually 5 grep -q ready /tmp/a
eventually 5 grep -q ready /tmp/b
expect_eq "$(members vale0)" vale0:onlyhere "members here"
expect_eq "$(in_ns other vale-ctl)" "bridge 0 port 0 vale0:onlythere" "ports there"
