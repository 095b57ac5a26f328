#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A port may belong to a user: who, without any capability and without being in group vale, opens exactly that port through a
# descriptor that valed hands out, and nothing else, from any network namespace and until the port is gone.
#
#     bob:  vale-ctl port open vale0:vi0 -- pkt-gen  ---  vale0:vi0 --- vale0 --- vale0:a  pkt-gen of root
#     carol's is vale0:vi1; dave owns nothing
# timeout: 120
# needs: veth
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

etc=/tmp/control-owner
packets=2000
bob=1001 carol=1002 dave=1003

at_end() {
    local port
    for port in vi0 vi1 vi2; do [ ! -e "/sys/class/net/$port" ] || ip link del "$port"; done
    rm -rf "$etc"
}

# as UID CMD...: without groups, capabilities, or a way to get any.
unprivileged=(setpriv --clear-groups --inh-caps=-all --bounding-set=-all --no-new-privs)
as() { "${unprivileged[@]}" --reuid "$1" --regid "$1" "${@:2}"; }
# through UID PORT: leaves in "through" what a command of that user begins with.
through() { through=("${unprivileged[@]}" --reuid "$1" --regid "$1" vale-ctl port open "$2" --); }
opens() { as "$1" vale-ctl port open "$2" -- "${@:3}"; }
refused() {
    expect_fails 4 opens "$1" "$2" true 2>/tmp/why
    expect_match "$(cat /tmp/why)" "may not open $2: that is for its owner" "what the refused hears"
}
waiting_on() { said "$1" "^$2: "; }
sent() { sed -n 's/^Sent \([0-9]*\) packets.*/\1/p' "$1"; }
received() { sed -n 's/^Received \([0-9]*\) packets.*/\1/p' "$1"; }
free() { [ "$(kernel_says show "$1" | jq .port.users)" = 0 ]; }
gone() { ! kill -0 "$1"; }
unused() { [ "$(cat /sys/module/vale/refcnt)" = "$1" ]; }

# exchange FROM TO: the arrays sender and receiver begin their commands.
exchange() {
    local log=/tmp/owner.rx waits
    background "$log" "${receiver[@]}" pkt-gen -i "$2" -f rx -n "$packets" -w 0 -T $((20000 * slow))
    waits=$!
    eventually 10 waiting_on "$log" "${2%@*}"
    "${sender[@]}" pkt-gen -i "$1" -f tx -n "$packets" -b 32 >/tmp/owner.tx || fail "the sender: $(cat /tmp/owner.tx)"
    wait "$waits" || fail "the receiver ended with $?: $(cat "$log")"
    expect_eq "$(sent /tmp/owner.tx)" "$packets" "sent"
    expect_eq "$(received "$log")" "$packets" "received"
    eventually 5 free vale0:vi0
}

load_vale
ns A
veth leg-A A eth0
mkdir -p "$etc"
cat >"$etc/valed.toml" <<END
[port.vi0]
switch = "vale0"
tx_slots = 4096
rx_slots = 4096
owner = "$bob"
END
chmod 600 /dev/netmap
start_valed --any-user --config "$etc/valed.toml" --permanent "$etc/permanent.toml"
vale-ctl port create vale0:vi1 --owner "$carol"
expect_eq "$(vale-ctl --json show vale0:vi0 | jq -r .port.owner)" "$bob" "owner"
expect_match "$(vale-ctl export)" 'owner = "1002"' "export"

step "its owner's frames, and those for it"
through "$bob" vale0:vi0
sender=("${through[@]}") receiver=()
exchange vale0:vi0 vale0:a@conf:slots=4096
sender=() receiver=("${through[@]}")
exchange vale0:a vale0:vi0

step "nothing else, with the same descriptor"
opens "$bob" vale0:vi0 probe >/tmp/answers
cat /tmp/answers
expect_eq "$(grep -c ': EPERM$' /tmp/answers)" 11 "requests that are not permitted"
expect_eq "$(grep -v ': EPERM$' /tmp/answers | xargs)" "confine again: EBUSY open it anew: EACCES open the device: EACCES" "the others"
expect_fails 1 opens "$bob" vale0:vi0 pkt-gen -i vale0:vi1 -f rx -n 1 2>/tmp/why
expect_match "$(cat /tmp/why)" 'Operation not permitted' "what pkt-gen says"
expect_eq "$(members vale0 | xargs)" "vale0:vi0 vale0:vi1" "members"

