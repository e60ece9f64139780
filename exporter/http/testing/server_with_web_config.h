#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "exporter/http/server.h"
#include "exporter/http/testing/tls_client.h"

namespace netstack::testing {

// A running server whose web configuration changes when a test writes another name into its file.
// The file holds no more than the name of a configuration in `configs_`, so that the parser is not
// needed here; a name that is not there stands for a broken file.
class ServerWithWebConfig : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(::testing::TempDir()) / ("web." + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  static Response SayWhetherKnown(const Request& request) {
    return TextResponse(200, request.authenticated ? "known" : "anybody");
  }

  void Write(const std::string& content) {
    // Renamed into place like an editor does, so that the inode changes.
    std::ofstream(folder_ / "new") << content;
    std::filesystem::rename(folder_ / "new", folder_ / "web.yml");
  }

  Result<std::unique_ptr<Server>> TryStart(const std::string& content) {
    Write(content);
    ServerOptions options;
    options.listen_addresses = {"127.0.0.1:0"};
    options.web_config_file = folder_ / "web.yml";
    options.load_web_config = [this](const std::string& path) -> Result<WebConfig> {
      std::string name;
      std::ifstream(path) >> name;
      const auto found = configs_.find(name);
      if (found != configs_.end()) return found->second;
      return Error{.kind = ErrorKind::kInvalid, .path = "web.yml", .what = "no such: " + name};
    };
    options.log = [this](HttpLogLevel level, std::string_view message) {
      const std::lock_guard lock(log_mutex_);
      if (level != HttpLogLevel::kDebug) log_.emplace_back(message);
    };
    return Server::Start(std::move(options), SayWhetherKnown);
  }

  void Start(const std::string& content) {
    auto server = TryStart(content);
    ASSERT_TRUE(server) << server.error().Describe();
    server_ = *std::move(server);
    address_ = server_->addresses().at(0);
  }

  static WebConfig WithTls(const Identity& identity) {
    WebConfig config;
    config.tls.enabled = true;
    config.tls.cert_pem = identity.certificate;
    config.tls.key_pem = identity.key;
    return config;
  }

  std::filesystem::path folder_;
  std::map<std::string, WebConfig> configs_ = {{"plain", {}}};
  std::mutex log_mutex_;
  std::vector<std::string> log_;
  std::unique_ptr<Server> server_;
  std::string address_;
};

}  // namespace netstack::testing
