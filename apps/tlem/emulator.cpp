// SPDX-License-Identifier: BSD-2-Clause
#include "apps/tlem/emulator.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "apps/common/open_port.hpp"
#include "apps/common/process.hpp"
#include "apps/tlem/identity.hpp"

namespace tlem {
namespace {

vale::UniqueFd make_event() {
  vale::UniqueFd fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!fd) throw std::runtime_error(std::strerror(errno));
  return fd;
}

void raise(const vale::UniqueFd& event) {
  const std::uint64_t one = 1;
  if (::write(event.get(), &one, sizeof(one)) < 0) return;  // full: it is raised
}

// poll() of one direction must not send what the thread of the other has not finished.
constexpr vale::netmap::PortOptions kOptions{.flags = NR_NO_TX_POLL};

}  // namespace

Emulator::Emulator(const Config& config)
    : cpus_(config.cpus),
      a_(apps::open_port(config.ports[0], kOptions)),
      b_(apps::open_port(config.ports[1], kOptions)),
      to_a_(a_),
      to_b_(b_),
      quit_(make_event()),
      ended_(make_event()) {
  if (config.route) make_sides(config);
  Side* const side_a = sides_[0] ? &*sides_[0] : nullptr;
  Side* const side_b = sides_[1] ? &*sides_[1] : nullptr;
  there_.emplace(Direction::Ends{a_, b_, to_b_, side_a, side_b}, config, config.link.settings(0));
  back_.emplace(Direction::Ends{b_, a_, to_a_, side_b, side_a}, config, config.link.settings(1));
}

Emulator::~Emulator() {
  end_threads();
}

void Emulator::make_sides(const Config& config) {
  const auto identity = identities(config, {a_.name(), b_.name()});
  sides_[0].emplace(identity[0], [this](ConstBytes frame) { return to_a_.put(frame); });
  sides_[1].emplace(identity[1], [this](ConstBytes frame) { return to_b_.put(frame); });
}

void Emulator::start() {
  const auto cpus = [&](std::size_t from, std::size_t n) {
    const auto begin = cpus_.begin() + static_cast<std::ptrdiff_t>(from);
    return std::vector<int>(begin, begin + static_cast<std::ptrdiff_t>(n));
  };
  errors_.reserve(2);
  if (cpus_.size() < 2) {
    start_thread({&*there_, &*back_}, cpus_);
  } else {
    start_thread({&*there_}, cpus(0, cpus_.size() / 2));
    start_thread({&*back_}, cpus(cpus_.size() / 2, cpus_.size() / 2));
  }
}

void Emulator::start_thread(const Ways& ways, const std::vector<int>& cpus) {
  std::exception_ptr& error = errors_.emplace_back();
  threads_.emplace_back([this, ways, cpus, &error] {
    try {
      if (!cpus.empty()) apps::pin_to_cpus(cpus);
      carry(ways);
    } catch (...) {
      error = std::current_exception();
    }
    raise(ended_);
  });
}

void Emulator::end_threads() {
  raise(quit_);
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Emulator::stop() {
  end_threads();
  for (const std::exception_ptr& error : errors_) {
    if (error) std::rethrow_exception(error);
  }
}

void Emulator::carry(const Ways& ways) {
  constexpr std::uint64_t kExpire = 500'000'000;
  std::uint64_t next_expire = 0;
  bool stuck = false;
  do {
    const std::uint64_t now = apps::now_ns();
    stuck = false;
    for (Direction* way : ways) {
      way->take_in(now);
      stuck |= way->send_due(now);
    }
    if (now >= next_expire) {
      for (auto& side : sides_)
        if (side) side->expire(now);
      next_expire = now + kExpire;
    }
    if (sides_[0]) {  // answers
      to_a_.sync();
      to_b_.sync();
    }
  } while (wait_for_work(ways, stuck));
}

// Until something comes, or the first packet on its way is due. False: it is over.
bool Emulator::wait_for_work(const Ways& ways, bool stuck) const {
  constexpr std::uint64_t kLongest = 500'000'000, kStuck = 100'000;
  const std::uint64_t now = apps::now_ns();
  std::uint64_t until = now + (stuck ? kStuck : kLongest);
  std::vector<pollfd> items{{quit_.get(), POLLIN, 0}};
  for (const Direction* way : ways) {
    if (const auto due = way->next_due(); due && !stuck)
      until = std::min(until, std::max(now, *due));
    items.push_back({way->from().fd(), POLLIN, 0});
  }
  const timespec timeout{0, static_cast<long>(until - now)};
  if (::ppoll(items.data(), items.size(), &timeout, nullptr) < 0 && errno != EINTR)
    throw std::runtime_error(std::strerror(errno));
  for (std::size_t i = 1; i < items.size(); i++) {
    if ((items[i].revents & POLLERR) != 0)
      throw std::runtime_error(ways[i - 1]->from().name() + " reports an error");
  }
  return items[0].revents == 0;
}

void Emulator::change(const LinkOptions& options) {
  there_->change(options.settings(0));
  back_->change(options.settings(1));
}

std::string Emulator::report() const {
  return there_->report() + "\n" + back_->report() + "\n";
}

std::string Emulator::name() const {
  return fmt::format("{} <-> {}", a_.name(), b_.name());
}

}  // namespace tlem
