# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# suricata, whose netmap capture needs libnetmap: ours, linked statically; and lib/. Debian 12 has no Suricata: it gets that of 13, with the
# libhtp of its backports.

depends=("$VALE_ROOT"/lib/netmap/*.[ch])

download() {
    local suite=$codename htp='deb13|/sid '
    [ "$suite" != bookworm ] || suite=trixie htp=bpo12
    get_source "$suite" suricata "$1" && unpack_debs "$1/htp" "libhtp-dev=$(newest_version libhtp-dev "$htp")"
}

build() {
    local out=$2
    build_libnetmap "$1/netmap" && build_suricata "$1"/suricata-*/ "$1" &&
        cp "$1"/suricata-*/src/suricata "$out/" && strip "$out/suricata" &&
        cp "$1"/suricata-*/etc/{classification,reference}.config "$out/" &&
        copy_libraries "$out/lib" "$out/suricata"
}

build_libnetmap() {
    mkdir -p "$1/include" &&
        ln -s "$headers/net" "$VALE_ROOT/lib/netmap/libnetmap.h" "$1/include/" &&
        (cd "$1" && gcc -O2 -fPIC -I"$headers" -c "$VALE_ROOT"/lib/netmap/*.c && ar rcs libnetmap.a ./*.o)
}

# Debian's compilers, whatever else is installed here; and libhtp's archive, for its shared library is not here. Debian's patches change
# configure.ac.
build_suricata() {
    local htp=$2/htp/usr
    export PATH=/usr/sbin:/usr/bin:/sbin:/bin
    rm -f "$htp"/lib/*/libhtp.so*
    cd "$1" &&
        autoreconf -fi &&
        PKG_CONFIG_PATH=$(echo "$htp"/lib/*/pkgconfig) PKG_CONFIG_SYSROOT_DIR=$2/htp ./configure --enable-netmap \
            --with-netmap-includes="$2/netmap/include" --with-netmap-libraries="$2/netmap" \
            --enable-non-bundled-htp --with-libhtp-includes="$htp/include" --with-libhtp-libraries="$(echo "$htp"/lib/*-linux-gnu)" \
            --disable-gccmarch-native --disable-suricata-update LIBS=-lz &&
        grep -q '^#define HAVE_NETMAP_V14 1' src/autoconf.h &&
        make -j "$(jobs_wanted)"
}
