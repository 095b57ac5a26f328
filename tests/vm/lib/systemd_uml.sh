# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# The small Debian with systemd as process 1 of User Mode Linux 6.12: for what needs systemd and neither NICs nor several CPUs, at
# native speed. Machines systemd-uml (this machine's Debian) and systemd-uml-13 (Debian 13). Its root is a directory of this
# machine, a fresh copy for every boot. Needs root, for chroot and so that files there have their owners.

# systemd_uml_prepare NAME WORK
systemd_uml_prepare() {
    local name=$1 work=$2 codename='' modules image release
    [ "$name" != uml-13 ] || codename=trixie
    machine_kernel=$("$VALE_ROOT/scripts/kernels" uml 6.12) || return 1
    modules=${VALE_MODULE_DIR:-}
    [ -n "$modules" ] || modules=$("$VALE_ROOT/scripts/module" uml-6.12) || return 1
    image=$("$VALE_ROOT/scripts/debian-image" ${codename:+"$codename"}) || return 1
    machine_features="systemd veth native"
    # Debian 13's mount names the parameter to a newer system call, which the older one does not know by name.
    machine_host=$share
    [ -z "$codename" ] || { machine_features+=" varlinkctl"; machine_host=hostfs=$share; }
    as_root rm -rf "$work"
    mkdir -p "$work/base/vale/install"
    run_logged "$name-tree" "unpacking the small Debian" as_root debugfs -R "rdump / $work/base" "$image" || return 1
    fill_vale "$work/base" "$modules"
    install_project "$work/base" || return 1
    [ -z "${VALE_PACKAGES:-}" ] || fill_packages "$work/base" "$codename" "$modules" || return 1
    release=$(cat "$machine_kernel/include/config/kernel.release")
    run_logged "$name-settle" "making it a test machine" \
        as_root sh "$VALE_ROOT/tests/vm/guest/settle" "$work/base" "$release"
}

# systemd_uml_start WORK SHARE: leaves its process id in machine_pid.
systemd_uml_start() {
    local work=$1 share=$2
    as_root rm -rf "$work/root"
    as_root cp -a "$work/base" "$work/root"
    mkdir -p "$work/tmp"
    echo "none /host hostfs $machine_host 0 0" >"$work/root/etc/fstab"
    [ -z "${machine_boot:-}" ] || as_root chroot "$work/root" env VALE_BEFORE_BOOT=1 \
        bash "/vale/scenarios/$machine_boot.sh" >"$share/before-boot" 2>&1
    TMPDIR=$work/tmp setsid "$machine_kernel/linux" "mem=${VALE_MEM:-1G}" rootfstype=hostfs "rootflags=$work/root" rw \
        init=/lib/systemd/systemd con=null con0=fd:0,fd:1 loglevel=6 \
        <"${machine_stdin:-/dev/null}" >"${machine_console:-$share/console}" 2>&1 &
    machine_pid=$!
}
