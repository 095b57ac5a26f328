# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# qemu, an emulator of x86-64 that knows "-netdev netmap" and little else, and lib/. Its firmware is that of tests/vm/nested.

download() { get_source "$codename" qemu "$1"; }

build() {
    local source=("$1"/qemu-*/) out=$2
    export CCACHE_BASEDIR=$1
    mkdir -p "$1/build" && cd "$1/build" &&
        "${source[0]}/configure" --cc="ccache gcc" --target-list=x86_64-softmmu --without-default-features --enable-system --enable-tcg \
            --enable-fdt=system --enable-netmap --disable-install-blobs --disable-docs --disable-tools --disable-debug-info \
            --disable-werror --extra-cflags="-I$headers" &&
        grep -q '^#define CONFIG_NETMAP' config-host.h &&
        ninja -j "$(jobs_wanted)" qemu-system-x86_64 &&
        cp qemu-system-x86_64 "$out/qemu" && strip "$out/qemu" &&
        copy_libraries "$out/lib" "$out/qemu"
}
