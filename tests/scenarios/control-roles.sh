#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Who may do what with a table of rights: for each user and each kind of operation, allowed or NotPermitted, exactly as the
# [[access]] tables of the configuration say. Being in group vale counts no more.
#
#     alice (group vale)  ports of vale0        carol (group 1002)  nics and switches, everywhere
#     bob                 read                  dave                nothing, but vale0:vi0 is his
# timeout: 120
# needs: veth
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

etc=/tmp/control-roles
declare -A uid=([alice]=1000 [bob]=1001 [carol]=1002 [dave]=1003 [root]=0)

at_end() {
    local port
    for port in vi0 vi1; do [ ! -e "/sys/class/net/$port" ] || ip link del "$port"; done
    rm -rf "$etc"
}

as() {
    local id=${uid[$1]} groups=${uid[$1]}
    [ "$1" != alice ] || groups+=,$(grep '^vale:' /etc/group | cut -d: -f3)
    setpriv --reuid "$id" --regid "$id" --groups "$groups" "${@:2}"
}

# try USER CMD...: yes if it may; no if it is NotPermitted. Anything else ends the scenario.
try() {
    local rc=0
    as "$1" vale-ctl --json "${@:2}" >/tmp/out 2>/tmp/why || rc=$?
    case $rc in
    0) echo yes ;;
    4) expect_eq "$(jq -r .error /tmp/why)" io.vale.Switch.NotPermitted "error of '$*'" && echo no ;;
    *) fail "$*: $(cat /tmp/why)" ;;
    esac
}

# row USER: one word for each operation; what was done is undone by root.
row() {
    local said=()
    said+=("$(try "$1" list)")
    said+=("$(try "$1" port create vale0:vi1)")
    vale-ctl port delete vale0:vi1 >/dev/null 2>&1 || true
    said+=("$(try "$1" port create vale1:vi1)")
    vale-ctl port delete vale1:vi1 >/dev/null 2>&1 || true
    said+=("$(try "$1" attach vale0:leg-A)")
    vale-ctl detach vale0:leg-A >/dev/null 2>&1 || true
    said+=("$(try "$1" switch create vale2)")
    vale-ctl switch delete vale2 >/dev/null 2>&1 || true
    said+=("$(try "$1" fdb flush vale0)")
    said+=("$(try "$1" port open vale0:vi0 -- true)")
    said+=("$(try "$1" topology reload)")
    echo "${said[@]}"
}

grep -q '^vale:' /etc/group || groupadd -r vale
load_vale
ns A
veth leg-A A eth0
mkdir -p "$etc"
cat >"$etc/valed.toml" <<END
[switch.vale0]
[switch.vale1]
[port.vi0]
switch = "vale0"
owner = "${uid[dave]}"
[[access]]
users = ["alice"]
may = ["ports"]
switches = ["vale0"]
[[access]]
users = ["bob"]
may = ["read"]
[[access]]
groups = ["${uid[carol]}"]
may = ["nics", "switches"]
END
start_valed --any-user --config "$etc/valed.toml" --permanent "$etc/permanent.toml"

step "                           list vi@0 vi@1 nic switch flush open reload"
expect_eq "$(row root)"  "yes yes yes yes yes yes yes yes" "root"
expect_eq "$(row alice)" "yes yes no no no yes yes no" "alice, who may do ports of vale0"
expect_eq "$(row bob)"   "yes no no no no no no no" "bob, who may look"
expect_eq "$(row carol)" "yes no no yes yes no no no" "carol, of a group that may do NICs and switches"
expect_eq "$(row dave)"  "no no no no no no yes no" "dave, who owns vale0:vi0"

step "without a table: root and group vale"
sed -i '/\[\[access/,$d' "$etc/valed.toml"
vale-ctl topology reload >/dev/null
expect_eq "$(row root)"  "yes yes yes yes yes yes yes yes" "root"
expect_eq "$(row alice)" "yes yes yes yes yes yes yes yes" "alice, of group vale"
expect_eq "$(row bob)"   "yes no no no no no no no" "bob, of no group"
expect_eq "$(row dave)"  "yes no no no no no yes no" "dave, who owns vale0:vi0"
