#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The Debian packages in a running system: installed with dpkg, the service runs as its user and a configured switch works;
# upgraded to a higher version, not one packet is lost and the topology is the same; removed, what valed brought is taken
# down; purged, no file of theirs is left. The module is the one that DKMS built of vale-dkms (tests/package/dkms): compiling
# it once more, in an emulator, would show nothing new.
#
#     vale0:a ===verified===> vale0:b       [ns A] eth0 --- leg-A  vale1  leg-B --- eth0 [ns B]
# machine: systemd
# needs: packages
# timeout: 150
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

vale_modules=/vale/packages/modules
version=$(dpkg-deb -f /vale/packages/valed_*.deb Version)
topology() { vale-ctl --json list | jq -c '.ports[] | [.name, .index, .kind, .mem_id, .users]' | sort; }
main_pid() { systemctl show -p MainPID --value valed; }
unprepared() { [ "$(ip -d link show dev "$1" | sed -n 's/.*promiscuity \([0-9]*\).*/\1/p')" = 0 ]; }

# Files of the system, as it is without us; what runs, logs and packages' own records aside.
files() {
    find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp -o -path /vale -o -path /host -o -path /lost+found \
        -o -path /var/log -o -path /var/lib/systemd -o -path /var/cache -o -path /root \) -prune -o -print | grep -v '^/var/lib/dpkg/' | sort
}

at_end() {
    ! dpkg -s valed >/dev/null 2>&1 || dpkg -P valed vale-tools libnetmap1
    while read -r file; do
        mkdir -p "/$(dirname "$file")"
        cp -a "/vale/install/$file" "/$file"
    done </vale/installed
    systemctl daemon-reload
}

# The machine has the project installed by CMake: that goes, and comes back at the end.
systemctl stop valed
while read -r file; do
    rm "/$file"
    rmdir -p --ignore-fail-on-non-empty "/$(dirname "$file")"
done </vale/installed
systemctl daemon-reload
files >/tmp/files-before

step "installed"
unload_vale
dpkg -i /vale/packages/*.deb
# The service has the machine's own module loaded, and would have it again while this one comes.
systemctl stop valed
load_vale
systemctl restart valed
expect_eq "$(systemctl is-enabled valed)" enabled "unit"
expect_eq "$(systemctl show -p ActiveState,SubState,User --value valed | sort | xargs)" "active running vale" "unit"
type=notify
[ "$(systemctl --version | awk 'NR == 1 { print $2 }')" -lt 253 ] || type=notify-reload
expect_eq "$(systemctl show -p Type --value valed)" "$type" "type of the unit"
expect_eq "$(stat -c '%U %a' /dev/netmap)" "vale 600" "the device, by the udev rule"
expect_eq "$(stat -c '%U:%G %a' /run/vale/valed.sock)" "vale:vale 660" "socket"
dpkg -V valed vale-tools libnetmap1
command -v pkt-gen vale-bridge vale-lb
ns A B
veth leg-A A eth0 10.0.0.1/24
veth leg-B B eth0 10.0.0.2/24
printf '[nic.leg-A]\nswitch = "vale1"\n[nic.leg-B]\nswitch = "vale1"\n' >/etc/vale/valed.d/10.toml
systemctl reload valed
expect_eq "$(members vale1 | xargs)" "vale1:leg-A vale1:leg-B" "members"
ping_ok A 10.0.0.2

step "upgraded under traffic"
start_talk 40 vale0:a --to vale0:b
before=$(topology) pid=$(main_pid)
dpkg -i /vale/packages/next/*.deb
still_talking "during the upgrade"
expect_eq "$(dpkg-query -W -f '${Version}' valed)" "$version+1" "installed version"
expect_ne "$(main_pid)" "$pid" "process of valed"
eventually 10 vale-ctl status
expect_eq "$(topology)" "$before" "topology"
ping_ok A 10.0.0.2
end_talk

step "removed"
dpkg -r valed vale-tools libnetmap1
expect_fails 4 systemctl status valed
! pgrep -x valed || fail "valed still runs"
eventually 5 unprepared leg-A
[ -e /etc/vale/valed.d/10.toml ] || fail "the configuration went with the program"

step "purged"
rm /etc/vale/valed.d/10.toml
dpkg -P valed vale-tools libnetmap1
systemctl daemon-reload
files >/tmp/files-after
left=$(comm -13 /tmp/files-before /tmp/files-after)
expect_eq "$left" "" "files left behind"
[ ! -e /run/vale ] || fail "/run/vale is left"
! systemctl list-unit-files --no-legend | grep -i vale | grep -v vale-test || fail "units are left"
