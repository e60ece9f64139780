#include "kernel/bpf/type_information.h"

#include <bpf/btf.h>

#include <array>
#include <string_view>

#include "kernel/bpf/programs/layouts.h"

namespace netstack {

void BtfCloser::operator()(btf* types) const {
  btf__free(types);
}

Btf LoadKernelBtf() {
  return Btf(btf__load_vmlinux_btf());
}

bool HasTracepoint(const btf* types, std::string_view name) {
  const std::string type = "btf_trace_" + std::string(name);
  return btf__find_by_name_kind(types, type.c_str(), BTF_KIND_TYPEDEF) > 0;
}

bool HasFunction(const btf* types, std::string_view name) {
  return btf__find_by_name_kind(types, std::string(name).c_str(), BTF_KIND_FUNC) > 0;
}

// A typedef of a pointer to a function, whose first argument is not the tracepoint's.
std::size_t ArgumentsOf(const btf* types, std::string_view tracepoint) {
  const std::string name = "btf_trace_" + std::string(tracepoint);
  const int id = btf__find_by_name_kind(types, name.c_str(), BTF_KIND_TYPEDEF);
  if (id <= 0) return 0;
  const btf_type* const pointer =
      btf__type_by_id(types, btf__type_by_id(types, static_cast<__u32>(id))->type);
  if (pointer == nullptr || !btf_is_ptr(pointer)) return 0;
  const btf_type* const function = btf__type_by_id(types, pointer->type);
  if (function == nullptr || !btf_is_func_proto(function) || btf_vlen(function) == 0) return 0;
  return btf_vlen(function) - 1u;
}

namespace {

template <class Visitor>
void ForEachEnumerator(const btf* types, const char* name, Visitor&& visit) {
  const int id = btf__find_by_name_kind(types, name, BTF_KIND_ENUM);
  if (id <= 0) return;
  const btf_type* const type = btf__type_by_id(types, static_cast<__u32>(id));
  const struct btf_enum* const values = btf_enum(type);
  for (int i = 0; i < btf_vlen(type); ++i) {
    visit(std::string_view(btf__name_by_offset(types, values[i].name_off)),
          static_cast<std::uint32_t>(values[i].val));
  }
}

// Drops `prefix` from `name`; false when it is not there.
bool Strip(std::string_view prefix, std::string_view& name) {
  if (!name.starts_with(prefix)) return false;
  name.remove_prefix(prefix.size());
  return true;
}

constexpr std::string_view kPrefix = "SKB_DROP_REASON_";

void NameCoreReasons(const btf* types, DropReasons& out) {
  ForEachEnumerator(types, "skb_drop_reason", [&](std::string_view name, std::uint32_t value) {
    if (!Strip(kPrefix, name) || name == "MAX" || name == "SUBSYS_MASK") return;
    if (value >= NETSTACK_DROP_FIRST_PLACE) return;
    if (name == "NOT_SPECIFIED") out.first = value;
    out.names[value] = name;
  });
}

// The reasons of a subsystem are in an enum of its own, if the kernel proper has it.
struct Subsystem {
  std::string_view name;
  const char* reasons;
  std::string_view prefix;
};
constexpr std::array<Subsystem, 3> kSubsystems = {{
    {"MAC80211_UNUSABLE", "mac80211_drop_reason", "RX_DROP_"},
    {"OPENVSWITCH", "ovs_drop_reason", "OVS_DROP_"},
    {"QDISC", "qdisc_drop_reason", "QDISC_DROP_"},
}};

void NameSubsystemReasons(const btf* types, std::string_view name, std::uint32_t number,
                          DropReasons& out) {
  if (number == 0 || number >= NETSTACK_DROP_SUBSYSTEMS) return;
  for (const Subsystem& subsystem : kSubsystems) {
    if (subsystem.name != name) continue;
    ForEachEnumerator(types, subsystem.reasons, [&](std::string_view reason, std::uint32_t value) {
      if (!Strip(subsystem.prefix, reason) || reason == "MAX") return;
      const std::uint32_t low = value & 0xffff;
      if (low == 0 || low >= NETSTACK_DROP_FIRST_PLACE) return;
      out.names[number * NETSTACK_DROP_REASONS + low] =
          std::string(name) + "_" + std::string(reason);
    });
  }
}

}  // namespace

DropReasons ReadDropReasons(const btf* types) {
  DropReasons reasons;
  reasons.names.resize(std::size_t{NETSTACK_DROP_SUBSYSTEMS} * NETSTACK_DROP_REASONS);
  NameCoreReasons(types, reasons);
  ForEachEnumerator(types, "skb_drop_reason_subsys",
                    [&](std::string_view name, std::uint32_t number) {
                      if (!Strip("SKB_DROP_REASON_SUBSYS_", name)) return;
                      NameSubsystemReasons(types, name, number, reasons);
                    });
  return reasons;
}

}  // namespace netstack
