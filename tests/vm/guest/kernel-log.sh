# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# What the kernel said during a scenario: a marker before it, everything since, and which lines of that are a failure.

bad_kernel_pattern='WARNING:|BUG:|kernel BUG at|Oops|general protection|Kernel panic|Unable to handle|Call Trace:|[Rr][Cc][Uu].*(stall|self-detected)|task .* blocked for more than|possible (recursive locking|circular locking|irq lock)|inconsistent lock state|suspicious RCU|held lock freed|lock held when returning|refcount_t:|KASAN|UBSAN|kmemleak: [0-9]+ new|unregister_netdevice: waiting|ODEBUG|sleeping function called|scheduling while atomic|Objects remaining|list_(add|del) corruption|soft lockup|hard LOCKUP|invoked oom-killer|segfault at|Workqueue lockup|NETDEV WATCHDOG|hw csum failure|self-?test.*[Ff]ail'

mark_kernel_log() {
    echo "<5>vale-test: start $1" >/dev/kmsg
}

save_kernel_log() {
    dmesg | awk -v mark="vale-test: start $1" '
        index($0, mark) && substr($0, length($0) - length(mark) + 1) == mark { seen = 1; n = 0 }
        seen { line[n++] = $0 }
        END { if (!seen) print "vale-test: WARNING: the log overflowed, its start is lost"; for (i = 0; i < n; i++) print line[i] }'
}

# Reads a log and prints its bad lines, except those that the scenario announced with "# allow-log:".
bad_kernel_lines() {
    local allowed=$1
    grep -E -e "$bad_kernel_pattern" | grep -v -E -e "${allowed:-^never-said$}" | head -n 20
}

# Debug kernels only. Objects younger than five seconds are not reported, and the first scan only marks.
scan_leaks() {
    local report=/sys/kernel/debug/kmemleak
    [ -w "$report" ] || return 0
    sleep 6
    echo scan >"$report"
    sleep 1
    echo scan >"$report"
    [ -s "$report" ] || return 0
    name_addresses <"$report" >"/host/$1.leaks"
    sed 's/^/<4>kmemleak: /' "/host/$1.leaks" | head -n 60 >/dev/kmsg
    echo clear >"$report"
}

# vale.ko is gone when leaks are looked for: its addresses are named from the symbol list taken before.
name_addresses() {
    gawk --non-decimal-data '
        BEGIN { while ((getline line < "/tmp/vale.symbols") > 0) { split(line, f, " "); at[++n] = ("0x" f[1]) + 0; name[n] = f[3] } }
        match($0, /0x[0-9a-f]{12,16}/) && n {
            a = substr($0, RSTART, RLENGTH) + 0; best = 0
            for (i = 1; i <= n; i++) if (at[i] <= a && a - at[i] < 65536 && (!best || at[i] > at[best])) best = i
            if (best) { printf "%s %s+%d [vale]\n", $0, name[best], a - at[best]; next }
        }
        { print }'
}
