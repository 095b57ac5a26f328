# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# apt with a state directory of its own: packages of other Debian releases can be looked up and downloaded while the
# machine's own sources, package lists and dpkg status stay as they are. Works without root.
#
# The mirrors are those of the machine's own sources; VALE_MIRROR and VALE_SECURITY_MIRROR override them.

vale_apt=$VALE_CACHE/apt
vale_suites="bookworm bookworm-updates bookworm-backports trixie trixie-backports sid"
vale_security_suites="bookworm-security trixie-security"

# All mirror addresses the machine's sources name, one per line: "suite address".
machine_sources() {
    local file
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
        [ ! -r "$file" ] || awk '$1 == "deb" { i = 2; if ($2 ~ /^\[/) { while ($i !~ /\]$/) i++; i++ } print $(i+1), $i }' "$file"
    done
    for file in /etc/apt/sources.list.d/*.sources; do
        [ ! -r "$file" ] || awk '
            function flush(  i) { for (i in s) for (j in u) print s[i], u[j]; delete s; delete u }
            /^[[:space:]]*$/ { flush() }
            tolower($1) == "suites:" { for (k = 2; k <= NF; k++) s[k] = $k }
            tolower($1) == "uris:" { for (k = 2; k <= NF; k++) u[k] = $k }
            END { flush() }' "$file"
    done
}

debian_mirror() {
    machine_sources | awk '$1 ~ /^(bookworm|trixie|forky|sid|stable|testing|unstable)$/ { print $2; exit }'
}

security_mirror() {
    machine_sources | awk '$1 ~ /-security/ { print $2; exit }'
}

private_options() {
    printf '%s\n' -q -o Dir::State::Lists="$vale_apt/lists" -o Dir::Cache="$vale_apt" \
        -o Dir::Etc::SourceList="$vale_apt/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o Dir::Etc::PreferencesParts=/dev/null -o Debug::NoLocking=1 -o APT::Sandbox::User= \
        -o Dir::State::status="${VALE_DPKG_STATUS:-/dev/null}" -o Acquire::Languages=none
}

private_apt() {
    local tool=$1 options
    shift
    mapfile -t options < <(private_options)
    "$tool" "${options[@]}" "$@"
}

write_sources() {
    local mirror security suite keys=/usr/share/keyrings/debian-archive-keyring.gpg
    mirror=${VALE_MIRROR:-$(debian_mirror)}
    security=${VALE_SECURITY_MIRROR:-$(security_mirror)}
    [ -n "$mirror" ] || die "no Debian mirror in this machine's apt sources; set VALE_MIRROR=http://..."
    [ -r "$keys" ] || die "$keys is missing (package debian-archive-keyring)"
    for suite in $vale_suites; do
        echo "deb [signed-by=$keys] $mirror $suite main"
    done
    [ -n "$security" ] || return 0
    for suite in $vale_security_suites; do
        echo "deb [signed-by=$keys] $security $suite main"
    done
}

private_update() {
    mkdir -p "$vale_apt/lists/partial" "$vale_apt/archives/partial" "$VALE_CACHE/pool"
    write_sources >"$vale_apt/sources.list"
    run_logged apt-private "fetching Debian's package lists (private copy)" private_apt apt-get update
}

# Newest package whose name matches the regular expression.
newest_package() {
    private_apt apt-cache search --names-only "$1" | cut -d' ' -f1 | sort -V | tail -n 1
}

# Newest version of a package, optionally only those whose version or suite line matches a regular expression.
newest_version() {
    private_apt apt-cache madison "$1" | grep -E -e "${2:-.}" | awk '{ print $3 }' | sort -V | tail -n 1
}

# Prints the path of the .deb in the pool, downloading it first when it is not there.
fetch_deb() {
    local package=$1 version=$2 file
    file=$VALE_CACHE/pool/${package}_${version//:/%3a}
    if ! compgen -G "${file}_*.deb" >/dev/null; then
        (cd "$VALE_CACHE/pool" && run_logged "download-$package" "downloading $package $version" \
            private_apt apt-get download "$package=$version") || return 75
    fi
    compgen -G "${file}_*.deb" | head -n 1
}

# unpack_debs DIR PACKAGE=VERSION...
unpack_debs() {
    local dir=$1 item deb
    shift
    for item in "$@"; do
        deb=$(fetch_deb "${item%%=*}" "${item#*=}") || return $?
        dpkg-deb -x "$deb" "$dir" || return 1
    done
}
