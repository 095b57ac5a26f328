#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# kill -9 of valed fifty times, each time at another moment of an apply, under traffic: not one packet is lost through its death, and
# afterwards the kernel has what the files say. Then two operators who apply conflicting files, again and again.
#
#     vale0:a ===verified===> vale0:b       vale0: leg-A, vi0, vi1 or leg-B, vi1, vi2 as the files say
# needs: veth
# timeout: 300
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

etc=/tmp/control-kill
valed_now() { start_valed --config "$etc/valed.toml" --permanent "$etc/permanent.toml"; }
configured() { members vale0 | sed '/^vale0:[ab]$/d' | xargs; }
one="vale0:leg-A vale0:vi0 vale0:vi1" other="vale0:leg-B vale0:vi1 vale0:vi2"
agrees() { vale-ctl export >"$etc/now.toml" && [ "$(vale-ctl diff "$etc/now.toml")" = "no difference" ] && [ "$(configured)" = "$(wanted)" ]; }
# What the export wants, as the kernel would name it.
wanted() { sed -n 's/^\[\(port\|nic\)\."\?\([^]"]*\)"\?\]/vale0:\2/p' "$etc/now.toml" | sort | xargs; }
# A NIC is prepared if and only if it is attached.
prepared() { for leg in leg-A leg-B; do ! promiscuous "$leg" || echo "vale0:$leg"; done | xargs; }

at_end() {
    local port
    for port in vi0 vi1 vi2; do [ ! -e "/sys/class/net/$port" ] || vale-ctl --direct delete "vale0:$port"; done
    rm -rf "$etc"
}

files() {
    printf '[nic.leg-A]\nswitch = "vale0"\n[port.vi0]\nswitch = "vale0"\n[port.vi1]\nswitch = "vale0"\n' >"$etc/one.toml"
    printf '[nic.leg-B]\nswitch = "vale0"\n[port.vi2]\nswitch = "vale0"\n[port.vi1]\nswitch = "vale0"\ntx_slots = 256\n' >"$etc/other.toml"
    : >"$etc/valed.toml"
}

load_vale
ns A B
veth leg-A A eth0 10.0.0.1/24
veth leg-B B eth0 10.0.0.2/24
mkdir -p "$etc"
files
valed_now
start_talk 300 vale0:a --to vale0:b

step "killed fifty times"
RANDOM=20261126
kills=$((50 / slow)) killed_amid=0
for round in $(seq "$kills"); do
    if [ $((round % 2)) = 1 ]; then file=$etc/one.toml; else file=$etc/other.toml; fi
    background /tmp/apply vale-ctl apply "$file"
    apply=$!
    sleep "0.0$(printf %02d $((RANDOM % 30)))"
    kill -9 "$valed_pid"
    wait "$valed_pid" 2>/dev/null || true
    wait "$apply" || : $((killed_amid += 1))
    valed_now
    eventually 10 agrees
    state=$(configured)
    [ "$state" = "$one" ] || [ "$state" = "$other" ] || [ -z "$state" ] || fail "after kill $round: $state"
    expect_eq "$(prepared)" "$(grep -o 'vale0:leg-.' <<<"$state" || true)" "promiscuous after kill $round"
done
printf '%s of %s kills amid an apply\n' "$killed_amid" "$kills"

step "two operators"
operator() {
    local turn
    for turn in $(seq 20); do vale-ctl apply "$1"; done
}
operator "$etc/one.toml" >/tmp/operator1 2>&1 &
first=$!
operator "$etc/other.toml" >/tmp/operator2 2>&1 &
second=$!
wait "$first" || fail "$(cat /tmp/operator1)"
wait "$second" || fail "$(cat /tmp/operator2)"
eventually 10 agrees
state=$(configured)
[ "$state" = "$one" ] || [ "$state" = "$other" ] || fail "two operators left '$state'"
expect_eq "$(prepared)" "$(grep -o 'vale0:leg-.' <<<"$state")" "promiscuous"

step "not one packet lost"
end_talk
