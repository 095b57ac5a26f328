# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# A test machine in QEMU: Debian's own kernel, an initramfs made of the root tree, four CPUs and pairs of NICs of every
# kind, each pair joined outside the machine:
#
#     virtio0 == virtio1   e1000e0 == e1000e1   igb0 == igb1   vmxnet0 == vmxnet1   em0 == em1   rtl0 == rtl1     (QEMU hubs)
#     vmq0 == vmq1         virtio with 4 queues each, on multi-queue taps of a bridge in a network namespace of QEMU's own
#
# igb has four queues with working RSS (ethtool -X); so have vmq0 and vmq1, where taps can be made (root).
# The directory shared with this machine is a 9p mount, so that what was written survives a crash of the guest.

extra_arguments=() extra_command_line=''

qemu_modules="virtio_pci virtio_net virtio_blk virtio_console e1000 e1000e igb vmxnet3 8139cp 9p 9pnet_virtio veth tun tap bridge dummy
    pktgen 8021q macvlan macvtap ipvlan ifb bonding vxlan af_packet sch_fq_codel sch_tbf sch_prio sch_netem sch_htb sch_fq
    sch_ingress sch_mqprio sch_sfq sch_codel cls_matchall cls_flower cls_u32 cls_bpf act_mirred act_skbedit act_gact
    inet_diag tcp_diag udp_diag unix_diag af_packet_diag ext4 crc32c_generic crc32c_intel overlay squashfs xdp_diag nlmon autofs4 openvswitch"

# kvm where it really works: /dev/kvm may exist and hang, so a tiny boot is tried with a time limit, once per boot of this machine.
qemu_accel() {
    local answer
    [ -z "${VALE_COUNT:-}" ] || { echo tcg && return; }
    answer=$VALE_CACHE/kvm-$(cat /proc/sys/kernel/random/boot_id)
    if [ ! -s "$answer" ]; then
        rm -f "$VALE_CACHE"/kvm-*
        if [ -w /dev/kvm ] && kvm_works; then echo kvm; else echo tcg; fi >"$answer.tmp"
        mv "$answer.tmp" "$answer"
    fi
    cat "$answer"
}

kvm_works() {
    local image qemu out pid try works=1
    image=$("$VALE_ROOT/scripts/kernels" image 6.12) || return 1
    mapfile -t qemu < <("$VALE_ROOT/scripts/qemu")
    out=$(mktemp)
    "${qemu[@]}" -accel kvm -m 256 -nodefaults -display none -serial "file:$out" -no-reboot \
        -kernel "$image/vmlinuz" -append "console=ttyS0 panic=-1" >/dev/null 2>&1 </dev/null &
    pid=$!
    for try in $(seq 60); do
        ! grep -q "Linux version" "$out" || { works=0; break; }
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.1
    done
    kill -9 "$pid" 2>/dev/null
    rm -f "$out"
    return "$works"
}

# One archive of the root tree, and one of the kernel's modules we may need: both cached.
base_archive() {
    local tree
    tree=$(base_tree) || return 1
    once "$tree.cpio.d" archive_tree "$tree" || return 1
    echo "$tree.cpio.d/cpio"
}

archive_tree() { (cd "$1" && find . -print0 | sort -z | cpio -0 -o -H newc -R 0:0 --quiet) >"$2/cpio"; }

module_archive() {
    local image=$1 release dir
    release=$(ls "$image/lib/modules")
    dir=$image-modules-$(key_of "$qemu_modules")
    once "$dir" collect_modules "$image" "$release" || return 1
    echo "$dir/cpio"
}

