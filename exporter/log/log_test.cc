#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <limits>
#include <mutex>
#include <thread>
#include <vector>

#include "exporter/log/logger.h"
#include "exporter/log/state_log.h"

namespace netstack {
namespace {

using Lines = std::vector<std::string>;

class MemorySink : public LogSink {
 public:
  void Write(std::string_view line) override {
    const std::lock_guard lock(mutex_);
    lines_.emplace_back(line);
  }
  Lines Take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(lines_, {});
  }

 private:
  std::mutex mutex_;
  Lines lines_;
};

std::chrono::system_clock::time_point SomeTime() {
  return std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + std::chrono::hours(3) +
         std::chrono::minutes(35) + std::chrono::milliseconds(50'873);
}

std::string Logfmt(std::string_view message, Logger::Fields fields = {}) {
  std::string out;
  AppendLogfmt({.time = SomeTime(), .message = message, .fields = fields}, out);
  return out;
}

std::string Json(std::string_view message, Logger::Fields fields = {}) {
  std::string out;
  AppendJson({.time = SomeTime(), .message = message, .fields = fields}, out);
  return out;
}

constexpr std::string_view kLogfmtHead = "ts=2026-11-22T03:35:50.873Z level=info ";
constexpr std::string_view kJsonHead = "{\"ts\":\"2026-11-22T03:35:50.873Z\",\"level\":\"info\",";

std::string AsLogfmt(std::string_view rest) {
  return std::string(kLogfmtHead) + std::string(rest);
}
std::string AsJson(std::string_view rest) {
  return std::string(kJsonHead) + std::string(rest);
}

TEST(AppendLogfmt, QuotesWhatIsNotPlain) {
  EXPECT_EQ(Logfmt("Listening on", {{"address", "[::]:10417"}, {"tls", false}}),
            AsLogfmt("msg=\"Listening on\" address=[::]:10417 tls=false\n"));
  EXPECT_EQ(Logfmt("x", {{"a", ""}, {"b", "c=d"}, {"e", "say \"x\""}, {"f", "\\"}}),
            AsLogfmt("msg=x a=\"\" b=\"c=d\" e=\"say \\\"x\\\"\" f=\"\\\\\"\n"));
  EXPECT_EQ(Logfmt("x", {{"gr\u00fc\u00df", "dich"}, {"a b=\n", 1}, {"u", "\u00fc"}}),
            AsLogfmt("msg=x gr____=dich a_b__=1 u=\"\u00fc\"\n"));
}

TEST(AppendLogfmt, WritesNumbersInFull) {
  EXPECT_EQ(Logfmt("x", {{"a", std::numeric_limits<std::int64_t>::min()},
                         {"b", std::numeric_limits<std::uint64_t>::max()},
                         {"c", 0.25},
                         {"d", 7},
                         {"e", std::numeric_limits<double>::infinity()}}),
            AsLogfmt("msg=x a=-9223372036854775808 b=18446744073709551615 c=0.25 d=7 e=inf\n"));
}

TEST(AppendLogfmt, StaysOneLineWhateverTheTextsHold) {
  EXPECT_EQ(Logfmt("a\nts=forged level=info", {{"k", "\r\n\t\x1b[31m\x7f"}}),
            AsLogfmt("msg=\"a\\nts=forged level=info\" k=\"\\r\\n\\t\\u001b[31m\\u007f\"\n"));
  EXPECT_EQ(Logfmt(std::string_view("a\0b", 3), {{"k", "\xff\u009b\u2028"}}),
            AsLogfmt("msg=\"a\\u0000b\" k=\"\\ufffd\\u009b\\u2028\"\n"));
  std::string every_byte;
  for (int c = 0; c < 256; ++c) every_byte += static_cast<char>(c);
  const std::string line = Logfmt(every_byte, {{"k", every_byte}, {every_byte, "v"}});
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  EXPECT_TRUE(std::ranges::all_of(line.substr(0, line.size() - 1),
                                  [](char c) { return c >= ' ' && c < 0x7f; }));
}

TEST(AppendJson, IsOneObjectWithTypes) {
  EXPECT_EQ(Json("Listening on", {{"address", "[::]:10417"}, {"tls", true}, {"n", 5}, {"r", 0.5}}),
            AsJson("\"msg\":\"Listening on\",\"address\":\"[::]:10417\",\"tls\":true,\"n\":5,"
                   "\"r\":0.5}\n"));
  EXPECT_EQ(
      Json("a\n\"\\", {{"k\"", "\x01\xff"}, {"nan", std::numeric_limits<double>::infinity()}}),
      AsJson("\"msg\":\"a\\n\\\"\\\\\",\"k\\\"\":\"\\u0001\\ufffd\",\"nan\":\"inf\"}\n"));
}

TEST(AppendLogfmt, WritesTimesBefore1970) {
  std::string out;
  AppendLogfmt({.time = std::chrono::system_clock::time_point(std::chrono::milliseconds(-1)),
                .message = "x",
                .fields = {}},
               out);
  EXPECT_EQ(out, "ts=1969-12-31T23:59:59.999Z level=info msg=x\n");
}

TEST(Logger, WritesWhatIsAtLeastAsImportantAsItsLevel) {
  MemorySink sink;
  Logger logger(sink, LogLevel::kWarn, LogFormat::kLogfmt, SomeTime);
  const auto log_all = [&] {
    logger.Debug("d");
    logger.Info("i");
    logger.Warn("w");
    logger.Error("e", {{"k", "v"}});
  };
  log_all();
  EXPECT_EQ(sink.Take(), (Lines{"ts=2026-11-22T03:35:50.873Z level=warn msg=w\n",
                                "ts=2026-11-22T03:35:50.873Z level=error msg=e k=v\n"}));
  EXPECT_FALSE(logger.Enabled(LogLevel::kInfo));
  EXPECT_TRUE(logger.Enabled(LogLevel::kWarn));
  logger.Configure(LogLevel::kDebug, LogFormat::kJson);
  log_all();
  const Lines lines = sink.Take();
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[0], "{\"ts\":\"2026-11-22T03:35:50.873Z\",\"level\":\"debug\",\"msg\":\"d\"}\n");
}

TEST(Logger, LinesOfSeveralThreadsDoNotMix) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  FdLogSink sink(ends[1]);
  const Logger logger(sink, LogLevel::kInfo, LogFormat::kLogfmt, SomeTime);
  constexpr int kThreads = 4;
  constexpr int kLines = 100;
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&logger, t] {
      for (int i = 0; i < kLines; ++i) logger.Info("hello world", {{"thread", t}, {"line", i}});
    });
  }
  for (std::thread& thread : threads) thread.join();
  close(ends[1]);
  std::string text;
  char buffer[4096];
  for (ssize_t n; (n = read(ends[0], buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(n));
  }
  close(ends[0]);
  std::map<std::string, int> seen;
  for (std::size_t begin = 0, end; (end = text.find('\n', begin)) != std::string::npos;
       begin = end + 1) {
    ++seen[text.substr(begin, end - begin)];
  }
  ASSERT_EQ(seen.size(), static_cast<std::size_t>(kThreads * kLines));
  for (int t = 0; t < kThreads; ++t) {
    for (int i = 0; i < kLines; ++i) {
      EXPECT_EQ(seen[AsLogfmt("msg=\"hello world\" thread=" + std::to_string(t) +
                              " line=" + std::to_string(i))],
                1);
    }
  }
}

