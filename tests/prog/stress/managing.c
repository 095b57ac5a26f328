// SPDX-License-Identifier: BSD-2-Clause
// What an administrator, or another program, may ask for at any moment.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "stress.h"

// One request on a descriptor of its own.
static int ask(uint16_t type, const char* name, void* body) {
  int fd = open(NETMAP_DEVICE_NAME, O_RDWR | O_CLOEXEC);
  int err = fd < 0 ? errno : nm_request_simple(fd, type, name, body);

  if (fd >= 0) close(fd);
  return err;
}

// Members there may be: one end of each pair of NICs, or frames would go round.
static const char* const members[] = {"vale0:nic0",  "vale1:nic0",  "vale0:gone0", "vale1:gone0",
                                      "vale0:keep0", "vale1:keep0", "vale0:keep1", "vale1:keep1"};
enum { MEMBERS = sizeof(members) / sizeof(members[0]) };

static int attach(struct stress_worker* worker) {
  struct nmreq_vale_attach body = {.reg.nr_mode = NR_REG_ALL_NIC};

  if (stress_one_in(worker, 2)) body.reg.nr_mode = NR_REG_NIC_SW;
  return ask(NETMAP_REQ_VALE_ATTACH, members[stress_below(worker, MEMBERS)], &body);
}

// The first from a random one on that is there.
static int ask_member(struct stress_worker* worker, uint16_t type, void* body) {
  uint32_t lot = stress_below(worker, MEMBERS);
  int err = ENXIO;

  for (uint32_t i = 0; i < MEMBERS && err == ENXIO; i++)
    err = ask(type, members[(lot + i) % MEMBERS], body);
  return err;
}

static int detach(struct stress_worker* worker) {
  struct nmreq_vale_detach body = {.port_index = 0};

  return ask_member(worker, NETMAP_REQ_VALE_DETACH, &body);
}

static int poll_on(struct stress_worker* worker) {
  struct nmreq_vale_polling body = {.nr_num_polling_cpus = 1};

  body.nr_mode =
      stress_one_in(worker, 2) ? NETMAP_POLLING_MODE_SINGLE_CPU : NETMAP_POLLING_MODE_MULTI_CPU;
  return ask_member(worker, NETMAP_REQ_VALE_POLLING_ENABLE, &body);
}

static int poll_off(struct stress_worker* worker) {
  struct nmreq_vale_polling body = {.nr_mode = 0};

  return ask_member(worker, NETMAP_REQ_VALE_POLLING_DISABLE, &body);
}

static void keep_name(struct stress_worker* worker, char* name, size_t size) {
  snprintf(name, size, "keep%u", stress_below(worker, 2));
}

static int make_persistent(struct stress_worker* worker) {
  struct nmreq_vale_newif body = {.nr_tx_slots = 64, .nr_tx_rings = 2, .nr_rx_rings = 2};
  char name[NETMAP_REQ_IFNAMSIZ];

  keep_name(worker, name, sizeof(name));
  return ask(NETMAP_REQ_VALE_NEWIF, name, &body);
}

static int delete_persistent(struct stress_worker* worker) {
  char name[NETMAP_REQ_IFNAMSIZ];

  keep_name(worker, name, sizeof(name));
  return ask(NETMAP_REQ_VALE_DELIF, name, NULL);
}

static int set_header(struct stress_worker* worker) {
  static const uint32_t lengths[] = {0, 0, 10, 12};
  struct nmreq_port_hdr body = {.nr_hdr_len = lengths[stress_below(worker, 4)]};
  char name[NETMAP_REQ_IFNAMSIZ];

  stress_vale_name(worker, name, sizeof(name));
  return ask(NETMAP_REQ_PORT_HDR_SET, name, &body);
}

static int port_info(struct stress_worker* worker) {
  struct nmreq_port_info_get body = {.nr_mem_id = 0};
  char name[NETMAP_REQ_IFNAMSIZ];

  stress_any_name(worker, name, sizeof(name));
  return ask(NETMAP_REQ_PORT_INFO_GET, name, &body);
}

static int pools_info(struct stress_worker* worker) {
  struct nmreq_pools_info body = {.nr_mem_id = 0};
  char name[NETMAP_REQ_IFNAMSIZ];

  if (stress_one_in(worker, 2)) body.nr_mem_id = (uint16_t)stress_below(worker, 64);
  stress_any_name(worker, name, sizeof(name));
  return ask(NETMAP_REQ_POOLS_INFO_GET, name, &body);
}

static int list(struct stress_worker* worker) {
  struct nmreq_vale_list body = {.nr_bridge_idx = (uint16_t)stress_below(worker, 2),
                                 .nr_port_idx = stress_below(worker, 4)};

  return ask(NETMAP_REQ_VALE_LIST, "", &body);
}

// Frames of the host's, which an adapter in netmap mode finds on its host rings.
static int host_sends(struct stress_worker* worker) {
  struct sockaddr_ll to = {.sll_family = AF_PACKET};
  uint8_t frame[256] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 0x88, 0xb5};
  char name[NETMAP_REQ_IFNAMSIZ];
  int err = 0, fd;

  stress_nic_name(worker, name, sizeof(name));
  to.sll_ifindex = (int)if_nametoindex(name);
  if (!to.sll_ifindex) return errno;
  fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(0x88b5));
  if (fd < 0) return errno;
  for (int i = 0; i < 32 && !err; i++)
    if (sendto(fd, frame, sizeof(frame), MSG_DONTWAIT, (struct sockaddr*)&to, sizeof(to)) < 0)
      err = errno;
  close(fd);
  return err;
}

uint32_t stress_count_regions(void) {
  uint32_t found = 0;

  for (uint32_t id = 2; id <= UINT16_MAX; id++) {
    struct nmreq_port_info_get body = {.nr_mem_id = (uint16_t)id};

    found += ask(NETMAP_REQ_PORT_INFO_GET, "", &body) == 0;
  }
  return found;
}

// EINVAL for delif: a netdev of that name is there, but for the sake of pipes.
struct stress_roles stress_managing_roles(void) {
  static const struct stress_role roles[] = {
      {"attach", 6, attach, {EBUSY, EINVAL, ENOMEM, ENXIO}},
      {"detach", 3, detach, {ENXIO, EBUSY}},
      {"poll-on", 3, poll_on, {ENXIO, EFAULT, EOPNOTSUPP, EINVAL}},
      {"poll-off", 2, poll_off, {ENXIO, EFAULT, EOPNOTSUPP}},
      {"newif", 1, make_persistent, {EEXIST, ENOMEM}},
      {"delif", 1, delete_persistent, {ENXIO, EBUSY, EINVAL}},
      {"header", 1, set_header, {ENXIO}},
      {"port-info", 1, port_info, {EBUSY, ENXIO, ENOMEM, EINVAL, ENODEV}},
      {"pools-info", 1, pools_info, {EBUSY, ENXIO, ENOMEM, EINVAL, ENODEV}},
      {"list", 1, list, {ENOENT}},
      {"host-sends", 2, host_sends, {ENODEV, ENXIO, ENETDOWN, ENOBUFS, EAGAIN, EMSGSIZE}},
  };

  return (struct stress_roles){roles, sizeof(roles) / sizeof(roles[0])};
}
