# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# What every script of this tree shares: where caches and logs lie, how progress is shown (one moving line on a
# terminal, plain lines elsewhere), running a command with its output in a log, and doing a piece of work only once.

VALE_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
VALE_CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/vale
VALE_BUILD=${VALE_BUILD:-$VALE_ROOT/build}
VALE_LOGS=$VALE_BUILD/logs
export VALE_ROOT VALE_CACHE VALE_BUILD VALE_LOGS
mkdir -p "$VALE_CACHE" "$VALE_LOGS"

# Compilers' results are kept too: a second tree, or a second run of CI with this cache, builds in no time.
if command -v ccache >/dev/null 2>&1; then
    export CCACHE_DIR=${CCACHE_DIR:-$VALE_CACHE/ccache} CCACHE_BASEDIR=$VALE_ROOT CCACHE_NOHASHDIR=1 CCACHE_MAXSIZE=5G
    export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
    export CMAKE_C_COMPILER_LAUNCHER=ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache
fi

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }
jobs_wanted() { echo "${VALE_JOBS:-$(nproc)}"; }

# Runs a command as root: directly, or through sudo. The caller has asked for something that needs it.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif have sudo; then
        sudo "$@"
    else
        die "this needs root: run it as root or install sudo ($*)"
    fi
}

# run_logged NAME TITLE CMD...: the command's output goes to $VALE_LOGS/NAME.log; on failure its end is shown.
run_logged() {
    local name=$1 title=$2 log start pid rc=0
    shift 2
    log=$VALE_LOGS/$name.log
    mkdir -p "$(dirname "$log")"
    start=$SECONDS
    [ -t 2 ] || say "$title ..."
    "$@" >"$log" 2>&1 </dev/null &
    pid=$!
    [ ! -t 2 ] || show_progress "$pid" "$title" "$log"
    wait "$pid" || rc=$?
    [ ! -t 2 ] || printf '\r\033[K' >&2
    if [ "$rc" != 0 ]; then
        say "$title: failed (exit $rc), log: $log"
        tail -n 25 "$log" >&2
        return "$rc"
    fi
    [ $((SECONDS - start)) -lt 2 ] || say "$title: done ($((SECONDS - start)) s)"
}

# Redraws one terminal line with the elapsed time and the log's last line until the process ends.
show_progress() {
    local pid=$1 title=$2 log=$3 start=$SECONDS width last
    width=$(tput cols 2>/dev/null || echo 80)
    while kill -0 "$pid" 2>/dev/null; do
        last=$(tail -n 1 "$log" 2>/dev/null | tr -d '\000-\037')
        printf '\r\033[K%.*s' $((width - 1)) "$title $((SECONDS - start)) s  $last" >&2
        sleep 0.5
    done
}

# once DIR CMD...: makes DIR exist by running CMD with a scratch directory as last argument and renaming that into
# place. A second caller waits for the first; an interrupted run leaves nothing that looks finished.
once() {
    local dir=$1 tmp
    shift
    [ ! -e "$dir" ] || return 0
    mkdir -p "$(dirname "$dir")"
    (
        flock 9
        [ ! -e "$dir" ] || exit 0
        tmp=$dir.tmp
        rm -rf "$tmp"
        mkdir -p "$tmp"
        "$@" "$tmp" || exit $?
        mv "$tmp" "$dir"
    ) 9>"$dir.lock"
}

# build_modules STAGE MAKE-ARGUMENT...: Kbuild over the external modules in STAGE. Up to Linux 6.12 the compilers run in the kernel's
# directory and are told where STAGE is, so that ccache would not know again in one checkout what it saw in another: where this
# user may mount, every STAGE is at the same place, for its build alone.
build_modules() {
    local stage=$1 place=$VALE_CACHE/stage make=(nice make "-j$(jobs_wanted)")
    shift
    mkdir -p "$place"
    if [[ $* == *CC=ccache* ]] && unshare -m mount --bind "$stage" "$place" 2>/dev/null; then
        unshare -m bash -c 'mount --bind "$1" "$2" && exec "${@:3}"' stage "$stage" "$place" "${make[@]}" M="$place" "$@"
    else
        "${make[@]}" M="$stage" "$@"
    fi
}

# Hash of a few strings or of files, for cache keys.
key_of() { printf '%s\n' "$@" | sha256sum | cut -c1-12; }
key_of_files() { cat "$@" | sha256sum | cut -c1-12; }
