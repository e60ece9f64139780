#include "config/flags.h"

#include <gtest/gtest.h>

#include "config/sample_collectors.h"

namespace netstack {
namespace {

constexpr CommandLineSpec kSpec = {.program = "netstack_exporter",
                                   .summary = "Exports.",
                                   .version = "netstack_exporter 1.2.3",
                                   .collectors = kSampleCollectors,
                                   .subcommands = {}};

using Arguments = std::vector<std::string>;

CommandLineSpec SampleSpec() {
  CommandLineSpec spec = kSpec;
  spec.subcommands = Subcommands();
  return spec;
}

CommandLine LineOf(const Arguments& arguments) {
  Result<CommandLine> line = ParseCommandLine(SampleSpec(), arguments);
  if (line.ok()) return *line;
  ADD_FAILURE() << line.error().Describe();
  return {};
}

std::string ErrorOf(const Arguments& arguments) {
  const Result<CommandLine> line = ParseCommandLine(SampleSpec(), arguments);
  return line.ok() ? "no error" : line.error().Describe();
}

Config ConfigOf(const Arguments& arguments) {
  const CommandLine line = LineOf(arguments);
  Config config;
  for (const Error& error : LoadConfig(kSampleCollectors, line.sources, config)) {
    ADD_FAILURE() << error.Describe();
  }
  return config;
}

TEST(Flags, NoneMeansServeWithTheDefaults) {
  EXPECT_EQ(LineOf({}).subcommand, "serve");
  EXPECT_EQ(ConfigOf({}), DefaultConfig(kSampleCollectors));
}

TEST(Flags, AreSpelledAsNodeExportersAre) {
  const Config config = ConfigOf({"--web.listen-address=:1",
                                  "--web.listen-address",
                                  "[::]:2",
                                  "--web.telemetry-path=/m",
                                  "--web.max-requests=5",
                                  "--web.config.file=w.yml",
                                  "--web.disable-exporter-metrics",
                                  "--web.show-sockets",
                                  "--path.procfs=/host/proc",
                                  "--path.sysfs=/host/sys",
                                  "--path.rootfs=/host",
                                  "--log.level=WARN",
                                  "--log.format=json",
                                  "--collector.sockets",
                                  "--no-collector.link",
                                  "--collector.link.max-series=9",
                                  "--collector.link.device-exclude=^(lo|eth[0-9])$",
                                  "--collector.link.fields=x,y",
                                  "--collector.link.fields=[z]",
                                  "--devices.container-ports"});
  Config expected = DefaultConfig(kSampleCollectors);
  expected.web = {.listen_addresses = {":1", "[::]:2"},
                  .telemetry_path = "/m",
                  .max_requests = 5,
                  .config_file = "w.yml",
                  .disable_exporter_metrics = true,
                  .show_sockets = true};
  expected.path = {.procfs = "/host/proc", .sysfs = "/host/sys", .rootfs = "/host"};
  expected.log = {.level = LogLevel::kWarn, .format = LogFormat::kJson};
  expected.devices.container_ports = true;
  CollectorConfig& link = expected.collectors.at("link");
  link.enabled = false;
  link.max_series = 9;
  ASSERT_EQ(link.options.Set("device-exclude", "^(lo|eth[0-9])$"), "");
  ASSERT_EQ(link.options.SetList("fields", Arguments{"x,y", "[z]"}), "");
  expected.collectors.at("sockets").enabled = true;
  EXPECT_EQ(config, expected);
}

TEST(Flags, TakeEmptyAndAwkwardValues) {
  EXPECT_EQ(LineOf({"--config.file="}).sources.file, "");
  EXPECT_EQ(ConfigOf({"--web.config.file="}).web.config_file, "");
  EXPECT_EQ(ConfigOf({"--web.config.file", ""}).web.config_file, "");
  EXPECT_EQ(ConfigOf({"--web.config.file=serve"}).web.config_file, "serve");
  EXPECT_EQ(ConfigOf({"--web.config.file", "metrics"}).web.config_file, "metrics");
  EXPECT_EQ(ConfigOf({"--web.config.file=a=b="}).web.config_file, "a=b=");
  EXPECT_EQ(ConfigOf({"--web.config.file=[a,b]"}).web.config_file, "[a,b]");
  EXPECT_EQ(ConfigOf({"--web.config.file={}"}).web.config_file, "{}");
  EXPECT_EQ(ConfigOf({"--web.config.file=%%"}).web.config_file, "%%");
  EXPECT_EQ(ConfigOf({"--web.config.file=-x"}).web.config_file, "-x");
  EXPECT_EQ(ConfigOf({"--devices.include=[a-z]"}).devices.include, "[a-z]");
}

TEST(Flags, SayYesAndNo) {
  EXPECT_TRUE(ConfigOf({"--web.disable-exporter-metrics=true"}).web.disable_exporter_metrics);
  EXPECT_FALSE(ConfigOf({"--web.disable-exporter-metrics=false"}).web.disable_exporter_metrics);
  EXPECT_FALSE(ConfigOf({"--no-web.disable-exporter-metrics=true"}).web.disable_exporter_metrics);
  EXPECT_FALSE(ConfigOf({"--web.disable-exporter-metrics", "--no-web.disable-exporter-metrics"})
                   .web.disable_exporter_metrics);
  EXPECT_TRUE(ConfigOf({"--no-collector.link", "--collector.link"}).collectors.at("link").enabled);
}

TEST(Flags, NeitherYesNorNoIsRefusedWhenTheConfigurationIsLoaded) {
  Config config;
  const auto errors =
      LoadConfig(kSampleCollectors, LineOf({"--collector.link=maybe"}).sources, config);
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].Describe(), "--collector.link: not true or false: 'maybe'");
}

