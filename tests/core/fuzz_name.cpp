// SPDX-License-Identifier: BSD-2-Clause
#include <cctype>
#include <string>

#include "fuzz.hpp"

namespace {

// The grammar once more, on std::string.
vale_name_kind kind_of(const std::string& s) {
  size_t colon = s.find(':');

  if (s.find_first_of("{}") != s.npos) return VALE_NAME_PIPE;
  if (s.rfind("vale", 0) != 0) return VALE_NAME_NETDEV;
  if (colon == s.npos || colon > 15) return VALE_NAME_BAD;
  for (char c : s.substr(0, colon))
    if (!isalnum(static_cast<unsigned char>(c)) && c != '_') return VALE_NAME_BAD;
  std::string port = s.substr(colon + 1);
  bool host = !port.empty() && port.back() == '^';
  return port.size() <= 15u + host ? VALE_NAME_PORT : VALE_NAME_BAD;
}

// What is split is all of the name but the sign, and neither part is empty.
void check_pipe(const std::string& s) {
  vale_pipe_name p;
  int err = vale_name_split_pipe(&p, s.c_str());
  size_t sign = s.rfind('{');
  bool slave = sign == s.npos;

  if (slave) sign = s.rfind('}');
  EXPECT(err == (sign > 0 && sign + 1 < s.size() ? 0 : -EINVAL));
  if (err) return;
  EXPECT(p.slave == slave && p.base == s.substr(0, sign) && p.id == s.substr(sign + 1));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const u8* data, size_t size) {
  char text[NETMAP_REQ_IFNAMSIZ] = {};
  vale_name n;

  memcpy(text, data, std::min(size, sizeof(text) - 1));
  std::string s = text;
  int err = vale_name_parse(&n, text, size & 1);

  EXPECT(n.kind == kind_of(s));
  EXPECT(err == (n.kind != VALE_NAME_BAD ? 0 : size & 1 ? -ENOMEM : -ENXIO));
  EXPECT((vale_name_check_newif(text) == 0) == (s.size() < 16 && s.rfind("vale", 0) != 0));
  if (n.kind == VALE_NAME_PIPE) check_pipe(s);
  if (n.kind != VALE_NAME_PORT) return 0;
  EXPECT(n.switch_name + std::string(":") + n.port == s);
  EXPECT(n.netdev + std::string(n.host ? "^" : "") == n.port);
  return 0;
}
