// SPDX-License-Identifier: BSD-2-Clause
// Two network devices joined through DAQ's netmap module, as an inline sensor does it; UDP datagrams to one port are stopped.
// At SIGTERM it says what became of how many packets.
//   daqpass DEVICE:DEVICE UDP-PORT
#include <daq.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { ETHERNET = 14, UDP = 17, DESTINATION = 2 };

static volatile sig_atomic_t asked_to_end;

static void end(int signal) {
  (void)signal;
  asked_to_end = 1;
}

static bool is_udp_to(const uint8_t* data, uint32_t length, unsigned port) {
  if (length < ETHERNET + 20 || data[12] != 8 || data[13] != 0) return false;
  const uint8_t* ip = data + ETHERNET;
  const uint32_t udp = ETHERNET + (ip[0] & 15u) * 4;
  if (ip[9] != UDP || length < udp + DESTINATION + 2) return false;
  return (unsigned)(data[udp + DESTINATION] << 8 | data[udp + DESTINATION + 1]) == port;
}

static DAQ_Verdict verdict(void* port, const DAQ_PktHdr_t* header, const uint8_t* data) {
  return is_udp_to(data, header->caplen, *(unsigned*)port) ? DAQ_VERDICT_BLOCK : DAQ_VERDICT_PASS;
}

static void report(const DAQ_Module_t* module, void* context) {
  DAQ_Stats_t stats;
  daq_get_stats(module, context, &stats);
  printf("received %lu, passed %lu, blocked %lu\n", (unsigned long)stats.packets_received,
         (unsigned long)stats.verdicts[DAQ_VERDICT_PASS], (unsigned long)stats.verdicts[DAQ_VERDICT_BLOCK]);
}

int main(int argc, char** argv) {
  char error[256] = "";
  void* context;
  int rc = 0;

  if (argc != 3) {
    fprintf(stderr, "usage: daqpass DEVICE:DEVICE UDP-PORT\n");
    return 2;
  }
  unsigned port = (unsigned)strtoul(argv[2], NULL, 10);
  DAQ_Config_t config = {.name = argv[1], .snaplen = 1518, .timeout = 100, .mode = DAQ_MODE_INLINE};
  daq_load_modules(NULL);
  const DAQ_Module_t* module = daq_find_module("netmap");
  if (!module || daq_initialize(module, &config, &context, error, sizeof(error))) {
    fprintf(stderr, "daqpass: %s\n", module ? error : "DAQ has no module netmap");
    return 1;
  }
  signal(SIGTERM, end);
  if (daq_start(module, context)) {
    fprintf(stderr, "daqpass: %s\n", daq_get_error(module, context));
    return 1;
  }
  printf("started\n");
  fflush(stdout);
  while (!asked_to_end && rc == 0) rc = daq_acquire(module, context, 0, verdict, &port);
  if (rc != 0) fprintf(stderr, "daqpass: %s\n", daq_get_error(module, context));
  report(module, context);
  daq_stop(module, context);
  return rc != 0;
}