TEST(Flags, DisableDefaultsLeavesWhatAFlagNames) {
  const Config config = ConfigOf({"--collector.sockets", "--collector.disable-defaults"});
  EXPECT_FALSE(config.collectors.at("link").enabled);
  EXPECT_TRUE(config.collectors.at("sockets").enabled);
}

TEST(Flags, MayStandBeforeAndAfterTheSubcommand) {
  const CommandLine line = LineOf({"--log.level=debug", "metrics", "--path.procfs=/p"});
  EXPECT_EQ(line.subcommand, "metrics");
  ASSERT_EQ(line.sources.assignments.size(), 2U);
  EXPECT_EQ(line.sources.assignments[0].flag, "--log.level");
  EXPECT_EQ(line.sources.assignments[1].flag, "--path.procfs");
  EXPECT_EQ(LineOf({"reference"}).subcommand, "reference");
  EXPECT_EQ(LineOf({"serve"}).subcommand, "serve");
}

TEST(Flags, CheckConfigTakesAFile) {
  const CommandLine line = LineOf({"check-config", "a.yml"});
  EXPECT_EQ(line.subcommand, "check-config");
  EXPECT_EQ(line.arguments, Arguments{"a.yml"});
  EXPECT_EQ(ErrorOf({"check-config"}), "check-config: needs FILE");
  EXPECT_EQ(ErrorOf({"check-config", "a", "b"}), "command line: unexpected argument 'b'");
}

TEST(Flags, DoctorTakesTwoPagesOrNone) {
  EXPECT_EQ(LineOf({"doctor"}).arguments, Arguments{});
  EXPECT_EQ(LineOf({"doctor", "--json", "a", "b"}).arguments, (Arguments{"a", "b"}));
  EXPECT_EQ(LineOf({"doctor", "a", "--interval=5s", "b"}).arguments, (Arguments{"a", "b"}));
  EXPECT_EQ(ErrorOf({"doctor", "a"}), "doctor: needs FIRST SECOND");
  EXPECT_EQ(ErrorOf({"doctor", "a", "b", "c"}), "command line: unexpected argument 'c'");
}

