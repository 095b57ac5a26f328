// SPDX-License-Identifier: BSD-2-Clause
// Options, sessions and routing of tlem, without ports and in a time of the test's own.
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "apps/common/packet_store.hpp"
#include "apps/common/text.hpp"
#include "apps/tlem/config.hpp"
#include "apps/tlem/identity.hpp"
#include "apps/tlem/ipv4.hpp"
#include "apps/tlem/session.hpp"
#include "apps/tlem/side.hpp"

namespace tlem {
namespace {

using Packet = std::vector<std::uint8_t>;

constexpr Mac kOurs{2, 0, 0, 0, 0, 1}, kHost{2, 0, 0, 0, 0, 9}, kOther{2, 0, 0, 0, 0, 8};
constexpr std::uint32_t kUs = 0x0a000001, kThem = 0x0a000009, kGateway = 0x0a0000fe,
                        kFar = 0x08080808;

std::optional<Config> parse(std::vector<std::string> words) {
  words.insert(words.begin(), "tlem");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  optind = 0;
  return parse_arguments(static_cast<int>(words.size()), argv.data());
}

// An IPv4 header without options or payload in an Ethernet frame, padded as on the wire.
Packet ipv4(const Mac& to, std::uint32_t destination, unsigned ttl) {
  Packet frame(60);
  std::copy(to.begin(), to.end(), frame.begin());
  frame[12] = 8;
  const Packet head{0x45, 0, 0, 20, 0, 0, 0, 0, static_cast<std::uint8_t>(ttl), 17};
  std::copy(head.begin(), head.end(), frame.begin() + 14);
  for (unsigned i = 0; i < 4; i++)
    frame[30 + i] = static_cast<std::uint8_t>(destination >> (24 - 8 * i));
  std::uint32_t sum = 0;
  for (unsigned i = 14; i < 34; i += 2)
    sum += static_cast<std::uint32_t>(frame[i] << 8 | frame[i + 1]);
  sum = ~((sum & 0xffff) + (sum >> 16));
  frame[24] = static_cast<std::uint8_t>(sum >> 8);
  frame[25] = static_cast<std::uint8_t>(sum);
  return frame;
}

Packet arp(std::uint16_t operation, std::uint32_t sender, std::uint32_t target) {
  const auto frame = write_arp({operation, kHost, Mac{}, sender, target}, kHost, kBroadcast);
  return {frame.begin(), frame.end()};
}

class Network : public testing::Test {
 protected:
  Side side(std::optional<std::uint32_t> gateway = std::nullopt) {
    return {{kOurs, {kUs, 24}, gateway}, [this](ConstBytes frame) {
              if (full_) return false;
              sent_.emplace_back(frame.begin(), frame.end());
              return true;
            }};
  }

