# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# Small verbs for scenarios. A scenario sources this file first; it stops at the first command that fails, and at its end
# everything made by these verbs is taken down again. Exit status: 0 shown, 77 cannot be shown here, anything else failed.

set -euo pipefail
shopt -s inherit_errexit
vale_modules=${VALE_MODULES:-/vale/modules}
scenario_pids=() scenario_namespaces=() scenario_links=()
declare -A guest_pid=()
slow=${VALE_SLOW:-1}

step() { printf -- '-- %s  [%s]\n' "$*" "$(cut -d' ' -f1 /proc/uptime)"; }
fail() { printf 'FAILED: %s\n' "$*"; exit 1; }
skip() { printf 'skip: %s\n' "$*"; exit 77; }

expect_eq() { [ "$1" = "$2" ] || fail "${3:-value}: got '$1', expected '$2'"; }
expect_ne() { [ "$1" != "$2" ] || fail "${3:-value}: got '$1', expected anything else"; }
expect_ge() { [ "$1" -ge "$2" ] || fail "${3:-value}: got $1, expected at least $2"; }
expect_le() { [ "$1" -le "$2" ] || fail "${3:-value}: got $1, expected at most $2"; }
expect_match() { [[ $1 =~ $2 ]] || fail "${3:-text}: got '$1', expected something like '$2'"; }

# expect_fails STATUS CMD...: the command must end with exactly this status.
expect_fails() {
    local want=$1 rc=0
    shift
    "$@" || rc=$?
    expect_eq "$rc" "$want" "exit status of '$*'"
}

# eventually SECONDS CMD...: until the command succeeds. Slow machines get more time.
eventually() {
    local limit=$(($1 * slow)) start=$SECONDS
    shift
    until "$@" >/dev/null 2>&1; do
        [ $((SECONDS - start)) -lt "$limit" ] || fail "not within $limit s: $*"
        sleep 0.1
    done
}

# --- module ---

# As after a boot: what a valed before wanted is forgotten. systemd has loaded a module already (modules-load.d).
load_vale() {
    rm -f /run/vale/topology.json
    unload_vale
    insmod "$vale_modules/vale.ko" "$@"
    eventually 5 test -c /dev/netmap
    # Where udev runs, the device gets its owner a moment later.
    ! command -v udevadm >/dev/null || udevadm settle
}

unload_vale() {
    [ ! -d /sys/module/netmap ] || rmmod netmap
    [ ! -d /sys/module/vale ] || rmmod vale
}

# Modules of the stock kernel; built in elsewhere.
need_module() {
    local name
    for name in "$@"; do
        modprobe "$name" 2>/dev/null || insmod "$vale_modules/$name.ko" 2>/dev/null ||
            [ -d "/sys/module/$name" ] || say_builtin "$name"
    done
}

say_builtin() { grep -q "/$1.ko" "/lib/modules/$(uname -r)/modules.builtin" 2>/dev/null || printf 'no module %s: taken as built in\n' "$1"; }

# --- namespaces and links ---

# ns NAME...: network namespaces, with loopback up and without IPv6, whose neighbour discovery disturbs packet counts.
ns() {
    local name
    for name in "$@"; do
        ip netns add "$name"
        scenario_namespaces+=("$name")
        quiet_ipv6 "$name"
        ip -n "$name" link set lo up
    done
}

quiet_ipv6() {
    [ ! -d /proc/sys/net/ipv6 ] || in_ns "$1" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
}

in_ns() { ip netns exec "$@"; }

# stack_count [-n NETNS] COUNTER...: what the stack has counted, as nstat names it, of all these together.
stack_count() {
    local in=()
    [ "$1" != -n ] || { in=(in_ns "$2") && shift 2; }
    "${in[@]}" nstat -asz "$@" | awk '!/^#/ { n += $2 } END { print n }'
}

# veth HERE NAMESPACE THERE [ADDRESS/LENGTH]: a pair with one leg here, the other in a namespace, both up.
veth() {
    local here=$1 namespace=$2 there=$3 address=${4:-}
    ip link add "$here" type veth peer name "$there" netns "$namespace"
    scenario_links+=("$here")
    no_ipv6_on "$here"
    [ -z "$address" ] || ip -n "$namespace" addr add "$address" dev "$there"
    ip -n "$namespace" link set "$there" up
    ip link set "$here" up
    eventually 5 carrier "$here"
}

# veth_here ONE OTHER: a pair with both legs here, both up.
veth_here() {
    local leg
    ip link add "$1" type veth peer name "$2"
    scenario_links+=("$1")
    for leg in "$1" "$2"; do
        no_ipv6_on "$leg"
        ip link set "$leg" up
    done
    eventually 5 carrier "$1"
}

no_ipv6_on() { [ ! -d "/proc/sys/net/ipv6/conf/$1" ] || echo 1 >"/proc/sys/net/ipv6/conf/$1/disable_ipv6"; }
carrier() { [ "$(cat "/sys/class/net/$1/carrier")" = 1 ]; }

# counter LINK NAME: a statistic of a link, as rx_packets or tx_dropped.
counter() { cat "/sys/class/net/$1/statistics/$2"; }
mac_of() { cat "/sys/class/net/$1/address"; }

# nic KIND N: the machine's Nth NIC of a kind (virtio, e1000e, igb, vmxnet3, e1000, mq), as named at boot; skips if absent.
nic() {
    local name=$1$2
    [ -d "/sys/class/net/$name" ] || skip "this machine has no $name"
    echo "$name"
}

# --- processes ---

