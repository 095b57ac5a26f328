# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# The second kind of machine in QEMU: a small Debian on a virtio disk, with systemd as init and the project installed as
# `cmake --install` does it. The initramfs is that of the other machine; its init moves over to the disk (guest/to-disk).
# The disk is opened with snapshot=on: each boot begins with the clean image.

systemd_prepare() {
    local kernel=$1 work=$2
    qemu_prepare "$kernel" "$work" || return 1
    machine_disk=$("$VALE_ROOT/scripts/debian-image") || return 1
    mkdir -p "$work/add/root/vale/install"
    install_project "$work/add/root" || return 1
    archive_tree "$work/add/root" "$work/add"
    cat "$work/add/cpio" >>"$work/initrd"
    rm -rf "$work/add"
    machine_features+=" systemd"
    machine_features=${machine_features/std/}
}

# Into vale/install, with the libraries the programs want: the image has Debian's own, if at all.
install_project() {
    local root=$1 programs
    [ -d "$VALE_BUILD/release" ] || { say "nothing is built yet: scripts/user"; return 1; }
    DESTDIR=$root/vale/install run_logged "install" "installing into the image" cmake --install "$VALE_BUILD/release" || return 1
    mapfile -t programs < <(find "$root/vale/install" -type f -executable)
    [ "${#programs[@]}" = 0 ] || "$VALE_ROOT/tests/vm/rootfs" --libraries "$root/vale/install" "${programs[@]}"
}

systemd_start() {
    extra_arguments=(-drive "file=$machine_disk,if=none,id=disk,format=raw,snapshot=on" -device "virtio-blk-pci,drive=disk,addr=2")
    extra_command_line="vale_disk=/dev/vda"
    qemu_start "$@"
    extra_arguments=() extra_command_line=''
}