collect_modules() {
    local image=$1 release=$2 tmp=$3 name file
    for name in $qemu_modules; do
        modprobe -d "$image" -S "$release" --show-depends "$name" 2>/dev/null || true
    done | awk '$1 == "insmod" { print $2 }' | sort -u >"$tmp/list"
    while read -r file; do
        file=lib/modules/${file#*/lib/modules/}
        install -D "$image/$file" "$tmp/root/$file"
    done <"$tmp/list"
    find "$tmp/root" -name '*.ko.xz' -exec xz -d {} +
    cp "$image/lib/modules/$release"/modules.{builtin,order} "$tmp/root/lib/modules/$release/"
    cp "$image/lib/modules/$release/modules.builtin.modinfo" "$tmp/root/lib/modules/$release/" 2>/dev/null || true
    depmod -b "$tmp/root" "$release" || return 1
    archive_tree "$tmp/root" "$tmp"
    rm -rf "$tmp/root"
}

# qemu_prepare KERNEL WORK
qemu_prepare() {
    local kernel=$1 work=$2 modules tests base archive
    machine_kernel=$("$VALE_ROOT/scripts/kernels" image "$kernel") || return 1
    modules=${VALE_MODULE_DIR:-}
    [ -n "$modules" ] || modules=$("$VALE_ROOT/scripts/module" "$kernel") || return 1
    tests=$modules/tests
    [ -d "$tests" ] || tests=$("$VALE_ROOT/tests/kmod/build" "$kernel") || return 1
    base=$(base_archive) || return 1
    archive=$(module_archive "$machine_kernel") || return 1
    mapfile -t qemu_command < <("$VALE_ROOT/scripts/qemu")
    rm -rf "$work"
    mkdir -p "$work/add/root"
    fill_vale "$work/add/root" "$modules" "$tests"
    fill_drivers "$work/add/root" "$kernel"
    archive_tree "$work/add/root" "$work/add"
    cat "$base" "$archive" "$work/add/cpio" >"$work/initrd"
    rm -rf "$work/add"
    machine_features="std veth nic igb smp ia32 memcg"
    ! taps_possible || machine_features+=" mq"
}

# Drivers with native adapters of the NICs there are, against the vale.ko of this tree, or those that came with another. One that
# does not build fails the scenarios about it.
fill_drivers() {
    local root=$1 dir name names=()
    mkdir -p "$root/vale/modules/native"
    if [ -n "${VALE_MODULE_DIR:-}" ]; then
        find "$VALE_MODULE_DIR" -path '*/native/*.ko' -exec cp -t "$root/vale/modules/native" {} +
        return
    fi
    for name in $qemu_modules; do
        [ ! -e "$VALE_ROOT/kmod/drivers/$name/recipe" ] || names+=("$name")
    done
    while read -r dir; do
        cp "$dir"/*.ko "$root/vale/modules/native/"
    done < <("$VALE_ROOT/kmod/drivers/build" --kernel "$2" "${names[@]}")
}

taps_possible() { unshare -n ip tuntap add dev probe mode tap multi_queue 2>/dev/null; }

# nic_pair NAME DEVICE KIND SLOT SLOT: two NICs on one hub. The KIND byte of the MAC address tells the guest their name.
nic_pair() {
    local name=$1 device=$2 kind=$3 slots=("$4" "$5") n
    for n in 0 1; do
        printf '%s\n' -netdev "hubport,id=$name$n,hubid=$kind" \
            -device "$device,netdev=$name$n,mac=52:54:00:00:0$kind:0$n,romfile=,addr=${slots[n]}"
    done
}

# The slots 18-1b are taken by igb's virtual functions, and an igb in a slot next to another's would want the same ones.
nic_arguments() {
    local n
    nic_pair virtio virtio-net-pci 1 4 5
    nic_pair e1000e e1000e 2 6 7
    nic_pair igb igb 3 8 a
    nic_pair vmxnet vmxnet3 4 c d
    nic_pair em e1000 5 e f
    nic_pair rtl rtl8139 8 12 13
    [[ $machine_features == *' mq'* ]] || return 0
    for n in 0 1; do
        printf '%s\n' -netdev "tap,id=vmq$n,ifname=vmq$n,script=no,downscript=no,queues=4,vhost=off" \
            -device "virtio-net-pci,netdev=vmq$n,mac=52:54:00:00:06:0$n,romfile=,mq=on,rss=on,vectors=10,addr=1$n"
    done
}

# What the namespace of QEMU holds before QEMU starts. The taps' bridge must not learn which queue a flow used; a tap holds all that a TCP
# connection has under way, as it would lose what it cannot hold while QEMU waits for a CPU.
# shellcheck disable=SC2016
tap_setup='ip link add br0 type bridge stp_state 0 && ip link set br0 up
for tap in vmq0 vmq1; do ip tuntap add dev $tap mode tap multi_queue vnet_hdr && ip link set $tap txqueuelen 10000 master br0 && ip link set $tap up; done
sysctl -qw net.ipv6.conf.all.disable_ipv6=1 2>/dev/null; exec "$@"'

# TCG runs "rep movs" one element at a time, so the guest must not think it fast. All three of the short forms go with erms:
# the memmove() of Linux 6.1 corrupts short moves on a CPU that has fsrm and no erms.
# One thread emulates all CPUs in turn: with a thread for each (QEMU 10.0.2) one boot in ten left a CPU with its timer's interrupt in
# service for ever, and it is no faster for what is tested here. So QEMU machines run side by side rather than on more threads.
# With VALE_COUNT the clock is the count of instructions: a nanosecond each, on a single CPU.
cpu_arguments() {
    if [ "$(qemu_accel)" = kvm ]; then
        printf '%s\n' -accel kvm -cpu host
    else
        printf '%s\n' -accel "tcg,thread=${VALE_TCG_THREAD:-single},tb-size=256" -cpu max,-erms,-fsrm,-fsrs,-fzrm
    fi
    if [ -n "${VALE_COUNT:-}" ]; then
        printf '%s\n' -smp 1 -icount shift=0,sleep=off
    else
        printf '%s\n' -smp 4
    fi
}

# It is slow, so its watchdogs get patience; it does not run while the process waits for a CPU, so it must not count its
# timer's ticks at boot and panic (no_timer_check); and of "rep movs" see cpu_arguments().
kernel_command_line() {
    printf '%s ' console=ttyS0 panic=-1 vale_share=9p net.ifnames=0 log_buf_len=4M loglevel=6 mitigations=off audit=0 \
        random.trust_cpu=on rcupdate.rcu_cpu_stall_timeout=90 watchdog_thresh=60
    printf '%s ' "${extra_command_line:-}"
    [ "$(qemu_accel)" = kvm ] || printf "%s " clocksource=tsc tsc=reliable "tsc_early_khz=$tsc_rate" no_timer_check clearcpuid=rep_good
}

# The guest must not guess the rate of its clock (tsc-khz.c says why).
tsc_khz() {
    local program=$VALE_BUILD/tsc-khz
    [ -z "${VALE_COUNT:-}" ] || { echo 1000000 && return; }
    # Others may be at it too.
    [ -x "$program" ] || { cc -O1 -o "$program.$$" "$VALE_ROOT/tests/vm/tsc-khz.c" && mv "$program.$$" "$program"; }
    "$program"
}

# qemu_start KERNEL WORK SHARE
qemu_start() {
    local work=$2 share=$3 cpu nics around=(setsid)
    local serial=(-serial "file:$share/console")
    mapfile -t cpu < <(cpu_arguments)
    mapfile -t nics < <(nic_arguments)
    [[ $machine_features != *' mq'* ]] || around=(setsid unshare -n bash -c "$tap_setup" tap-setup)
    [ -z "${machine_console:-}" ] || { serial=(-serial mon:stdio) around=("${around[@]:1}"); }
    "${around[@]}" "${qemu_command[@]}" -machine q35 "${cpu[@]}" -m "${VALE_MEM:-3G}" -nodefaults -display none -no-reboot \
        -kernel "$machine_kernel/vmlinuz" -initrd "$work/initrd" -append "$(kernel_command_line)" \
        "${serial[@]}" -device virtio-rng-pci,addr=3 "${nics[@]}" "${extra_arguments[@]}" \
        -virtfs "local,path=$share,mount_tag=host,security_model=none,multidevs=remap" \
        <"${machine_stdin:-/dev/null}" >"${machine_console:-$share/qemu}" 2>&1 &
    machine_pid=$!
}