TEST(FdLogSink, GivesUpOnABrokenDescriptor) {
  FdLogSink sink(-1);
  sink.Write("lost\n");
}

class StateLogTest : public testing::Test {
 protected:
  void Report(std::string_view subject, std::string_view word, std::string_view detail = {}) {
    states_.Report(subject, {.word = word, .good = word == "ok", .detail = detail});
  }
  // What was logged since the last call, without time and message.
  Lines Logged() {
    Lines lines = sink_.Take();
    for (std::string& line : lines) {
      const std::string head = "ts=2026-11-22T03:35:50.873Z level=";
      EXPECT_TRUE(line.starts_with(head));
      line = line.substr(head.size(), line.size() - head.size() - 1);
      const std::string message = " msg=\"State changed\"";
      const std::size_t at = line.find(message);
      EXPECT_NE(at, std::string::npos);
      line.erase(at, message.size());
    }
    return lines;
  }

  MemorySink sink_;
  Logger logger_{sink_, LogLevel::kInfo, LogFormat::kLogfmt, SomeTime};
  StateLog states_{logger_, "collector"};
};

TEST_F(StateLogTest, WhatIsGoodFromTheStartIsSilent) {
  for (int i = 0; i < 3; ++i) Report("softnet", "ok");
  EXPECT_EQ(Logged(), Lines{});
  logger_.Configure(LogLevel::kDebug, LogFormat::kLogfmt);
  Report("link", "ok");
  EXPECT_EQ(Logged(), Lines{"debug collector=link state=ok before=unknown"});
}

TEST_F(StateLogTest, AFailureIsLoggedOncePerChangeOfState) {
  Report("softnet", "ok");
  for (int i = 0; i < 3; ++i) Report("softnet", "failed", "line 3: not hex " + std::to_string(i));
  EXPECT_EQ(Logged(), Lines{"warn collector=softnet state=failed before=ok detail=\"line 3: not "
                            "hex 0\""});
  Report("softnet", "timeout");
  Report("softnet", "timeout");
  EXPECT_EQ(Logged(), Lines{"warn collector=softnet state=timeout before=failed"});
  Report("softnet", "ok");
  Report("softnet", "ok");
  EXPECT_EQ(Logged(), Lines{"info collector=softnet state=ok before=timeout"});
}

TEST_F(StateLogTest, SubjectsDoNotMix) {
  Report("softnet", "failed");
  Report("link", "failed");
  Report("softnet", "failed");
  EXPECT_EQ(Logged(), (Lines{"warn collector=softnet state=failed before=unknown",
                             "warn collector=link state=failed before=unknown"}));
}

TEST_F(StateLogTest, TheCallerChoosesHowBadItIs) {
  states_.Report("xfrm", {.word = "absent", .good = false, .level = LogLevel::kInfo});
  states_.Report("web.yml", {.word = "refused", .good = false, .level = LogLevel::kError});
  EXPECT_EQ(Logged(), (Lines{"info collector=xfrm state=absent before=unknown",
                             "error collector=web.yml state=refused before=unknown"}));
}

TEST_F(StateLogTest, WhatIsForgottenStartsAnew) {
  Report("eth0", "failed");
  states_.Forget("eth0");
  states_.Forget("never seen");
  Report("eth0", "failed");
  EXPECT_EQ(Logged().size(), 2U);
}

}  // namespace
}  // namespace netstack
