#include "exporter/doctor/rule_cases.h"

namespace netstack::testing {
namespace {

std::string Listener(std::string_view family, std::string_view port = "80") {
  return "netstack_listener_" + std::string(family) + "{address=\"0.0.0.0\",port=\"" +
         std::string(port) + "\",ip_version=\"4\"}";
}

// A listener at port 80 that lost something, and one at port 81 that is as full and lost nothing.
std::vector<Pair> Listening(std::vector<Pair> more) {
  for (const std::string_view port : {"80", "81"}) {
    more.push_back(Still(Listener("accept_queue_limit_connections", port), 16));
    more.push_back(Still(Listener("accept_queue_connections", port), 3));
    more.push_back(Still(Listener("accept_queue_fill_ratio", port), 0.2));
  }
  more.push_back({Listener("drops_total", "80"), 5, 105});
  more.push_back(Still(Listener("drops_total", "81"), 1000));
  return more;
}

}  // namespace

std::vector<RuleCase> ListenCases() {
  const std::string overflow = Loss("receive", "listen", "accept_queue_full");
  const std::string syn_queue = Loss("receive", "listen", "syn_queue_full");
  const std::string other = Loss("receive", "listen", "other");
  const std::string ratio =
      "netstack_path_saturation_ratio{path=\"receive\",stage=\"listen\",resource=\"accept_queue\"}";
  const std::string peak =
      "netstack_path_saturation_peak_ratio{path=\"receive\",stage=\"listen\",resource=\"accept_"
      "queue\"}";
  return {
      {"accept_queue_somaxconn",
       Listening({{overflow, 5, 105}, Still(Tunable("net.core.somaxconn"), 16)}),
       "sysctl -w net.core.somaxconn=128",
       {Still(Tunable("net.core.somaxconn"), 17)}},
      {"accept_queue_application",
       Listening({{overflow, 5, 105}}),
       "",
       {Still(Tunable("net.core.somaxconn"), 16)}},
      {"accept_queue_unknown_listener",
       {{overflow, 5, 105}},
       "",
       {{Listener("drops_total"), 5, 105}, Still(Listener("accept_queue_limit_connections"), 16)}},
      {"syn_queue_full",
       Listening({{syn_queue, 0, 41}, Still(Tunable("net.ipv4.tcp_syncookies"), 0)}),
       "sysctl -w net.ipv4.tcp_syncookies=1",
       {Still(syn_queue, 41), {Pressure("receive", "listen", "syn_cookies"), 0, 41}}},
      {"listen_other", Listening({{other, 0, 3}}), "", {Still(other, 3), {overflow, 0, 3}}},
      {"fast_open_queue_full",
       {{Pressure("receive", "listen", "fast_open_queue_full"), 0, 3}},
       "",
       {Still(Pressure("receive", "listen", "fast_open_queue_full"), 3)}},
      {"migration_failed",
       {{Loss("receive", "listen", "migration_failed"), 0, 3}},
       "",
       {Still(Loss("receive", "listen", "migration_failed"), 3)}},
      {"syn_cookies",
       {{Pressure("receive", "listen", "syn_cookies"), 0, 41}},
       "",
       {Still(Pressure("receive", "listen", "syn_cookies"), 41)}},
      {"accept_queue_full_now",
       {Still(ratio, 1.5)},
       "",
       {{"netstack_tcp_ext_listen_overflows_total", 10, 12}}},
      {"accept_queue_peak",
       {Still(peak, 0.9), Still(ratio, 0.1),
        Still("netstack_listener_accept_queue_peak_connections{port=\"80\"}", 115),
        Still("netstack_peak_look_back_seconds", 75)},
       "",
       {Still(ratio, 0.85)}},
  };
}

}  // namespace netstack::testing
