// SPDX-License-Identifier: BSD-2-Clause
// What valed uses of Asio; precompiled.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace valed {
namespace asio = boost::asio;
using StreamSocket = asio::local::stream_protocol::socket;

/// Results of asynchronous operations are values here, never exceptions.
inline constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
}  // namespace valed
