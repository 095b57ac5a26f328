# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# A test machine as a User Mode Linux process: boots in a fraction of a second. Its root is a scratch tree, mounted read-only
# through hostfs; the directory shared with this machine is mounted at /host.

# uml_prepare KERNEL WORK: builds kernel and module, fills WORK/root.
uml_prepare() {
    local kernel=$1 work=$2 modules tests base
    machine_kernel=$("$VALE_ROOT/scripts/kernels" uml "$kernel") || return 1
    modules=${VALE_MODULE_DIR:-}
    [ -n "$modules" ] || modules=$("$VALE_ROOT/scripts/module" "uml-$kernel") || return 1
    tests=$("$VALE_ROOT/tests/kmod/build" "uml-$kernel") || return 1
    base=$(base_tree) || return 1
    rm -rf "$work"
    mkdir -p "$work"
    cp -a "$base" "$work/root"
    fill_vale "$work/root" "$modules" "$tests"
    mkdir -p "$work/root/vale/qemu"
    find "$machine_kernel" -name '*.ko' -not -name 'vale.ko' -exec cp -t "$work/root/vale/modules" {} +
    machine_nested=$("$VALE_ROOT/tests/vm/nested") || return 1
    machine_features="std veth native uml qemu"
    [ -z "${VALE_FOREIGN:-}" ] || fill_foreign "$work/root" || return 1
    case $kernel in *-debug) machine_features+=" debug" ;; esac
}

# Programs of others built against our headers, those VALE_FOREIGN names: /vale/foreign/NAME for scenarios with "needs: foreign-NAME".
fill_foreign() {
    local root=$1 name dir
    mkdir -p "$root/vale/foreign"
    for name in $VALE_FOREIGN; do
        dir=$("$VALE_ROOT/scripts/foreign" "$name") || return 1
        cp -r "$dir" "$root/vale/foreign/$name"
        machine_features+=" foreign-$name"
    done
}

# uml_start KERNEL WORK SHARE: starts the machine, leaving its process id in machine_pid.
uml_start() {
    local kernel=$1 work=$2 share=$3 cpus=()
    case $kernel in 7.2*) cpus=(ncpus=2 seccomp=on) ;; esac
    mkdir -p "$work/tmp"
    TMPDIR=$work/tmp setsid "$machine_kernel/linux" "mem=${VALE_MEM:-2G}" rootfstype=hostfs "rootflags=$work/root" ro \
        init=/init con=null con0=fd:0,fd:1 "${cpus[@]}" "vale_share=$share" "vale_qemu=$machine_nested" loglevel=7 \
        <"${machine_stdin:-/dev/null}" >"${machine_console:-$share/console}" 2>&1 &
    machine_pid=$!
}
