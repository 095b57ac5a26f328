# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# What a test machine gets to see: the cached root tree, and on top of it /vale with the modules, programs and scenarios
# of this working tree.

base_tree() {
    local dir
    dir=$VALE_CACHE/rootfs/$(key_of_files "$VALE_ROOT/tests/vm/rootfs" "$VALE_ROOT/tests/vm/guest/init" /etc/debian_version)
    once "$dir" "$VALE_ROOT/tests/vm/rootfs" || return $?
    echo "$dir"
}

# Programs CMake built for use, not for its own tests.
built_programs() {
    [ -d "$VALE_BUILD/release" ] || return 0
    find "$VALE_BUILD/release" -type f -executable -not -path '*/CMakeFiles/*' -not -path '*/_deps/*' \
        -not -path '*/tests/unit/*' -not -path '*/tests/core/*' -not -name '*.so*' -not -name '*.sh' -not -name '*_test'
}

# fill_vale ROOT MODULE_DIR...: /vale of a test machine.
fill_vale() {
    local root=$1 programs
    shift
    mkdir -p "$root/vale/bin" "$root/vale/scenarios" "$root/vale/guest" "$root/vale/modules"
    cp "$VALE_ROOT"/tests/scenarios/*.sh "$root/vale/scenarios/"
    cp "$VALE_ROOT"/tests/vm/guest/* "$root/vale/guest/"
    [ ! -d "$VALE_ROOT/tests/bench" ] || cp -r "$VALE_ROOT/tests/bench" "$root/vale/"
    [ -z "${VALE_EXTRA_DIR:-}" ] || cp -r "$VALE_EXTRA_DIR" "$root/vale/extra"
    cp "$VALE_ROOT"/tests/vm/*demo.sh "$root/vale/" 2>/dev/null || true
    find "$@" -name '*.ko' -not -path '*/native/*' -exec cp -t "$root/vale/modules" {} +
    mapfile -t programs < <(built_programs)
    [ "${#programs[@]}" = 0 ] || "$VALE_ROOT/tests/vm/rootfs" --programs "$root" "${programs[@]}"
}