  std::vector<Packet> sent_;
  bool full_ = false;
};

TEST(TlemOptions, Understood) {
  const auto config = parse(
      {"-i", "vale0:a",   "-i", "vale0:b",   "-B",          "10M", "-B",      "20M", "-D", "5ms",
       "-O", "10us",      "-d", "2ms",       "-P",          "-H",  "-C",      "0,1", "-s", "/tmp/x",
       "-M", "1G,1s,1ms", "-r", "--address", "10.0.0.1/24", "-G",  "10.0.0.2"});
  EXPECT_EQ(config->link.settings(0).bandwidth.bits_per_second, 1e7);
  EXPECT_EQ(config->link.settings(1).bandwidth.bits_per_second, 2e7);
  EXPECT_EQ(config->link.settings(1).delay.low, 5e6);
  EXPECT_EQ(config->link.text(), "B 10M 20M D 5ms");
  EXPECT_EQ(config->punctuality.offset_ns, 10'000u);
  EXPECT_EQ(config->punctuality.lag_ns, 2 * kMillisecond);
  EXPECT_TRUE(config->punctuality.drop_late && config->huge_pages && config->route);
  EXPECT_EQ(config->cpus, (std::vector<int>{0, 1}));
  EXPECT_FALSE(config->client());
  EXPECT_TRUE(parse({"-s", "/tmp/x", "-D", "1ms"})->client());
}

TEST(TlemOptions, Refused) {
  const std::vector<std::string> ports{"-i", "vale0:a", "-i", "vale0:b"};
  const std::vector<std::vector<std::string>> wrong{{"-a"},
                                                    {"-M", "1G,1s,1s"},
                                                    {"-s", "x", "-M", "1G"},
                                                    {"-C", "1,2,3"},
                                                    {"-C", "x"},
                                                    {"-G", "10.0.0.1"},
                                                    {"--address", "10.0.0.1/24"},
                                                    {"-r", "-G", "10.0.0"},
                                                    {"-r", "--address", "10.0.0.1"},
                                                    {"-r", "--address", "10.0.0.1/33"},
                                                    {"-D", "5h"},
                                                    {"-D", "1", "-D", "2", "-D", "3"},
                                                    {"-d", "x"},
                                                    {"-i", "vale0:c"},
                                                    {"word"},
                                                    {"-s", "x", "-M", "1M,1s,1s"},
                                                    {"-s", "x", "-M", "1M,1s,1s", "-B", "2M"}};
  for (const auto& words : wrong) {
    auto all = ports;
    all.insert(all.end(), words.begin(), words.end());
    EXPECT_THROW(parse(all), apps::UsageError) << words.front();
  }
  EXPECT_THROW(parse({"-s", "x", "-a", "-D", "1"}), apps::UsageError);
  EXPECT_THROW(parse({"-s", "x", "-r"}), apps::UsageError);
  EXPECT_THROW(parse({}), apps::UsageError);
}

TEST(TlemOptions, MaximaHold) {
  const Maxima maxima = Maxima::parse("10M,1s,2ms");
  const auto check = [&](std::initializer_list<std::pair<char, const char*>> options) {
    LinkOptions link;
    for (const auto& [letter, value] : options) link.add(letter, value);
    maxima.check(link);
  };
  EXPECT_NO_THROW(check({{'B', "10M"}, {'D', "uniform,1ms,1s"}, {'R', "const,0.1,2ms"}}));
  EXPECT_THROW(check({{'D', "1ms"}}), apps::UsageError);
  EXPECT_THROW(check({{'B', "1M"}, {'B', "11M"}}), apps::UsageError);
  EXPECT_THROW(check({{'B', "1M"}, {'D', "exp,1ms,2s"}}), apps::UsageError);
  EXPECT_THROW(check({{'B', "1M"}, {'R', "const,0.1,3ms"}}), apps::UsageError);
}

TEST(TlemOptions, LaterOnesReplace) {
  LinkOptions link, change;
  link.add('B', "1M");
  link.add('D', "1ms");
  change.add('D', "2ms");
  change.add('D', "3ms");
  link.merge(change);
  EXPECT_EQ(link.lines(), "B 1M\nD 2ms\nD 3ms\n");
}

TEST_F(Network, AnswersWhoAsks) {
  Side us = side();
  Packet request = arp(Arp::kRequest, kThem, kUs);
  EXPECT_EQ(us.receive(request, 0), Side::Fate::kOurs);
  ASSERT_EQ(sent_.size(), 1u);
  const auto reply = read_arp(sent_[0]);
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->operation, Arp::kReply);
  EXPECT_EQ(reply->sender, kOurs);
  EXPECT_EQ(reply->sender_address, kUs);
  EXPECT_EQ(reply->target, kHost);
  EXPECT_EQ(reply->target_address, kThem);
  EXPECT_EQ(destination_of(sent_[0]), kHost);
  // Whoever asked is known: a packet to it goes at once.
  Packet packet = ipv4(kOurs, kThem, 9);
  EXPECT_TRUE(us.send(packet, 1));
  ASSERT_EQ(sent_.size(), 2u);
  EXPECT_EQ(destination_of(sent_[1]), kHost);
}

TEST_F(Network, IsSilentAboutOthers) {
  Side us = side();
  Packet request = arp(Arp::kRequest, kThem, kGateway);
  EXPECT_EQ(us.receive(request, 0), Side::Fate::kOurs);
  EXPECT_TRUE(sent_.empty());
}

TEST_F(Network, PassesOnWhatIsToBeRouted) {
  Side us = side();
  Packet packet = ipv4(kOurs, kFar, 64);
  EXPECT_EQ(us.receive(packet, 0), Side::Fate::kOnward);
  EXPECT_EQ(Packet(packet), ipv4(kOurs, kFar, 63)) << "one hop less, and the sum of that";
  for (Packet dropped :
       {ipv4(kOther, kFar, 64), ipv4(kOurs, kUs, 64), ipv4(kOurs, kFar, 1), Packet(60), Packet(5)})
    EXPECT_EQ(us.receive(dropped, 0), Side::Fate::kDropped);
  packet[25] ^= 1;
  EXPECT_EQ(us.receive(packet, 0), Side::Fate::kDropped) << "a wrong checksum";
}

TEST_F(Network, AsksAndWaits) {
  Side us = side();
  for (int i = 0; i < 3; i++) {
    Packet packet = ipv4(kOurs, kThem, 9);
    EXPECT_TRUE(us.send(packet, static_cast<std::uint64_t>(i)));
  }
  ASSERT_EQ(sent_.size(), 1u) << "one question for three packets";
  EXPECT_EQ(read_arp(sent_[0])->target_address, kThem);
  EXPECT_EQ(destination_of(sent_[0]), kBroadcast);
  Packet reply = arp(Arp::kReply, kThem, kUs);
  us.receive(reply, 10);
  EXPECT_EQ(sent_.size(), 4u);
  EXPECT_EQ(us.unreachable(), 0u);
}

TEST_F(Network, GivesUp) {
  Side us = side();
  Packet packet = ipv4(kOurs, kThem, 9);
  us.send(packet, 0);
  us.expire(Side::kSecond);
  EXPECT_EQ(sent_.size(), 2u) << "asked again";
  us.expire(Side::kPatience + 1);
  EXPECT_EQ(us.unreachable(), 1u);
  for (std::size_t i = 0; i < Side::kWaiting + 5; i++) us.send(packet, 2 * Side::kPatience);
  EXPECT_EQ(us.unreachable(), 6u);
}

TEST_F(Network, GatewayIsForTheRest) {
  Side us = side(kGateway), lonely = side();
  Packet packet = ipv4(kOurs, kFar, 9);
  us.send(packet, 0);
  ASSERT_EQ(sent_.size(), 1u);
  EXPECT_EQ(read_arp(sent_[0])->target_address, kGateway);
  EXPECT_TRUE(lonely.send(packet, 0));
  EXPECT_EQ(lonely.unreachable(), 1u);
  Packet broadcast = ipv4(kOurs, 0x0a0000ff, 9);
  EXPECT_TRUE(us.send(broadcast, 0));
  EXPECT_EQ(us.unreachable(), 1u);
}

TEST_F(Network, KeepsWhatHasNoRoom) {
  Side us = side();
  Packet request = arp(Arp::kRequest, kThem, kUs);
  us.receive(request, 0);
  full_ = true;
  Packet packet = ipv4(kOurs, kThem, 9);
  EXPECT_FALSE(us.send(packet, 0));
  EXPECT_EQ(us.unreachable(), 0u);
}

TEST_F(Network, ManyNeighboursDoNotFillMemory) {
  Side us({kOurs, {kUs, 8}, std::nullopt}, [](ConstBytes) { return true; });
  for (std::uint32_t i = 0; i < Side::kNeighbours + 10; i++) {
    Packet packet = ipv4(kOurs, 0x0a010000 + i, 9);
    us.send(packet, i);
  }
  EXPECT_EQ(us.unreachable(), 10u);
}

TEST(TlemIdentity, OfTheCommandLine) {
  Config config;
  config.addresses = {{kUs, 24}, {0x0a000101, 24}};
  config.gateways = {0x0a0001fe};
  const auto who = identities(config, {"vale0:a", "vale0:b"});
  EXPECT_FALSE(who[0].gateway);
  EXPECT_EQ(who[1].gateway, 0x0a0001feu);
  EXPECT_NE(who[0].mac, who[1].mac);
  config.gateways.push_back(0x0a0001fd);
  EXPECT_THROW(identities(config, {"vale0:a", "vale0:b"}), apps::UsageError);
  config.gateways = {kFar};
  EXPECT_THROW(identities(config, {"vale0:a", "vale0:b"}), apps::UsageError);
  config.gateways.clear();
  config.addresses = {{kUs, 16}, {0x0a000101, 24}};
  EXPECT_THROW(identities(config, {"vale0:a", "vale0:b"}), apps::UsageError);
  config.addresses.pop_back();
  EXPECT_THROW(identities(config, {"vale0:a", "vale0:b"}), apps::UsageError);
  EXPECT_EQ(identities(config, {"vale0:a", "lo"})[1].subnet.address, 0x7f000001u);
}

class TlemSession : public testing::Test {
 protected:
  const std::string path_ = testing::TempDir() + "tlem-" + std::to_string(::getpid());
};

TEST_F(TlemSession, AsksAndAnswers) {
  std::string heard;
  const Server server(path_, [&](const std::string& request) {
    heard = request;
    return Answer{request != "no", "text"};
  });
  for (const char* request : {"yes", "no"}) {
    std::thread serving([&] { server.serve(); });
    const Answer answer = ask(path_, request);
    serving.join();
    EXPECT_EQ(heard, request);
    EXPECT_EQ(answer.ok, heard == "yes");
    EXPECT_EQ(answer.text, "text");
  }
}

TEST_F(TlemSession, OneServerAndNoOtherFile) {
  const auto handler = [](const std::string&) { return Answer{}; };
  {
    const Server server(path_, handler);
    EXPECT_THROW(Server(path_, handler), std::runtime_error);
  }
  EXPECT_THROW(ask(path_, "show"), std::runtime_error);
  std::ofstream(path_) << "mine";
  EXPECT_THROW(Server(path_, handler), std::runtime_error);
  EXPECT_TRUE(std::ifstream(path_).good());
  ::unlink(path_.c_str());
  EXPECT_THROW(Server(std::string(200, 'x'), handler), apps::UsageError);
}

TEST(PacketStore, ReusesAndGrows) {
  for (const bool huge : {false, true}) {
    apps::PacketStore store(huge);
    const auto first = store.take(1500);
    EXPECT_EQ(first.size(), 1500u);
    const std::size_t mapped = store.mapped();
    store.give(first);
    EXPECT_EQ(store.take(1100).data(), first.data()) << "the same size class";
    EXPECT_NE(store.take(1500).data(), first.data());
    EXPECT_EQ(store.mapped(), mapped);
    const auto big = store.take(std::size_t{3} << 20);
    big.back() = 1;
    EXPECT_GT(store.mapped(), mapped);
    EXPECT_THROW(std::ignore = store.take(std::size_t{1} << 40), std::bad_alloc);
  }
}

}  // namespace
}  // namespace tlem
