#include "config/yaml_config.h"

#include <gtest/gtest.h>

#include "config/sample_collectors.h"

namespace netstack {
namespace {

using Lines = std::vector<std::string>;
using namespace std::chrono_literals;  // NOLINT: literals

Lines ErrorsOf(std::string_view text) {
  ConfigDraft draft(kSampleCollectors);
  Lines lines;
  for (const Error& error : ApplyYaml("f.yml", text, draft)) {
    EXPECT_EQ(error.kind, ErrorKind::kInvalid);
    lines.push_back(error.Describe());
  }
  return lines;
}

Config ConfigOf(std::string_view text) {
  ConfigDraft draft(kSampleCollectors);
  for (const Error& error : ApplyYaml("f.yml", text, draft)) ADD_FAILURE() << error.Describe();
  return draft.Build();
}

TEST(ApplyYaml, AnEmptyFileMeansTheDefaults) {
  for (const std::string_view text : {"", "# nothing\n", "web:\ncollectors:\n  link:\n", "{}"}) {
    EXPECT_EQ(ConfigOf(text), DefaultConfig(kSampleCollectors)) << text;
  }
}

TEST(ApplyYaml, SetsWhatItSays) {
  const Config config = ConfigOf(R"(
log: {level: DEBUG, format: json}
web:
  listen-address: ["127.0.0.1:0", "[::1]:9100", unix:/run/netstack.sock]
  telemetry-path: /m
  max-requests: 0
  config-file: web.yml
  disable-exporter-metrics: true
path: {procfs: /host/proc, sysfs: /host/sys, rootfs: /host}
scrape: {timeout: 1m, timeout-margin: 0, collector-timeout: 1.5s, blocking-timeout: 4s}
devices:
  include: ^(eth|ens)[0-9]+$
  kinds-exclude: [veth, dummy]
  container-ports: true
collectors:
  link:
    enabled: false
    max-series: 7
    device-exclude: lo
    raw: true
    tier: all
    age: 1s
    fields: []
    prefix: 5
  sockets: {enabled: true}
)");
  Config expected = DefaultConfig(kSampleCollectors);
  expected.log = {.level = LogLevel::kDebug, .format = LogFormat::kJson};
  expected.web = {.listen_addresses = {"127.0.0.1:0", "[::1]:9100", "unix:/run/netstack.sock"},
                  .telemetry_path = "/m",
                  .max_requests = 0,
                  .config_file = "web.yml",
                  .disable_exporter_metrics = true};
  expected.path = {.procfs = "/host/proc", .sysfs = "/host/sys", .rootfs = "/host"};
  expected.scrape = {
      .timeout = 60s, .timeout_margin = 0s, .collector_timeout = 1500ms, .blocking_timeout = 4s};
  expected.devices = {.include = "^(eth|ens)[0-9]+$",
                      .exclude = "",
                      .kinds_include = {},
                      .kinds_exclude = {"veth", "dummy"},
                      .container_ports = true};
  CollectorConfig& link = expected.collectors.at("link");
  link.enabled = false;
  link.max_series = 7;
  ASSERT_EQ(link.options.Set("device-exclude", "lo"), "");
  ASSERT_EQ(link.options.Set("raw", "true"), "");
  ASSERT_EQ(link.options.Set("tier", "all"), "");
  ASSERT_EQ(link.options.Set("age", "1s"), "");
  ASSERT_EQ(link.options.SetList("fields", {}), "");
  ASSERT_EQ(link.options.Set("prefix", "5"), "");
  expected.collectors.at("sockets").enabled = true;
  EXPECT_EQ(config, expected);
}

TEST(ApplyYaml, NamesUnknownKeysAndTheNearestKnownOne) {
  EXPECT_EQ(ErrorsOf("wev:\n"),
            Lines{"f.yml line 1 column 1: unknown key 'wev'; did you mean 'web'?"});
  EXPECT_EQ(ErrorsOf("web:\n  listen_address: []\n"),
            Lines{"f.yml line 2 column 3: unknown key 'web.listen_address'; did you mean "
                  "'listen-address'?"});
  EXPECT_EQ(ErrorsOf("collectors:\n  lnik: {}\n"),
            Lines{"f.yml line 2 column 3: unknown key 'collectors.lnik'; did you mean 'link'?"});
  EXPECT_EQ(ErrorsOf("collectors:\n  link:\n    max-serie: 1\n"),
            Lines{"f.yml line 3 column 5: unknown key 'collectors.link.max-serie'; did you mean "
                  "'max-series'?"});
  EXPECT_EQ(ErrorsOf("log:\n  zzzzzz: 1\n"),
            Lines{"f.yml line 2 column 3: unknown key 'log.zzzzzz'"});
  EXPECT_EQ(ErrorsOf("\"a\\nb\": 1\n"), Lines{"f.yml line 1 column 1: unknown key 'a\\x0ab'"});
}

TEST(ApplyYaml, RefusesWrongTypes) {
  EXPECT_EQ(ErrorsOf("- a\n"),
            Lines{"f.yml line 1 column 1: the file: expected a mapping, found a list"});
  EXPECT_EQ(ErrorsOf("web: 5\n"),
            Lines{"f.yml line 1 column 6: web: expected a mapping, found a single value"});
  EXPECT_EQ(ErrorsOf("web:\n  max-requests: [1]\n"),
            Lines{"f.yml line 2 column 17: web.max-requests: expected a whole number between 0 and "
                  "1000000, found a list"});
  EXPECT_EQ(ErrorsOf("web:\n  max-requests: \"5\"\n"),
            Lines{"f.yml line 2 column 17: web.max-requests: expected a whole number between 0 and "
                  "1000000, found a text in quotes"});
  EXPECT_EQ(
      ErrorsOf("web:\n  disable-exporter-metrics: yes\n"),
      Lines{"f.yml line 2 column 29: web.disable-exporter-metrics: not true or false: 'yes'"});
  EXPECT_EQ(ErrorsOf("path:\n  procfs:\n"),
            Lines{"f.yml line 2 column 3: path.procfs: expected a text, found nothing"});
  EXPECT_EQ(ErrorsOf("web:\n  listen-address: :9100\n"),
            Lines{"f.yml line 2 column 19: web.listen-address: expected a list of texts, found a "
                  "single value"});
  EXPECT_EQ(ErrorsOf("web:\n  listen-address: [[a]]\n"),
            Lines{"f.yml line 2 column 20: web.listen-address: expected a list of texts, found a "
                  "list in it"});
}

TEST(ApplyYaml, RefusesValuesOutOfRange) {
  EXPECT_EQ(ErrorsOf("web:\n  max-requests: -1\n"),
            Lines{"f.yml line 2 column 17: web.max-requests: not a whole number between 0 and "
                  "1000000: '-1'"});
  EXPECT_EQ(ErrorsOf("scrape:\n  timeout: 10\n"),
            Lines{"f.yml line 2 column 12: scrape.timeout: not a duration such as 10s or 1m30s: "
                  "'10'"});
  EXPECT_EQ(ErrorsOf("log:\n  level: loud\n"),
            Lines{"f.yml line 2 column 10: log.level: not one of debug, info, warn, error: "
                  "'loud'"});
  EXPECT_EQ(ErrorsOf("web:\n  telemetry-path: metrics\n"),
            Lines{"f.yml line 2 column 19: web.telemetry-path: does not begin with '/': "
                  "'metrics'"});
  EXPECT_EQ(ErrorsOf("web:\n  listen-address: [\":1\", \"::1:80\"]\n"),
            Lines{"f.yml line 2 column 19: web.listen-address: an IPv6 address stands between [ "
                  "and ]: '::1:80'"});
}

TEST(ApplyYaml, ReportsEveryErrorInTheOrderOfTheFile) {
  EXPECT_EQ(ErrorsOf("log:\n  level: loud\nfoo: 1\nlog:\n  format: json\n"),
            (Lines{"f.yml line 2 column 10: log.level: not one of debug, info, warn, error: 'loud'",
                   "f.yml line 3 column 1: unknown key 'foo'",
                   "f.yml line 4 column 1: duplicate key 'log'"}));
}

TEST(ApplyYaml, StopsReportingAtTwenty) {
  std::string text;
  for (int i = 1; i <= 20; ++i) text += "x" + std::to_string(i) + ": 1\n";
  EXPECT_EQ(ErrorsOf(text).size(), 20U);
  EXPECT_EQ(ErrorsOf(text).back(), "f.yml line 20 column 1: unknown key 'x20'");
  text += "y: 1\n";
  EXPECT_EQ(ErrorsOf(text).size(), 20U);
  EXPECT_EQ(ErrorsOf(text).back(), "f.yml line 20 column 1: and 2 errors more from here on");
}

TEST(DefaultYaml, ReadsBackAsTheDefaults) {
  EXPECT_EQ(ConfigOf(DefaultYaml(kSampleCollectors)), DefaultConfig(kSampleCollectors));
}

TEST(DefaultYaml, WritesEveryKeyOnce) {
  const std::string yaml = DefaultYaml(kSampleCollectors);
  for (const std::string_view line :
       {"log:\n", "  # Log messages of this level and above. One of debug, info, warn, error.\n",
        "  level: info\n", "  listen-address: [\":10417\"]\n", "  kinds-include: []\n",
        "  # Devices.\n  link:\n", "    enabled: true\n",
        "    # Everything as the driver says it.\n    raw: false\n", "    fields: [\"a\", \"b\"]\n",
        "    prefix: \"say \\\"\\\\\\\"\"\n", "  sockets:\n", "    enabled: false\n"}) {
    const std::size_t at = yaml.find(line);
    EXPECT_NE(at, std::string::npos) << line;
    EXPECT_EQ(yaml.find(line, at + 1), std::string::npos) << line;
  }
}

TEST(DefaultYaml, CutAnywhereItLoadsOrSaysWhereItIsBroken) {
  const std::string yaml = DefaultYaml(kSampleCollectors);
  std::size_t loaded = 0;
  for (std::size_t length = 0; length <= yaml.size(); ++length) {
    ConfigDraft draft(kSampleCollectors);
    const std::vector<Error> errors = ApplyYaml("f.yml", yaml.substr(0, length), draft);
    if (errors.empty()) ++loaded;
    for (const Error& error : errors) {
      EXPECT_EQ(error.path, "f.yml") << length;
      EXPECT_NE(error.line, 0U) << length;
      EXPECT_NE(error.column, 0U) << length;
    }
  }
  EXPECT_GT(loaded, 0U);
  EXPECT_LT(loaded, yaml.size());
}

TEST(DefaultYaml, WithAnyByteDamagedNeverCrashes) {
  const std::string yaml = DefaultYaml(kSampleCollectors);
  for (const char damage : {'\0', '\n', ' ', ':', '"', '[', '}', '&', '*', '!', '\xff'}) {
    for (std::size_t i = 0; i < yaml.size(); i += 7) {
      std::string damaged = yaml;
      damaged[i] = damage;
      ConfigDraft draft(kSampleCollectors);
      for (const Error& error : ApplyYaml("f.yml", damaged, draft)) {
        EXPECT_NE(error.line, 0U) << error.Describe();
      }
    }
  }
}

}  // namespace
}  // namespace netstack
