#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/path/families.h"
#include "exporter/path/ledger.h"

namespace netstack {

inline constexpr auto kCpuFamilies = std::to_array<Family>({
    {.name = "netstack_softnet_dropped_total",
     .type = MetricType::kCounter,
     .width = Width::k32,
     .labels = {"cpu"},
     .help = "D."},
    {.name = "netstack_softnet_flow_limit_total",
     .type = MetricType::kCounter,
     .width = Width::k32,
     .labels = {"cpu"},
     .help = "F."},
    {.name = "netstack_softnet_backlog_packets", .labels = {"cpu"}, .help = "B."},
    {.name = "netstack_softnet_backlog_input_packets", .labels = {"cpu"}, .help = "B."},
    {.name = "netstack_tunable", .labels = {"name", "field"}, .help = "T."},
    {.name = "netstack_tcp_ext_listen_overflows_total", .type = MetricType::kCounter, .help = "L."},
    {.name = "netstack_listener_accept_queue_fill_ratio",
     .labels = {"address", "port"},
     .help = "F."},
    {.name = "netstack_udp_rcvbuf_errors_total",
     .type = MetricType::kCounter,
     .labels = {"ip_version"},
     .help = "U."},
    {.name = "netstack_queue_ring_overruns_total",
     .type = MetricType::kCounter,
     .labels = {"device", "queue"},
     .help = "O."},
    {.name = "netstack_queue_transmit_timeouts_total",
     .type = MetricType::kCounter,
     .labels = {"device", "queue", "aggregate"},
     .help = "T."},
});
inline constexpr auto kLinkFamilies = std::to_array<Family>({
    {.name = "netstack_qdisc_fill_ratio", .labels = {"device"}, .help = "R."},
    {.name = "netstack_qdisc_drops_total",
     .type = MetricType::kCounter,
     .width = Width::k32,
     .labels = {"device", "handle"},
     .help = "Q."},
    {.name = "netstack_link_info",
     .type = MetricType::kInfo,
     .labels = {"device", "driver"},
     .help = "I."},
    {.name = "netstack_link_receive_packets_total",
     .type = MetricType::kCounter,
     .labels = {"device"},
     .help = "P."},
    {.name = "netstack_link_receive_missed_errors_total",
     .type = MetricType::kCounter,
     .labels = {"device"},
     .help = "M."},
    {.name = "netstack_link_receive_dropped_total",
     .type = MetricType::kCounter,
     .labels = {"device"},
     .help = "D."},
    {.name = "netstack_link_receive_crc_errors_total",
     .type = MetricType::kCounter,
     .labels = {"device"},
     .help = "C."},
    {.name = "netstack_link_receive_errors_total",
     .type = MetricType::kCounter,
     .labels = {"device"},
     .help = "E."},
    {.name = "netstack_ethtool_receive_errors_total",
     .type = MetricType::kCounter,
     .labels = {"device", "error"},
     .help = "E."},
    {.name = "netstack_queue_events_total",
     .type = MetricType::kCounter,
     .labels = {"device", "queue", "event"},
     .help = "E."},
    {.name = "netstack_qdisc_ingress_drops_total",
     .type = MetricType::kCounter,
     .width = Width::k32,
     .labels = {"device"},
     .help = "F."},
    {.name = "netstack_qdisc_clsact_drops_total",
     .type = MetricType::kCounter,
     .width = Width::k32,
     .labels = {"device", "direction"},
     .help = "F."},
    {.name = "netstack_queue_rps_cpus", .labels = {"device", "queue"}, .help = "R."},
    {.name = "netstack_queue_rps_flows", .labels = {"device", "queue"}, .help = "F."},
    {.name = "netstack_link_receive_fifo_errors_total",
     .type = MetricType::kCounter,
     .labels = {"device"},
     .help = "M."},
    {.name = "netstack_queue_drops_total",
     .type = MetricType::kCounter,
     .labels = {"device", "direction", "queue", "cause"},
     .help = "D."},
    {.name = "netstack_skb_received_drops_total",
     .type = MetricType::kCounter,
     .labels = {"reason"},
     .help = "S."},
    {.name = "netstack_skb_device_drops_total",
     .type = MetricType::kCounter,
     .labels = {"device", "reason"},
     .help = "S."},
});
inline constexpr CollectorDeclaration kCpu = {.name = "cpu", .families = kCpuFamilies};
inline constexpr CollectorDeclaration kLink = {.name = "link", .families = kLinkFamilies};
inline constexpr std::array<const CollectorDeclaration*, 2> kCollectors = {&kCpu, &kLink};

inline bool IsOfLink(std::string_view family) {
  return std::any_of(kLinkFamilies.begin(), kLinkFamilies.end(),
                     [&](const Family& known) { return known.name == family; });
}

struct Given {
  std::string_view family;
  std::vector<std::string_view> labels;
  std::uint64_t value;
  Visibility visibility = Visibility::kEverywhere;
};

// A host made of two collectors, and the page's path lines as "family{values}" to value.
class LedgerTest : public testing::Test {
 protected:
  std::map<std::string, double> RunRound(const std::vector<Given>& given) {
    Samples cpu(kCpuFamilies, cpu_maximum_);
    Samples link(kLinkFamilies);
    for (const Given& one : given) {
      Samples& to = IsOfLink(one.family) ? link : cpu;
      for (const Family& family : to.families()) {
        if (family.name != one.family) continue;
        const bool ratio = family.name.ends_with("_ratio");
        to.Add(family, one.labels,
               ratio ? Number(static_cast<double>(one.value) / 100) : Number(one.value),
               one.visibility);
      }
    }
    const std::array<CollectorReport, 2> reports = {
        CollectorReport{.declaration = &kCpu,
                        .asked = true,
                        .state = cpu_state_,
                        .error = cpu_error_ ? &*cpu_error_ : nullptr,
                        .samples = HasSamples(cpu_state_) ? &cpu : nullptr},
        CollectorReport{
            .declaration = &kLink, .asked = true, .state = link_state_, .samples = &link}};
    ledger_.Update(reports);
    std::map<std::string, double> lines;
    for (std::size_t i = 0; i < kStageInfo; ++i) {
      ledger_.samples().ForEach(i, [&](const Samples::View& view) {
        std::string line(kPathFamilies[i].name.substr(14));
        view.ForEachLabel([&](std::size_t, std::string_view value) {
          if (!value.empty()) line += " " + std::string(value);
        });
        lines[line] = view.value().AsDouble();
      });
    }
    return lines;
  }
  CollectorState cpu_state_ = CollectorState::kOk;
  std::optional<Error> cpu_error_ = {};
  CollectorState link_state_ = CollectorState::kOk;
  std::size_t cpu_maximum_ = SIZE_MAX;  // Of series.

 private:
  static bool HasSamples(CollectorState state) {
    return state == CollectorState::kOk || state == CollectorState::kPartial;
  }

  Ledger ledger_{kCollectors};
};

}  // namespace netstack
