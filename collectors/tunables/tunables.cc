#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "collectors/collector.h"
#include "collectors/tunables/families.h"
#include "collectors/tunables/tunable.h"

namespace netstack::tunables {
namespace {

// Usual sizes: three 20-digit numbers; names of congestion controls. The kernel clears a buffer of
// the size that is asked for, so asking for less is also faster.
constexpr std::size_t kNumbersSize = 64;
constexpr std::size_t kTextSize = 1024;

std::string BelowProc(std::string_view key) {
  std::string below = "sys/" + std::string(key);
  std::replace(below.begin(), below.end(), '.', '/');
  return below;
}

// A setting and its open file.
struct Knob {
  Knob(const Tunable& row, const Kernel& kernel)
      : tunable(row),
        file(kernel.roots.Proc(BelowProc(row.key)), kernel.file_observer,
             HasText(row.layout) ? kTextSize : kNumbersSize) {}

  const Tunable& tunable;
  File file;
  bool absent = false;  // At the last attempt; not opened again before it is seen to exist.
};

Number ToNumber(const SysctlNumber& number) {
  if (!number.negative) return number.magnitude;
  return -static_cast<double>(number.magnitude);
}

class TunablesCollector : public Collector {
 public:
  explicit TunablesCollector(const Kernel& kernel) : settings_root_(kernel.roots.Proc("sys")) {
    for (const auto table : {CoreTunables(), IpTunables(), NetfilterTunables(), UdpTunables(),
                             TcpInTunables(), TcpOutTunables()}) {
      for (const Tunable& tunable : table) knobs_.emplace_back(tunable, kernel);
    }
  }

  Outcome Collect(Samples& out) override {
    LookForOneAbsent();
    std::optional<Error> first_error;
    std::size_t read = 0;
    for (Knob& knob : knobs_) {
      if (knob.absent) continue;
      const Status status = CollectKnob(knob, out);
      if (status) {
        ++read;
      } else if (status.error().kind == ErrorKind::kAbsent) {
        knob.absent = true;
      } else if (!first_error) {
        first_error = status.error();
      }
    }
    if (read == 0) return NothingRead(std::move(first_error));
    if (!first_error) return {};
    return {.state = CollectorState::kPartial, .error = std::move(first_error)};
  }

 private:
  Outcome NothingRead(std::optional<Error> error) const {
    if (error) return Outcome::FromError(*std::move(error));
    return Outcome::FromError({.kind = ErrorKind::kAbsent,
                               .path = settings_root_,
                               .what = "none of the known settings is there"});
  }

  // One look a round, in turn: a module that is loaded later brings its settings along, and when
  // one is back the others are tried at once.
  void LookForOneAbsent() {
    for (std::size_t i = 0; i < knobs_.size(); ++i) {
      next_look_ = (next_look_ + 1) % knobs_.size();
      const Knob& knob = knobs_[next_look_];
      if (!knob.absent) continue;
      const Result<bool> exists = FileExists(knob.file.path());
      if (exists.ok() && !*exists) return;
      for (Knob& other : knobs_) other.absent = false;
      return;
    }
  }

  Status CollectKnob(Knob& knob, Samples& out) {
    const Result<std::string_view> text = knob.file.Read();
    if (!text) return text.error();
    const Tunable& tunable = knob.tunable;
    SysctlValue value;
    if (Status parsed = ParseSysctl(*text, knob.file.path(), tunable.layout, value); !parsed) {
      return parsed;
    }
    const std::string_view path = Slug(tunable.path);
    const std::string_view stage = Slug(tunable.stage);
    const auto fields = FieldsOf(tunable.layout);
    for (std::size_t i = 0; i < fields.size(); ++i) {
      out.Add(kFamilies[kTunable], {path, stage, tunable.key, "", fields[i], tunable.unit},
              ToNumber(value.numbers[i]));
    }
    if (HasText(tunable.layout)) {
      out.Add(kFamilies[kTunableInfo], {path, stage, tunable.key, "", "current", value.text},
              std::uint64_t{1});
    }
    return {};
  }

  const std::string settings_root_;
  std::vector<Knob> knobs_;
  std::size_t next_look_ = 0;
};

}  // namespace

extern const CollectorDeclaration kCollector;
const CollectorDeclaration kCollector = {
    .name = "tunables",
    .summary = "Kernel settings that govern the packet path, each at its stage, from /proc/sys.",
    .families = kFamilies,
    .create = [](const CollectorContext& context) -> std::unique_ptr<Collector> {
      return std::make_unique<TunablesCollector>(context.kernel);
    },
};

}  // namespace netstack::tunables
