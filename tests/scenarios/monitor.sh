# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# The hands that plug hardware: QEMU's monitor, as a serial port of the machine ("needs: monitor").

monitor_port=/dev/virtio-ports/monitor

# monitor COMMAND...: one command of QEMU's monitor. It answers in its own time and language: look for what it does.
monitor() { printf '%s\n' "$*" >"$monitor_port"; }

unplug_hot() { monitor device_del hot; }
plug_hot() { monitor device_add virtio-net-pci,id=hot,bus=bay,netdev=hot0,mac=52:54:00:00:07:00,romfile=; }
