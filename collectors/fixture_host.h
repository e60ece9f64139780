#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/collector.h"
#include "collectors/device_policy.h"
#include "collectors/fallback.h"

namespace netstack {

// The samples as lines of the page: `name{label="value",...} 1`. Labels that do not apply are left
// out, as on the page; samples that the page hides are not, unless told.
inline std::vector<std::string> Lines(const Samples& samples, bool hidden = true) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < samples.families().size(); ++i) {
    const Family& family = samples.families()[i];
    samples.ForEach(i, [&](const Samples::View& sample) {
      if (!hidden && !IsPrinted(sample.visibility())) return;
      std::string labels;
      sample.ForEachLabel([&](std::size_t label, std::string_view value) {
        if (value.empty()) return;
        if (!labels.empty()) labels += ",";
        labels += std::string(family.labels[label]) + "=\"" + std::string(value) + "\"";
      });
      char number[32];
      const Number value = sample.value();
      std::snprintf(number, sizeof number, "%.17g", value.AsDouble());
      lines.push_back(std::string(family.name) + (labels.empty() ? "" : "{" + labels + "}") + " " +
                      (value.is_integer ? std::to_string(value.integer) : number));
    });
  }
  return lines;
}

// A collector of the catalog over a host of files: a copy of a fixture directory, to be changed by
// the test, or the real /proc and /sys. There is no netlink but what a test brings.
class FixtureHost {
 public:
  // `fixture` has proc/ and sys/ below it and is relative to the source directory; empty: an empty
  // host.
  explicit FixtureHost(const CollectorDeclaration& declaration, std::string_view fixture = {})
      : options_(declaration.options), samples_(declaration.families), declaration_(declaration) {
    char name[] = "/tmp/netstack_fixture_host.XXXXXX";
    directory_ = mkdtemp(name);
    if (!fixture.empty()) {
      std::filesystem::copy(std::filesystem::path(NETSTACK_SOURCE_DIR) / fixture, directory_,
                            std::filesystem::copy_options::recursive);
    }
    kernel_.roots = {
        .procfs = directory_ / "proc", .sysfs = directory_ / "sys", .rootfs = directory_};
  }
  ~FixtureHost() { std::filesystem::remove_all(directory_); }
  FixtureHost(const FixtureHost&) = delete;
  FixtureHost& operator=(const FixtureHost&) = delete;

  // Before the first round.
  void SetOption(std::string_view name, std::string_view value) {
    EXPECT_EQ(options_.Set(name, value), "");
  }
  void UseTheRealKernel() { kernel_.roots = {}; }
  // `source` must outlive the object.
  void UseNetlink(NetlinkSource& source) { netlink_.source = &source; }
  // Programs in the kernel; there are none otherwise. Before the first round.
  void SetBpf(BpfSource& bpf) { kernel_.bpf = &bpf; }

  void Write(std::string_view file, std::string_view text) const {
    const std::filesystem::path path = directory_ / file;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }
  void Remove(std::string_view file) const { std::filesystem::remove_all(directory_ / file); }
  std::string PathOf(std::string_view file) const { return directory_ / file; }

  // One round. The collector is made at the first.
  Outcome Collect() {
    if (!collector_) {
      collector_ =
          declaration_.create({.kernel = kernel_, .options = options_, .devices = policy_});
    }
    samples_.Clear();
    Outcome outcome = collector_->Collect(samples_);
    EXPECT_EQ(samples_.undeclared(), 0u);
    return outcome;
  }
  // What the collector tells while it waits for somebody else's lock. After the first round.
  bool CollectFallback() {
    samples_.Clear();
    auto* const fallback = dynamic_cast<Fallback*>(collector_.get());
    return fallback != nullptr && fallback->CollectFallback(samples_);
  }
  std::vector<std::string> Lines() const { return netstack::Lines(samples_); }
  // Those that the page shows.
  std::vector<std::string> ShownLines() const { return netstack::Lines(samples_, false); }
  const Samples& samples() const { return samples_; }

 private:
  class MaybeNetlink : public NetlinkSource {
   public:
    NetlinkSource* source = nullptr;
    Result<std::unique_ptr<NetlinkPort>> Open(int protocol) override {
      if (source != nullptr) return source->Open(protocol);
      return Error{
          .kind = ErrorKind::kUnsupported, .path = "netlink", .what = "this host has no netlink"};
    }
  };

  MaybeNetlink netlink_;
  Kernel kernel_{.roots = {}, .netlink = netlink_};
  OptionValues options_;
  DevicePolicy policy_;
  std::filesystem::path directory_;
  Samples samples_;
  const CollectorDeclaration& declaration_;
  std::unique_ptr<Collector> collector_;
};

}  // namespace netstack
