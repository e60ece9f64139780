#include "exporter/record/row_text.h"

#include <arpa/inet.h>

#include <array>
#include <cstdio>
#include <ctime>

namespace netstack {
namespace {

// A column: its name, its text, and whether JSON quotes it.
struct Column {
  std::string_view name;
  bool is_text;
  void (*append)(const RecordMoment& moment, const QueueRow& row, std::string& out);
};

void AppendTime(std::chrono::system_clock::time_point time, std::string& out) {
  using std::chrono::milliseconds;
  const auto since = std::chrono::duration_cast<milliseconds>(time.time_since_epoch()).count();
  const std::time_t seconds = since / 1000;
  std::tm utc = {};
  gmtime_r(&seconds, &utc);
  std::array<char, 40> text = {};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &utc);
  out.append(text.data(), size);
  std::snprintf(text.data(), text.size(), ".%03dZ", static_cast<int>(since % 1000));
  out += text.data();
}

void AppendAddress(std::uint8_t family, const std::array<std::byte, 16>& address,
                   std::string& out) {
  std::array<char, INET6_ADDRSTRLEN> text = {};
  if (inet_ntop(family, address.data(), text.data(), text.size()) != nullptr) out += text.data();
}

template <auto member>
void AppendNumber(const RecordMoment&, const QueueRow& row, std::string& out) {
  out += std::to_string(row.*member);
}

constexpr auto kColumns = std::to_array<Column>({
    {"timestamp", true,
     [](const RecordMoment& moment, const QueueRow&, std::string& out) {
       AppendTime(moment.time, out);
     }},
    {"source_address", true,
     [](const RecordMoment&, const QueueRow& row, std::string& out) {
       AppendAddress(row.family, row.local_address, out);
     }},
    {"source_port", false, AppendNumber<&QueueRow::local_port>},
    {"destination_address", true,
     [](const RecordMoment&, const QueueRow& row, std::string& out) {
       AppendAddress(row.family, row.remote_address, out);
     }},
    {"destination_port", false, AppendNumber<&QueueRow::remote_port>},
    {"receive_peak_bytes", false, AppendNumber<&QueueRow::receive_peak>},
    {"receive_total_bytes", false, AppendNumber<&QueueRow::receive_total>},
    {"send_peak_bytes", false, AppendNumber<&QueueRow::send_peak>},
    {"send_total_bytes", false, AppendNumber<&QueueRow::send_total>},
    {"samples", false, AppendNumber<&QueueRow::samples>},
    {"lost_samples", false,
     [](const RecordMoment& moment, const QueueRow&, std::string& out) {
       out += std::to_string(moment.lost_samples);
     }},
    {"lost_events", false,
     [](const RecordMoment& moment, const QueueRow&, std::string& out) {
       out += std::to_string(moment.lost_events);
     }},
    {"method", true,
     [](const RecordMoment& moment, const QueueRow&, std::string& out) { out += moment.method; }},
});

std::string MakeHead() {
  std::string head;
  for (const Column& column : kColumns) {
    if (!head.empty()) head += ',';
    head += column.name;
  }
  return head + '\n';
}

}  // namespace

std::string_view RecordHead(RecordFormat format) {
  static const std::string head = MakeHead();
  return format == RecordFormat::kCsv ? head : std::string_view();
}

void AppendRecordRow(RecordFormat format, const RecordMoment& moment, const QueueRow& row,
                     std::string& out) {
  const bool json = format == RecordFormat::kJson;
  char before = json ? '{' : '\0';
  for (const Column& column : kColumns) {
    if (before != '\0') out += before;
    before = ',';
    if (json) ((out += '"') += column.name) += "\":";
    if (json && column.is_text) out += '"';
    column.append(moment, row, out);
    if (json && column.is_text) out += '"';
  }
  out += json ? "}\n" : "\n";
}

}  // namespace netstack
