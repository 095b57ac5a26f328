# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# Completion of vale-ctl for bash. Switches, ports and devices are those of the running system.

_vale_ctl_names() {
    case $1 in
    switch) vale-ctl switch list 2>/dev/null | awk 'NR > 1 { print $1 }' ;;
    port) vale-ctl list 2>/dev/null | awk 'NR > 1 { print $1 }' ;;
    nic) ls /sys/class/net ;;
    join) # vale0:eth0, for every switch and every device
        local switch nic
        for switch in $(_vale_ctl_names switch) vale0; do
            for nic in $(_vale_ctl_names nic); do printf '%s:%s\n' "$switch" "$nic"; done
        done
        ;;
    esac
}

# What a command takes: options first, then the kind of its arguments.
_vale_ctl_takes() {
    case $1 in
    attach) echo --host --rx-rings --tx-rings --mem-id --no-prepare --permanent @join ;;
    detach) echo --permanent @port ;;
    list) echo @switch ;;
    show | stats) echo @port @nic ;;
    create) echo --tx-slots --rx-slots --tx-rings --rx-rings --mem-id --owner --permanent ;;
    open) echo @port ;;
    delete) echo --permanent @port ;;
    check | diff | export) echo @file ;;
    apply) echo --permanent @file ;;
    watch) echo --event @switch ;;
    top) echo --interval --count --sort --reverse @switch ;;
    "switch create" | "switch set") echo --fdb-size --ageing --exchange --permanent @switch ;;
    "switch delete") echo --permanent @switch ;;
    "fdb list" | "fdb del") echo @switch ;;
    "fdb add") echo @port ;;
    "fdb flush") echo @switch @port ;;
    "topology clear") echo --permanent ;;
    port) echo attach detach list show create delete open ;;
    switch) echo list create set delete ;;
    fdb) echo list add del flush ;;
    topology) echo check diff apply export show reload clear ;;
    daemon) echo status version report ;;
    "") echo attach detach list show create delete port switch fdb stats check diff apply export topology watch top \
        status version report daemon --json --direct --socket --help --version ;;
    esac
}

# The command that the words so far make.
_vale_ctl_command() {
    local command='' word
    for word in "$@"; do
        case $word in
        -*) ;;
        port | topology | daemon) [ -n "$command" ] || command=$word ;;
        switch | fdb) command=$word ;;
        *) case $command in
            port) command=$word ;;
            topology) case $word in clear) command="topology clear" ;; *) command=$word ;; esac ;;
            switch | fdb) command="$command $word" ;;
            "") command=$word ;;
            esac ;;
        esac
    done
    echo "$command"
}

_vale_ctl() {
    local word=${COMP_WORDS[COMP_CWORD]} item words=()
    # "vale0:eth0" is one word here, though bash breaks at colons.
    if declare -F _get_comp_words_by_ref >/dev/null; then
        local cur
        _get_comp_words_by_ref -n : cur
        word=$cur
    fi
    for item in $(_vale_ctl_takes "$(_vale_ctl_command "${COMP_WORDS[@]:1:COMP_CWORD-1}")"); do
        case $item in
        @file) mapfile -t -O "${#words[@]}" words < <(compgen -f -- "$word") ;;
        @*) mapfile -t -O "${#words[@]}" words < <(_vale_ctl_names "${item#@}") ;;
        *) words+=("$item") ;;
        esac
    done
    mapfile -t COMPREPLY < <(compgen -W "${words[*]}" -- "$word")
    ! declare -F __ltrim_colon_completions >/dev/null || __ltrim_colon_completions "$word"
}

# The completion for zsh takes the lists from here.
[ -z "${BASH_VERSION:-}" ] || complete -F _vale_ctl vale-ctl
