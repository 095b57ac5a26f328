// SPDX-License-Identifier: BSD-2-Clause
// SEMANTICS.md 1.1 to 1.6: the node, mapping, polling, syncing.
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>

#include "abi.hpp"

namespace abi {

namespace {

constexpr uint32_t kBig = 1u << 20;  // beyond any ring

std::string try_map(int fd, size_t size, int prot, int flags, off_t offset) {
  void* mem = mmap(nullptr, size, prot, flags, fd, offset);
  if (mem == MAP_FAILED) return error_name(errno);
  munmap(mem, size);
  return "0";
}

std::string map_port(uint64_t beyond, int flags, off_t offset) {
  const Port port({.name = "vale0:m"});
  return try_map(port.fd(), port.reg.nr_memsize + beyond - static_cast<uint64_t>(offset),
                 PROT_READ | PROT_WRITE, flags, offset);
}

std::string sync(int fd, unsigned long which, void* arg = nullptr) {
  return ioctl(fd, which, arg) == 0 ? "0" : error_name(errno);
}

std::string any_ioctl(unsigned long number, void* arg) {
  const Fd fd = open_device();
  return sync(fd.get(), number, arg);
}

std::string events(int mask) {
  return text("%#x", static_cast<unsigned>(mask));
}

// A frame waits for port b; which part of a poll brings it in?
std::string tail_after_poll(uint64_t flags, int mask) {
  const Port a({.name = "vale0:a"});
  const Port b({.name = "vale0:b", .flags = flags});
  a.send_broadcast();
  ioctl(a.fd(), NIOCTXSYNC, 0);
  b.poll_now(mask);
  return text("%u", b.rx().tail);
}

// Port a has a frame to send; does its poll send it?
std::string sent_by_poll(uint64_t flags, int mask) {
  const Port a({.name = "vale0:a", .flags = flags});
  const Port b({.name = "vale0:b"});
  a.send_broadcast();
  a.poll_now(mask);
  ioctl(b.fd(), NIOCRXSYNC, 0);
  return text("%u", b.rx().tail);
}

// A pipe is full, and then its other end takes everything; does a poll give the slots back?
std::string space_after_poll(uint64_t flags, int mask) {
  const Port a({.name = "vale0:a{1", .flags = flags, .tx_slots = 16, .rx_slots = 16});
  const Port b({.name = "vale0:a}1", .tx_slots = 16, .rx_slots = 16});
  send(a, 15);
  receive(b);
  a.poll_now(mask);
  return text("%u", nm_ring_space(&a.tx()));
}

using RingField = decltype(&netmap_ring::head);

std::string poll_bad(RingField field, bool tx) {
  const Port port({.name = "vale0:p"});
  netmap_ring& ring = tx ? port.tx() : port.rx();
  ring.*field = kBig;
  const int got = port.poll_now(tx ? POLLOUT : POLLIN);
  const bool repaired = ring.head < ring.num_slots && ring.cur == ring.head;
  return text("%s %s", (got & POLLERR) != 0 ? "POLLERR" : "no error",
              repaired ? "repaired" : "not repaired");
}

std::string sync_bad(RingField field, bool tx) {
  const Port port({.name = "vale0:p"});
  netmap_ring& ring = tx ? port.tx() : port.rx();
  ring.*field = kBig;
  const std::string got = sync(port.fd(), tx ? NIOCTXSYNC : NIOCRXSYNC);
  const bool repaired = ring.head < ring.num_slots && ring.tail < ring.num_slots;
  return got + (repaired ? " repaired" : " not repaired");
}

// Values within the ring but out of order: the reference adopts them, we put them right.
std::string sync_disordered() {
  const Port port({.name = "vale0:p"});
  netmap_ring& ring = port.rx();
  ring.head = ring.cur = 5;
  const std::string got = sync(port.fd(), NIOCRXSYNC);
  return text("%s head=%u cur=%u tail=%u", got.c_str(), ring.head, ring.cur, ring.tail);
}

std::string after_netdev_is_gone() {
  if (!make_netdev("gone0")) return "SKIP cannot make a netdev";
  const Port port({.name = "gone0"});
  if (port.err != 0) return error_name(port.err);
  if (!shell("ip link del gone0")) return "cannot delete the netdev";
  const std::string tx = sync(port.fd(), NIOCTXSYNC);
  const std::string rx = sync(port.fd(), NIOCRXSYNC);
  return tx + " " + rx + " " + events(port.poll_now(POLLIN | POLLOUT));
}

std::string mapping_keeps_the_port() {
  Port first({.name = "vale0:k", .flags = NR_EXCLUSIVE});
  first.close_fd();
  const std::string while_mapped = try_register({.name = "vale0:k"});
  munmap(first.mem(), first.reg.nr_memsize / 2);
  const std::string half_mapped = try_register({.name = "vale0:k"});
  munmap(first.mem() + first.reg.nr_memsize / 2, first.reg.nr_memsize / 2);
  return while_mapped + " " + half_mapped + " " + try_register({.name = "vale0:k"});
}

std::string child_shares_the_binding() {
  const Port port({.name = "vale0:f"});
  const pid_t pid = fork();
  if (pid == 0) {
    nmreq_register body = body_of({});
    _exit(request(port.fd(), NETMAP_REQ_REGISTER, "vale0:g", &body) == EBUSY ? 0 : 1);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  return text("%d", status);
}

std::string register_after_failure() {
  const Fd fd = open_device();
  nmreq_register body = body_of({.mem_id = 777});
  const int first = request(fd.get(), NETMAP_REQ_REGISTER, "vale0:r", &body);
  body = body_of({});
  return error_name(first) + " " +
         error_name(request(fd.get(), NETMAP_REQ_REGISTER, "vale0:r", &body));
}

std::string register_twice(const char* second) {
  const Port port({.name = "vale0:v"});
  nmreq_register body = body_of({});
  return error_name(request(port.fd(), NETMAP_REQ_REGISTER, second, &body));
}

std::string wakes_at_tail() {
  const Port a({.name = "vale0:a"});
  const Port b({.name = "vale0:b"});
  a.send_broadcast();
  ioctl(a.fd(), NIOCTXSYNC, 0);
  b.poll_now(POLLIN);
  const int before = b.poll_now(POLLIN);
  b.rx().cur = b.rx().tail;  // head stays: the frame is still ours
  return events(before) + " " + events(b.poll_now(POLLIN));
}

// The setting is the first network namespace's, and seen from there only.
bool set_busy_poll(const char* microseconds) {
  const pid_t child = fork();
  if (child == 0) {
    const Fd first(open("/proc/1/ns/net", O_RDONLY | O_CLOEXEC));
    _exit(setns(first.get(), CLONE_NEWNET) == 0 &&
                  write_file("/proc/sys/net/core/busy_poll", microseconds)
              ? 0
              : 1);
  }
  int status = 1;
  return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

// How a program spends eight times 30 ms in which nothing comes: its own time of that tells. Others
// may want the CPU, which ends looking, and clocks may tick every 10 ms.
std::string waiting(const char* busy_poll_us) {
  const Port port({.name = "vale0:p"});
  pollfd item{.fd = port.fd(), .events = POLLIN, .revents = 0};
  timespec before{}, after{};
  if (!set_busy_poll(busy_poll_us)) return "no such setting";
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
  for (int i = 0; i < 8; i++) poll(&item, 1, 30);
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
  set_busy_poll("0");
  const double ms = static_cast<double>(after.tv_sec - before.tv_sec) * 1e3 +
                    static_cast<double>(after.tv_nsec - before.tv_nsec) / 1e6;
  return ms > 70 ? "awake" : "asleep";
}

constexpr Case kCases[] = {
    {"read", "EINVAL",
     [] {
       char byte;
       return read(open_device().get(), &byte, 1) < 0 ? error_name(errno) : "0";
     }},
    {"write", "EINVAL",
     [] { return write(open_device().get(), "", 1) < 0 ? error_name(errno) : "0"; }},
    {"two REGISTER on one descriptor", "EBUSY", [] { return register_twice("vale0:v"); }},
    {"two REGISTER of different names on one descriptor", "EBUSY",
     [] { return register_twice("vale0:w"); }},
    {"REGISTER after one that failed", "EINVAL 0", register_after_failure},
    {"child's REGISTER on a bound descriptor", "0", child_shares_the_binding},
    {"mapping keeps the port after close", "EBUSY EBUSY 0", mapping_keeps_the_port},

    {"mmap unregistered", "EINVAL",
     [] { return try_map(open_device().get(), 4096, PROT_READ, MAP_SHARED, 0); }},
    {"mmap whole region", "0", [] { return map_port(0, MAP_SHARED, 0); }},
    {"mmap memsize+4096", "EINVAL", [] { return map_port(4096, MAP_SHARED, 0); }},
    {"mmap offset 4096 to the end", "0", [] { return map_port(0, MAP_SHARED, 4096); }},
    {"mmap offset 4096 beyond the end", "EINVAL", [] { return map_port(4096, MAP_SHARED, 4096); }},
    {"mmap offset not aligned", "EINVAL", [] { return map_port(0, MAP_SHARED, 100); }},
    {"mmap length 0", "EINVAL",
     [] {
       const Port port({.name = "vale0:m"});
       return try_map(port.fd(), 0, PROT_READ, MAP_SHARED, 0);
     }},
    {"mmap MAP_PRIVATE", "0 | EINVAL", [] { return map_port(0, MAP_PRIVATE, 0); }},
    {"mmap writable of a read-only descriptor", "EACCES",
     [] {
       const Port port(Fd(open(NETMAP_DEVICE_NAME, O_RDONLY | O_CLOEXEC)), {.name = "vale0:m"});
       return error_name(port.err);
     }},

    {"poll asleep", "asleep", [] { return waiting("0"); }},
    {"poll with net.core.busy_poll", "awake", [] { return waiting("20000"); }},
    {"poll unregistered", "0x8",
     [] {
       pollfd item{.fd = -1, .events = POLLIN | POLLOUT, .revents = 0};
       const Fd fd = open_device();
       item.fd = fd.get();
       poll(&item, 1, 0);
       return events(item.revents);
     }},
    {"poll idle vale port", "0x4",
     [] { return events(Port({.name = "vale0:p"}).poll_now(POLLIN | POLLOUT)); }},
    {"poll POLLWRNORM alone", "0x100",
     [] { return events(Port({.name = "vale0:p"}).poll_now(POLLWRNORM)); }},
    {"poll POLLIN on an idle port", "0",
     [] { return events(Port({.name = "vale0:p"}).poll_now(POLLIN)); }},
    {"poll POLLOUT without TX rings", "0",
     [] { return events(Port({.name = "vale0:p", .flags = NR_RX_RINGS_ONLY}).poll_now(POLLOUT)); }},
    {"poll POLLIN brings frames in", "1", [] { return tail_after_poll(0, POLLIN); }},
    {"poll POLLOUT does not", "0", [] { return tail_after_poll(0, POLLOUT); }},
    {"poll POLLOUT does with NR_DO_RX_POLL", "1",
     [] { return tail_after_poll(NR_DO_RX_POLL, POLLOUT); }},
    {"poll POLLIN sends", "1", [] { return sent_by_poll(0, POLLIN); }},
    {"poll POLLIN does not with NR_NO_TX_POLL", "0",
     [] { return sent_by_poll(NR_NO_TX_POLL, POLLIN); }},
    {"poll POLLOUT sends with NR_NO_TX_POLL", "1",
     [] { return sent_by_poll(NR_NO_TX_POLL, POLLOUT); }},
    {"poll POLLIN gives slots back", "15", [] { return space_after_poll(0, POLLIN); }},
    {"poll POLLIN gives none back with NR_NO_TX_POLL", "0",
     [] { return space_after_poll(NR_NO_TX_POLL, POLLIN); }},
    {"poll waits for tail to leave cur", "0x1 0", wakes_at_tail},
    {"poll with a bad TX head", "POLLERR repaired",
     [] { return poll_bad(&netmap_ring::head, true); }},
    {"poll with a bad TX cur", "POLLERR repaired",
     [] { return poll_bad(&netmap_ring::cur, true); }},
    {"poll with a bad RX head", "POLLERR repaired",
     [] { return poll_bad(&netmap_ring::head, false); }},

    {"TXSYNC unregistered", "ENXIO", [] { return any_ioctl(NIOCTXSYNC, nullptr); }},
    {"RXSYNC unregistered", "ENXIO", [] { return any_ioctl(NIOCRXSYNC, nullptr); }},
    {"TXSYNC with a bad head", "0 repaired", [] { return sync_bad(&netmap_ring::head, true); }},
    {"RXSYNC with a bad cur", "0 repaired", [] { return sync_bad(&netmap_ring::cur, false); }},
    {"TXSYNC with a bad tail", "0 repaired", [] { return sync_bad(&netmap_ring::tail, true); }},
    {"RXSYNC with head beyond tail", "0 head=0 cur=0 tail=0", sync_disordered},
    {"TXSYNC ignores an argument", "0",
     [] { return sync(Port({.name = "vale0:p"}).fd(), NIOCTXSYNC, missing_page()); }},
    {"syncs and poll after the netdev has gone", "EIO EIO 0x8", after_netdev_is_gone},

    {"unknown ioctl", "EOPNOTSUPP", [] { return any_ioctl(_IO('i', 200), nullptr); }},
    {"ioctl of another type", "EOPNOTSUPP", [] { return any_ioctl(_IO('x', 148), nullptr); }},
    {"NIOCCTRL NULL", "EINVAL", [] { return any_ioctl(NIOCCTRL, nullptr); }},
    {"NIOCREGIF NULL", "EINVAL", [] { return any_ioctl(NIOCREGIF, nullptr); }},
    {"NIOCGINFO NULL", "EINVAL", [] { return any_ioctl(NIOCGINFO, nullptr); }},
    {"NIOCCONFIG NULL", "EINVAL", [] { return any_ioctl(NIOCCONFIG, nullptr); }},
    {"NIOCCTRL bad address", "EFAULT", [] { return any_ioctl(NIOCCTRL, missing_page()); }},
    {"NIOCCTRL half there", "EFAULT", [] { return any_ioctl(NIOCCTRL, missing_page() - 40); }},
    {"NIOCREGIF bad address", "EFAULT", [] { return any_ioctl(NIOCREGIF, missing_page()); }},
    {"NIOCGINFO bad address", "EFAULT", [] { return any_ioctl(NIOCGINFO, missing_page()); }},
    {"NIOCCONFIG bad address", "EFAULT", [] { return any_ioctl(NIOCCONFIG, missing_page()); }},
    {"NIOCCONFIG of a default switch", "EINVAL",
     [] {
       const Port port({.name = "vale0:p"});
       nm_ifreq req{};
       snprintf(req.nifr_name, sizeof(req.nifr_name), "vale0:");
       return any_ioctl(NIOCCONFIG, &req);
     }},
};

}  // namespace

Table device_table() {
  return kCases;
}

}  // namespace abi