# background LOG CMD...: a process that ends with the scenario; its id is left in $!.
background() {
    local log=$1
    shift
    # A function would run in a shell of its own, and a signal end that shell and not the command.
    [ "$1" != in_ns ] || set -- ip netns exec "${@:2}"
    # Here and not only by the child: who waits for a word in it must not find the one before's.
    : >"$log"
    "$@" >"$log" 2>&1 </dev/null &
    scenario_pids+=("$!")
}

# said LOG PATTERN: a program has, in its log.
said() { grep -q "$2" "$1"; }

# --- traffic ---

ping_ok() {
    local namespace=$1 address=$2
    shift 2
    in_ns "$namespace" ping -n -q -c 3 -i 0.2 -W $((2 * slow)) "$@" "$address" || fail "$namespace cannot ping $address"
}

ping_fails() { ! in_ns "$1" ping -n -q -c 2 -i 0.2 -W 1 "$2" >/dev/null || fail "$1 can ping $2"; }

# tcp SERVER_NS ADDRESS CLIENT_NS SECONDS [IPERF3-OPTION...]: leaves iperf3's report in $tcp_report; prints Mbit/s received.
tcp() {
    local server=$1 address=$2 client=$3 seconds=$4 port=$((5201 + RANDOM % 1000))
    shift 4
    tcp_report=/tmp/iperf3.$port.json
    background "/tmp/iperf3.$port.log" in_ns "$server" iperf3 -s -1 -p "$port"
    eventually 5 listening "$server" "$port"
    in_ns "$client" iperf3 -J -c "$address" -p "$port" -t "$seconds" "$@" >"$tcp_report" ||
        fail "iperf3 $client -> $server: $(jq -r '.error // "no message"' "$tcp_report")"
    jq -r '"iperf3: \(.end.sum_received.bits_per_second / 1e6 | floor) Mbit/s received, \(.end.sum_sent.retransmits // 0) retransmits"' "$tcp_report"
    expect_ge "$(jq '.end.sum_received.bytes | floor' "$tcp_report")" 1 "bytes received"
}

listening() { in_ns "$1" ss -Hltn "sport = :$2" | grep -q .; }

# --- guests ---

# guest NAME TAP ADDRESS/LENGTH [QEMU-OPTION...]: a stock QEMU guest on a TAP device made here, ready to be pinged and
# serving iperf3 at its address. Header: "needs: qemu".
guest() {
    local name=$1 tap=$2 address=$3
    shift 3
    if [ ! -d "/sys/class/net/$tap" ]; then
        ip tuntap add dev "$tap" mode tap vnet_hdr
        scenario_links+=("$tap")
        no_ipv6_on "$tap"
        ip link set "$tap" up
    fi
    guest_on "$name" "$address" "tap,ifname=$tap,script=no,downscript=no" virtio-net-pci "$@"
}

# guest_on NAME ADDRESS/LENGTH NETDEV DEVICE [QEMU-OPTION...]: the same on any back end, with any NIC the guest has a driver for
# (virtio-net-pci, e1000). With guest_peer=ADDRESS set it talks to that one by itself and says so on its console; guest_qemu is the
# QEMU to run. The guest is told the rate of its clock, as every emulated machine here: by itself it may take a sleep of a second
# for one of ten. It is told that its timer works, too: it would count ticks during 40 ms and panic if the process that emulates
# them did not run meanwhile.
guest_on() {
    local name=$1 address=$2 netdev=$3 device=$4 qemu=${guest_qemu:-/vale/qemu} mac
    shift 4
    mac=52:54:01:$(printf '%02x:%02x:%02x' $((RANDOM % 256)) $((RANDOM % 256)) $((RANDOM % 256)))
    : >"/tmp/$name.console"
    background "/tmp/$name.qemu" env "LD_LIBRARY_PATH=$qemu/lib" "$qemu/qemu" -L /vale/qemu/share -accel tcg -cpu max \
        -m 256 -nodefaults -display none -no-reboot -serial "file:/tmp/$name.console" \
        -kernel /vale/qemu/vmlinuz -initrd /vale/qemu/initrd \
        -append "console=ttyS0 panic=-1 net.ifnames=0 quiet tsc=reliable tsc_early_khz=$VALE_TSC_KHZ no_timer_check mitigations=off guest_address=$address ${guest_peer:+guest_peer=$guest_peer}" \
        -netdev "$netdev,id=net" -device "$device,netdev=net,mac=$mac,romfile=" "$@"
    guest_pid[$name]=$!
}

# guest_ready NAME...: waits until the guests have their address. Booting takes seconds here, a minute on a slow machine.
guest_ready() {
    local name
    for name in "$@"; do
        guest_says "$name" "guest ready"
    done
}

# guest_says NAME PATTERN: waits until the guest has said so on its console; leaves the line in $guest_line.
guest_says() {
    eventually 240 guest_said_or_gone "$@"
    guest_line=$(grep -m 1 "$2" "/tmp/$1.console") || fail "guest $1 is gone: $(cat "/tmp/$1.qemu" "/tmp/$1.console")"
}

guest_said_or_gone() { said "/tmp/$1.console" "$2" || ! kill -0 "${guest_pid[$1]}"; }

# --- cleaning up ---

scenario_clean_up() {
    local rc=$? item
    set +e
    for item in "${scenario_pids[@]}"; do kill "$item" 2>/dev/null; done
    for item in "${scenario_pids[@]}"; do wait "$item" 2>/dev/null; done
    [ "$(type -t at_end)" != function ] || at_end
    for item in "${scenario_links[@]}"; do ip link del "$item" 2>/dev/null; done
    for item in "${scenario_namespaces[@]}"; do ip netns del "$item" 2>/dev/null; done
    exit "$rc"
}
trap scenario_clean_up EXIT
trap 'printf "FAILED: line %s: %s\n" "$LINENO" "$BASH_COMMAND"' ERR
