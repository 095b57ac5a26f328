// SPDX-License-Identifier: BSD-2-Clause
// On a pseudo-terminal of our own.
#include "vale-ctl/terminal.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <stdexcept>

#include "lib/unique_fd.hpp"

namespace vale_ctl {
namespace {

using Clock = Terminal::Clock;
using Wake = Terminal::Wake;

class TerminalTest : public ::testing::Test {
 protected:
  void SetUp() override {
    int master = -1;
    int slave = -1;
    const winsize window{12, 34, 0, 0};
    ASSERT_EQ(::openpty(&master, &slave, nullptr, nullptr, &window), 0);
    outer = vale::UniqueFd(master);
    inner = vale::UniqueFd(slave);
    before = settings();
  }

  [[nodiscard]] termios settings() const {
    termios now{};
    EXPECT_EQ(::tcgetattr(inner.get(), &now), 0);
    return now;
  }
  [[nodiscard]] bool as_before() const {
    const auto now = settings();
    return now.c_iflag == before.c_iflag && now.c_oflag == before.c_oflag &&
           now.c_lflag == before.c_lflag && std::memcmp(now.c_cc, before.c_cc, NCCS) == 0;
  }
  /// What the terminal was told until it was left, within five seconds: it arrives in as many
  /// pieces as the kernel likes.
  std::string told() {
    std::string all;
    pollfd more{outer.get(), POLLIN, 0};
    while (!all.ends_with("\x1b[?1049l") && ::poll(&more, 1, 5000) == 1) {
      char chunk[4096];
      const auto n = ::read(outer.get(), chunk, sizeof(chunk));
      if (n <= 0) break;
      all.append(chunk, static_cast<std::size_t>(n));
    }
    return all;
  }
  /// A child that takes the terminal and ends by @p end; its wait status.
  template <class End>
  int child(End end) {
    const pid_t pid = ::fork();
    if (pid == 0) {
      Terminal terminal(inner.get(), inner.get());
      end();
      ::_exit(99);
    }
    int status = 0;
    ::waitpid(pid, &status, 0);
    return status;
  }

  vale::UniqueFd outer;
  vale::UniqueFd inner;
  termios before{};
};

TEST_F(TerminalTest, IsAsBeforeAfterwards) {
  {
    Terminal terminal(inner.get(), inner.get());
    EXPECT_EQ(settings().c_lflag & static_cast<tcflag_t>(ICANON | ECHO), 0U);
    EXPECT_EQ(terminal.size().rows, 12U);
    EXPECT_EQ(terminal.size().columns, 34U);
    EXPECT_TRUE(terminal.draw("text"));
  }
  EXPECT_TRUE(as_before());
  EXPECT_EQ(told(), "\x1b[?1049h\x1b[?25l\x1b[2Jtext\x1b[?25h\x1b[?1049l");
}

TEST_F(TerminalTest, IsAsBeforeAfterAnException) {
  try {
    Terminal terminal(inner.get(), inner.get());
    throw std::runtime_error("x");
  } catch (const std::runtime_error&) {
    EXPECT_TRUE(as_before());
  }
}

TEST_F(TerminalTest, IsAsBeforeAfterASignalWhichStillKills) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGSEGV, SIGABRT}) {
    const int status = child([signal] { std::raise(signal); });
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == signal) << signal << ": " << status;
    EXPECT_TRUE(as_before()) << signal;
    EXPECT_TRUE(told().ends_with("\x1b[?1049l")) << signal;
  }
}

TEST_F(TerminalTest, WhatIsIgnoredStaysSo) {
  std::signal(SIGHUP, SIG_IGN);
  const int status = child([] { std::raise(SIGHUP); });
  std::signal(SIGHUP, SIG_DFL);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 99) << status;
}

TEST_F(TerminalTest, IsAsBeforeWhileStopped) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    Terminal terminal(inner.get(), inner.get());
    std::raise(SIGTSTP);
    const auto input = terminal.wait(Clock::now() + std::chrono::hours(1));
    const bool taken = (settings().c_lflag & static_cast<tcflag_t>(ICANON)) == 0;
    ::_exit(input.wake == Wake::kResize && taken ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(pid, &status, WUNTRACED), pid);
  ASSERT_TRUE(WIFSTOPPED(status));
  EXPECT_TRUE(as_before());
  ::kill(pid, SIGCONT);
  ASSERT_EQ(::waitpid(pid, &status, 0), pid);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
}

TEST_F(TerminalTest, WaitsForKeysTimeSizeAndTheEnd) {
  Terminal terminal(inner.get(), inner.get());
  EXPECT_EQ(terminal.wait(Clock::now()).wake, Wake::kTime);
  ASSERT_EQ(::write(outer.get(), "q", 1), 1);
  const auto input = terminal.wait(Clock::now() + std::chrono::hours(1));
  EXPECT_EQ(input.wake, Wake::kKey);
  EXPECT_EQ(input.key, 'q');
  // Before the wait begins: it is blocked, and not missed.
  std::raise(SIGWINCH);
  EXPECT_EQ(terminal.wait(Clock::now() + std::chrono::hours(1)).wake, Wake::kResize);
  outer.reset();
  EXPECT_EQ(terminal.wait(Clock::now() + std::chrono::hours(1)).wake, Wake::kGone);
  EXPECT_FALSE(terminal.draw("text"));
}

TEST_F(TerminalTest, OnlyATerminalThatCanBeDrawnOn) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const vale::UniqueFd read_end(ends[0]);
  const vale::UniqueFd write_end(ends[1]);
  ::setenv("TERM", "xterm", 1);
  EXPECT_TRUE(Terminal::usable(inner.get(), inner.get()));
  EXPECT_FALSE(Terminal::usable(inner.get(), write_end.get()));
  EXPECT_FALSE(Terminal::usable(read_end.get(), inner.get()));
  ::setenv("TERM", "dumb", 1);
  EXPECT_FALSE(Terminal::usable(inner.get(), inner.get()));
  ::unsetenv("TERM");
  EXPECT_FALSE(Terminal::usable(inner.get(), inner.get()));
}

}  // namespace
}  // namespace vale_ctl
