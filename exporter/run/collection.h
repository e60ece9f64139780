#pragma once

#include <memory>
#include <string>

#include "collectors/offenders.h"
#include "config/config.h"
#include "exporter/log/state_log.h"
#include "exporter/page/composer.h"
#include "exporter/page/pages.h"
#include "exporter/self/self_metrics.h"
#include "kernel/kernel.h"
#include "kernel/record/host_recording.h"
#include "kernel/record/host_replay.h"
#include "kernel/result.h"

namespace netstack {

// Where the kernel's answers go to, or come from; both empty: the kernel itself.
struct KernelSource {
  std::string record = {};   // Directory to write down what is read.
  std::string replay = {};   // Directory to read from instead of the kernel.
  BpfSource* bpf = nullptr;  // Programs in the kernel, not with the former. Outlives the object.
};

// Everything that one configuration makes: the collectors, what they refer to, and their pages. A
// reload makes a new one.
class Collection {
 public:
  // `self` may be null: then the page says nothing of the program. `states` may be null, too. Both
  // must outlive the object.
  static Result<std::unique_ptr<Collection>> Make(const Config& config, const KernelSource& source,
                                                  const SelfMetrics* self, StateLog* states);
  // Waits for the collectors; leaves behind, for good, what a stuck one still refers to.
  ~Collection();

  Pages& pages() { return *pages_; }
  Composer& composer() { return *composer_; }
  const Config& config() const { return config_; }
  // What the walks over all sockets find, and the collector that makes them; null when it is off.
  std::shared_ptr<const OffenderBoard> offenders() const { return offenders_; }
  const CollectorDeclaration* offenders_of() const { return offenders_of_; }

 private:
  struct World;
  Collection(Config config, std::unique_ptr<World> world);
  void FindOffenders(std::span<const ScrapedCollector> collectors);

  const Config config_;
  std::unique_ptr<World> world_;
  std::unique_ptr<Composer> composer_;
  std::unique_ptr<Pages> pages_;
  std::shared_ptr<const OffenderBoard> offenders_;
  const CollectorDeclaration* offenders_of_ = nullptr;
};

}  // namespace netstack
