#include "kernel/netlink/conversation.h"

#include <gtest/gtest.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <deque>
#include <string>

#include "kernel/netlink/attribute.h"
#include "kernel/netlink/builder.h"

namespace netstack {
namespace {

std::string Bytes(const void* data, std::size_t size) {
  return {static_cast<const char*>(data), size};
}

std::string Int(int value) {
  return Bytes(&value, sizeof value);
}

// One message of an answer; `age` is how many requests ago it was asked for.
struct Part {
  std::uint16_t type;
  std::uint16_t flags = 0;
  std::string payload = {};
  std::uint32_t age = 0;
};

struct Step {
  int error = 0;
  std::vector<Part> parts = {};
  std::string raw = {};  // Instead of parts.
};

// A kernel that answers with the next step of a script whatever is asked.
class ScriptedWire : public NetlinkWire {
 public:
  struct Log {
    std::vector<nlmsghdr> sent;
    int resets = 0;
  };
  ScriptedWire(std::deque<Step> script, Log& log) : script_(std::move(script)), log_(log) {}

  int Send(std::span<const std::byte> datagram) override {
    nlmsghdr header;
    EXPECT_TRUE(ReadHeader(datagram, header));
    EXPECT_EQ(header.nlmsg_len, datagram.size());
    log_.sent.push_back(header);
    return 0;
  }

  Received Receive(std::span<std::byte> buffer) override {
    if (script_.empty()) return {.error = EAGAIN};
    Step& step = script_.front();
    if (step.error != 0) {
      const int error = step.error;
      script_.pop_front();
      return {.error = error};
    }
    std::string datagram = step.raw;
    for (const Part& part : step.parts) datagram += Message(part);
    std::memcpy(buffer.data(), datagram.data(), std::min(buffer.size(), datagram.size()));
    script_.pop_front();
    return {.size = datagram.size()};
  }

  int Reset() override {
    ++log_.resets;
    return 0;
  }

 private:
  std::string Message(const Part& part) const {
    const nlmsghdr header = {
        .nlmsg_len = static_cast<std::uint32_t>(sizeof header + part.payload.size()),
        .nlmsg_type = part.type,
        .nlmsg_flags = part.flags,
        .nlmsg_seq = log_.sent.back().nlmsg_seq - part.age,
        .nlmsg_pid = 4711};
    std::string out = Bytes(&header, sizeof header) + part.payload;
    out.resize(NetlinkPadded(out.size()));
    return out;
  }

  std::deque<Step> script_;
  Log& log_;
};

constexpr std::uint16_t kObject = RTM_NEWLINK;

class ConversationTest : public testing::Test {
 protected:
  void Script(std::deque<Step> script) {
    port_ = std::make_unique<NetlinkConversation>(
        NETLINK_ROUTE, std::make_unique<ScriptedWire>(std::move(script), log_));
  }
  Status Ask(std::uint16_t flags) {
    return port_->Request(
        RTM_GETLINK, flags, {},
        [this](const NetlinkMessage& message) {
          seen_.emplace_back(Bytes(message.payload.data(), message.payload.size()));
        },
        [this] {
          ++restarts_;
          seen_.clear();
        });
  }
  Status Dump() { return Ask(NLM_F_DUMP); }

