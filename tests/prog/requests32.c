// SPDX-License-Identifier: BSD-2-Clause
// Control requests of an i386 program, whose nmreq_register is 52 bytes long: REGISTER with flags,
// answers, options, errors, and VALE_ATTACH. Arguments: a VALE port to make, a netdev, a switch.
// Says what went wrong, exit status 1.
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <net/netmap.h>

_Static_assert(sizeof(struct nmreq_register) == 52, "not an i386 program");
_Static_assert(offsetof(struct nmreq_register, nr_flags) == 44, "not an i386 program");
_Static_assert(sizeof(struct nmreq_vale_attach) == 60, "not an i386 program");

static int checks;

static void check(int good, const char* what) {
  checks++;
  if (good) return;
  fprintf(stderr, "%s (errno %d)\n", what, errno);
  exit(1);
}

static int device(void) {
  int fd = open("/dev/netmap", O_RDWR);

  check(fd >= 0, "/dev/netmap does not open");
  return fd;
}

// Two pages of which only the first can be used: the last bytes of it, so that a request that is
// taken for a longer one fails.
static void* at_end_of_page(const void* bytes, size_t size) {
  static char* pages;
  size_t page = (size_t)sysconf(_SC_PAGESIZE);

  if (pages == NULL) {
    pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    check(pages != MAP_FAILED && munmap(pages + page, page) == 0, "no memory");
  }
  return memcpy(pages + page - size, bytes, size);
}

// The sign of addresses is extended, as a plain cast does it.
static int request(int fd, int type, const char* name, void* body, void* option) {
  struct nmreq_header header = {
      .nr_version = NETMAP_API,
      .nr_reqtype = (uint16_t)type,
      .nr_options = (uint64_t)(int64_t)(intptr_t)option,
      .nr_body = (uint64_t)(int64_t)(intptr_t)body,
  };

  strncpy(header.nr_name, name, sizeof(header.nr_name) - 1);
  return ioctl(fd, NIOCCTRL, &header) == 0 ? 0 : errno;
}

// 0x100 is what a kernel that looks 4 bytes too far takes for the upper half of the flags.
static struct nmreq_register ask(uint32_t mode, uint64_t flags) {
  return (struct nmreq_register){.nr_mode = mode, .nr_flags = flags};
}

// Exclusive: the flag arrives if a second one is refused.
static void registering(const char* port) {
  struct nmreq_register first = ask(NR_REG_ALL_NIC, NR_EXCLUSIVE), second = ask(NR_REG_ALL_NIC, 0);
  int a = device(), b = device();
  struct nmreq_register* body;

  first.nr_extra_bufs = 3;
  body = at_end_of_page(&first, sizeof(first));
  check(request(a, NETMAP_REQ_REGISTER, port, body, NULL) == 0, "REGISTER failed");
  check(body->nr_flags == NR_EXCLUSIVE, "the flags came back changed");
  check(body->nr_extra_bufs == 3 && body->nr_mem_id != 0 && body->nr_memsize != 0,
        "REGISTER did not answer");
  check(body->nr_tx_rings == 1 && body->nr_rx_slots == 1024, "rings are not those of the port");
  check(request(b, NETMAP_REQ_REGISTER, port, &second, NULL) == EBUSY, "NR_EXCLUSIVE was not seen");
  close(a);
  check(request(b, NETMAP_REQ_REGISTER, port, &second, NULL) == 0, "second REGISTER failed");
  close(b);
}

static void options(const char* port) {
  struct nmreq_register reg = ask(NR_REG_ALL_NIC, 0);
  struct nmreq_opt_sync_kloop_mode mode = {
      .nro_opt = {.nro_reqtype = NETMAP_REQ_OPT_SYNC_KLOOP_MODE}};
  struct nmreq_opt_sync_kloop_mode* at = at_end_of_page(&mode, sizeof(mode));
  int fd = device();

  check(sizeof(mode) == 28, "not an i386 program");
  check(request(fd, NETMAP_REQ_REGISTER, port, &reg, at) == EOPNOTSUPP,
        "an option that REGISTER does not know was not refused");
  check(at->nro_opt.nro_status == EOPNOTSUPP, "the option does not say so");
  close(fd);
}

static void querying(const char* port) {
  struct nmreq_port_info_get info = {.nr_tx_slots = 100};
  int fd = device();

  check(request(fd, NETMAP_REQ_PORT_INFO_GET, port, &info, NULL) == 0, "PORT_INFO_GET failed");
  check(info.nr_tx_slots == 100 && info.nr_memsize != 0, "PORT_INFO_GET did not answer");
  close(fd);
}

static void legacy(const char* port) {
  struct nmreq req = {.nr_version = NETMAP_API, .nr_flags = NR_REG_ALL_NIC};
  int fd = device();

  strncpy(req.nr_name, port, sizeof(req.nr_name) - 1);
  check(ioctl(fd, NIOCREGIF, &req) == 0 && req.nr_memsize != 0, "NIOCREGIF failed");
  close(fd);
}

static void attaching(const char* netdev, const char* sw) {
  struct nmreq_vale_attach attach = {.reg = ask(NR_REG_NIC_SW, 0), .port_index = 77};
  struct nmreq_vale_detach detach = {0};
  struct nmreq_vale_attach* body = at_end_of_page(&attach, sizeof(attach));
  int fd = device();
  char name[64];

  snprintf(name, sizeof(name), "%s:%s", sw, netdev);
  check(request(fd, NETMAP_REQ_VALE_ATTACH, name, body, NULL) == 0, "VALE_ATTACH failed");
  check(body->port_index == 0, "VALE_ATTACH did not say the port's index");
  check(request(fd, NETMAP_REQ_VALE_DETACH, name, &detach, NULL) == 0, "VALE_DETACH failed");
  close(fd);
}

int main(int argc, char** argv) {
  if (argc != 4) {
    fprintf(stderr, "usage: %s VALE-PORT NETDEV SWITCH\n", argv[0]);
    return 2;
  }
  registering(argv[1]);
  options(argv[1]);
  querying(argv[1]);
  legacy(argv[1]);
  attaching(argv[2], argv[3]);
  printf("%d answers to an i386 program are right\n", checks);
  return 0;
}
