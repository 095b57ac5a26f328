// SPDX-License-Identifier: BSD-2-Clause
// SEMANTICS.md 6.4: regions in memory that the program supplies.
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "abi.hpp"

namespace abi {

namespace {

constexpr size_t kPage = 4096, kSize = 9 << 20;
constexpr int kShared = MAP_SHARED | MAP_ANONYMOUS, kPrivate = MAP_PRIVATE | MAP_ANONYMOUS;

class Memory {
 public:
  explicit Memory(size_t size = kSize, int flags = kShared, int fd = -1)
      : size_(size), at_(mmap(nullptr, size, PROT_READ | PROT_WRITE, flags, fd, 0)) {}
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  ~Memory() { drop(); }
  void drop() {
    if (present()) munmap(std::exchange(at_, MAP_FAILED), size_);
  }
  bool present() const { return at_ != MAP_FAILED; }
  char* at() const { return static_cast<char*>(at_); }

 private:
  size_t size_;
  void* at_;
};

nmreq_opt_extmem option_of(const void* at, uint64_t size = kSize) {
  nmreq_opt_extmem option{};
  option.nro_opt.nro_reqtype = NETMAP_REQ_OPT_EXTMEM;
  option.nro_usrptr = reinterpret_cast<uintptr_t>(at);
  option.nro_info.nr_memsize = size;
  return option;
}

Port open(const void* at, Ask ask = {.name = "vale0:x"}) {
  nmreq_opt_extmem option = option_of(at);
  ask.option = &option.nro_opt;
  return Port(ask);
}

std::string answer(nmreq_opt_extmem option, Ask ask = {.name = "vale0:x"}) {
  ask.option = &option.nro_opt;
  const Port port(ask);
  return error_name(port.err) + " " + error_name(static_cast<int>(option.nro_opt.nro_status));
}

std::string laid_out() {
  const Memory memory;
  nmreq_opt_extmem option = option_of(memory.at());
  const nmreq_pools_info& got = option.nro_info;
  const Port port({.name = "vale0:x", .option = &option.nro_opt});
  if (port.err != 0) return error_name(port.err);
  return text("id=%d size=%d=%d if=%ux%u@%d ring=%ux%u@%d buf=%ux%u@%d",
              got.nr_mem_id == port.reg.nr_mem_id, static_cast<int>(got.nr_memsize),
              static_cast<int>(port.reg.nr_memsize), got.nr_if_pool_objtotal,
              got.nr_if_pool_objsize, static_cast<int>(got.nr_if_pool_offset),
              got.nr_ring_pool_objtotal, got.nr_ring_pool_objsize,
              static_cast<int>(got.nr_ring_pool_offset), got.nr_buf_pool_objtotal,
              got.nr_buf_pool_objsize, static_cast<int>(got.nr_buf_pool_offset));
}

std::string with_pools(uint32_t ifs, uint32_t if_size, uint32_t rings, uint32_t ring_size,
                       uint32_t bufs, uint32_t buf_size) {
  const Memory memory;
  nmreq_opt_extmem option = option_of(memory.at());
  nmreq_pools_info& info = option.nro_info;
  info.nr_if_pool_objtotal = ifs;
  info.nr_if_pool_objsize = if_size;
  info.nr_ring_pool_objtotal = rings;
  info.nr_ring_pool_objsize = ring_size;
  info.nr_buf_pool_objtotal = bufs;
  info.nr_buf_pool_objsize = buf_size;
  return answer(option, {.name = "vale0:x", .tx_slots = 64, .rx_slots = 64});
}

// One frame of a port in that memory, found where the program put it, and not by way of mmap.
std::string through(const Memory& memory) {
  if (!memory.present()) return "SKIP no such memory here";
  const Port a = open(memory.at());
  if (a.err != 0) return error_name(a.err);
  const Port b({.name = "vale0:y", .mem_id = a.reg.nr_mem_id});
  if (b.err != 0) return error_name(b.err);
  send(a, 3);
  netmap_if* nifp = NETMAP_IF(memory.at(), b.reg.nr_offset);
  netmap_ring* ring = NETMAP_RXRING(nifp, 0);
  ioctl(b.fd(), NIOCRXSYNC);
  const char* buf = NETMAP_BUF(ring, ring->slot[ring->head].buf_idx);
  const bool same = memcmp(buf, NETMAP_BUF(&b.rx(), b.rx().slot[b.rx().head].buf_idx), 60) == 0;
  const std::string seen = text("len=%u broadcast=%d same=%d got=", ring->slot[ring->head].len,
                                memcmp(buf, "\xff\xff\xff\xff\xff\xff", 6) == 0, same);
  return seen + receive(b);
}

std::string huge_file() {
  const Fd file(memfd_create("huge", MFD_CLOEXEC | MFD_HUGETLB));
  constexpr size_t kHuge = 10 << 20;
  if (file.get() < 0 || ftruncate(file.get(), kHuge) != 0) return "SKIP no huge pages";
  return through(Memory(kHuge, MAP_SHARED, file.get()));
}

std::string shared_file() {
  const Fd file(memfd_create("plain", MFD_CLOEXEC));
  if (file.get() < 0 || ftruncate(file.get(), kSize) != 0) return error_name(errno);
  return through(Memory(kSize, MAP_SHARED, file.get()));
}

std::string same_again() {
  const Memory one, other;
  const Port a = open(one.at()), b = open(one.at(), {.name = "vale0:y"}),
             c = open(other.at(), {.name = "vale0:z"});
  if (a.err != 0 || b.err != 0 || c.err != 0) return error_name(a.err) + error_name(b.err);
  return text("%d %d", a.reg.nr_mem_id == b.reg.nr_mem_id, a.reg.nr_mem_id == c.reg.nr_mem_id);
}

std::string of_port_in_use() {
  const Memory memory;
  const Port first({.name = "vale0:x"}), second = open(memory.at());
  if (second.err != 0) return error_name(second.err);
  return text("same=%d", first.reg.nr_mem_id == second.reg.nr_mem_id);
}

std::string gone_with_its_user() {
  const Memory memory;
  uint16_t id;
  {
    const Port port = open(memory.at());
    if (port.err != 0) return error_name(port.err);
    id = port.reg.nr_mem_id;
  }
  return try_register({.name = "vale0:x", .mem_id = id});
}

// The program's own mapping may go: the descriptor's is as good.
std::string without_its_mapping() {
  Memory memory;
  const Port a = open(memory.at());
  if (a.err != 0) return error_name(a.err);
  const Port b({.name = "vale0:y", .mem_id = a.reg.nr_mem_id});
  memory.drop();
  send(a, 3);
  ioctl(b.fd(), NIOCRXSYNC);
  return receive(b);
}

std::string private_mapping() {
  const Memory memory;
  const Port port = open(memory.at());
  const Memory copy(kPage, MAP_PRIVATE, port.fd());
  return copy.present() ? "0" : error_name(errno);
}

// Nobody may pin those pages: they are of another region that is but mapped here.
std::string in_a_region() {
  const Memory memory;
  const Port port = open(memory.at());
  if (port.err != 0) return error_name(port.err);
  return answer(option_of(port.mem()), {.name = "vale0:y"});
}

std::string of_netdev() {
  if (!make_netdev("extmem0")) return "SKIP no netdev can be made here";
  const Memory memory;
  const std::string got = open(memory.at(), {.name = "extmem0"}).describe();
  shell("ip link del extmem0");
  return got;
}

std::string null_port() {
  const Memory memory;
  return open(memory.at(),
              {.name = "x", .mode = NR_REG_NULL, .tx_slots = 8, .tx_rings = 1, .extra_bufs = 9})
      .describe();
}

std::string read_only() {
  const Memory memory;
  mprotect(memory.at() + kSize / 2, kPage, PROT_READ);
  return answer(option_of(memory.at()));
}

std::string with_hole() {
  const Memory memory;
  mprotect(memory.at() + kSize / 2, kPage, PROT_NONE);
  return answer(option_of(memory.at()));
}

std::string from(uint64_t at, uint64_t size) {
  nmreq_opt_extmem option = option_of(nullptr, size);
  option.nro_usrptr = at;
  return answer(option);
}

std::string sized(uint64_t size, size_t offset = 0) {
  const Memory memory;
  return answer(option_of(memory.at() + offset, size));
}

// What run writes in a process without privileges that may lock so much memory.
std::string limited_to(size_t bytes, std::string (*run)(const Memory& memory, Fd devices[3])) {
  const Memory memory, answer(kPage);
  const pid_t child = fork();
  if (child == 0) {
    Fd devices[3] = {open_device(), open_device(), open_device()};
    const rlimit limit{bytes, bytes};
    if (setrlimit(RLIMIT_MEMLOCK, &limit) == 0 && setresuid(65534, 65534, 65534) == 0)
      snprintf(answer.at(), kPage, "%s", run(memory, devices).c_str());
    _exit(0);
  }
  waitpid(child, nullptr, 0);
  return answer.at();
}

std::string attempt(Fd& device, const void* at, const char* name, uint32_t mode = NR_REG_ALL_NIC) {
  nmreq_opt_extmem option = option_of(at);
  nmreq_register body = body_of({.mode = mode});
  nmreq_header header = header_of(NETMAP_REQ_REGISTER, name, &body);
  header.nr_options = reinterpret_cast<uintptr_t>(&option);
  const std::string got = error_name(control(device.get(), header));
  return got + " " + error_name(static_cast<int>(option.nro_opt.nro_status)) + " ";
}

std::string once(const Memory& memory, Fd devices[3]) {
  return attempt(devices[0], memory.at(), "vale0:x");
}

std::string two_at_a_time(const Memory& memory, Fd devices[3]) {
  const Memory other;
  std::string got = attempt(devices[0], memory.at(), "vale0:x");
  got += attempt(devices[1], other.at(), "vale0:y");
  devices[0].reset();
  return got + attempt(devices[2], other.at(), "vale0:y");
}

// Refused for the port's sake, again and again: nothing of it is kept.
std::string after_failures(const Memory& memory, Fd devices[3]) {
  std::string got;
  for (int i = 0; i < 5; i++) got = attempt(devices[0], memory.at(), "vale0:x", 99);
  for (int i = 0; i < 5; i++) attempt(devices[0], memory.at(), "no-such-netdev");
  return got + attempt(devices[0], memory.at(), "vale0:x");
}

constexpr Case kCases[] = {
    {"what is left over is buffers",
     "id=1 size=9437184=9437184 if=2x1024@0 ring=4x20480@4096 buf=4566x2048@86016", laid_out},
    {"shared pages", "len=60 broadcast=1 same=1 got=1 2 3 ", [] { return through(Memory()); }},
    {"private pages", "len=60 broadcast=1 same=1 got=1 2 3 ",
     [] { return through(Memory(kSize, kPrivate)); }},
    {"pages of a file in memory", "len=60 broadcast=1 same=1 got=1 2 3 ", shared_file},
    {"huge pages", "len=60 broadcast=1 same=1 got=1 2 3 ", huge_file},
    {"the same pages are the same region", "1 0", same_again},
    {"a port in use keeps its own", "same=1", of_port_in_use},
    {"gone with its last user", "EINVAL", gone_with_its_user},
    {"after munmap of the pages", "1 2 3 ", without_its_mapping},
    {"a private mapping of it", "EINVAL", private_mapping},
    {"a netdev", "0 tx=1x1024 rx=1x1024 host=1,1 mem=private extra=0", of_netdev},
    {"a null port", "0 tx=1x8 rx=0x0 host=0,0 mem=private extra=9", null_port},
    {"objects of odd sizes", "0 0", [] { return with_pools(3, 88, 2, 1288, 300, 1000); }},
    {"objects of sizes that align no words", "EINVAL EINVAL",
     [] { return with_pools(0, 0, 0, 0, 0, 1001); }},
    {"a ring too large", "EINVAL EINVAL", [] { return with_pools(0, 0, 0, 131080, 0, 0); }},
    {"three buffers", "EINVAL EINVAL", [] { return with_pools(0, 0, 0, 0, 3, 0); }},
    {"rings too small for the port", "ENOMEM 0", [] { return with_pools(0, 0, 0, 256, 0, 0); }},
    {"more buffers than fit", "ENOMEM ENOMEM", [] { return with_pools(0, 0, 0, 0, 5000, 0); }},
    {"not the start of a page", "EINVAL EINVAL", [] { return sized(kSize - kPage, 64); }},
    {"not whole pages", "0 0", [] { return sized(kSize - 1); }},
    {"too small", "ENOMEM ENOMEM", [] { return sized(1 << 20); }},
    {"no page", "ENOMEM ENOMEM", [] { return sized(100); }},
    {"nothing", "ENOMEM ENOMEM", [] { return sized(0); }},
    {"pages that can only be read", "EFAULT EFAULT", read_only},
    {"pages that are not there", "EFAULT EFAULT", with_hole},
    {"no address", "EFAULT EFAULT", [] { return from(0, kSize); }},
    {"beyond all addresses", "EFAULT EFAULT", [] { return from(~0ull << 12, kSize); }},
    {"larger than all addresses", "EFAULT EFAULT", [] { return from(kPage, ~0ull); }},
    {"pages of a region", "EFAULT EFAULT", in_a_region},
    {"within RLIMIT_MEMLOCK", "0 0 ", [] { return limited_to(kSize, once); }},
    {"beyond RLIMIT_MEMLOCK", "ENOMEM ENOMEM ", [] { return limited_to(kSize - kPage, once); }},
    {"one user's regions are counted together", "0 0 ENOMEM ENOMEM 0 0 ",
     [] { return limited_to(2 * kSize - kPage, two_at_a_time); }},
    {"nothing is kept of what failed", "EINVAL 0 0 0 ",
     [] { return limited_to(kSize, after_failures); }},
};

}  // namespace

Table extmem_table() {
  return kCases;
}

}  // namespace abi
