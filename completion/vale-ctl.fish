# SPDX-License-Identifier: BSD-2-Clause
# Completion of vale-ctl for fish. Switches, ports and devices are those of the running system.

function __vale_ctl_switches
    vale-ctl switch list 2>/dev/null | awk 'NR > 1 { print $1 }'
end
function __vale_ctl_ports
    vale-ctl list 2>/dev/null | awk 'NR > 1 { print $1 }'
end
function __vale_ctl_joins
    for switch in (__vale_ctl_switches) vale0
        for nic in (ls /sys/class/net)
            echo $switch:$nic
        end
    end
end

# In the words of the line: a command of switches, and not the command of ports that has its name.
function __vale_ctl_of_switch
    __fish_seen_subcommand_from switch; and __fish_seen_subcommand_from $argv
end

complete -c vale-ctl -f
complete -c vale-ctl -n __fish_use_subcommand -a "attach detach list show create delete port switch fdb stats check diff apply export topology watch top status version report daemon"
complete -c vale-ctl -l json -d "print JSON"
complete -c vale-ctl -l direct -d "ask the kernel, not valed"
complete -c vale-ctl -l socket -r -d "where valed listens"
complete -c vale-ctl -n "__fish_seen_subcommand_from attach" -a "(__vale_ctl_joins)"
complete -c vale-ctl -n "__fish_seen_subcommand_from attach" -l host -l no-prepare
complete -c vale-ctl -n "__fish_seen_subcommand_from attach" -l rx-rings -r
complete -c vale-ctl -n "__fish_seen_subcommand_from attach" -l tx-rings -r
complete -c vale-ctl -n "__fish_seen_subcommand_from attach create; and not __vale_ctl_of_switch create" -l mem-id -r
complete -c vale-ctl -n "__fish_seen_subcommand_from attach detach create delete set apply clear" -l permanent
complete -c vale-ctl -n "not __vale_ctl_of_switch delete; and __fish_seen_subcommand_from detach show stats delete flush open" -a "(__vale_ctl_ports)"
complete -c vale-ctl -n "__fish_seen_subcommand_from show stats" -a "(ls /sys/class/net)"
complete -c vale-ctl -n "__vale_ctl_of_switch create set delete" -a "(__vale_ctl_switches)"
complete -c vale-ctl -n "__vale_ctl_of_switch create set" -l fdb-size -l ageing -r
complete -c vale-ctl -n "__vale_ctl_of_switch create set" -l exchange -x -a "on off"
complete -c vale-ctl -n "not __vale_ctl_of_switch create; and __fish_seen_subcommand_from create" -l tx-slots -l rx-slots -l tx-rings -l rx-rings -r
complete -c vale-ctl -n "not __vale_ctl_of_switch create; and __fish_seen_subcommand_from create" -l owner -x -a "(__fish_complete_users)"
complete -c vale-ctl -n "__fish_seen_subcommand_from watch" -l event -r
complete -c vale-ctl -n "__fish_seen_subcommand_from list watch top flush del" -a "(__vale_ctl_switches)"
complete -c vale-ctl -n "__fish_seen_subcommand_from top" -l interval -l count -r
complete -c vale-ctl -n "__fish_seen_subcommand_from top" -l sort -x -a "name in out drops"
complete -c vale-ctl -n "__fish_seen_subcommand_from top" -l reverse
complete -c vale-ctl -n "__fish_seen_subcommand_from check diff apply" -F
complete -c vale-ctl -n "__fish_seen_subcommand_from port" -a "attach detach list show create delete open"
complete -c vale-ctl -n "__fish_seen_subcommand_from switch" -a "list create set delete"
complete -c vale-ctl -n "__fish_seen_subcommand_from fdb" -a "list add del flush"
complete -c vale-ctl -n "__fish_seen_subcommand_from topology" -a "check diff apply export show reload clear"
complete -c vale-ctl -n "__fish_seen_subcommand_from daemon" -a "status version report"
