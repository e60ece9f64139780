// A file of the kernel that does not answer: a FIFO without a writer stands for it.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>

#include "tests/contract/made_host.h"
#include "tests/golden/catalog_run.h"
#include "tests/oracle/text_page.h"

namespace netstack {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(HungFile, CostsOneCollectorItsDeadlineAndNothingElse) {
  const MadeHost host({});
  auto expected = CatalogRun(host.kernel(), {}).Round().states;
  const std::string file = host.PathOf("proc/self/net/softnet_stat");
  std::filesystem::rename(file, file + ".good");
  ASSERT_EQ(mkfifo(file.c_str(), 0600), 0);

  CatalogRun run(host.kernel(), {.collector_timeout = std::chrono::seconds(2)});
  for (int i = 0; i < 2; ++i) {
    const CatalogRound round = run.Round();
    // The rest is for how long, and in which call.
    const std::string state = round.states.at("softnet");
    EXPECT_THAT(state, testing::StartsWith("timeout: softnet: no answer for "));
    EXPECT_THAT(state, testing::EndsWith("its thread is in openat of " +
                                         host.PathOf("proc/net/softnet_stat")));
    expected["softnet"] = state;
    EXPECT_EQ(round.states, expected);
    EXPECT_EQ(ParseTextPage(round.text).fault, "");
    EXPECT_THAT(round.text, Not(HasSubstr("\nnetstack_softnet_")));
    EXPECT_THAT(round.text, HasSubstr("\nnetstack_path_blind{path=\"receive\",stage=\"backlog\","
                                      "reason=\"timeout\"} 1\n"));
  }

  // It answers again: the reader finds the end of the FIFO, and the file in its place.
  const int writer = open(file.c_str(), O_WRONLY | O_NONBLOCK);
  ASSERT_GE(writer, 0);
  std::filesystem::rename(file + ".good", file);
  close(writer);
  expected["softnet"] = "ok";
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  CatalogRound round = run.Round();
  while (round.states != expected && std::chrono::steady_clock::now() < give_up) {
    round = run.Round();
  }
  EXPECT_EQ(round.states, expected);
}

}  // namespace
}  // namespace netstack
