# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# Puts a test machine back into the state it was in before a scenario, and prints what should not have been left:
# a scenario cleans up after itself, so a leftover is a failure. vale.ko must unload, with nothing of it in slab or vmalloc.

# remember_state FILE. What a scenario with a boot of its own finds may be its own too, and go with it.
remember_state() {
    links_before=$(link_names)
    own_boot=$(header "$1" boot)
}

link_names() { ip -o link show | awk -F': ' '{ sub(/@.*/, "", $2); print $2 }' | sort; }

# The runner starts a scenario with this in its environment, and all its processes inherit it.
scenario_tasks() {
    local task
    for task in /proc/[0-9]*; do
        ! grep -qsz '^VALE_SCENARIO=' "$task/environ" || echo "${task#/proc/}"
    done
}

clean_up() {
    stop_tasks
    remove_namespaces
    remove_links
    unload_module
}

stop_tasks() {
    local id
    for id in $(scenario_tasks); do
        echo "process $id: $(tr '\0' ' ' 2>/dev/null <"/proc/$id/cmdline")"
        kill -9 "$id" 2>/dev/null
    done
    sleep 0.05
}

remove_namespaces() {
    local ns
    for ns in $(ip netns list | awk '{ print $1 }'); do
        echo "network namespace $ns"
        ip netns del "$ns"
    done
}

remove_links() {
    local link
    for link in $(comm -13 <(echo "$links_before") <(link_names)); do
        case $link in *.*) ;; *) echo "link $link" ;; esac
        ip link del "$link" 2>/dev/null
    done
    for link in $(comm -23 <(echo "$links_before") <(link_names)); do
        [ -n "$own_boot" ] || echo "link $link is gone"
    done
}

unload_module() {
    local try
    [ -d /sys/module/vale ] || return 0
    # Files of killed processes are released late on a slow machine.
    grep -E ' \[vale\]$' /proc/kallsyms | sort >/tmp/vale.symbols
    for try in $(seq $((15 * ${VALE_SLOW:-1}))); do
        [ ! -d /sys/module/netmap ] || rmmod netmap 2>/dev/null
        [ "$(cat /sys/module/vale/refcnt)" != 0 ] || break
        sleep 0.2
    done
    grep '\[vale\]' /proc/vmallocinfo | grep -v -e 'module_alloc' -e 'load_module' -e 'execmem' |
        awk 'NR <= 5 { print "vmalloc: " $0 }'
    rmmod vale || { echo "vale.ko does not unload, references: $(cat /sys/module/vale/refcnt), try $try"; return; }
    awk '/^vale/ && $2 > 0 { print "slab: " $0 }' /proc/slabinfo
}
