#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# vale-ctl top: what passes shows up as rates, in lines and on a screen. The screen fits its terminal, also when that changes,
# survives a restart of valed, and leaves the terminal as it was, whether a key, a signal or the terminal's end ends it.
#
#     vale0:a ===verified===> vale0:b        script(1): a terminal, keys come through a fifo
# timeout: 90
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

here=/tmp/control-top
at_end() { rm -rf "$here"; }

# What runs in the terminal: top between two looks at the settings. The shell outlives the signals that are meant for top.
mkdir -p "$here"
mkfifo "$here/keys"
cat >"$here/session" <<'END'
trap : INT TERM QUIT
cd /tmp/control-top
tty >tty
stty -a | tail -n +2 >before  # not the size
# Who is started in the background ignores SIGINT, and so would top.
sh -c 'echo $$ >pid; exec env --default-signal=INT vale-ctl top --interval "$1"' sh "$1"
echo $? >status
stty -a | tail -n +2 >after
END

# on_screen INTERVAL: top on a terminal of 20 lines and 70 columns; its screen is the file "screen", keys go to descriptor 7.
on_screen() {
    rm -f "$here"/{pid,status,before,after,screen}
    exec 7<>"$here/keys"
    TERM=xterm background "$here/log" sh -c "exec script -qf -c 'stty rows 20 columns 70; sh $here/session $1' $here/screen <$here/keys"
    eventually 10 shows 'IN PKT'
}

screen() { tr -d '\r' <"$here/screen"; }
shows() { screen | grep -q "$1"; }
ended() { [ -s "$here/after" ]; }
raw() { ! stty -a <"$(cat "$here/tty")" | grep -q ' icanon'; }

# as_before STATUS
as_before() {
    eventually 10 ended
    expect_eq "$(cat "$here/after")" "$(cat "$here/before")" "settings of the terminal"
    expect_eq "$(cat "$here/status")" "$1" "exit status"
    expect_match "$(screen)" $'\e\\[\\?25h\e\\[\\?1049l' "what the terminal was told at the end"
    exec 7>&-
}

# The last picture, as text; its titles are a bar from edge to edge.
picture() { tr -d '\r' <"$here/screen" | gawk 'BEGIN { RS = "\033\\[H" } { last = $0 } END { print last }' | sed $'s/\e\\[[0-9;?]*[A-Za-z]//g'; }
pictured() { picture | grep -q "$1"; }
is_wide() { [ "$(picture | awk 'length > n { n = length } END { print n + 0 }')" = "$1" ]; }

load_vale
start_valed
start_talk 60 vale0:a --to vale0:b

step "lines"
vale-ctl top --interval 0.5 --count 3 >"$here/lines"
cat "$here/lines"
expect_eq "$(wc -l <"$here/lines")" 7 "lines: titles, and two ports three times"
expect_ge "$(awk '$2 == "vale0:a" && $3 > n { n = $3 } END { print n + 0 }' "$here/lines")" 100 "packets a second in"
expect_ge "$(awk '$2 == "vale0:b" && $6 > n { n = $6 } END { print n + 0 }' "$here/lines")" 1000 "bits a second out"
vale-ctl --json top --direct -i 0.5 -n 1 | jq -e '.rates | map(select(.name == "vale0:a").in_packets > 100) == [true]'
(vale-ctl top -i 0.1 || true) | head -n 2 >/dev/null

step "a screen, and the key that ends it"
on_screen 0.2
eventually 5 shows 'q quit'
raw || fail "the terminal is not in raw mode"
printf 'i' >&7
eventually 5 shows 'by packets in'
printf 'r' >&7
eventually 5 shows 'by packets in reversed'

step "it fits another size"
is_wide 70 || fail "the picture: $(picture)"
stty rows 4 columns 40 <"$(cat "$here/tty")"
eventually 5 pictured '^1 more'
is_wide 40 || fail "the picture: $(picture)"

step "valed restarts"
kill "$valed_pid"
wait "$valed_pid" 2>/dev/null || true
eventually 5 pictured '^valed'
start_valed
eventually 5 pictured '^1 more'
printf 'q' >&7
as_before 0

step "signals"
for signal in INT TERM HUP SEGV; do
    on_screen 1
    kill "-$signal" "$(cat "$here/pid")"
    as_before $((128 + $(kill -l "$signal")))
done

step "another size is noticed at once; Ctrl-C"
on_screen 60
stty rows 10 columns 50 <"$(cat "$here/tty")"
eventually 20 is_wide 50
printf '\003' >&7
as_before 130

step "the terminal's end"
on_screen 60
pid=$(cat "$here/pid")
kill -9 "${scenario_pids[-1]}"
eventually 5 sh -c "! kill -0 $pid"
exec 7>&-
still_talking "meanwhile"
