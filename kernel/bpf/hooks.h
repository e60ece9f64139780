#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "kernel/bpf/program_status.h"

namespace netstack {

// A program, and the function that the kernel must let programs call for it; null: none.
struct HookProgram {
  const char* name = nullptr;
  const char* kernel_function = nullptr;
};

// A place in the kernel to look from, and the programs that can do it, the best first.
struct Hook {
  std::string_view name;
  std::array<HookProgram, 3> programs;  // The last ones may have no name.
};

inline constexpr std::array kDropHooks = {
    Hook{"kfree_skb", {{{"kfree_skb"}, {"kfree_skb_raw"}}}},
    Hook{"udp_fail_queue_rcv_skb", {{{"udp_fail_queue_rcv_skb"}}}},
};

inline constexpr std::array kQueueHooks = {
    Hook{"tcp_probe", {{{"tcp_probe", "bpf_rdonly_cast"}, {"tcp_probe_checked"}}}},
    Hook{"sk_data_ready", {{{"sk_data_ready"}, {"accept_queue"}}}},
    Hook{"send", {{{"tcp_sendmsg_locked"}, {"sock_send_length"}}}},
};

inline constexpr std::array kNapiHooks = {
    Hook{"napi_poll", {{{"napi_poll"}}}},
    Hook{"softirq_raise", {{{"softirq_raise"}}}},
    Hook{"softirq_entry", {{{"softirq_entry"}}}},
    Hook{"softirq_exit", {{{"softirq_exit"}}}},
};

inline constexpr std::array kIrqHooks = {
    Hook{"irq_handler_entry", {{{"irq_handler_entry"}}}},
    Hook{"irq_handler_exit", {{{"irq_handler_exit"}}}},
};

inline constexpr std::array kSocketHooks = {
    Hook{"tcp_sockets", {{{"tcp_sockets"}}}},
    Hook{"tcp_listeners", {{{"tcp_listeners"}}}},
};

inline constexpr std::array kPruneHooks = {
    Hook{"tcp_collapse_start", {{{"tcp_collapse_start"}}}},
    Hook{"tcp_collapse_end", {{{"tcp_collapse_end"}}}},
    Hook{"tcp_prune_start", {{{"tcp_prune_start"}}}},
    Hook{"tcp_prune_end", {{{"tcp_prune_end"}}}},
};

inline constexpr std::array kAcceptHooks = {
    Hook{"accept_ready", {{{"accept_ready"}}}},
    Hook{"accepted",
         {{{"accepted"}, {"accepted_of_four"}, {"accepted_by_call", "bpf_rdonly_cast"}}}},
};

// The collectors that have programs, and which.
struct CollectorHooks {
  std::string_view collector;
  std::span<const Hook> hooks;
  std::string_view option = {};  // True or extended: asks for them. Empty: none does.
};
inline constexpr std::array kCollectorHooks = {
    CollectorHooks{"drops", kDropHooks},
    CollectorHooks{"queue_peaks", kQueueHooks},
    CollectorHooks{"napi", kNapiHooks},
    CollectorHooks{"sockets", kSocketHooks},
    CollectorHooks{"queue_peaks", kPruneHooks, "tier"},
    CollectorHooks{"queue_peaks", kAcceptHooks, "accept-wait"},
    CollectorHooks{"irq", kIrqHooks, "handler-time"},
};

// The same state for every program of a collector.
inline std::vector<ProgramStatus> AllIn(const CollectorHooks& of, ProgramState state,
                                        std::string_view detail = {}) {
  std::vector<ProgramStatus> statuses;
  for (const Hook& hook : of.hooks) {
    statuses.push_back({.collector = of.collector,
                        .name = hook.name,
                        .state = state,
                        .detail = std::string(detail)});
  }
  return statuses;
}

}  // namespace netstack
