#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/fixture_host.h"

namespace netstack::queues {

extern const CollectorDeclaration kCollector;

// A host to which a test adds cards.
class QueuesTest : public testing::Test {
 protected:
  // A card of that many queues both ways; each has a byte queue limit of 1000 and its number as
  // depth.
  void AddCard(const std::string& name, int queues) {
    const std::string net = "sys/class/net/" + name + "/";
    host_.Write(net + "ifindex", "2\n");
    std::filesystem::create_symlink("../../../0000:00:03.0", host_.PathOf(net + "device"));
    for (int i = 0; i < queues; ++i) {
      const std::string tx = net + "queues/tx-" + std::to_string(i) + "/";
      host_.Write(tx + "byte_queue_limits/inflight", std::to_string(i) + "\n");
      host_.Write(tx + "byte_queue_limits/limit", "1000\n");
      host_.Write(tx + "tx_timeout", "2\n");
      host_.Write(net + "queues/rx-" + std::to_string(i) + "/rps_cpus", "3\n");
    }
  }
  // The lines with `part` in them, without "netstack_queue_"; ages only when they are asked for.
  std::vector<std::string> Lines(std::string_view part = "") const {
    std::vector<std::string> lines;
    for (const std::string& line : host_.ShownLines()) {
      const bool is_age = line.find("_age_seconds") != std::string::npos;
      if (is_age && part.find("age") == std::string_view::npos) continue;
      if (line.find(part) != std::string::npos) lines.push_back(line.substr(15));
    }
    return lines;
  }
  // The number of the one line that has `part` in it; -1 when there is none.
  double Age(std::string_view part) const {
    const std::vector<std::string> lines = Lines(part);
    return lines.size() == 1 ? std::stod(lines[0].substr(lines[0].rfind(' '))) : -1;
  }

  FixtureHost host_{kCollector};
};

}  // namespace netstack::queues
