// SPDX-License-Identifier: BSD-2-Clause
#include "valed/http.hpp"

#include <fmt/format.h>

namespace valed::http {
namespace {

std::string response(std::string_view status, std::string_view type, std::string_view body) {
  return fmt::format(
      "HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}",
      status, type, body.size(), body);
}

}  // namespace

bool complete(std::string_view request) {
  return request.find("\r\n\r\n") != std::string_view::npos;
}

std::string respond(std::string_view request, const std::function<std::string()>& metrics) {
  constexpr std::string_view kText = "text/plain; charset=utf-8";
  const auto line = request.substr(0, request.find("\r\n"));
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last ||
      !line.substr(last + 1).starts_with("HTTP/1.")) {
    return response("400 Bad Request", kText, "this is not HTTP\n");
  }
  if (line.substr(0, first) != "GET") {
    return response("405 Method Not Allowed", kText, "GET only\n");
  }
  const auto target = line.substr(first + 1, last - first - 1);
  if (target.substr(0, target.find('?')) != "/metrics") {
    return response("404 Not Found", kText, "see /metrics\n");
  }
  return response("200 OK", "text/plain; version=0.0.4; charset=utf-8", metrics());
}

}  // namespace valed::http
