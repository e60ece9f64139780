#include "exporter/run/sockets_api.h"

#include <array>
#include <charconv>
#include <span>
#include <utility>

#include "exporter/http/shown_addresses.h"

namespace netstack {
namespace {

template <class Number>
void AppendNumber(Number number, std::string& out) {
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  out.append(text.data(), end);
}

template <class Number>
void AppendMember(std::string_view name, Number number, std::string& out) {
  out.append(",\"").append(name).append("\":");
  AppendNumber(number, out);
}

// `text` has nothing that JSON escapes.
void AppendMember(std::string_view name, std::string_view text, std::string& out) {
  out.append(",\"").append(name).append("\":\"").append(text).append("\"");
}

void AppendAddress(std::string_view name, const Offender& offender,
                   const std::array<std::byte, 16>& address, std::string& out) {
  AppendMember(name, std::string_view(AddressText(offender, address)), out);
}

void AppendOffender(const Offender& offender, std::string& out) {
  out += "{\"ip_version\":";
  AppendNumber(offender.ip_version, out);
  AppendMember("state", TcpStateName(offender.state), out);
  AppendAddress("local_address", offender, offender.local_address, out);
  AppendMember("local_port", offender.local_port, out);
  AppendAddress("remote_address", offender, offender.remote_address, out);
  AppendMember("remote_port", offender.remote_port, out);
  AppendMember("queued_bytes", offender.queued, out);
  AppendMember("memory_bytes", offender.memory, out);
  AppendMember("memory_limit_bytes", offender.limit, out);
  if (offender.rtt_us == 0) {
    out += ",\"rtt_seconds\":null}";
  } else {
    AppendMember("rtt_seconds", offender.rtt_us * 1e-6, out);
    out += '}';
  }
}

void AppendOffenders(std::string_view name, std::span<const Offender> offenders, std::string& out) {
  out.append(",\"").append(name).append("\":[");
  for (const Offender& offender : offenders) {
    if (&offender != offenders.data()) out += ',';
    AppendOffender(offender, out);
  }
  out += ']';
}

// Of all collectors this one only.
Selection SocketsAlone(const Collection& collection, Composer& composer) {
  Selection selection = {.shown = {}, .path = false};
  for (const CollectorDeclaration* one : composer.collectors()) {
    selection.shown.push_back(one == collection.offenders_of());
  }
  return selection;
}

}  // namespace

std::string OffendersJson(const OffenderReport& report, std::chrono::steady_clock::time_point now) {
  std::string out = R"({"status":"success","data":{"walk":{"age_seconds":)";
  AppendNumber(std::chrono::duration<double>(now - report.at).count(), out);
  AppendMember("sockets", report.sockets, out);
  out.append(",\"truncated\":").append(report.truncated ? "true}" : "false}");
  AppendOffenders("receive", report.receive, out);
  AppendOffenders("transmit", report.transmit, out);
  out += "}}\n";
  return out;
}

Response SocketsResponse(const Request& request, Collection& collection,
                         Scraper::Clock::time_point deadline) {
  if (!MayShowAddresses(request, collection.config().web.show_sockets)) return AddressesRefused();
  const auto board = collection.offenders();
  if (board == nullptr) return TextResponse(404, "The collector sockets is disabled.\n");
  collection.pages().Part(SocketsAlone(collection, collection.composer()), {}, deadline);
  const auto report = board->Latest();
  if (!report) return TextResponse(503, "No walk over the sockets could be finished in time.\n");
  Response response = TextResponse(200, OffendersJson(*report, Scraper::Clock::now()));
  response.content_type = "application/json";
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

}  // namespace netstack
