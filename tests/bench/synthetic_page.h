#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "model/samples.h"

namespace netstack {

// A table and samples of the size and mix of a default page: many families with one sample
// (protocol counters), some per device, some per CPU. The text is made of a fixed vocabulary with
// a fixed generator, so that compression sees what it will see in English help texts.
class SyntheticPage {
 public:
  struct Shape {
    int single_families = 450;
    int device_families = 60;
    int devices = 3;
    int cpu_families = 20;
    int cpus = 8;
  };

  explicit SyntheticPage(const Shape& shape) : shape_(shape) {
    for (int i = 0; i < shape.single_families; ++i) AddFamily({"ip_version"});
    for (int i = 0; i < shape.device_families; ++i) AddFamily({"device"});
    for (int i = 0; i < shape.cpu_families; ++i) AddFamily({"path", "stage", "cpu"});
  }
  SyntheticPage(const SyntheticPage&) = delete;
  SyntheticPage& operator=(const SyntheticPage&) = delete;

  const std::vector<Family>& families() const { return families_; }

  // The same series for every round, with other numbers.
  void Fill(Samples& samples, std::uint64_t round) const {
    samples.Clear();
    std::uint64_t value = 12345 + round;
    for (const Family& family : families_) {
      const bool per_cpu = family.label_count() == 3;
      const int count = per_cpu ? shape_.cpus : family.labels[0] == "device" ? shape_.devices : 1;
      for (int i = 0; i < count; ++i) {
        value = value * 6364136223846793005u + 1442695040888963407u;
        // As on a real host: half of the counters stand at 0, the rest has any magnitude.
        const std::uint64_t shown = (value >> 60) < 8 ? 0 : value >> (20 + (value >> 58) % 40);
        const std::string number = std::to_string(i);
        if (per_cpu) {
          samples.Add(family, {"receive", "backlog", number}, shown);
        } else {
          samples.Add(family, {count == 1 ? std::string("4") : "enp3s0f" + number}, shown);
        }
      }
    }
  }

 private:
  void AddFamily(LabelNames labels) {
    const int index = static_cast<int>(families_.size());
    texts_.push_back("netstack_" + Words(3, '_') + "_" + std::to_string(index) + "_total");
    const std::string_view name = texts_.back();
    texts_.push_back(Words(14, ' ') + ".");
    families_.push_back(
        {.name = name, .type = MetricType::kCounter, .labels = labels, .help = texts_.back()});
  }

  std::string Words(int count, char separator) {
    constexpr std::array<std::string_view, 40> kWords = {
        "packets", "received",  "segments", "dropped",  "because",  "the",      "socket",  "queue",
        "was",     "full",      "with",     "an",       "invalid",  "checksum", "route",   "memory",
        "tcp",     "timestamp", "of",       "when",     "listener", "backlog",  "ip",      "icmp",
        "message", "sent",      "by",       "fragment", "failed",   "retrans",  "timeout", "window",
        "data",    "pruned",    "order",    "datagram", "no",       "port",     "header",  "fast"};
    std::string text;
    for (int i = 0; i < count; ++i) {
      state_ = state_ * 6364136223846793005u + 1442695040888963407u;
      if (i > 0) text += separator;
      text += kWords[(state_ >> 33) % kWords.size()];
    }
    return text;
  }

  Shape shape_;
  std::uint64_t state_ = 1;
  std::deque<std::string> texts_;  // What families_ points into.
  std::vector<Family> families_;
};

}  // namespace netstack
