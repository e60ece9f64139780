#include "config/load.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "config/sample_collectors.h"

namespace netstack {
namespace {

using Lines = std::vector<std::string>;

// A file of the test's own, gone with it.
class ConfigFile {
 public:
  explicit ConfigFile(const std::string& text)
      : path_(testing::TempDir() + "netstack_" +
              testing::UnitTest::GetInstance()->current_test_info()->name() + ".yml") {
    std::ofstream(path_, std::ios::binary) << text;
  }
  ~ConfigFile() { std::filesystem::remove(path_); }
  ConfigFile(const ConfigFile&) = delete;
  ConfigFile& operator=(const ConfigFile&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

Assignment Setting(const std::string& name, Lines values) {
  return {.flag = "--" + name, .collector = "", .name = name, .values = std::move(values)};
}

Assignment Option(const std::string& collector, const std::string& name, Lines values) {
  return {.flag = "--collector." + collector + "." + name,
          .collector = collector,
          .name = name,
          .values = std::move(values)};
}

Lines Load(const ConfigSources& sources, Config& config) {
  Lines lines;
  for (const Error& error : LoadConfig(kSampleCollectors, sources, config)) {
    lines.push_back(error.Describe());
  }
  return lines;
}

TEST(LoadConfig, FlagsWinOverTheFile) {
  const ConfigFile file(
      "web: {max-requests: 1, telemetry-path: /file, listen-address: [\":1\", \":2\"]}\n"
      "collectors: {link: {enabled: true, max-series: 1, tier: core}, sockets: {enabled: true}}\n");
  Config config;
  ASSERT_EQ(Load({.file = file.path(),
                  .assignments = {Setting("web.max-requests", {"2"}),
                                  Setting("web.listen-address", {":3"}),
                                  Option("link", "max-series", {"5"}),
                                  Option("link", "enabled", {"false"})}},
                 config),
            Lines{});
  EXPECT_EQ(config.web.max_requests, 2);
  EXPECT_EQ(config.web.telemetry_path, "/file");
  EXPECT_EQ(config.web.listen_addresses, Lines{":3"});
  EXPECT_FALSE(config.collectors.at("link").enabled);
  EXPECT_EQ(config.collectors.at("link").max_series, 5);
  EXPECT_EQ(config.collectors.at("link").options.Text("tier"), "core");
  EXPECT_TRUE(config.collectors.at("sockets").enabled);
}

TEST(LoadConfig, DisableDefaultsWinsOverTheFileAndYieldsToFlags) {
  const ConfigFile file("collectors: {link: {enabled: true}, sockets: {enabled: true}}\n");
  Config config;
  ASSERT_EQ(Load({.file = file.path(),
                  .disable_defaults = true,
                  .assignments = {Option("sockets", "enabled", {"true"})}},
                 config),
            Lines{});
  EXPECT_FALSE(config.collectors.at("link").enabled);
  EXPECT_TRUE(config.collectors.at("sockets").enabled);
}

TEST(LoadConfig, ErrorsLeaveTheOldConfigurationInForce) {
  const ConfigFile file("web: {max-requests: many}\n");
  Config config = DefaultConfig(kSampleCollectors);
  config.web.max_requests = 3;
  const Config before = config;
  EXPECT_EQ(Load({.file = file.path(), .assignments = {Setting("log.level", {"loud"})}}, config),
            (Lines{file.path() + " line 1 column 21: web.max-requests: not a whole number between "
                                 "0 and 1000000: 'many'",
                   "--log.level: not one of debug, info, warn, error: 'loud'"}));
  EXPECT_EQ(config, before);
}

TEST(LoadConfig, SaysThatTheFileIsNotThere) {
  Config config;
  const std::string path = testing::TempDir() + "netstack_no_such_file.yml";
  EXPECT_EQ(Load({.file = path}, config), Lines{path + ": open: No such file or directory"});
  EXPECT_EQ(Load({.file = testing::TempDir()}, config),
            Lines{testing::TempDir() + ": read: Is a directory"});
}

TEST(LoadConfig, RefusesIncludeTogetherWithExclude) {
  Config config;
  EXPECT_EQ(
      Load({.assignments = {Setting("devices.include", {"a"}), Setting("devices.exclude", {"b"})}},
           config),
      Lines{"configuration: devices.include and devices.exclude are both set: choose one"});
  const ConfigFile file("collectors: {link: {device-include: a}}\n");
  EXPECT_EQ(
      Load({.file = file.path(), .assignments = {Option("link", "device-exclude", {"b"})}}, config),
      Lines{"configuration: collector link: device-include and device-exclude are both set: choose "
            "one"});
  EXPECT_EQ(Load({.file = file.path(),
                  .assignments = {Option("link", "device-include", {""}),
                                  Option("link", "device-exclude", {"b"})}},
                 config),
            Lines{});
  EXPECT_EQ(Load({.assignments = {Setting("devices.kinds-include", {"veth"}),
                                  Setting("devices.kinds-exclude", {"veth"})}},
                 config),
            Lines{"configuration: devices.kinds-include and devices.kinds-exclude are both set: "
                  "choose one"});
}

TEST(LoadConfig, RefusesADeadlineWithNothingLeft) {
  Config config;
  EXPECT_EQ(Load({.assignments = {Setting("scrape.timeout", {"1s"}),
                                  Setting("scrape.timeout-margin", {"1s"})}},
                 config),
            Lines{"configuration: scrape.timeout-margin leaves nothing of scrape.timeout"});
}

TEST(LoadConfig, RefusesACollectorWithoutTime) {
  Config config;
  for (const char* name : {"scrape.collector-timeout", "scrape.blocking-timeout"}) {
    EXPECT_EQ(Load({.assignments = {Setting(name, {"0"})}}, config),
              Lines{"configuration: scrape.collector-timeout and scrape.blocking-timeout must not "
                    "be 0"});
  }
}

TEST(LoadConfig, RefusesNothingToListenOn) {
  const ConfigFile file("web: {listen-address: []}\n");
  Config config;
  EXPECT_EQ(Load({.file = file.path()}, config),
            Lines{"configuration: web.listen-address is empty: nothing to listen on"});
  EXPECT_EQ(
      Load({.file = file.path(), .assignments = {Setting("web.listen-address", {":1"})}}, config),
      Lines{});
}

TEST(DeviceConfigFor, TheCollectorsOwnExpressionsReplaceTheSharedOnes) {
  const DeviceConfig shared = {.include = "",
                               .exclude = "lo",
                               .kinds_include = {},
                               .kinds_exclude = {"dummy"},
                               .container_ports = true};
  const Config defaults = DefaultConfig(kSampleCollectors);
  EXPECT_EQ(DeviceConfigFor(defaults.collectors.at("link"), shared), shared);
  EXPECT_EQ(DeviceConfigFor(defaults.collectors.at("sockets"), shared), shared);
  CollectorConfig link = defaults.collectors.at("link");
  ASSERT_EQ(link.options.Set("device-include", "eth0"), "");
  DeviceConfig expected = shared;
  expected.include = "eth0";
  expected.exclude = "";
  EXPECT_EQ(DeviceConfigFor(link, shared), expected);
}

}  // namespace
}  // namespace netstack
