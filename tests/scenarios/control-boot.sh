#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A machine boots with a configured topology: units ordered after valed.service find it forwarding, and that is before
# multi-user.target. The unit boot-probe pings through the switch once valed is ready, without trying twice.
#
#     [ns A] eth0 --- leg-A  vale0  leg-B --- eth0 [ns B]      boot-legs.service -> valed.service -> boot-probe.service -> multi-user.target
# machine: systemd
# boot: own
# timeout: 60

# Runs in the machine's disk before it boots.
before_boot() {
    mkdir -p /etc/vale
    printf '[nic.leg-A]\nswitch = "vale0"\n[nic.leg-B]\nswitch = "vale0"\n' >/etc/vale/valed.toml
    unit boot-legs "Before=valed.service" "ip netns add A; ip netns add B
        for n in A B; do
            ip link add leg-\$n type veth peer name eth0 netns \$n
            ip link set leg-\$n up; ip -n \$n link set eth0 up
        done
        ip -n A addr add 10.0.0.1/24 dev eth0; ip -n B addr add 10.0.0.2/24 dev eth0"
    unit boot-probe "After=valed.service
Before=multi-user.target" "systemctl is-active multi-user.target >/run/boot-probe.target
        ip netns exec A ping -n -c 3 -i 0.2 -W 8 10.0.0.2 >/run/boot-probe.ping"
    systemctl enable valed.service boot-legs.service boot-probe.service
}

# unit NAME ORDER SCRIPT: a service that runs the script once.
unit() {
    printf '#!/bin/bash\n%s\n' "$3" >"/etc/$1"
    printf '[Unit]\n%s\n[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/bash /etc/%s\n[Install]\nWantedBy=multi-user.target\n' \
        "$2" "$1" >"/etc/systemd/system/$1.service"
}

if [ -n "${VALE_BEFORE_BOOT:-}" ]; then
    before_boot
    exit
fi

# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

active_since() { systemctl show -p ActiveEnterTimestampMonotonic --value "$1"; }
in_order() { expect_ge "$(active_since "$2")" "$(active_since "$1")" "when $2 became active, in us since $1"; }

at_end() {
    vale-ctl topology clear
    systemctl stop valed boot-probe boot-legs
    ip netns del A
    ip netns del B
    rm -f /etc/vale/valed.toml
}

step "what was so when valed had said that it is ready"
cat /run/boot-probe.target /run/boot-probe.ping
expect_eq "$(cat /run/boot-probe.target)" inactive "multi-user.target, seen by the probe"
expect_match "$(cat /run/boot-probe.ping)" "3 received, 0% packet loss" "the probe's ping"

step "in this order"
expect_eq "$(systemctl is-active valed boot-probe multi-user.target | xargs)" "active active active" "units"
in_order valed boot-probe
in_order boot-probe multi-user.target

step "and it is so still"
expect_eq "$(members vale0 | xargs)" "vale0:leg-A vale0:leg-B" "members"
ping_ok A 10.0.0.2
