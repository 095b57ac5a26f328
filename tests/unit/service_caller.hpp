// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "lib/varlink_client.hpp"
#include "lib/varlink_errors.hpp"
#include "valed/service.hpp"

namespace valed::testing {

/// A connection to a service that outlives it, without any socket.
class ServiceCaller : public vale::varlink::Caller {
 public:
  ServiceCaller(Service& service, Peer peer) : service_(service), peer_(std::move(peer)) {}

  vale::Result<boost::json::object> call(const std::string& method,
                                         boost::json::object parameters) override {
    auto reply = service_.handle(peer_, {method, std::move(parameters), false, false}).reply;
    if (!reply.error.empty()) return tl::unexpected(vale::varlink::error_from_reply(reply));
    return reply.parameters;
  }

  vale::Result<vale::UniqueFd> call_for_descriptor(const std::string& method,
                                                   boost::json::object parameters) override {
    auto answer = service_.handle(peer_, {method, std::move(parameters), false, false});
    if (!answer.reply.error.empty()) {
      return tl::unexpected(vale::varlink::error_from_reply(answer.reply));
    }
    return std::move(answer.descriptor);
  }

  vale::Result<void> stream(const std::string& method, boost::json::object parameters,
                            const std::function<bool(const boost::json::object&)>& sink) override {
    auto answer = service_.handle(peer_, {method, std::move(parameters), true, false});
    if (!answer.reply.error.empty()) {
      return tl::unexpected(vale::varlink::error_from_reply(answer.reply));
    }
    while (answer.parts) {
      const auto part = answer.parts();
      if (!part || !sink(*part)) break;
    }
    return {};
  }

 private:
  Service& service_;
  Peer peer_;
};

}  // namespace valed::testing