TEST(Flags, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(ErrorOf({"--web.listen=:1"}), "command line: unknown flag '--web.listen'");
  EXPECT_EQ(ErrorOf({"--web.listen-adress=:1"}),
            "command line: unknown flag '--web.listen-adress'; did you mean "
            "'--web.listen-address'?");
  EXPECT_EQ(ErrorOf({"--collector.lnik"}),
            "command line: unknown flag '--collector.lnik'; did you mean '--collector.link'?");
  EXPECT_EQ(ErrorOf({"-x"}), "command line: unknown flag '-x'");
  EXPECT_EQ(ErrorOf({"metric"}),
            "command line: unexpected argument 'metric'; did you mean 'metrics'?");
  EXPECT_EQ(ErrorOf({"\x1b[31m"}), "command line: unexpected argument '\\x1b[31m'");
  EXPECT_NE(ErrorOf({"serve", "metrics"}), "no error");
  EXPECT_NE(ErrorOf({"--web.max-requests"}), "no error");
  EXPECT_NE(ErrorOf({"--web.max-requests=1", "--web.max-requests=2"}), "no error");
  EXPECT_NE(ErrorOf({"--collector.link="}), "no error");
}

TEST(Flags, ASubcommandMayHaveItsOwn) {
  static constexpr OptionSpec kOptions[] = {
      {.name = "interval",
       .kind = OptionSpec::Kind::kDuration,
       .default_value = "1s",
       .help = "How often."},
      {.name = "all", .kind = OptionSpec::Kind::kBool, .default_value = "false", .help = "All."},
      {.name = "port", .kind = OptionSpec::Kind::kList, .default_value = "", .help = "Ports."}};
  static constexpr Subcommand kSubcommands[] = {
      {.name = "serve", .help = "Serve."},
      {.name = "record", .help = "Record.", .options = kOptions, .argument = {}}};
  CommandLineSpec spec = kSpec;
  spec.subcommands = kSubcommands;
  using namespace std::chrono_literals;  // NOLINT: literals
  const auto line = ParseCommandLine(
      spec, Arguments{"record", "--interval=50ms", "--port=1", "--port=2", "--all"});
  ASSERT_TRUE(line.ok()) << line.error().Describe();
  EXPECT_EQ(line->options.Duration("interval"), 50ms);
  EXPECT_TRUE(line->options.Bool("all"));
  EXPECT_EQ(line->options.List("port").size(), 2U);
  const auto other = ParseCommandLine(spec, Arguments{"serve", "--interval=50ms"});
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().Describe(), "command line: unknown flag '--interval'");
  const auto bad = ParseCommandLine(spec, Arguments{"record", "--interval=soon"});
  ASSERT_FALSE(bad.ok());
  EXPECT_EQ(bad.error().Describe(), "--interval: not a duration such as 10s or 1m30s: 'soon'");
}

TEST(Flags, HelpListsEveryFlagAsAPersonTypesIt) {
  for (const Arguments& arguments :
       {Arguments{"-h"}, Arguments{"--help"}, Arguments{"check-config", "--help"}}) {
    EXPECT_EQ(LineOf(arguments).answer, HelpText(SampleSpec()));
  }
  const std::string help = HelpText(SampleSpec());
  for (const std::string_view line :
       {"usage: netstack_exporter [SUBCOMMAND] [FLAGS]\n", "  check-config FILE\n",
        "  -h, --help\n", "      --version\n", "      --config.file=\"\"\n",
        "      --web.listen-address=:10417 ...\n", "      --[no-]web.disable-exporter-metrics\n",
        "      --[no-]collector.disable-defaults\n", "      --[no-]collector.link\n",
        "      --collector.link.max-series=10000\n", "      --collector.sockets.max-series=10000\n",
        "      --[no-]collector.link.raw\n", "      --log.level=info\n"}) {
    EXPECT_NE(help.find(line), std::string::npos) << line;
  }
}

TEST(Flags, VersionIsAnswered) {
  EXPECT_EQ(LineOf({"--version"}).answer, "netstack_exporter 1.2.3\n");
  EXPECT_EQ(LineOf({"serve", "--version"}).answer, "netstack_exporter 1.2.3\n");
}

}  // namespace
}  // namespace netstack
