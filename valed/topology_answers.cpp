// SPDX-License-Identifier: BSD-2-Clause
#include "valed/topology_answers.hpp"

#include "lib/varlink_errors.hpp"

namespace valed {
namespace json = boost::json;

json::object to_json(const Standings& standing, std::chrono::steady_clock::time_point now) {
  json::object object{{"name", standing.name}, {"standing", standing_name(standing.standing)}};
  if (!standing.device.empty()) object["device"] = standing.device;
  if (standing.standing == Standing::kActive) return object;
  const auto& trouble = standing.trouble;
  if (!trouble.reason.empty()) object["reason"] = trouble.reason;
  if (trouble.attempts != 0) object["attempts"] = trouble.attempts;
  if (trouble.retry) {
    const auto left = std::chrono::ceil<std::chrono::seconds>(*trouble.retry - now).count();
    object["retry_in"] = std::max<std::int64_t>(left, 0);
  }
  return object;
}

json::array steps_json(const std::vector<vale::Step>& steps) {
  json::array list;
  for (const auto& step : steps) {
    json::object object{{"action", vale::action_name(step.action)},
                        {"object", step.object},
                        {"waits", step.waits},
                        {"text", vale::describe(step)}};
    if (!step.device.empty()) object["device"] = step.device;
    list.push_back(std::move(object));
  }
  return list;
}

Answer invalid_configuration(const std::vector<vale::Problem>& problems) {
  auto reply = vale::varlink::error_reply(vale::config_error(problems));
  json::array list;
  for (const auto& problem : problems) {
    list.push_back({{"file", problem.file},
                    {"line", problem.line},
                    {"column", problem.column},
                    {"message", problem.message}});
  }
  reply.parameters["problems"] = std::move(list);
  return failure(std::move(reply));
}

}  // namespace valed
