# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# daqpass, a program of ours (tests/foreign) on DAQ 2 and its netmap module, linked statically. Only Debian 12 has DAQ; Debian's patches
# are left out: they are about building its packages.

depends=("$VALE_ROOT/tests/foreign/daqpass.c")

download() { get_source bookworm daq "$1" --tar-only; }

build() {
    local out=$2
    mkdir -p "$1/daq" && tar -C "$1/daq" --strip-components=1 -xf "$1"/daq_*.orig.tar.gz && cd "$1/daq" && build_daq &&
        gcc -O2 -Wall -Wextra -Iapi "$VALE_ROOT/tests/foreign/daqpass.c" -o "$out/daqpass" \
            api/.libs/libdaq_static.a os-daq-modules/.libs/libdaq_static_modules.a sfbpf/.libs/libsfbpf.a -lpcap -ldl
}

# The archive's times would have automake run again. With no module but netmap's it builds none: pcap's is there for that.
build_daq() {
    ./configure --disable-shared --disable-{afpacket,dump,ipfw,ipq,nfq}-module --with-netmap-includes="$headers" &&
        grep -q "^BUILD_NETMAP_MODULE_TRUE=''" config.log &&
        make ACLOCAL=: AUTOCONF=: AUTOMAKE=: AUTOHEADER=:
}