  ScriptedWire::Log log_;
  std::unique_ptr<NetlinkConversation> port_;
  std::vector<std::string> seen_;
  int restarts_ = 0;
};

using Seen = std::vector<std::string>;

TEST_F(ConversationTest, ReadsADumpUntilDoneThoughItsPartsCarryNoMultiFlag) {
  Script({{.parts = {{kObject, 0, "aaaa"}}},
          {.parts = {{kObject, 0, "bbbb"}, {NLMSG_NOOP}, {kObject, 0, "cc"}}},
          {.parts = {{NLMSG_DONE, NLM_F_MULTI, Int(0)}}}});
  ASSERT_TRUE(Dump());
  EXPECT_EQ(seen_, (Seen{"aaaa", "bbbb", "cc"}));
  ASSERT_EQ(log_.sent.size(), 1u);
  EXPECT_EQ(log_.sent[0].nlmsg_flags, NLM_F_REQUEST | NLM_F_DUMP);
}

TEST_F(ConversationTest, ReadsASingleAnswerUntilItsAcknowledgement) {
  Script({{.parts = {{kObject, 0, "aaaa"}}},
          {.parts = {{NLMSG_ERROR, NLM_F_CAPPED, Int(0) + std::string(16, '\0')}}}});
  ASSERT_TRUE(Ask(0));
  EXPECT_EQ(seen_, (Seen{"aaaa"}));
  EXPECT_EQ(log_.sent[0].nlmsg_flags, NLM_F_REQUEST | NLM_F_ACK);
}

TEST_F(ConversationTest, AsksAgainWhenADumpWasInterrupted) {
  Script({{.parts = {{kObject, NLM_F_DUMP_INTR, "aaaa"}, {kObject, 0, "bbbb"}}},
          {.parts = {{NLMSG_DONE, 0, Int(0)}}},
          {.parts = {{kObject, 0, "cccc"}, {NLMSG_DONE, 0, Int(0)}}}});
  ASSERT_TRUE(Dump());
  EXPECT_EQ(seen_, (Seen{"cccc"}));
  EXPECT_EQ(restarts_, 1);
  EXPECT_EQ(log_.resets, 1) << "the first answer was read to its end: the socket is clean";
}

TEST_F(ConversationTest, GivesUpAfterAFewInterruptions) {
  std::deque<Step> script;
  for (int i = 0; i < 20; ++i) {
    script.push_back({.parts = {{NLMSG_DONE, NLM_F_DUMP_INTR, Int(0)}}});
  }
  Script(std::move(script));
  const Status asked = Dump();
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().kind, ErrorKind::kIo);
  EXPECT_NE(asked.error().Describe().find("changed while they were listed"), std::string::npos);
  EXPECT_EQ(log_.sent.size(), 4u);
}

TEST_F(ConversationTest, AsksAgainOnAFreshSocketWhenMessagesWereLost) {
  Script({{.parts = {{kObject, 0, "aaaa"}}},
          {.error = ENOBUFS},
          {.parts = {{kObject, 0, "bbbb"}, {NLMSG_DONE, 0, Int(0)}}}});
  ASSERT_TRUE(Dump());
  EXPECT_EQ(seen_, (Seen{"bbbb"}));
  EXPECT_EQ(log_.resets, 2);
}

TEST_F(ConversationTest, GrowsItsBufferForALargerDatagram) {
  const Part large = {kObject, 0, std::string(100000, 'x')};
  Script({{.parts = {large}}, {.parts = {large, {NLMSG_DONE, 0, Int(0)}}}});
  ASSERT_TRUE(Dump());
  EXPECT_EQ(seen_, (Seen{large.payload}));
}

TEST_F(ConversationTest, TimesOutAndSkipsTheLateAnswerAfterwards) {
  Script({{.parts = {{kObject, 0, "aaaa"}}},
          {.error = EAGAIN},
          {.parts = {{kObject, 0, "late", 1}, {NLMSG_DONE, 0, Int(0), 1}}},
          {.parts = {{NLMSG_ERROR, 0, Int(-EIO) + std::string(16, '\0'), 1}}},
          {.parts = {{kObject, 0, "mine"}, {NLMSG_DONE, 0, Int(0)}}}});
  const Status first = Dump();
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().kind, ErrorKind::kTimeout);
  EXPECT_EQ(first.error().path, "netlink route");
  seen_.clear();
  ASSERT_TRUE(Dump());
  EXPECT_EQ(seen_, (Seen{"mine"}));
}

std::string ExtendedAck(std::string_view text) {
  NetlinkBuilder builder;
  builder.AddText(NLMSGERR_ATTR_MSG, text);
  return Bytes(builder.payload().data(), builder.payload().size());
}

