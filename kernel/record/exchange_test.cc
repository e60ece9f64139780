#include "kernel/record/exchange.h"

#include <gtest/gtest.h>

#include <string>

namespace netstack {
namespace {

std::span<const std::byte> AsBytes(std::string_view text) {
  return std::as_bytes(std::span(text));
}

const Exchange::Request kRequest = {
    .protocol = 0, .type = 18, .flags = 0x300, .payload = AsBytes("payload")};

// All that a replay says, as text.
std::string Told(const Exchange& exchange) {
  std::string out;
  const Status status = exchange.Replay(
      "file",
      [&out](const NetlinkMessage& message) {
        out += std::to_string(message.type) + "/" + std::to_string(message.flags) + "=" +
               std::string(reinterpret_cast<const char*>(message.payload.data()),
                           message.payload.size()) +
               " ";
      },
      [&out] { out += "restart "; });
  return out + (status ? "done" : status.error().Describe());
}

Exchange Sample(const Status& end) {
  Exchange exchange(kRequest);
  exchange.AddMessage({.type = 16, .flags = 18, .payload = AsBytes("torn")});
  exchange.AddRestart();
  exchange.AddMessage({.type = 16, .flags = 2, .payload = AsBytes("one")});
  exchange.AddMessage({.type = 17, .flags = 0, .payload = {}});
  exchange.AddEnd(end);
  return exchange;
}

TEST(Exchange, TellsAgainWhatWasAdded) {
  EXPECT_EQ(Told(Exchange(Sample({}).bytes())), "16/18=torn restart 16/2=one 17/0= done");
}

TEST(Exchange, KeepsErrorsOfEveryKind) {
  for (const ErrorKind kind :
       {ErrorKind::kAbsent, ErrorKind::kNoPermission, ErrorKind::kUnsupported,
        ErrorKind::kMalformed, ErrorKind::kTimeout, ErrorKind::kIo, ErrorKind::kInvalid}) {
    Exchange exchange(kRequest);
    exchange.AddEnd(Error{.kind = kind, .path = "netlink route", .what = "request 18: no"});
    const Status told = exchange.Replay("file", [](const NetlinkMessage&) {}, {});
    ASSERT_FALSE(told);
    EXPECT_EQ(told.error().kind, kind);
    EXPECT_EQ(told.error().Describe(), "netlink route: request 18: no");
  }
}

TEST(Exchange, AnswersItsOwnRequestOnly) {
  const Exchange exchange = Sample({});
  EXPECT_TRUE(exchange.Answers(kRequest));
  for (const Exchange::Request& other : {
           Exchange::Request{1, 18, 0x300, AsBytes("payload")},
           Exchange::Request{0, 19, 0x300, AsBytes("payload")},
           Exchange::Request{0, 18, 0x301, AsBytes("payload")},
           Exchange::Request{0, 18, 0x300, AsBytes("payloaf")},
           Exchange::Request{0, 18, 0x300, AsBytes("payloa")},
       }) {
    EXPECT_FALSE(exchange.Answers(other));
    EXPECT_NE(Exchange::FileName(other), Exchange::FileName(kRequest));
  }
}

TEST(Exchange, NamesFilesTheSameOnEveryBuild) {
  EXPECT_EQ(Exchange::FileName(kRequest), "route/0ce24406c5f638ec.bin");
}

TEST(Exchange, SaysThatItIsCutAtWhateverByte) {
  const std::string whole = Sample({}).bytes();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Status told =
        Exchange(whole.substr(0, size)).Replay("file", [](const NetlinkMessage&) {}, {});
    ASSERT_FALSE(told) << size;
    EXPECT_EQ(told.error().kind, ErrorKind::kMalformed) << size;
  }
}

}  // namespace
}  // namespace netstack
