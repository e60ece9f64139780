#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "collectors/collector.h"
#include "collectors/irq/action_name.h"
#include "collectors/irq/carried_sum.h"
#include "collectors/irq/families.h"
#include "collectors/irq/handler_times.h"
#include "collectors/irq/interrupt_folders.h"
#include "collectors/irq/interrupts_file.h"
#include "collectors/irq/irq_options.h"
#include "collectors/network_cards.h"
#include "collectors/tier_option.h"
#include "kernel/file_reader.h"
#include "kernel/text.h"

namespace netstack::irq {
namespace {

using Clock = std::chrono::steady_clock;

// Of a card with more, queues and affinities are shown one by one on request only.
constexpr std::size_t kMostQueuesShown = 32;
// On a host with more, what a CPU took is shown for all of them together.
constexpr std::ptrdiff_t kMostCardsShownByCpu = 2;

// A number as a label value.
class Digits {
 public:
  explicit Digits(std::uint64_t number)
      : end_(std::to_chars(text_, text_ + sizeof text_, number).ptr) {}
  std::string_view text() const { return {text_, static_cast<std::size_t>(end_ - text_)}; }

 private:
  char text_[20];
  const char* end_;
};

class IrqCollector : public Collector {
 public:
  struct Options {
    bool per_queue;
    bool per_cpu;
    bool matrix;
    bool handler_time;
    bool affinities;
    Clock::duration max_age;
  };
  IrqCollector(const CollectorContext& context, Options options)
      : kernel_(context.kernel),
        cards_(kernel_, context.options, context.devices),
        file_(kernel_.ProcFile("interrupts")),
        folders_(kernel_),
        reader_(kernel_.file_observer),
        options_(options) {}

  Outcome Collect(Samples& out) override {
    if (Status read = ReadInterrupts(); !read) return Outcome::FromError(read.error());
    if (Status updated = cards_.Update(); !updated) return Outcome::FromError(updated.error());
    if (!IsAsBefore()) Learn();
    Count();
    AddCounts(out);
    AddByCpu(out);
    if (options_.matrix) AddMatrix(out);
    if (options_.handler_time) handlers_.Add(kernel_, cards_.all(), out);
    if (options_.affinities) RefreshAndAddAffinities(out);
    return {};
  }

 private:
  void RefreshAndAddAffinities(Samples& out) {
    if (!affinities_read_at_ || Clock::now() - *affinities_read_at_ >= options_.max_age) {
      ReadAffinities();
    }
    AddAffinities(out);
    if (!lines_.empty()) {
      out.Add(kFamilies[kAge], {},
              std::chrono::duration<double>(Clock::now() - *affinities_read_at_).count());
    }
  }

  // From the file, or where that is hidden (absent, refused, or empty) from /sys.
  Status ReadInterrupts() {
    const Result<std::string_view> text = file_.Read();
    if (text && !text->empty()) return ParseInterrupts(*text, file_.path(), interrupts_);
    Status read = folders_.Read(interrupts_);
    if (read || read.error().kind != ErrorKind::kAbsent) return read;
    return text ? ParseInterrupts(*text, file_.path(), interrupts_) : text.error();
  }

  // One row of the file that is a card's.
  struct Line {
    std::size_t row;  // In interrupts_.rows.
    Action action;
    std::size_t group;
    std::string cpus = {};
    std::string allowed_cpus = {};
    std::string numa_node = {};
  };
  // What is shown as one number.
  struct Group {
    Action action;
    std::uint64_t count = 0;
  };
  struct Seen {
    std::uint32_t irq;
    std::string actions;
  };

  // The file has the same rows as when the names were understood, and so has the list of cards.
  bool IsAsBefore() const {
    return generation_ == cards_.generation() &&
           std::ranges::equal(interrupts_.rows, seen_,
                              [](const Interrupts::Row& row, const Seen& seen) {
                                return row.irq == seen.irq && row.actions == seen.actions;
                              });
  }

  void Learn() {
    generation_ = cards_.generation();
    affinities_read_at_.reset();
    has_learned_ = true;
    seen_.clear();
    lines_.clear();
    groups_.clear();
    std::vector<std::size_t> queues(cards_.all().size());
    has_line_.assign(queues.size(), 0);
    for (std::size_t i = 0; i < interrupts_.rows.size(); ++i) {
      const Interrupts::Row& row = interrupts_.rows[i];
      seen_.push_back({.irq = row.irq, .actions = std::string(row.actions)});
      const std::optional<Action> action = UnderstandActions(row.actions, cards_.all());
      if (!action) continue;
      lines_.push_back({.row = i, .action = *action, .group = 0});
      has_line_[action->card] = 1;
      if (action->queue) ++queues[action->card];
    }
    together_.assign(queues.size(), false);
    for (std::size_t i = 0; i < queues.size(); ++i) {
      together_[i] = queues[i] > kMostQueuesShown && !options_.per_queue;
    }
    std::vector<CardInterrupt> interrupts;
    for (Line& line : lines_) {
      line.group = GroupOf(line.action);
      interrupts.push_back(
          {.irq = interrupts_.rows[line.row].irq,
           .card = static_cast<std::uint32_t>(cards_.all()[line.action.card].index)});
    }
    handlers_.SetInterrupts(std::move(interrupts));
  }

  std::size_t GroupOf(Action action) {
    if (together_[action.card]) action.queue.reset();
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      if (groups_[i].action == action) return i;
    }
    groups_.push_back({.action = action});
    return groups_.size() - 1;
  }

