#pragma once

#include <sys/stat.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "config/web_config.h"
#include "exporter/http/log.h"
#include "exporter/http/tls_context.h"
#include "kernel/result.h"

namespace netstack {

// A web configuration that was read and found good, with the TLS context made from it.
struct LiveWebConfig {
  WebConfig config;
  TlsContext tls;  // Null without TLS.
};

// Keeps the web configuration current: it is read again when the file, or one that it names, has
// another time, inode or size than when it was read. Thread-safe.
class WebConfigWatch {
 public:
  using Load = std::function<Result<WebConfig>(const std::string& path)>;

  // Reads `path` once; an empty path is the configuration without any settings.
  static Result<std::unique_ptr<WebConfigWatch>> Create(std::string path, Load load, HttpLog log);

  // The configuration as of now; null while it is broken. A change between the two is logged once.
  std::shared_ptr<const LiveWebConfig> Current();

  // TLS is switched on or off at start only.
  bool tls_at_start() const { return tls_at_start_; }

 private:
  struct Identity {
    bool exists = false;
    dev_t device = 0;
    ino_t inode = 0;
    off_t size = 0;
    timespec changed{};
    bool operator==(const Identity& other) const;
  };

  WebConfigWatch(std::string path, Load load, HttpLog log);
  static Identity Identify(const std::string& path);
  std::vector<Identity> IdentifyAll() const;
  Result<std::shared_ptr<const LiveWebConfig>> Read() const;
  Status Reload();
  void LogChange(const Status& status);

  const std::string path_;
  const Load load_;
  const HttpLog log_;
  bool tls_at_start_ = false;
  std::mutex mutex_;
  std::vector<std::string> files_;  // path_ and what it names.
  std::vector<Identity> identities_;
  std::shared_ptr<const LiveWebConfig> current_;
  bool broken_ = false;
  std::string last_error_;
};

}  // namespace netstack
