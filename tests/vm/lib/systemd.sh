# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# The second kind of machine in QEMU: a small Debian on a virtio disk, with systemd as init and the project installed as
# `cmake --install` does it. The initramfs is that of the other machine; its init moves over to the disk (guest/to-disk).
# The disk is opened with snapshot=on: each boot begins with the clean image.
#
# It has one more pair of NICs, hot0 == hot1, the first of them in a slot that can be emptied, and QEMU's monitor as a
# serial port: what a scenario writes to /dev/virtio-ports/monitor is a command of QEMU's (tests/scenarios/monitor.sh).
#
# Kernel 13 is Debian 13 whole: its system, its kernel, and the module as DKMS builds it there.

systemd_prepare() {
    local kernel=$1 work=$2 codename='' modules VALE_MODULE_DIR=${VALE_MODULE_DIR:-}
    case $kernel in uml*) systemd_uml_prepare "$@"; return ;; esac
    [ "$kernel" != 13 ] || codename=trixie
    if [ -n "$codename" ]; then
        VALE_MODULE_DIR=$(dkms_modules "$codename" "$kernel") || return 1
    fi
    qemu_prepare "$kernel" "$work" || return 1
    machine_disk=$("$VALE_ROOT/scripts/debian-image" ${codename:+"$codename"}) || return 1
    mkdir -p "$work/add/root/vale/install"
    install_project "$work/add/root" || return 1
    if [ -n "${VALE_PACKAGES:-}" ]; then
        modules=$(dkms_modules "$codename" "$kernel") || return 1
        fill_packages "$work/add/root" "$codename" "$modules" || return 1
    fi
    archive_tree "$work/add/root" "$work/add"
    cat "$work/add/cpio" >>"$work/initrd"
    rm -rf "$work/add"
    machine_features+=" systemd monitor"
    [ -z "$codename" ] || machine_features+=" varlinkctl"
    machine_features=${machine_features/std/}
}

# dkms_modules CODENAME KERNEL: what DKMS built for that kernel.
dkms_modules() {
    local dir
    dir=$("$VALE_ROOT/tests/package/dkms" "${1:-$(. /etc/os-release && echo "$VERSION_CODENAME")}") || return 1
    echo "$dir/$("$VALE_ROOT/scripts/kernels" release "$2")-amd64"
}

# Our Debian packages in two versions, and the modules they are to run with, for scenarios with "needs: packages".
fill_packages() {
    local root=$1 codename=$2 modules=$3 packages
    packages=$("$VALE_ROOT/scripts/packages-debian" ${codename:+"$codename"}) || return 1
    mkdir -p "$root"/vale/packages/{next,modules}
    cp "$packages"/{valed,vale-tools,libnetmap1}_*.deb "$root/vale/packages/"
    cp "$packages"/next/{valed,vale-tools,libnetmap1}_*.deb "$root/vale/packages/next/"
    find "$modules" -maxdepth 1 -name '*.ko' -exec cp -t "$root/vale/packages/modules" {} +
    machine_features+=" packages"
}

# Into vale/install, with the libraries the programs want: the image has Debian's own, if at all.
install_project() {
    local root=$1 programs
    [ -d "$VALE_BUILD/release" ] || { say "nothing is built yet: scripts/user"; return 1; }
    DESTDIR=$root/vale/install run_logged "install" "installing into the image" cmake --install "$VALE_BUILD/release" || return 1
    (cd "$root/vale/install" && find . ! -type d) >"$root/vale/installed"
    mapfile -t programs < <(find "$root/vale/install" -type f -executable)
    [ "${#programs[@]}" = 0 ] || "$VALE_ROOT/tests/vm/rootfs" --libraries "$root/vale/install" "${programs[@]}"
}

# A monitor and a serial port cannot share a character device, but they can be two ends of one.
monitor_arguments() {
    printf '%s\n' -chardev "socket,id=monitor,path=$1,server=on,wait=off" -mon chardev=monitor,mode=readline \
        -chardev "socket,id=port,path=$1" -device virtio-serial-pci,addr=16 -device virtserialport,chardev=port,name=monitor
}

hot_pair_arguments() {
    printf '%s\n' -device pcie-root-port,id=bay,chassis=1,addr=14 -netdev hubport,id=hot0,hubid=7 -netdev hubport,id=hot1,hubid=7 \
        -device virtio-net-pci,id=hot,bus=bay,netdev=hot0,mac=52:54:00:00:07:00,romfile= \
        -device virtio-net-pci,netdev=hot1,mac=52:54:00:00:07:01,romfile=,addr=15
}

# systemd_start KERNEL WORK SHARE
systemd_start() {
    local monitor hot
    case $1 in uml*) systemd_uml_start "$2" "$3"; return ;; esac
    mapfile -t monitor < <(monitor_arguments "$2/monitor")
    mapfile -t hot < <(hot_pair_arguments)
    extra_arguments=(-drive "file=$machine_disk,if=none,id=disk,format=raw,snapshot=on" -device "virtio-blk-pci,drive=disk,addr=2"
        "${hot[@]}" "${monitor[@]}")
    extra_command_line="vale_disk=/dev/vda${machine_boot:+ vale_boot=$machine_boot}"
    qemu_start "$@"
    extra_arguments=() extra_command_line=''
}
