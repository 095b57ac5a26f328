# shellcheck shell=bash
qemu_accel() { echo tcg; }
