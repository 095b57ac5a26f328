// SPDX-License-Identifier: BSD-2-Clause
#include "tests/control/misbehaviour.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <chrono>
#include <cstring>
#include <random>
#include <string_view>
#include <thread>

#include "lib/unique_fd.hpp"
#include "lib/varlink.hpp"

namespace vlload {
namespace {

using namespace std::chrono_literals;
using vale::varlink::Call;

struct Talk {
  int fd;
  const std::atomic<bool>& done;

  /// False when valed has cut us off.
  [[nodiscard]] bool say(std::string_view bytes) const {
    while (!bytes.empty()) {
      const auto n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (n < 0 && errno == EAGAIN && !done) {
        std::this_thread::sleep_for(5ms);
        continue;
      }
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }

  void linger(std::chrono::milliseconds time) const {
    const auto end = std::chrono::steady_clock::now() + time;
    while (!done && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(5ms);
  }
};

std::string call(const char* method, bool more = false) {
  return encode(Call{method, {}, more, false});
}

void silent(const Talk& talk) {
  talk.linger(1h);
}

void half_a_call(const Talk& talk) {
  const auto bytes = call("io.vale.Switch.List");
  if (talk.say(std::string_view(bytes).substr(0, bytes.size() / 2))) talk.linger(1h);
}

void drips(const Talk& talk) {
  for (const char c : call("io.vale.Switch.Status")) {
    if (!talk.say({&c, 1})) return;
    talk.linger(50ms);
  }
}

void garbage(const Talk& talk) {
  std::minstd_rand random(42);
  std::array<char, 4096> bytes{};
  for (auto& byte : bytes) byte = static_cast<char>(random());
  (void)talk.say({bytes.data(), bytes.size()});
  talk.linger(20ms);
}

void too_long(const Talk& talk) {
  const std::string bytes(vale::varlink::kMaxCall + 1, 'x');
  (void)talk.say(bytes);
  talk.linger(20ms);
}

void never_reads(const Talk& talk) {
  const auto bytes = call("io.vale.Switch.List");
  while (!talk.done && talk.say(bytes)) {
  }
}

void leaves_early(const Talk& talk) {
  (void)talk.say(call("io.vale.Switch.List"));
}

void watches_unseeing(const Talk& talk) {
  if (talk.say(call("io.vale.Switch.Watch", true))) talk.linger(1h);
}

constexpr auto kKinds = std::to_array(
    {silent, half_a_call, drips, garbage, too_long, never_reads, leaves_early, watches_unseeing});

vale::UniqueFd connect(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  vale::UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (fd && ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
    fd.reset();
  return fd;
}

}  // namespace

std::size_t misbehaviours() {
  return kKinds.size();
}

std::size_t misbehave(const std::string& path, std::size_t kind, const std::atomic<bool>& done) {
  std::size_t times = 0;
  while (!done) {
    const auto fd = connect(path);
    if (fd) {
      ++times;
      kKinds[kind % kKinds.size()]({fd.get(), done});
    }
    std::this_thread::sleep_for(1ms);
  }
  return times;
}

}  // namespace vlload
