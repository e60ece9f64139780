#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "collectors/catalog.h"
#include "config/load.h"
#include "config/small_file.h"
#include "config/yaml_config.h"

namespace netstack {
namespace {

const std::string kFile = std::string(NETSTACK_SOURCE_DIR) + "/config/netstack_exporter.yml";

TEST(CommittedDefaultFile, IsWhatTheTablesSay) {
  const std::string expected = DefaultYaml(Catalog());
  if (std::getenv("NETSTACK_UPDATE") != nullptr) {
    std::ofstream(kFile, std::ios::binary) << expected;
  }
  const auto text = ReadSmallFile(kFile);
  ASSERT_TRUE(text.ok()) << text.error().Describe();
  EXPECT_EQ(*text, expected) << "To write it anew, run this test with NETSTACK_UPDATE=1.";
}

TEST(CommittedDefaultFile, ChangesNothing) {
  Config config;
  for (const Error& error : LoadConfig(Catalog(), {.file = kFile}, config)) {
    ADD_FAILURE() << error.Describe();
  }
  EXPECT_EQ(config, DefaultConfig(Catalog()));
}

}  // namespace
}  // namespace netstack
