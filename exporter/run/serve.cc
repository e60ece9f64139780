#include "exporter/run/serve.h"

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <utility>

#include "collectors/catalog.h"
#include "config/load.h"
#include "config/web_config.h"
#include "exporter/http/server.h"
#include "exporter/log/logger.h"
#include "exporter/log/state_log.h"
#include "exporter/run/bpf_programs.h"
#include "exporter/run/collection.h"
#include "exporter/run/print_errors.h"
#include "exporter/run/site.h"
#include "exporter/run/start_memory.h"
#include "exporter/self/build.h"
#include "exporter/self/self_metrics.h"
#include "kernel/bpf/host.h"
#include "kernel/capabilities.h"

namespace netstack {
namespace {

constexpr std::chrono::seconds kLeastPatience(10);

// To be called before any thread is made: they all inherit the mask, and the signals wait for
// sigwait() here.
sigset_t BlockSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, number);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

LogLevel LevelOf(HttpLogLevel level) {
  switch (level) {
    case HttpLogLevel::kDebug:
      return LogLevel::kDebug;
    case HttpLogLevel::kInfo:
      return LogLevel::kInfo;
    case HttpLogLevel::kWarn:
      return LogLevel::kWarn;
    case HttpLogLevel::kError:
      break;
  }
  return LogLevel::kError;
}

// The running exporter.
class Daemon {
 public:
  Daemon(const CommandLine& line, const Config& config)
      : line_(line),
        logger_(sink_, config.log.level, config.log.format),
        states_(logger_, "collector") {}

  int Run(const Config& config, const sigset_t& signals);

 private:
  KernelSource Source() const {
    return {.replay = line_.options.Text("kernel.replay"), .bpf = bpf_.get()};
  }
  Status Start(const Config& config);
  void Reload();
  bool Listen(const Config& config);

  const CommandLine& line_;
  FdLogSink sink_{STDERR_FILENO};
  Logger logger_;
  StateLog states_;
  SelfMetrics self_;
  std::unique_ptr<BpfHost> bpf_ = MakeBpfHost();  // Outlives what is collected with it.
  std::unique_ptr<Site> site_;
  std::unique_ptr<Server> server_;
  WebListenConfig listening_;
};

Status Daemon::Start(const Config& config) {
  auto collection = Collection::Make(config, Source(), &self_, &states_);
  if (!collection) return collection.error();
  site_ = std::make_unique<Site>(*std::move(collection), self_);
  self_.ConfigLoaded(true);
  return {};
}

bool Daemon::Listen(const Config& config) {
  listening_ = config.web;
  auto server = Server::Start(
      {.listen_addresses = config.web.listen_addresses,
       .max_requests = static_cast<int>(config.web.max_requests),
       .web_config_file = config.web.config_file,
       .load_web_config = LoadWebConfig,
       .log = [this](HttpLogLevel level,
                     std::string_view message) { logger_.Log(LevelOf(level), message, {}); },
       .guard = {}},
      [this](const Request& request) { return site_->Answer(request); });
  if (!server) {
    logger_.Error("Cannot serve", {{"err", server.error().Describe()}});
    return false;
  }
  server_ = *std::move(server);
  for (const std::string& address : server_->addresses()) {
    logger_.Info("Listening", {{"address", address}, {"tls", server_->has_tls()}});
  }
  return true;
}

void Daemon::Reload() {
  Config config;
  const std::vector<Error> errors = LoadConfig(Catalog(), line_.sources, config);
  for (const Error& error : errors) {
    logger_.Error("Configuration refused; the former one stays in force",
                  {{"err", error.Describe()}});
  }
  if (!errors.empty()) {
    self_.ConfigLoaded(false);
    return;
  }
  UsePrograms(config, *bpf_);
  auto collection = Collection::Make(config, Source(), &self_, &states_);
  if (!collection) {
    logger_.Error("Configuration refused", {{"err", collection.error().Describe()}});
    self_.ConfigLoaded(false);
    return;
  }
  if (config.web.listen_addresses != listening_.listen_addresses ||
      config.web.config_file != listening_.config_file ||
      config.web.max_requests != listening_.max_requests) {
    logger_.Warn("Addresses, web configuration file and max-requests change at a restart only");
  }
  logger_.Configure(config.log.level, config.log.format);
  site_->Replace(*std::move(collection));
  self_.ConfigLoaded(true);
  logger_.Info("Configuration loaded");
  ReturnStartMemory();
}

int Daemon::Run(const Config& config, const sigset_t& signals) {
  logger_.Info("Starting netstack_exporter", {{"version", kVersion}, {"revision", kRevision}});
  logger_.Info("HTTP server", {{"can", DescribeHttpServer()}});
  if (geteuid() == 0) {
    logger_.Warn(
        "Running as root, which no collector needs; use an unprivileged user, with "
        "CAP_BPF and CAP_PERFMON for eBPF");
  }
  UsePrograms(config, *bpf_);
  LogPrograms(*bpf_, logger_);
  // CAP_NET_ADMIN can change all of the network: it is kept by those who were given it on purpose.
  const bool asks_ctnetlink = IsOn("conntrack", config) && geteuid() != 0;
  // No thread is there yet, so this holds for all of them.
  if (Status dropped = DropCapabilities({.ports_and_files = true,
                                         .namespaces = IsOn("netns", config),
                                         .connection_tracking = asks_ctnetlink});
      !dropped) {
    logger_.Warn("Capabilities are kept", {{"err", dropped.error().Describe()}});
  }
  if (Status started = Start(config); !started) {
    logger_.Error("Cannot start", {{"err", started.error().Describe()}});
    return EXIT_FAILURE;
  }
  if (!Listen(config)) return EXIT_FAILURE;
  ReturnStartMemory();
  for (;;) {
    int signal = 0;
    if (sigwait(&signals, &signal) != 0) continue;
    if (signal != SIGHUP) break;
    Reload();
  }
  logger_.Info("Stopping");
  // A scrape that has begun may take its time; ten seconds are for slow readers.
  server_->Stop(std::max<std::chrono::milliseconds>(
      kLeastPatience,
      std::chrono::duration_cast<std::chrono::milliseconds>(site_->ScrapeTimeout())));
  logger_.Info("Stopped");
  return EXIT_SUCCESS;
}

}  // namespace

int Serve(const CommandLine& line) {
  const sigset_t signals = BlockSignals();
  Config config;
  if (const auto errors = LoadConfig(Catalog(), line.sources, config); !errors.empty()) {
    return PrintErrors(errors);
  }
  Daemon daemon(line, config);
  return daemon.Run(config, signals);
}

}  // namespace netstack
