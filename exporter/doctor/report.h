#pragma once

#include <string>
#include <vector>

#include "exporter/doctor/finding.h"
#include "exporter/doctor/interval.h"
#include "exporter/doctor/ladder.h"
#include "kernel/result.h"

namespace netstack {

// A loss that cannot be seen here, whatever happens.
struct Unseen {
  std::string path;
  std::string stage;
  std::string device;  // Empty: of the host.
  std::string reason;
  std::string says;  // What cannot be seen; may be empty.
};

// A collector that could not look.
struct FailedCollector {
  std::string name;
  std::string state;
};

// One of the TCP connections with the most bytes in a queue.
struct LongQueue {
  bool is_receive = true;
  std::string local;   // "192.0.2.1:443", "[2001:db8::1]:443".
  std::string remote;  // Has a peer's address: only for who may see it.
  std::string state;
  double queued = 0;  // Bytes unread; or not yet sent or not yet acknowledged.
  double memory = 0;  // Bytes charged to that buffer, with overhead...
  double limit = 0;   // ...of at most these.
};

// All that the doctor has to say about an interval.
struct Report {
  std::string subject;  // What was looked at: "this host", an URL, two files.
  double seconds = 0;
  std::size_t series = 0;  // Compared.
  bool whole_host = true;  // False: the pages are of a container's network only.
  std::vector<Rung> ladder;
  std::vector<Finding> findings;
  std::vector<Unseen> unseen;
  std::vector<std::string> looked;  // The collectors that saw something.
  std::vector<FailedCollector> failed;
  // Of this host when it is looked at directly; empty otherwise.
  std::vector<LongQueue> longest = {};

  bool HasLoss() const;
};

// A pure function of the two pages. kInvalid when they are no pages of this exporter with the path
// families on them.
Result<Report> Examine(const Interval& interval, std::string subject);

// For people, in lines of at most 100 columns where no command is longer.
std::string WriteText(const Report& report);
// One JSON object and a newline. docs/doctor.md has its members.
std::string WriteJson(const Report& report);

}  // namespace netstack
