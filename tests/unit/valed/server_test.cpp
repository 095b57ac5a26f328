// SPDX-License-Identifier: BSD-2-Clause
// A whole valed on a fake kernel, its loop in a thread, real clients on a real socket.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <boost/json/value.hpp>

#include "lib/daemon_control.hpp"
#include "server_fixture.hpp"

namespace valed {
namespace {

using ::testing::ElementsAre;
using testing::ServerTest;
using vale::varlink::Client;

TEST_F(ServerTest, AnswersTheClientLibrary) {
  vale::DaemonControl control(std::make_unique<Client>(connect()));
  vale::AttachRequest request;
  request.name = "vale0:eth0";
  request.rx_rings = vale::RingSet::parse("0,2").value();
  const auto attached = control.attach(request);
  ASSERT_TRUE(attached) << attached.error().context;
  EXPECT_EQ(attached->prepared.size(), 2U);
  const auto ports = control.ports("");
  ASSERT_TRUE(ports);
  EXPECT_EQ(ports->at(0).name, "vale0:eth0");
  EXPECT_EQ(control.port("vale0:eth0")->kind, std::uint32_t{VALE_PORT_NIC});
  EXPECT_EQ(control.attach(request).error().code, vale::Errc::kBusy);
  EXPECT_EQ(control.find("vale0:eth0")->index, 0U);
  EXPECT_EQ(control.places()->size(), 1U);
  EXPECT_EQ(control.geometry("eth0")->rx_rings, 4U);
  EXPECT_TRUE(control.set_switch({"vale0", false, 64, 5, std::nullopt}));
  EXPECT_EQ(control.switches()->at(0).fdb_ageing, 5U);
  EXPECT_TRUE(control.fdb_add({"vale0", {2, 0, 0, 0, 0, 1}, 0, "vale0:eth0", true, 0}));
  EXPECT_EQ(control.fdb("vale0")->size(), 1U);
  EXPECT_TRUE(control.fdb_flush("vale0"));
  EXPECT_TRUE(control.fdb_delete("vale0", {2, 0, 0, 0, 0, 1}));
  EXPECT_EQ(control.detach("vale0:eth0"), 0U);
  EXPECT_TRUE(control.create_port({"vale0:vi0", 0, 0, 0, 0, 0}));
  EXPECT_TRUE(control.delete_port("vale0:vi0"));
  EXPECT_EQ(control.delete_switch("vale9").error().code, vale::Errc::kNoSuchSwitch);
}

TEST_F(ServerTest, LargeTablesArriveWhole) {
  on_loop([this] { kernel.fdb_table.resize(20'000, {"vale0", {}, 0, "vale0:a", false, 0}); });
  vale::DaemonControl control(std::make_unique<Client>(connect()));
  const auto entries = control.fdb("");
  ASSERT_TRUE(entries);
  EXPECT_EQ(entries->size(), 20'000U);
}

TEST_F(ServerTest, PipelinedCallsAreAnsweredInOrder) {
  const auto fd = raw();
  std::string bytes;
  for (const char* method : {"Status", "List", "Nonsense"}) {
    bytes += vale::varlink::encode({std::string("io.vale.Switch.") + method, {}, false, false});
  }
  bytes += vale::varlink::encode({"io.vale.Switch.List", {}, false, true});  // oneway: no reply
  send(fd, bytes);
  ::shutdown(fd.get(), SHUT_WR);
  vale::varlink::FrameReader reader(100'000);
  ASSERT_TRUE(reader.feed(read_to_end(fd)));
  EXPECT_NE(reader.next()->find("\"uptime\""), std::string::npos);
  EXPECT_NE(reader.next()->find("\"ports\""), std::string::npos);
  EXPECT_NE(reader.next()->find("MethodNotFound"), std::string::npos);
  EXPECT_EQ(reader.next(), std::nullopt);
}

TEST_F(ServerTest, WatchersHearEvents) {
  Client client = connect();
  int seen = 0;
  const auto done =
      client.stream("io.vale.Switch.Watch", {}, [&](const boost::json::object& reply) {
        if (seen++ == 0) {
          EXPECT_EQ(reply.at("event").at("event"), "watching");
          vale::Event event;
          event.type = "port_add";
          event.port = "vale0:a";
          on_loop([&] { service.on_event(event); });
          return true;
        }
        EXPECT_EQ(reply.at("event").at("port"), "vale0:a");
        return false;
      });
  EXPECT_TRUE(done);
  EXPECT_EQ(seen, 2);
}

TEST_F(ServerTest, ProgramsWatchThroughTheirClient) {
  const auto client = vale::Client::connect(path);
  ASSERT_TRUE(client) << client.error().context;
  EXPECT_EQ((*client)->ports("")->size(), 0U);
  std::vector<std::string> heard;
  const auto done = (*client)->watch("vale0", [&](const vale::Event& event) {
    heard.push_back(event.type + " " + event.port);
    if (heard.size() == 1) {
      on_loop([&] {
        for (const char* name : {"vale1", "vale0"}) {
          vale::Event added;
          added.type = "port_add";
          added.switch_name = name;
          added.port = std::string(name) + ":a";
          service.on_event(added);
        }
      });
    }
    return heard.size() < 2;
  });
  EXPECT_TRUE(done);
  EXPECT_EQ(heard, (std::vector<std::string>{"watching ", "port_add vale0:a"}));
}

TEST_F(ServerTest, AWatcherThatGoesIsForgotten) {
  {
    Client client = connect();
    EXPECT_TRUE(client.stream("io.vale.Switch.Watch", {}, [](const auto&) { return false; }));
  }
  // Its end is seen before a later client's call is.
  Client other = connect();
  std::int64_t watchers = 1;
  for (int i = 0; i < 1000 && watchers != 0; ++i) {
    watchers = other.call("io.vale.Switch.Status", {})->at("watchers").to_number<std::int64_t>();
  }
  EXPECT_EQ(watchers, 0);
}

TEST_F(ServerTest, ASlowWatcherIsCutOffAndOthersAreNot) {
  const auto slow = raw();
  send(slow, vale::varlink::encode({"io.vale.Switch.Watch", {}, true, false}));
  Client other = connect();
  while (other.call("io.vale.Switch.Status", {})->at("watchers").to_number<int>() == 0) {
  }
  vale::Event event;
  event.type = "mac_learned";
  event.port = std::string(500, 'x');
  // Far more than a socket buffer and the queue hold, in portions that a healthy reader would keep
  // up with.
  for (int i = 0; i < 200; ++i) {
    on_loop([&] {
      for (int n = 0; n < 25; ++n) service.on_event(event);
    });
  }
  const auto status = other.call("io.vale.Switch.Status", {});
  ASSERT_TRUE(status);
  // What was sent is whole, and the last of it says why there is no more.
  const auto heard = messages(slow);
  ASSERT_GE(heard.size(), 2U);
  for (const auto& message : heard) EXPECT_TRUE(vale::varlink::parse_reply(message));
  EXPECT_NE(heard.front().find("watching"), std::string::npos);
  EXPECT_EQ(heard.back(), exceeded("time", "it reads events too slowly"));
}

TEST_F(ServerTest, AWatcherThatCallsAndCallsIsCutOff) {
  const auto fd = raw();
  send(fd, vale::varlink::encode({"io.vale.Switch.Watch", {}, true, false}));
  const std::string call = vale::varlink::encode({"io.vale.Switch.List", {}, false, false});
  std::string calls;
  for (std::size_t i = 0; i <= limits.calls; ++i) calls += call;
  send(fd, calls);
  const auto heard = messages(fd);
  ASSERT_FALSE(heard.empty());
  EXPECT_EQ(heard.back(), exceeded("calls", "more than 64 calls wait for their replies"));
}

TEST_F(ServerTest, GarbageAndGiantsAreCutOff) {
  const auto garbage = raw();
  send(garbage, std::string("GET / HTTP/1.1\r\n\r\n\0", 19));
  EXPECT_EQ(read_to_end(garbage), "");
  const auto giant = raw();
  const std::string flood(64 * 1024, 'x');
  for (int i = 0; i < 8; ++i) {
    if (::send(giant.get(), flood.data(), flood.size(), MSG_NOSIGNAL) < 0) break;
  }
  EXPECT_THAT(messages(giant),
              ElementsAre(exceeded("size", "a message is longer than 262144 bytes")));
  EXPECT_TRUE(connect().call("io.vale.Switch.List", {}));
}

TEST_F(ServerTest, WhoDoesNotWaitForRepliesIsCutOff) {
  const std::string call = vale::varlink::encode({"io.vale.Switch.List", {}, false, false});
  std::string calls;
  for (std::size_t i = 0; i < limits.calls; ++i) calls += call;
  const auto most = raw();
  send(most, calls);
  ::shutdown(most.get(), SHUT_WR);
  EXPECT_EQ(messages(most).size(), limits.calls);
  const auto more = raw();
  send(more, calls + call);
  EXPECT_THAT(messages(more),
              ElementsAre(exceeded("calls", "more than 64 calls wait for their replies")));
}

TEST_F(ServerTest, TheClientLibrarySaysWhyItWasCutOff) {
  Client client = connect();
  const auto refused = client.call("io.vale.Switch.List", {{"switch", std::string(300'000, 'x')}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, vale::Errc::kLimitExceeded);
  EXPECT_EQ(refused.error().object, "size");
}

class CrowdedServerTest : public ServerTest {
 protected:
  CrowdedServerTest() { limits.clients = 256; }
};

TEST_F(CrowdedServerTest, NewcomersDoNotWaitForABusyClient) {
  const auto busy = raw();
  const std::string call = vale::varlink::encode({"io.vale.Switch.Status", {}, false, false});
  std::vector<vale::UniqueFd> newcomers;
  on_loop([&] {
    for (int i = 0; i < 30; ++i) newcomers.push_back(raw());
    for (int i = 0; i < 10; ++i) send(busy, call);
    ::shutdown(busy.get(), SHUT_WR);
  });
  const auto heard = messages(busy);
  ASSERT_EQ(heard.size(), 10U);
  const auto third = vale::varlink::parse_reply(heard[2]);
  ASSERT_TRUE(third);
  EXPECT_EQ(third->parameters.at("clients").to_number<int>(), 31);
}

/// Its patience with slow clients ends before theirs.
class ImpatientServerTest : public ServerTest {
 protected:
  void SetUp() override {
    limits.write = std::chrono::milliseconds(100);
    limits.partial = std::chrono::milliseconds(100);
    ServerTest::SetUp();
  }
};

TEST_F(ImpatientServerTest, HalfACallIsNotWaitedForForever) {
  const auto fd = raw();
  send(fd, "{\"method\":");
  EXPECT_THAT(messages(fd), ElementsAre(exceeded("time", "it did not finish its call")));
}

TEST_F(ImpatientServerTest, AClientThatDoesNotReadIsCutOff) {
  on_loop([this] { kernel.fdb_table.resize(20'000, {"vale0", {}, 0, "vale0:a", false, 0}); });
  const auto fd = raw();
  send(fd, vale::varlink::encode({"io.vale.Switch.FdbList", {}, true, false}));
  pollfd gone{fd.get(), POLLRDHUP, 0};
  EXPECT_EQ(::poll(&gone, 1, 5000), 1);
  // What was sent is whole, and the last of it says why there is no more.
  const auto heard = messages(fd);
  ASSERT_GE(heard.size(), 2U);
  for (const auto& message : heard) EXPECT_TRUE(vale::varlink::parse_reply(message));
  EXPECT_EQ(heard.back(), exceeded("time", "it does not read its replies"));
}

TEST_F(ServerTest, OneClientTooManyIsToldSo) {
  std::vector<Client> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(connect());
    ASSERT_TRUE(clients.back().call("io.vale.Switch.List", {}));
  }
  const auto refused = connect().call("io.vale.Switch.List", {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, vale::Errc::kTooManyClients);
}

TEST_F(ServerTest, WhoHasLeftKeepsNobodyOut) {
  std::vector<Client> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(connect());
    ASSERT_TRUE(clients.back().call("io.vale.Switch.List", {}));
  }
  // In the loop, so that valed hears of the newcomer before it hears of those who leave.
  std::optional<Client> newcomer;
  on_loop([&] {
    newcomer.emplace(connect());
    clients.clear();
  });
  EXPECT_TRUE(newcomer->call("io.vale.Switch.List", {}));
}

}  // namespace
}  // namespace valed
