# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# lib/libpcap.so.0.8, whose pcap_open_live() takes netmap:NAME and valeX:NAME.

download() { get_source "$codename" libpcap "$1"; }

build() {
    local source=("$1"/libpcap-*/) out=$2
    cd "${source[0]}" &&
        ./configure --disable-rdma --disable-dbus --without-libnl --disable-usb --disable-bluetooth CFLAGS="-g -O2 -I$headers" &&
        grep -q '^#define PCAP_SUPPORT_NETMAP 1' config.h &&
        make -j "$(jobs_wanted)" libpcap.so &&
        mkdir -p "$out/lib" &&
        cp libpcap.so.*.*.* "$out/lib/libpcap.so.0.8"
}
