#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Instructions per packet of the core's forwarding loop, counted by callgrind on
# fixed input: the same on every machine with the same compiler.
#   instructions.sh core_bench            print the table
#   instructions.sh core_bench FILE       and fail if a row is over 5 % above FILE;
#                                         instructions.txt holds gcc 12 on x86-64
set -eu
bench=$1
accepted=${2-}
bad=0

# Batches so chosen that every case forwards 8192 packets.
for name in $("$bench" --list); do
	packets=8192
	rounds=$((packets / ${name##*-}))
	count=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null \
		--toggle-collect='*forward_batch*' "$bench" --rounds "$rounds" \
		--only "$name" 2>&1 | awk '/Collected/ { print $4 }')
	per=$(awk "BEGIN { printf \"%.1f\", $count / $packets }")
	printf '%-22s %s\n' "$name" "$per"
	[ -n "$accepted" ] || continue
	limit=$(awk -v n="$name" '$1 == n { print $2 * 1.05 }' "$accepted")
	if [ -z "$limit" ] || awk "BEGIN { exit !($per > $limit) }"; then
		echo "  more than 5 % above $accepted" >&2
		bad=1
	fi
done
exit $bad
