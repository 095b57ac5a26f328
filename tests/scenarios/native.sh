# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# A driver with native adapters in the place of the distribution's, for the time of a scenario.

native_loaded=

# native_driver NAME: vale.ko and that driver. What is opened now is native or fails.
native_driver() {
    load_vale admode=1
    modprobe -r "$1"
    native_loaded=$1
    insmod "$vale_modules/native/$1.ko"
    bash /vale/guest/devices
}

# As it was at boot; vale.ko can go then.
native_undo() {
    [ -n "$native_loaded" ] || return 0
    rmmod "$native_loaded"
    modprobe "$native_loaded"
    bash /vale/guest/devices
    native_loaded=
}
