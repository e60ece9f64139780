#include "exporter/http/web_config_watch.h"

#include <algorithm>
#include <utility>

namespace netstack {

bool WebConfigWatch::Identity::operator==(const Identity& other) const {
  return exists == other.exists && device == other.device && inode == other.inode &&
         size == other.size && changed.tv_sec == other.changed.tv_sec &&
         changed.tv_nsec == other.changed.tv_nsec;
}

WebConfigWatch::WebConfigWatch(std::string path, Load load, HttpLog log)
    : path_(std::move(path)), load_(std::move(load)), log_(std::move(log)), files_{path_} {}

Result<std::unique_ptr<WebConfigWatch>> WebConfigWatch::Create(std::string path, Load load,
                                                               HttpLog log) {
  std::unique_ptr<WebConfigWatch> watch(
      new WebConfigWatch(std::move(path), std::move(load), std::move(log)));
  if (watch->path_.empty()) {
    watch->current_ = std::make_shared<const LiveWebConfig>();
    return watch;
  }
  if (Status status = watch->Reload(); !status) return status.error();
  watch->tls_at_start_ = watch->current_->config.tls.enabled;
  return watch;
}

std::shared_ptr<const LiveWebConfig> WebConfigWatch::Current() {
  if (path_.empty()) return current_;  // Never changes.
  const std::lock_guard lock(mutex_);
  if (IdentifyAll() != identities_) LogChange(Reload());
  return current_;
}

WebConfigWatch::Identity WebConfigWatch::Identify(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return {};
  return {.exists = true,
          .device = status.st_dev,
          .inode = status.st_ino,
          .size = status.st_size,
          .changed = status.st_ctim};
}

std::vector<WebConfigWatch::Identity> WebConfigWatch::IdentifyAll() const {
  std::vector<Identity> identities;
  identities.reserve(files_.size());
  for (const std::string& file : files_) identities.push_back(Identify(file));
  return identities;
}

Result<std::shared_ptr<const LiveWebConfig>> WebConfigWatch::Read() const {
  Result<WebConfig> config = load_(path_);
  if (!config) return config.error();
  auto live = std::make_shared<LiveWebConfig>();
  live->config = *std::move(config);
  if (live->config.tls.enabled) {
    Result<TlsContext> tls = MakeTlsContext(live->config.tls, path_);
    if (!tls) return tls.error();
    live->tls = *std::move(tls);
  }
  return std::shared_ptr<const LiveWebConfig>(std::move(live));
}

Status WebConfigWatch::Reload() {
  // Looked at before reading, so that a write in between is seen the next time.
  const std::vector<Identity> before = IdentifyAll();
  Result<std::shared_ptr<const LiveWebConfig>> live = Read();
  identities_ = before;
  if (!live) {
    current_ = nullptr;
    return live.error();
  }
  current_ = *std::move(live);
  std::vector<std::string> files = {path_};
  const auto& named = current_->config.tls.files;
  files.insert(files.end(), named.begin(), named.end());
  if (files != files_) {
    files_ = std::move(files);
    identities_ = IdentifyAll();
  }
  return {};
}

void WebConfigWatch::LogChange(const Status& status) {
  const std::string error = status ? std::string() : status.error().Describe();
  const bool changed = broken_ != !status || error != last_error_;
  broken_ = !status;
  last_error_ = error;
  if (!log_ || !changed) return;
  if (!status) {
    log_(HttpLogLevel::kError, "web configuration is broken, requests fail until mended: " + error);
    return;
  }
  log_(HttpLogLevel::kInfo, "web configuration is good again");
  if (current_->config.tls.enabled != tls_at_start_) {
    log_(HttpLogLevel::kWarn, "web configuration: TLS is switched on or off at start only");
  }
}

}  // namespace netstack
