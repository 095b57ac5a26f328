// SPDX-License-Identifier: BSD-2-Clause
// Receives pktgen's datagrams on a UDP port until SIGTERM, and prints as one line of JSON what
// came, what its numbers say is missing, and in nanoseconds the time from one datagram to the next
// (as the kernel received them, and as pktgen made them) and from pktgen to the kernel.
#include <arpa/inet.h>
#include <endian.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cinttypes>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "opt.h"

namespace {

constexpr uint32_t kMagic = 0xbe9be955;
constexpr int kBuffer = 256 << 20;
constexpr unsigned int kBatch = 256;

// Behind the UDP header, big endian.
struct Pktgen {
  uint32_t magic, sequence, seconds, microseconds;
};

struct Sample {
  uint32_t sequence;
  int64_t sent, received;
};

struct Record {
  std::vector<Sample> samples;
  uint64_t foreign = 0;
  uint32_t overrun = 0;  // what found the socket full
};

volatile sig_atomic_t stop;

void on_signal(int) {
  stop = 1;
}

[[noreturn]] void die(const char* what) {
  fprintf(stderr, "udpgaps: %s: %s\n", what, strerror(errno));
  exit(1);
}

int listen_on(uint16_t port) {
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), on = 1;
  if (fd < 0) die("socket");
  if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &kBuffer, sizeof(kBuffer))) die("SO_RCVBUFFORCE");
  if (setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on))) die("SO_TIMESTAMPNS");
  if (setsockopt(fd, SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof(on))) die("SO_RXQ_OVFL");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  if (bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address))) die("bind");
  return fd;
}

int64_t read_control(msghdr& message, Record& record) {
  int64_t received = 0;
  for (cmsghdr* c = CMSG_FIRSTHDR(&message); c != nullptr; c = CMSG_NXTHDR(&message, c)) {
    if (c->cmsg_level != SOL_SOCKET) continue;
    if (c->cmsg_type == SO_TIMESTAMPNS) {
      timespec t;
      memcpy(&t, CMSG_DATA(c), sizeof(t));
      received = t.tv_sec * 1'000'000'000 + t.tv_nsec;
    } else if (c->cmsg_type == SO_RXQ_OVFL) {
      memcpy(&record.overrun, CMSG_DATA(c), sizeof(record.overrun));
    }
  }
  return received;
}

struct Batch {
  std::array<mmsghdr, kBatch> messages;
  std::array<iovec, kBatch> vectors;
  std::array<Pktgen, kBatch> datagrams;
  alignas(cmsghdr) std::array<std::array<char, 128>, kBatch> control;
};

bool receive(int fd, Batch& batch, Record& record) {
  for (unsigned int i = 0; i < kBatch; i++) {
    batch.vectors[i] = {&batch.datagrams[i], sizeof(Pktgen)};
    msghdr& header = batch.messages[i].msg_hdr;
    header = {};
    header.msg_iov = &batch.vectors[i];
    header.msg_iovlen = 1;
    header.msg_control = batch.control[i].data();
    header.msg_controllen = batch.control[i].size();
  }
  const int count = recvmmsg(fd, batch.messages.data(), kBatch, MSG_DONTWAIT, nullptr);
  for (int i = 0; i < count; i++) {
    const auto at = static_cast<unsigned int>(i);
    const int64_t received = read_control(batch.messages[at].msg_hdr, record);
    const Pktgen& d = batch.datagrams[at];
    if (batch.messages[at].msg_len < sizeof(Pktgen) || be32toh(d.magic) != kMagic) {
      record.foreign++;
      continue;
    }
    record.samples.push_back(
        {be32toh(d.sequence),
         be32toh(d.seconds) * INT64_C(1'000'000'000) + be32toh(d.microseconds) * INT64_C(1000),
         received});
  }
  return count > 0;
}

// The reader sleeps by the clock: woken by each datagram it would take the time that it is to
// measure.
Record record_until_told(int fd) {
  static Batch batch;
  Record record;
  while (!stop) {
    while (receive(fd, batch, record)) continue;
    poll(nullptr, 0, 20);
  }
  while (receive(fd, batch, record)) continue;
  return record;
}

void print_times(const char* name, std::vector<int64_t> times) {
  if (times.empty()) times.push_back(0);
  std::sort(times.begin(), times.end());
  const auto at = [&](size_t thousandths) {
    return static_cast<long long>(times[(times.size() - 1) * thousandths / 1000]);
  };
  printf(",\"%s\":{\"p50\":%lld,\"p99\":%lld,\"p999\":%lld,\"max\":%lld}", name, at(500), at(990),
         at(999), at(1000));
}

struct Numbers {
  uint64_t missing = 0, twice = 0, late = 0;
};

Numbers look_at_numbers(const std::vector<Sample>& all) {
  Numbers n;
  std::vector<uint32_t> sorted;
  for (const Sample& s : all) sorted.push_back(s.sequence);
  for (size_t i = 1; i < sorted.size(); i++) n.late += sorted[i] < sorted[i - 1];
  std::sort(sorted.begin(), sorted.end());
  for (size_t i = 1; i < sorted.size(); i++) {
    const uint32_t step = sorted[i] - sorted[i - 1];
    if (step == 0)
      n.twice++;
    else
      n.missing += step - 1;
  }
  return n;
}

void print(const Record& record) {
  const auto& all = record.samples;
  const Numbers n = look_at_numbers(all);
  std::vector<int64_t> received, sent, delay;
  for (size_t i = 0; i < all.size(); i++) {
    delay.push_back(all[i].received - all[i].sent);
    if (i == 0) continue;
    received.push_back(all[i].received - all[i - 1].received);
    sent.push_back(all[i].sent - all[i - 1].sent);
  }
  const int64_t time = all.empty() ? 0 : all.back().received - all.front().received;
  printf("{\"received\":%zu,\"missing\":%" PRIu64 ",\"twice\":%" PRIu64 ",\"late\":%" PRIu64
         ",\"foreign\":%" PRIu64 ",\"overrun\":%u,\"ns\":%" PRId64,
         all.size(), n.missing, n.twice, n.late, record.foreign, record.overrun, time);
  print_times("gap", std::move(received));
  print_times("sent_gap", std::move(sent));
  print_times("delay", std::move(delay));
  printf("}\n");
}

}  // namespace

int main(int argc, char** argv) {
  uint32_t port = 9;
  const opt opts[] = {{"port", OPT_U32, &port, "to receive on (9)"}};
  const opt_command command = {
      "udpgaps [options]: what pktgen's datagrams do in time, as JSON at SIGTERM", opts, 1, 0};
  opt_list operands;
  opt_parse(&command, argc, argv, &operands);
  signal(SIGTERM, on_signal);
  signal(SIGINT, on_signal);
  const int fd = listen_on(static_cast<uint16_t>(port));
  print(record_until_told(fd));
  close(fd);
  return 0;
}
