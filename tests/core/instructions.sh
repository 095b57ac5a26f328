#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Instructions per packet of the core's forwarding loop, counted by callgrind on fixed input: the same on every machine with
# the same compiler, which is gcc 12.
#   instructions.sh            print the table
#   instructions.sh --check    and fail if a row is over 5 % off instructions.txt: above it, something got dearer; below, it
#                              got better, or the compiler left something out. Who changes a row, and says why, commits
#                              the new table with it: instructions.sh >tests/core/instructions.txt
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$here/../../build/instructions
check=${1-}
bad=0

cmake -S "$here" -B "$build" -DCMAKE_C_COMPILER=gcc-12 -DCMAKE_CXX_COMPILER=g++-12 >&2
cmake --build "$build" --target core_bench >&2
bench=$build/core_bench

# Batches so chosen that every case forwards 8192 packets.
for name in $("$bench" --list); do
	packets=8192
	rounds=$((packets / ${name##*-}))
	count=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null \
		--toggle-collect='*forward_batch*' "$bench" --rounds "$rounds" \
		--only "$name" 2>&1 | awk '/Collected/ { print $4 }')
	per=$(awk "BEGIN { printf \"%.1f\", $count / $packets }")
	printf '%-22s %s\n' "$name" "$per"
	[ -n "$check" ] || continue
	known=$(awk -v n="$name" '$1 == n { print $2 }' "$here/instructions.txt")
	if [ -z "$known" ] || awk "BEGIN { exit !($per > $known * 1.05 || $per < $known * 0.95) }"; then
		echo "  more than 5 % off instructions.txt: ${known:-no such row}" >&2
		bad=1
	fi
done
exit $bad
