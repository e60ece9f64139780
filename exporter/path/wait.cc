#include "exporter/path/wait.h"

#include <algorithm>

#include "exporter/path/families.h"

namespace netstack {

Wait::Wait(const WaitRow& row, std::span<const CollectorDeclaration* const> collectors)
    : row_(row), source_(TermRef::Find(row.histogram, collectors)) {}

void Wait::AddBucket(std::string_view le, std::uint64_t count) {
  const auto found = std::ranges::find(buckets_, le, &Bucket::le);
  if (found != buckets_.end()) {
    found->count += count;
  } else {
    buckets_.push_back({.le = std::string(le), .count = count});
  }
}

void Wait::Add(std::span<const CollectorReport> reports, Samples& out) {
  if (!source_) return;
  for (Bucket& bucket : buckets_) bucket.count = 0;
  std::uint64_t count = 0;
  double sum = 0;
  bool is_there = false;
  source_->ForEach(reports, [&](const Samples::View& view) {
    is_there = true;
    if (view.part() == Part::kSum) sum += view.value().AsDouble();
    if (view.part() == Part::kCount) count += view.value().integer;
    if (view.part() != Part::kBucket) return;
    std::string_view le;
    view.ForEachLabel([&](std::size_t, std::string_view value) { le = value; });  // The last one.
    AddBucket(le, view.value().integer);
  });
  if (!is_there) return;
  const Family& family = kPathFamilies[kPathWait];
  const std::array<std::string_view, 2> labels = {Slug(row_.path), Slug(row_.stage)};
  for (const Bucket& bucket : buckets_) out.AddBucket(family, labels, bucket.le, bucket.count);
  out.AddSum(family, labels, sum);
  out.AddCount(family, labels, count);
}

}  // namespace netstack
