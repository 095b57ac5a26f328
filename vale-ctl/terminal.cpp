// SPDX-License-Identifier: BSD-2-Clause
#include "vale-ctl/terminal.hpp"

#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>

namespace vale_ctl {
namespace {

// Alternate screen and no cursor; and back.
constexpr std::string_view kEnter = "\x1b[?1049h\x1b[?25l\x1b[2J";
constexpr std::string_view kLeave = "\x1b[?25h\x1b[?1049l";

constexpr std::array kFatal = {SIGHUP,  SIGINT,  SIGQUIT, SIGTERM, SIGPIPE, SIGALRM, SIGUSR1,
                               SIGUSR2, SIGSEGV, SIGBUS,  SIGFPE,  SIGILL,  SIGABRT, SIGSYS};

/// What handlers need; they have no other way to it.
struct Taken {
  int in = -1;
  int out = -1;
  termios before{};
  termios raw{};
  sigset_t mask{};  // as before, and while waiting
  volatile std::sig_atomic_t active = 0;
  volatile std::sig_atomic_t resized = 0;
  std::array<struct sigaction, kFatal.size()> fatal{};
  struct sigaction stop = {};
  struct sigaction window = {};
};
Taken taken;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

// Down to handle() only what a signal handler may do.

void put(std::string_view bytes) {
  // A terminal that does not take it is as good as gone.
  if (::write(taken.out, bytes.data(), bytes.size()) < 0) return;
}

// A signal may come in the middle of them: better restored twice than not at all.

void enter() {
  taken.active = 1;
  ::tcsetattr(taken.in, TCSANOW, &taken.raw);
  put(kEnter);
}

void leave() {
  if (taken.active == 0) return;
  put(kLeave);
  ::tcsetattr(taken.in, TCSANOW, &taken.before);
  taken.active = 0;
}

/// The default action, in force again, comes when this returns.
void on_fatal(int signal) {
  leave();
  std::raise(signal);
}

void on_stop(int /*signal*/) {
  const int saved = errno;
  leave();
  std::raise(SIGSTOP);
  enter();
  taken.resized = 1;
  // Blocked but while waiting: no wait begins without noticing.
  std::raise(SIGWINCH);
  errno = saved;
}

void on_window(int /*signal*/) {
  taken.resized = 1;
}

void handle(int signal, void (*handler)(int), int flags, struct sigaction& before) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  ::sigfillset(&action.sa_mask);
  ::sigaction(signal, nullptr, &before);
  // What is ignored stays so, as nohup(1) wants it.
  if (before.sa_handler != SIG_IGN) ::sigaction(signal, &action, nullptr);
}

void make_raw() {
  ::tcgetattr(taken.in, &taken.before);
  taken.raw = taken.before;
  taken.raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  // Ctrl-S would leave the program waiting in a write.
  taken.raw.c_iflag &= ~static_cast<tcflag_t>(IXON);
  taken.raw.c_cc[VMIN] = 1;
  taken.raw.c_cc[VTIME] = 0;
}

std::size_t positive(unsigned short value, std::size_t otherwise) {
  return value != 0 ? value : otherwise;
}

}  // namespace

bool Terminal::usable(int in, int out) {
  const char* term = std::getenv("TERM");
  const std::string_view name = term != nullptr ? term : "";
  return ::isatty(in) == 1 && ::isatty(out) == 1 && !name.empty() && name != "dumb";
}

Terminal::Terminal(int in, int out) : in_(in), out_(out) {
  taken.in = in;
  taken.out = out;
  make_raw();
  sigset_t window;
  ::sigemptyset(&window);
  ::sigaddset(&window, SIGWINCH);
  ::sigprocmask(SIG_BLOCK, &window, &taken.mask);
  for (std::size_t i = 0; i < kFatal.size(); ++i) {
    handle(kFatal[i], on_fatal, static_cast<int>(SA_RESETHAND), taken.fatal[i]);
  }
  handle(SIGTSTP, on_stop, SA_RESTART, taken.stop);
  handle(SIGWINCH, on_window, 0, taken.window);
  enter();
}

Terminal::~Terminal() {
  leave();
  for (std::size_t i = 0; i < kFatal.size(); ++i) ::sigaction(kFatal[i], &taken.fatal[i], nullptr);
  ::sigaction(SIGTSTP, &taken.stop, nullptr);
  ::sigaction(SIGWINCH, &taken.window, nullptr);
  ::sigprocmask(SIG_SETMASK, &taken.mask, nullptr);
}

ScreenSize Terminal::size() const {
  winsize window{};
  if (::ioctl(out_, TIOCGWINSZ, &window) != 0) return {};
  return {positive(window.ws_row, ScreenSize{}.rows),
          positive(window.ws_col, ScreenSize{}.columns)};
}

vale::Result<void> Terminal::draw(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ::write(out_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return vale::fail_errno(errno, "terminal", "cannot write to the terminal");
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

Terminal::Input Terminal::wait(Clock::time_point until) {
  if (taken.resized != 0) {
    taken.resized = 0;
    return {Wake::kResize};
  }
  const auto left = std::max(std::chrono::nanoseconds(until - Clock::now()), {});
  const timespec patience{left.count() / 1'000'000'000, left.count() % 1'000'000'000};
  pollfd readable{in_, POLLIN, 0};
  const int ready = ::ppoll(&readable, 1, &patience, &taken.mask);
  if (ready == 0) return {Wake::kTime};
  if (ready < 0) {
    taken.resized = 0;
    return {errno == EINTR ? Wake::kResize : Wake::kGone};
  }
  char key = '\0';
  const auto n = ::read(in_, &key, 1);
  return n == 1 ? Input{Wake::kKey, key} : Input{Wake::kGone};
}

}  // namespace vale_ctl