step "nobody else"
refused "$carol" vale0:vi0
refused "$bob" vale0:vi1
refused "$dave" vale0:vi0
refused "$bob" vale0:none
opens "$carol" vale0:vi1 true
expect_fails 4 as "$bob" vale-ctl detach vale0:vi0
expect_fails 4 as "$bob" vale-ctl port create vi2
vale-ctl port open vale0:vi1 -- true

step "from another network namespace"
sender=(in_ns A "${through[@]}") receiver=()
exchange vale0:vi0 vale0:a@conf:slots=4096

step "two programs with a descriptor each"
background /tmp/first "${through[@]}" pkt-gen -i vale0:vi0 -f rx -w 0 -T $((60000 * slow))
first=$!
eventually 10 waiting_on /tmp/first vale0:vi0
opens "$bob" vale0:vi0 pkt-gen -i vale0:vi0 -f tx -n 10 >/dev/null
kill -0 "$first" || fail "the first ended: $(cat /tmp/first)"

step "the port goes while it is open"
expect_fails 1 vale-ctl port delete vale0:vi0
ip link del vi0
eventually 10 gone "$first"

step "a descriptor outlives its port, and does not open the next of that name"
cat >/tmp/late.sh <<'END'
echo ready
read -r _ </tmp/late
exec pkt-gen -i vale0:vi1 -f rx -n 1
END
rm -f /tmp/late
mkfifo -m 666 /tmp/late
through "$carol" vale0:vi1
background /tmp/late.log "${through[@]}" bash /tmp/late.sh
late=$!
eventually 10 said /tmp/late.log ready
vale-ctl port delete vale0:vi1
vale-ctl port create vale0:vi1 --owner "$bob"
echo >/tmp/late
rc=0
wait "$late" || rc=$?
expect_eq "$rc" 1 "exit status of a program whose port has gone"
expect_match "$(cat /tmp/late.log)" 'No such device or address' "what it says"

step "memory that others use is not handed out"
vale-ctl --direct port create vale0:vi2 --mem-id 1
printf '[port.vi2]\nswitch = "vale0"\nowner = "%s"\n' "$bob" >>"$etc/valed.toml"
kill -HUP "$valed_pid"
eventually 5 sh -c "vale-ctl export | grep -q port.vi2"
expect_fails 1 opens "$bob" vale0:vi2 true 2>/tmp/why
expect_match "$(cat /tmp/why)" 'global region' "why"
expect_fails 1 vale-ctl port create vi3 --owner "$bob" --mem-id 1
expect_fails 1 vale-ctl port create vi3 --owner nobody-of-that-name

step "another owner, at run time"
sed -i "s/owner = \"$bob\"/owner = \"$dave\"/" "$etc/valed.toml"
vale-ctl diff "$etc/valed.toml" >/tmp/diff
expect_match "$(cat /tmp/diff)" 'set owner vale0:vi2' "diff"

step "namespaces go with the last descriptor in them"
kill "$valed_pid"
wait "$valed_pid" || true
ns B
in_ns B vale-ctl -n vi9
in_ns B vale-ctl -a vale0:vi9
rm -f /tmp/late
mkfifo -m 666 /tmp/late
printf 'echo ready\nread -r _ </tmp/late\n' >/tmp/late.sh
background /tmp/late.log in_ns B vale-ctl --direct port open vale0:vi9 -- nsenter --net=/proc/1/ns/net bash /tmp/late.sh
late=$!
eventually 10 said /tmp/late.log ready
ip netns del B
kill -0 "$late" || fail "it ended: $(cat /tmp/late.log)"
echo >/tmp/late
wait "$late"
for port in vi0 vi1 vi2; do [ ! -e "/sys/class/net/$port" ] || ip link del "$port"; done
eventually 20 unused 0
