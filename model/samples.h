#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "model/family.h"

namespace netstack {

// Where a sample is seen. Two are not printed and feed the path families: a hidden one as part of
// the device "other" (container ports, which are summed there), one of the path only as any other
// sample (what the path families say already). One that is off the path is printed but never enters
// a path family (stacked devices, whose packets are counted on the device below).
enum class Visibility : std::uint8_t { kEverywhere, kHidden, kPathOnly, kOffPath };
constexpr bool IsPrinted(Visibility visibility) {
  return visibility == Visibility::kEverywhere || visibility == Visibility::kOffPath;
}

// The part of a histogram that a line is; kValue for everything else.
enum class Part : std::uint8_t { kValue, kBucket, kSum, kCount };

// One value. Counters are integers as the kernel gives them.
struct Number {
  constexpr Number(std::uint64_t value) : integer(value), is_integer(true) {}  // NOLINT: implicit
  constexpr Number(double value) : real(value), is_integer(false) {}           // NOLINT: implicit
  constexpr double AsDouble() const { return is_integer ? static_cast<double>(integer) : real; }
  union {
    std::uint64_t integer;
    double real;
  };
  bool is_integer;
};

// The samples of one collector and one round: an arena that is cleared, not freed, so that from the
// second round on nothing is allocated. Grouped by family for the writer whatever the order of Add.
class Samples {
 public:
  // `families` is the collector's table and must outlive the object; at most `max_samples` of those
  // that are seen are shown, the rest is cut: kept for the ledger, and counted by suppressed().
  explicit Samples(std::span<const Family> families, std::size_t max_samples = SIZE_MAX);

  // Forgets all samples and keeps the memory.
  void Clear();

  // Adds a sample. `family` must be an element of the table given to the constructor, otherwise
  // the sample is counted by undeclared() and dropped. One value for each label of the family; an
  // empty value means that the label does not apply. The values are copied.
  void Add(const Family& family, std::initializer_list<std::string_view> label_values, Number value,
           Visibility visibility = Visibility::kEverywhere);
  void Add(const Family& family, std::span<const std::string_view> label_values, Number value,
           Visibility visibility = Visibility::kEverywhere);

  // A histogram: one bucket line ("le" is the upper bound as text, "+Inf" last), sum and count.
  void AddBucket(const Family& family, std::span<const std::string_view> label_values,
                 std::string_view le, Number cumulative);
  void AddSum(const Family& family, std::span<const std::string_view> label_values, Number sum);
  void AddCount(const Family& family, std::span<const std::string_view> label_values, Number count);

  class View;
  // Calls `visit(const View&)` for each sample of families()[index] that was not cut, in the order
  // they were added.
  template <class Visitor>
  void ForEach(std::size_t index, Visitor&& visit) const;
  // The same, those that were cut too.
  template <class Visitor>
  void ForEachEvenCut(std::size_t index, Visitor&& visit) const;

  std::span<const Family> families() const { return families_; }
  bool Has(std::size_t index) const { return chains_[index].first != kNone; }
  // Without those that were cut.
  std::size_t size() const { return samples_.size() - suppressed_; }
  std::size_t suppressed() const { return suppressed_; }
  std::size_t undeclared() const { return undeclared_; }

 private:
  static constexpr std::uint32_t kNone = UINT32_MAX;
  struct Sample {
    Number value;
    std::uint32_t next;
    std::uint32_t labels;  // Offset into text_: for each label a 16-bit length and the bytes.
    Part part;
    Visibility visibility;
    bool is_cut;
  };
  struct Chain {
    std::uint32_t first = kNone;
    std::uint32_t last = kNone;
    std::uint32_t label_count = 0;  // Of the family, here because that is far away.
  };

  void Append(const Family& family, std::span<const std::string_view> label_values,
              std::string_view le, Number value, Part part, Visibility visibility);
  char* RoomFor(std::size_t bytes);

  std::span<const Family> families_;
  std::size_t max_samples_;
  std::vector<Chain> chains_;  // One for each family.
  std::vector<Sample> samples_;
  std::unique_ptr<char[]> text_;
  std::size_t text_size_ = 0;
  std::size_t used_ = 0;   // Of text_.
  std::size_t shown_ = 0;  // Of samples_, those that are seen and not cut.
  std::size_t suppressed_ = 0;
  std::size_t undeclared_ = 0;
};

// One sample, valid until the next call that changes the Samples.
class Samples::View {
 public:
  View(const Samples& owner, const Sample& sample) : owner_(owner), sample_(sample) {}

  Number value() const { return sample_.value; }
  Part part() const { return sample_.part; }
  Visibility visibility() const { return sample_.visibility; }

  // Calls `visit(index, value)` for each label value, empty ones too; a bucket's "le" comes last.
  template <class Visitor>
  void ForEachLabel(Visitor&& visit) const;
  // The value of the family's label number `index`.
  std::string_view Label(std::size_t index) const;
  // All label values as stored: equal bytes mean equal labels.
  std::string_view LabelBytes(std::size_t label_count) const;

 private:
  static std::string_view ValueAt(const char* at);
  const Samples& owner_;
  const Sample& sample_;
};

template <class Visitor>
void Samples::ForEach(std::size_t index, Visitor&& visit) const {
  for (std::uint32_t at = chains_[index].first; at != kNone; at = samples_[at].next) {
    if (!samples_[at].is_cut) visit(View(*this, samples_[at]));
  }
}

template <class Visitor>
void Samples::ForEachEvenCut(std::size_t index, Visitor&& visit) const {
  for (std::uint32_t at = chains_[index].first; at != kNone; at = samples_[at].next) {
    visit(View(*this, samples_[at]));
  }
}

inline std::string_view Samples::View::ValueAt(const char* at) {
  const auto low = static_cast<unsigned char>(at[0]);
  const auto high = static_cast<unsigned char>(at[1]);
  return {at + 2, static_cast<std::size_t>(low | (high << 8))};
}

template <class Visitor>
void Samples::View::ForEachLabel(Visitor&& visit) const {
  const char* at = owner_.text_.get() + sample_.labels;
  const std::size_t count = static_cast<unsigned char>(*at++);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view value = ValueAt(at);
    visit(i, value);
    at += 2 + value.size();
  }
}

}  // namespace netstack
