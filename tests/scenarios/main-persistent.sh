#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A persistent port: its netdev counts what the program sent and received, keeps its place on the switch while nobody has
# it open, and may be removed with `ip link del` under an open program.
#
#     vale0:a --- vale0 --- vale0:vi0 = netmap:vi0
# shellcheck source=tests/scenarios/lib.sh
. "$(dirname "$0")/lib.sh"

load_vale
step "made, attached, used"
vale-ctl -n vi0
expect_fails 1 vale-ctl -n vi0
ip link set vi0 up mtu 9000
expect_match "$(ethtool -i vi0)" 'driver: vale'
vale-ctl -a vale0:vi0
background /tmp/recv nmrecv vale0:vi0 --timeout $((20 * slow))
receiver=$!
sleep 1
nmsend vale0:a --count 10000 --max 1514 --window 256 --timeout $((20 * slow)) >/tmp/send
wait "$receiver" || fail "nmrecv: $(cat /tmp/recv)"
jq . /tmp/send

step "statistics of the netdev are those of the port"
ip -s link show vi0
expect_ge "$(counter vi0 rx_packets)" 10000 "rx_packets"
expect_ge "$(counter vi0 rx_bytes)" "$(jq .bytes /tmp/send)" "rx_bytes"
expect_ge "$(counter vi0 tx_packets)" 1 "tx_packets"

step "what the host sends is dropped and counted"
dropped=$(counter vi0 tx_dropped)
ip addr add 10.7.0.1/24 dev vi0
ping -q -c 1 -W 1 10.7.0.2 >/dev/null || true
expect_ge "$(counter vi0 tx_dropped)" $((dropped + 1)) "tx_dropped"

step "it stays on the switch while closed; DELIF waits for DETACH"
expect_match "$(vale-ctl)" 'vale0:vi0'
expect_fails 1 vale-ctl -r vi0
vale-ctl -d vale0:vi0
vale-ctl -r vi0
[ ! -e /sys/class/net/vi0 ] || fail "vi0 is still there"

step "ip link del while open and attached"
vale-ctl -n vi1
vale-ctl -a vale0:vi1
background /tmp/count nmcount vale0:vi1 --seconds $((30 * slow))
counter=$!
eventually 5 grep -q ready /tmp/count
ip link del vi1
eventually 5 grep -q POLLERR /tmp/count
wait "$counter" || true
expect_eq "$(vale-ctl)" "" "ports left"

step "with its namespace"
ns W
in_ns W vale-ctl -n vi2
in_ns W vale-ctl -a vale0:vi2
ip netns del W
eventually 10 sh -c '[ "$(cat /sys/module/vale/refcnt)" = 0 ]'