  void Count() {
    const std::size_t cpus = interrupts_.cpus.size();
    for (Group& group : groups_) group.count = 0;
    by_cpu_.assign(cards_.all().size() * cpus, 0);
    for (const Line& line : lines_) {
      const std::uint64_t* const counts =
          interrupts_.counts.data() + interrupts_.rows[line.row].first_count;
      for (std::size_t cpu = 0; cpu < cpus; ++cpu) {
        groups_[line.group].count += counts[cpu];
        by_cpu_[line.action.card * cpus + cpu] += counts[cpu];
      }
    }
  }

  const std::string& LabelOf(const Action& action) const { return cards_.all()[action.card].label; }

  void AddCounts(Samples& out) const {
    for (const Group& group : groups_) {
      const Digits queue(group.action.queue.value_or(0));
      out.Add(kFamilies[kInterrupts],
              {LabelOf(group.action), Slug(group.action.direction),
               group.action.queue ? queue.text() : ""},
              group.count);
    }
  }

  void AddByCpu(Samples& out) {
    const std::size_t cpus = interrupts_.cpus.size();
    const auto add = [&](std::string_view card, const std::uint64_t* counts) {
      for (std::size_t cpu = 0; cpu < cpus; ++cpu) {
        out.Add(kFamilies[kCpuInterrupts], {card, Digits(interrupts_.cpus[cpu]).text()},
                counts[cpu]);
      }
    };
    if (std::ranges::count(has_line_, 1) <= kMostCardsShownByCpu || options_.per_cpu) {
      for (std::size_t card = 0; card < has_line_.size(); ++card) {
        if (has_line_[card] != 0) add(cards_.all()[card].label, by_cpu_.data() + card * cpus);
      }
      return;
    }
    add({}, of_all_cards_.Add(by_cpu_, cpus, !has_learned_).data());
    has_learned_ = false;
  }

  void AddMatrix(Samples& out) const {
    for (const Line& line : lines_) {
      const Interrupts::Row& row = interrupts_.rows[line.row];
      const Digits irq(row.irq);
      for (std::size_t cpu = 0; cpu < interrupts_.cpus.size(); ++cpu) {
        out.Add(kFamilies[kMatrix],
                {LabelOf(line.action), irq.text(), Digits(interrupts_.cpus[cpu]).text()},
                interrupts_.counts[row.first_count + cpu]);
      }
    }
  }

  // A file that cannot be read leaves its label out.
  void ReadAffinities() {
    for (Line& line : lines_) {
      const std::string base =
          kernel_.roots.Proc("irq/" + std::to_string(interrupts_.rows[line.row].irq) + "/");
      const auto read = [&](const char* file) {
        const Result<std::string_view> text = reader_.Read(base + file);
        return text ? std::string(Trimmed(*text)) : std::string();
      };
      line.cpus = read("effective_affinity_list");
      line.allowed_cpus = read("smp_affinity_list");
      line.numa_node = read("node");
      // -1: the device is near no node.
      if (line.numa_node == "-1") line.numa_node.clear();
    }
    affinities_read_at_ = Clock::now();
  }

  void AddAffinities(Samples& out) const {
    for (const Line& line : lines_) {
      if (together_[line.action.card] || (line.cpus.empty() && line.allowed_cpus.empty())) continue;
      const Digits queue(line.action.queue.value_or(0));
      out.Add(kFamilies[kAffinity],
              {LabelOf(line.action), Digits(interrupts_.rows[line.row].irq).text(),
               Slug(line.action.direction), line.action.queue ? queue.text() : "", line.cpus,
               line.allowed_cpus, line.numa_node},
              std::uint64_t{1});
    }
  }

  Kernel kernel_;
  NetworkCards cards_;
  File file_;
  InterruptFolders folders_;
  FileReader reader_;
  Options options_;
  Interrupts interrupts_;
  std::uint64_t generation_ = 0;
  std::vector<Seen> seen_;
  std::vector<Line> lines_;
  std::vector<Group> groups_;
  std::vector<char> together_;         // By card: only the sums of its queues are shown.
  std::vector<char> has_line_;         // By card: it has an interrupt.
  std::vector<std::uint64_t> by_cpu_;  // Card by card.
  CarriedSum of_all_cards_;
  bool has_learned_ = false;  // Since of_all_cards_ was asked.
  std::optional<Clock::time_point> affinities_read_at_;
  HandlerTimes handlers_;
};

}  // namespace

extern const CollectorDeclaration kCollector;
const CollectorDeclaration kCollector = {
    .name = "irq",
    .summary = "Interrupts of network cards by queue and by CPU, and where they may go.",
    .families = kFamilies,
    .options = kOptions,
    .create = [](const CollectorContext& context) -> std::unique_ptr<Collector> {
      return std::make_unique<IrqCollector>(
          context, IrqCollector::Options{.per_queue = context.options.Bool("per-queue"),
                                         .per_cpu = context.options.Bool("per-cpu"),
                                         .matrix = context.options.Bool("matrix"),
                                         .handler_time = context.options.Bool("handler-time"),
                                         .affinities = TierOf(context.options) != Tier::kCore,
                                         .max_age = std::chrono::duration_cast<Clock::duration>(
                                             context.options.Duration("settings-max-age"))});
    },
};

}  // namespace netstack::irq
