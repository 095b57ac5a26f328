#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Does the selftest notice? Puts one small error at a time into a copy of the
# core and expects the userspace selftest to fail (or not to end). Some minutes:
# run it by hand after changing the core or its tests.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck disable=SC2054 # commas belong to the flag
flags=(-std=gnu11 -O1 -w -fno-strict-aliasing -fsanitize=address,undefined
	-fno-sanitize-recover=all -DNETMAP_RO= -I"$root/tests/shim"
	-I"$work/kmod/uapi" -I"$work/kmod/core" -I"$work/kmod/selftest")

# compile SOURCE...: objects go to $work/obj
compile() {
	local source
	for source in "$@"; do
		gcc "${flags[@]}" -c "$source" \
			-o "$work/obj/$(basename "$(dirname "$source")")-$(basename "$source").o" ||
			return 1
	done
}

# build FILE: what depends on this file of the core; everything if it is a header
build() {
	rm -rf "$work/obj"
	if [[ $1 = *.c ]]; then
		cp -r "$work/base" "$work/obj" && compile "$work/kmod/core/$1"
	else
		mkdir "$work/obj" && compile "$work"/kmod/{core,selftest}/*.c \
			"$root"/tests/core/{fetch_user,selftest_main}.c
	fi && gcc "${flags[@]}" "$work"/obj/*.o -o "$work/run"
}

run() {
	timeout 20 "$work/run" >"$work/log" 2>&1
}

fresh() {
	rm -rf "$work/kmod" && mkdir "$work/kmod" &&
		cp -r "$root"/kmod/{core,selftest,uapi} "$work/kmod" &&
		rm -f "$work/kmod/core/abi.c"
}

fresh
{ build all && run; } || { echo "selftest fails without any mutation"; exit 1; }
cp -r "$work/obj" "$work/base"

survived=0 n=0
while IFS=@ read -r file from to; do
	[ -n "$file" ] || continue
	n=$((n + 1))
	fresh
	if ! FROM=$from TO=$to perl -0pi -e \
		's/\Q$ENV{FROM}\E/$ENV{TO}/ or die "not found\n"' \
		"$work/kmod/core/$file" || ! build "$file" 2>"$work/log"; then
		echo "STALE    $file: $from -> $to"
		survived=$((survived + 1))
	elif run; then
		echo "SURVIVED $file: $from -> $to"
		survived=$((survived + 1))
	else
		echo "caught   $file: $from -> $to"
	fi
done < "$root/tests/core/mutations"
echo "$((n - survived)) of $n mutations caught"
[ "$survived" = 0 ]
