// SPDX-License-Identifier: BSD-2-Clause
// abi-errno: the answers of /dev/netmap against SEMANTICS.md sections 1-3 and 8, row by row.
// Runs in a network namespace of its own with a veth pair (ve0, ve1) and one netdev more (dm0).
#include <sched.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

#include "abi.hpp"
#include "opt.h"

namespace {

struct Section {
  const char* name;
  abi::Table (*table)();
  bool slow;
};

constexpr Section kSections[] = {
    {"device", abi::device_table, false},     {"envelope", abi::envelope_table, false},
    {"option", abi::option_table, false},     {"name", abi::name_table, false},
    {"register", abi::register_table, false}, {"layout", abi::layout_table, false},
    {"info", abi::info_table, false},         {"vale", abi::vale_table, false},
    {"newif", abi::newif_table, false},       {"legacy", abi::legacy_table, false},
    {"null", abi::null_table, false},         {"pipe", abi::pipe_table, false},
    {"monitor", abi::monitor_table, false},   {"csb", abi::csb_table, false},
    {"header", abi::header_table, false},     {"offsets", abi::offsets_table, false},
    {"extmem", abi::extmem_table, false},     {"polling", abi::polling_table, false},
    {"confine", abi::confine_table, false},   {"limit", abi::limit_table, true},
};

struct Score {
  int number = 0;
  int wrong = 0;
  int skipped = 0;
};

bool is_wanted(const std::string& got, std::string_view want) {
  for (;;) {
    const size_t bar = want.find(" | ");
    if (want.substr(0, bar) == got) return true;
    if (bar == std::string_view::npos) return false;
    want.remove_prefix(bar + 3);
  }
}

void run_case(const char* section, const abi::Case& item, Score& score) {
  const std::string got = item.run();
  score.number++;
  if (got.starts_with("SKIP ")) {
    score.skipped++;
    printf("ok %d - %s: %s # %s\n", score.number, section, item.name, got.c_str());
  } else if (is_wanted(got, item.want)) {
    printf("ok %d - %s: %s\n", score.number, section, item.name);
  } else {
    score.wrong++;
    printf("not ok %d - %s: %s # got '%s', want '%s'\n", score.number, section, item.name,
           got.c_str(), item.want);
  }
  fflush(stdout);
}

bool make_namespace() {
  return unshare(CLONE_NEWNET) == 0 && abi::shell("ip link set lo up") &&
         abi::shell(
             "ip link add ve0 numtxqueues 1 numrxqueues 1 type veth peer name ve1 "
             "numtxqueues 1 numrxqueues 1") &&
         abi::shell("ip link set ve0 up") && abi::shell("ip link set ve1 up") &&
         abi::make_netdev("dm0");
}

}  // namespace

int main(int argc, char** argv) {
  const char* only = nullptr;
  bool limits = false;
  const opt opts[] = {
      {"section", OPT_TEXT, &only, "run one section only"},
      {"limits", OPT_FLAG, &limits, "also how many ports and switches there can be"},
  };
  const opt_command command = {
      "abi-errno [options]: every answer of /dev/netmap against its specification, as TAP", opts,
      std::size(opts), 0};
  opt_list operands;
  opt_parse(&command, argc, argv, &operands);
  if (access(NETMAP_DEVICE_NAME, R_OK | W_OK) != 0) {
    perror(NETMAP_DEVICE_NAME);
    return 77;
  }
  if (!make_namespace()) {
    fprintf(stderr, "cannot make a namespace with ve0, ve1 and dm0\n");
    return 77;
  }
  Score score;
  for (const Section& section : kSections) {
    if (only != nullptr ? strcmp(only, section.name) != 0 : section.slow && !limits) continue;
    for (const abi::Case& item : section.table()) run_case(section.name, item, score);
  }
  printf("1..%d\n# %d wrong, %d skipped\n", score.number, score.wrong, score.skipped);
  return score.wrong != 0 || score.number == 0 ? 1 : 0;
}
