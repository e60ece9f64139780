#include "exporter/record/row_text.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

namespace netstack {
namespace {

// 2026-11-22T03:04:05.067Z.
constexpr std::chrono::system_clock::time_point kTime{std::chrono::milliseconds(1795316645067)};

QueueRow ExampleRow(std::uint8_t family, const char* local, const char* remote) {
  QueueRow row = {.family = family,
                  .local_port = 443,
                  .remote_port = 40000,
                  .receive_peak = 60000,
                  .receive_total = 123456,
                  .send_peak = 10,
                  .send_total = 20,
                  .samples = 9};
  EXPECT_EQ(inet_pton(family, local, row.local_address.data()), 1);
  EXPECT_EQ(inet_pton(family, remote, row.remote_address.data()), 1);
  return row;
}

TEST(RecordRow, IsALineOfCsvUnderTheNamesOfItsColumns) {
  std::string text(RecordHead(RecordFormat::kCsv));
  AppendRecordRow(RecordFormat::kCsv, {.time = kTime, .method = "sampled", .lost_samples = 1},
                  ExampleRow(AF_INET, "192.0.2.1", "192.0.2.2"), text);
  EXPECT_EQ(text,
            "timestamp,source_address,source_port,destination_address,destination_port,"
            "receive_peak_bytes,receive_total_bytes,send_peak_bytes,send_total_bytes,samples,"
            "lost_samples,lost_events,method\n"
            "2026-11-22T03:04:05.067Z,192.0.2.1,443,192.0.2.2,40000,60000,123456,10,20,9,1,0,"
            "sampled\n");
}

TEST(RecordRow, IsALineOfJson) {
  std::string text(RecordHead(RecordFormat::kJson));
  AppendRecordRow(RecordFormat::kJson, {.time = kTime, .method = "measured", .lost_events = 2},
                  ExampleRow(AF_INET6, "2001:db8::1", "2001:db8::2"), text);
  EXPECT_EQ(text,
            "{\"timestamp\":\"2026-11-22T03:04:05.067Z\",\"source_address\":\"2001:db8::1\","
            "\"source_port\":443,\"destination_address\":\"2001:db8::2\","
            "\"destination_port\":40000,\"receive_peak_bytes\":60000,"
            "\"receive_total_bytes\":123456,\"send_peak_bytes\":10,\"send_total_bytes\":20,"
            "\"samples\":9,\"lost_samples\":0,\"lost_events\":2,"
            "\"method\":\"measured\"}\n");
}

}  // namespace
}  // namespace netstack
