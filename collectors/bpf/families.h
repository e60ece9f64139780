#pragma once

#include <array>

#include "model/family.h"

namespace netstack::bpf {

inline constexpr auto kFamilies = std::to_array<Family>({
    {.name = "netstack_bpf_program_state",
     .labels = {"collector", "program", "state", "hook", "last_failure"},
     .help = "1 for what became of a program of the exporter that is to run in the kernel.",
     .source = "bpf(2)",
     .reading = "ok: it works, at the place that hook names; where that is not the best one, "
                "last_failure says what became of the one before it. no_permission: give the "
                "exporter CAP_BPF and CAP_PERFMON. no_btf, no_tracepoint: this kernel cannot. "
                "lockdown, verifier, not_attached: it does not want to; the log has its words. "
                "not_built: the exporter was built without eBPF. disabled: the collector is off, "
                "or was off at the start."},
    {.name = "netstack_bpf_program_missed_total",
     .type = MetricType::kCounter,
     .labels = {"collector", "program"},
     .help = "Events that a program in the kernel did not see, because it was at work on that CPU "
             "already.",
     .source = "bpf(2) BPF_OBJ_GET_INFO_BY_FD recursion_misses, since Linux 5.12; before 5.19 "
               "kernel.unprivileged_bpf_disabled hides it"},
});
static_assert(FirstFault(kFamilies) == nullptr);

enum FamilyIndex : std::size_t { kState, kMissed };
static_assert(kFamilies.size() == kMissed + 1);

}  // namespace netstack::bpf