TEST_F(ConversationTest, CarriesTheKernelsOwnWordsInAnError) {
  const std::string capped(16, '\0');
  Script({{.parts = {{NLMSG_ERROR, NLM_F_CAPPED | NLM_F_ACK_TLVS,
                      Int(-EPERM) + capped + ExtendedAck("not for you")}}}});
  const Status asked = Ask(0);
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().kind, ErrorKind::kNoPermission);
  EXPECT_EQ(asked.error().Describe(),
            "netlink route: request 18: Operation not permitted (not for you)");
}

TEST_F(ConversationTest, FindsTheWordsBehindAnUncappedCopyOfTheRequest) {
  nlmsghdr copy = {
      .nlmsg_len = 24, .nlmsg_type = 0, .nlmsg_flags = 0, .nlmsg_seq = 0, .nlmsg_pid = 0};
  Script(
      {{.parts = {{NLMSG_ERROR, NLM_F_ACK_TLVS,
                   Int(-ENODEV) + Bytes(&copy, sizeof copy) + "payload." + ExtendedAck("gone")}}}});
  const Status asked = Ask(0);
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().kind, ErrorKind::kAbsent);
  EXPECT_EQ(asked.error().what, "request 18: No such device (gone)");
}

TEST_F(ConversationTest, SeesTheErrorInsideDone) {
  Script({{.parts = {{kObject, 0, "aaaa"},
                     {NLMSG_DONE, NLM_F_ACK_TLVS, Int(-EOPNOTSUPP) + ExtendedAck("no stats")}}}});
  const Status asked = Dump();
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().kind, ErrorKind::kUnsupported);
  EXPECT_NE(asked.error().what.find("(no stats)"), std::string::npos);
}

TEST_F(ConversationTest, TakesACountInsideDoneForSuccess) {
  Script({{.parts = {{NLMSG_DONE, 0, Int(7)}}}, {.parts = {{NLMSG_DONE}}}});
  EXPECT_TRUE(Dump());
  EXPECT_TRUE(Dump()) << "and so is a done message without any number";
}

TEST_F(ConversationTest, RefusesWhatIsNotNetlink) {
  std::string longer(16, '\0');
  longer[0] = 17;
  for (const std::string& raw : {std::string("short"), std::string(16, '\0'), longer}) {
    Script({{.raw = raw}});
    const Status asked = Dump();
    ASSERT_FALSE(asked);
    EXPECT_EQ(asked.error().kind, ErrorKind::kMalformed);
  }
}

TEST_F(ConversationTest, StopsWhenTheVisitorHasSeenEnough) {
  Script({{.parts = {{kObject, NLM_F_DUMP_INTR, "aaaa"}, {kObject, 0, "bbbb"}}},
          {.parts = {{kObject, 0, "cccc"}, {NLMSG_DONE, 0, Int(0)}}}});
  int visits = 0;
  ASSERT_TRUE(port_->Request(RTM_GETLINK, NLM_F_DUMP, {},
                             [&](const NetlinkMessage&) {
                               ++visits;
                               port_->Stop();
                             },
                             {}));
  EXPECT_EQ(visits, 1);
  EXPECT_EQ(log_.resets, 1);
  (void)Dump();
  EXPECT_EQ(log_.resets, 2) << "the rest of the answer is left behind with its socket";
}

TEST_F(ConversationTest, StartsAfreshWhenTheVisitorThrew) {
  Script({{.parts = {{kObject, 0, "aaaa"}, {NLMSG_DONE, 0, Int(0)}}},
          {.parts = {{kObject, 0, "bbbb"}, {NLMSG_DONE, 0, Int(0)}}}});
  EXPECT_THROW((void)port_->Request(RTM_GETLINK, NLM_F_DUMP, {},
                                    [](const NetlinkMessage&) { throw std::bad_alloc(); }, {}),
               std::bad_alloc);
  ASSERT_TRUE(Dump());
  EXPECT_EQ(seen_, (Seen{"bbbb"}));
  EXPECT_EQ(log_.resets, 2);
}

}  // namespace
}  // namespace netstack
