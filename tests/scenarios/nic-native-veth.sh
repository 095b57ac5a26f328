#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The native adapter of a veth, whose ends exchange buffers, keeps to what conformance.sh asks of every adapter of a netdev.
# timeout: 240
# needs: veth
# shellcheck source=tests/scenarios/conformance.sh
. "$(dirname "$0")/conformance.sh"

veth_here ea eb
near=ea far=eb
exchanges=yes
load_vale admode=1
conform_as native

step "a sender that fills its buffers once sees when one is another"
background /tmp/count nmcount netmap:eb --frames 5000 --seconds $((20 * slow))
counter=$!
eventually 5 grep -q ready /tmp/count
pkt-gen -i netmap:ea -f tx -n 5000 -w 0 >/tmp/send || fail "$(cat /tmp/send)"
wait "$counter" || fail "nmcount: $(cat /tmp/count)"
expect_eq "$(tail -n 1 /tmp/count | jq -c '[.flows[]]')" '[5000]' "frames of each flow"
