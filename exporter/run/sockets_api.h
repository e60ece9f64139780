#pragma once

#include <chrono>
#include <string>

#include "collectors/offenders.h"
#include "exporter/http/message.h"
#include "exporter/run/collection.h"

namespace netstack {

// The report as JSON, in the envelope of Prometheus' own API:
//   {"status":"success","data":{"walk":{"age_seconds":0.2,"sockets":3,"truncated":false},
//    "receive":[{"ip_version":4,"state":"established","local_address":"192.0.2.1",
//    "local_port":443,"remote_address":"192.0.2.2","remote_port":40000,"queued_bytes":5,
//    "memory_bytes":768,"memory_limit_bytes":131072,"rtt_seconds":0.002}],"transmit":[]}}
// A round trip time that was not measured is null.
std::string OffendersJson(const OffenderReport& report, std::chrono::steady_clock::time_point now);

// Answers /api/v1/sockets: asks the collector, which walks unless its last walk is recent, and
// shows what it found to those who may see it.
Response SocketsResponse(const Request& request, Collection& collection,
                         Scraper::Clock::time_point deadline);

}  // namespace netstack
