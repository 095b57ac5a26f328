// SPDX-License-Identifier: BSD-2-Clause
// SEMANTICS.md 6.5, 6.6: control and status blocks, and the loop in the kernel that serves them.
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>

#include "abi.hpp"

namespace abi {

namespace {

struct alignas(64) Blocks {
  nm_csb_atok atok[2];  // TX, RX
  nm_csb_ktoa ktoa[2];
};

Blocks& blocks() {
  static Blocks* const b = static_cast<Blocks*>(
      mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  return *b;
}

nmreq_opt_csb option_for(void* atok, void* ktoa) {
  nmreq_opt_csb option{};
  option.nro_opt.nro_reqtype = NETMAP_REQ_OPT_CSB;
  option.csb_atok = reinterpret_cast<uintptr_t>(atok);
  option.csb_ktoa = reinterpret_cast<uintptr_t>(ktoa);
  return option;
}

Ask exclusive(const char* name = "vale0:c") {
  return {.name = name, .flags = NR_EXCLUSIVE, .tx_slots = 16, .rx_slots = 16};
}

std::string enable(int fd, nmreq_opt_csb option) {
  nmreq_header header = header_of(NETMAP_REQ_CSB_ENABLE, "", nullptr);
  header.nr_options = reinterpret_cast<uintptr_t>(&option);
  const std::string got = error_name(control(fd, header));
  return got + " " + error_name(static_cast<int>(option.nro_opt.nro_status));
}

std::string enable(const Port& port) {
  return enable(port.fd(), option_for(blocks().atok, blocks().ktoa));
}

std::string enabled_on(const Ask& ask, void* atok, void* ktoa) {
  return enable(Port(ask).fd(), option_for(atok, ktoa));
}

std::string registered_with(const Ask& ask, void* atok) {
  nmreq_opt_csb option = option_for(atok, blocks().ktoa);
  nmreq_register body = body_of(ask);
  nmreq_header header = header_of(NETMAP_REQ_REGISTER, ask.name, &body);
  header.nr_options = reinterpret_cast<uintptr_t>(&option);
  const Fd fd = open_device();
  const std::string got = error_name(control(fd.get(), header));
  const int sync = ioctl(fd.get(), NIOCTXSYNC);
  return got + " " + error_name(static_cast<int>(option.nro_opt.nro_status)) + " sync " +
         (sync == 0 ? "0" : error_name(errno));
}

// What is refused leaves nothing behind: the same descriptor is no CSB port afterwards.
std::string after_refusal() {
  const Fd fd = open_device();
  nmreq_opt_csb option = option_for(blocks().atok, missing_page());
  nmreq_register body = body_of(exclusive());
  nmreq_header header = header_of(NETMAP_REQ_REGISTER, "vale0:c", &body);
  header.nr_options = reinterpret_cast<uintptr_t>(&option);
  const std::string first = error_name(control(fd.get(), header));
  body = body_of(exclusive());
  header.nr_options = 0;
  const std::string second = error_name(control(fd.get(), header));
  return first + " " + second + " " + (ioctl(fd.get(), NIOCTXSYNC) == 0 ? "0" : error_name(errno));
}

std::string first_values() {
  memset(&blocks(), 0xff, sizeof(Blocks));
  const Port port(exclusive());
  enable(port);
  const Blocks& b = blocks();
  return text("tx %u,%u %u %u to %u,%u %u rx %u,%u", b.atok[0].head, b.atok[0].cur,
              b.atok[0].appl_need_kick, b.atok[0].sync_flags, b.ktoa[0].hwcur, b.ktoa[0].hwtail,
              b.ktoa[0].kern_need_kick, b.ktoa[1].hwcur, b.ktoa[1].hwtail);
}

std::string no_other_syncs() {
  const Port port(exclusive());
  enable(port);
  const std::string tx = ioctl(port.fd(), NIOCTXSYNC) == 0 ? "0" : error_name(errno);
  return tx + " " + text("%#x", static_cast<unsigned>(port.poll_now(POLLIN | POLLOUT)));
}

struct Options {
  nmreq_opt_sync_kloop_mode mode{};
  struct {
    nmreq_option head;
    int32_t fd[4];
  } events{};
};

int start(int fd, uint32_t sleep_us, Options* options = nullptr) {
  nmreq_sync_kloop_start body{.sleep_us = sleep_us, .pad1 = 0};
  nmreq_header header = header_of(NETMAP_REQ_SYNC_KLOOP_START, "", &body);
  if (options != nullptr) {
    options->events.head.nro_reqtype = NETMAP_REQ_OPT_SYNC_KLOOP_EVENTFDS;
    if (options->events.head.nro_size == 0) options->events.head.nro_size = 24 + 16;
    options->mode.nro_opt.nro_reqtype = NETMAP_REQ_OPT_SYNC_KLOOP_MODE;
    options->mode.nro_opt.nro_next = reinterpret_cast<uintptr_t>(&options->events);
    header.nr_options = reinterpret_cast<uintptr_t>(&options->mode);
  }
  return control(fd, header);
}

int stop(int fd) {
  return request(fd, NETMAP_REQ_SYNC_KLOOP_STOP, "", nullptr);
}

std::string start_error(const Ask& ask, uint32_t sleep_us, bool csb) {
  const Port port(ask);
  if (csb) enable(port);
  stop(port.fd());  // or it would not come back
  return error_name(start(port.fd(), sleep_us));
}

std::string start_options(uint32_t mode, int32_t io, int32_t irq, uint64_t size = 0) {
  const Port port(exclusive());
  enable(port);
  Options o;
  o.mode.mode = mode;
  o.events.head.nro_size = size;
  for (int i = 0; i < 2; i++) o.events.fd[2 * i] = io, o.events.fd[2 * i + 1] = irq;
  stop(port.fd());
  const std::string got = error_name(start(port.fd(), 0, &o));
  return got + " " + error_name(static_cast<int>(o.mode.nro_opt.nro_status)) + " " +
         error_name(static_cast<int>(o.events.head.nro_status));
}

uint32_t load(const uint32_t& word) {
  return __atomic_load_n(&word, __ATOMIC_ACQUIRE);
}

bool becomes(const uint32_t& word, uint32_t want) {
  for (int i = 0; i < 20000 && load(word) != want; i++) usleep(500);
  return load(word) == want;
}

// Sends from the port in CSB mode, without a sync of its own.
void submit(const Port& port, uint8_t number) {
  netmap_ring& ring = port.tx();
  ring.head = load(blocks().atok[0].head);
  put_frame(ring, number);
  nm_sync_kloop_appl_write(&blocks().atok[0], ring.head, ring.head);
}

std::string frames_through(Options* options, int kick_fd) {
  const Port port(exclusive()), peer({.name = "vale0:d", .tx_slots = 16, .rx_slots = 16});
  enable(port);
  int result = -1;
  std::thread loop([&] { result = start(port.fd(), 100, options); });
  const auto kick = [&] {
    if (kick_fd >= 0 && load(blocks().ktoa[0].kern_need_kick) != 0) eventfd_write(kick_fd, 1);
  };
  for (uint8_t i = 1; i <= 3; i++) {
    submit(port, i);
    kick();
  }
  const bool sent = becomes(blocks().ktoa[0].hwcur, 3);
  send(peer, 2, 8);
  const bool came = becomes(blocks().ktoa[1].hwtail, 2);
  const int second = start(port.fd(), 0), stopped = stop(port.fd());
  loop.join();
  const netmap_ring& rx = port.rx();
  return text("sent=%d came=%d(%d) ", sent, came, NETMAP_BUF(&rx, rx.slot[1].buf_idx)[14]) +
         receive(peer) + error_name(second) + " " + error_name(stopped) + " " + error_name(result);
}

std::string with_eventfds(uint32_t mode) {
  const int io = eventfd(0, 0), irq = eventfd(0, EFD_NONBLOCK);
  Options o;
  o.mode.mode = mode;
  for (int i = 0; i < 2; i++) o.events.fd[2 * i] = io, o.events.fd[2 * i + 1] = irq;
  std::string got = frames_through(&o, io);
  eventfd_t count = 0;
  got += eventfd_read(irq, &count) == 0 ? " interrupted" : " silent";
  close(io);
  close(irq);
  return got;
}

// Bad positions are repaired, and the loop goes on.
std::string bad_positions() {
  const Port port(exclusive());
  enable(port);
  int result = -1;
  std::thread loop([&] { result = start(port.fd(), 100); });
  nm_sync_kloop_appl_write(&blocks().atok[0], 77, 0xffffffff);
  usleep(20000);
  nm_sync_kloop_appl_write(&blocks().atok[0], 0, 0);
  submit(port, 1);
  const bool sent = becomes(blocks().ktoa[0].hwcur, 1);
  stop(port.fd());
  loop.join();
  return text("sent=%d ", sent) + error_name(result);
}

// A process in the loop ends when it is killed, and so does its port.
std::string killed() {
  const pid_t pid = fork();
  if (pid == 0) {
    const Port port(exclusive());
    enable(port);
    start(port.fd(), 1000);
    _exit(0);
  }
  for (int i = 0; i < 2000 && try_register(exclusive()) != "EBUSY"; i++) usleep(1000);
  int status = 0;
  kill(pid, SIGKILL);
  waitpid(pid, &status, 0);
  return text("%d ", WIFSIGNALED(status) ? WTERMSIG(status) : -1) + try_register(exclusive());
}

std::string remembered() {
  const Port port(exclusive());
  enable(port);
  const int first = stop(port.fd()), second = start(port.fd(), 1000);
  return error_name(first) + " " + error_name(second);
}

std::string unmapped_meanwhile() {
  void* page = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  Blocks* b = static_cast<Blocks*>(page);
  const Port port(exclusive());
  enable(port.fd(), option_for(b->atok, b->ktoa));
  int result = -1;
  std::thread loop([&] { result = start(port.fd(), 100); });
  usleep(5000);
  munmap(page, 4096);
  loop.join();
  return error_name(result);
}

constexpr Case kCases[] = {
    {"CSB_ENABLE", "0 0", [] { return enabled_on(exclusive(), blocks().atok, blocks().ktoa); }},
    {"without the option", "EINVAL",
     [] { return try_request(NETMAP_REQ_CSB_ENABLE, "", nullptr); }},
    {"on an unbound descriptor", "0 0",
     [] { return enable(open_device().get(), option_for(blocks().atok, blocks().ktoa)); }},
    {"not exclusive", "EINVAL EINVAL",
     [] { return enabled_on({.name = "vale0:c"}, blocks().atok, blocks().ktoa); }},
    {"not aligned", "EINVAL EINVAL",
     [] { return enabled_on(exclusive(), &blocks().atok[0].cur, blocks().ktoa); }},
    {"not there", "EFAULT EFAULT",
     [] { return enabled_on(exclusive(), blocks().atok, missing_page()); }},
    {"option of REGISTER", "0 0 sync EBUSY",
     [] { return registered_with(exclusive(), blocks().atok); }},
    {"refused by REGISTER", "EFAULT EFAULT sync ENXIO",
     [] { return registered_with(exclusive(), missing_page()); }},
    {"nothing is left of what was refused", "EFAULT 0 0", after_refusal},
    {"first values", "tx 0,0 1 1 to 0,15 1 rx 0,0", first_values},
    {"other syncs", "EBUSY 0x8", no_other_syncs},
    {"START unbound", "ENXIO", [] { return error_name(start(open_device().get(), 0)); }},
    {"START not in CSB mode", "EINVAL", [] { return start_error(exclusive(), 0, false); }},
    {"START sleeping too long", "EINVAL", [] { return start_error(exclusive(), 1000001, true); }},
    {"START after a STOP", "0 0", remembered},
    {"STOP unbound", "ENXIO", [] { return error_name(stop(open_device().get())); }},
    {"unknown mode", "EINVAL EINVAL EOPNOTSUPP", [] { return start_options(4, -1, -1); }},
    {"eventfds of another number", "EINVAL 0 EINVAL",
     [] { return start_options(0, -1, -1, 24 + 8); }},
    {"direct without ioeventfds", "EINVAL 0 EINVAL", [] { return start_options(1, -1, -1); }},
    {"what is no eventfd", "EINVAL 0 EINVAL", [] { return start_options(0, 0, -1); }},
    {"what is no descriptor", "EBADF 0 EBADF", [] { return start_options(0, -1, 9999); }},
    {"no eventfds at all", "0 0 0", [] { return start_options(0, -1, -1); }},
    {"frames, timed", "sent=1 came=1(9) 1 2 3 EBUSY 0 0",
     [] { return frames_through(nullptr, -1); }},
    {"frames, with eventfds", "sent=1 came=1(9) 1 2 3 EBUSY 0 0 interrupted",
     [] { return with_eventfds(0); }},
    {"frames, direct", "sent=1 came=1(9) 1 2 3 EBUSY 0 0 interrupted",
     [] { return with_eventfds(3); }},
    {"bad positions", "sent=1 0", bad_positions},
    {"killed", "9 0", killed},
    {"the blocks vanish", "EFAULT", unmapped_meanwhile},
};

}  // namespace

Table csb_table() {
  return kCases;
}

}  // namespace abi
