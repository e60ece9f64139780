// Programs in the kernel, where they can be loaded, that it takes or not.
#include "kernel/bpf/loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <string>
#include <vector>

#include "kernel/bpf/own_namespace.h"
#include "kernel/bpf/type_information.h"
#include "kernel/capabilities.h"
#include "loader_trial.skel.h"

namespace netstack {
namespace {

using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr std::string_view kCollector = "trial";

ProgramStatus Of(std::string_view name) {
  return {.collector = kCollector, .name = name};
}

// In .bss of the object.
struct Counts {
  std::uint32_t runs_within;
  std::uint32_t runs_first;
};

class LoaderTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!MayLoadPrograms()) GTEST_SKIP() << "CAP_BPF and CAP_PERFMON are missing";
    types_ = LoadKernelBtf();
    if (types_ == nullptr) GTEST_SKIP() << "the kernel has no type information";
    if (!HasTracepoint(types_.get(), "sys_enter")) GTEST_SKIP() << "no tracepoint sys_enter";
  }

  void Load(std::span<const Hook> hooks) {
    std::size_t size = 0;
    const auto* const elf = static_cast<const char*>(loader_trial::elf_bytes(&size));
    for (const Hook& hook : hooks) statuses_.push_back(Of(hook.name));
    loaded_ = LoadObject({.collector = kCollector,
                          .elf = {elf, size},
                          .hooks = hooks,
                          .maps = {{.name = ".bss", .writable = true}},
                          .config = BytesOf(std::uint32_t{0})},
                         types_.get(), statuses_);
  }
  // What the kernel said is its own affair; that it said something is not.
  std::string TakeDetail(std::size_t status) {
    return std::exchange(statuses_.at(status).detail, {});
  }
  Counts CountsNow() const { return loaded_->maps.find(".bss")->second.Only<Counts>(); }

  Btf types_;
  std::vector<ProgramStatus> statuses_;
  std::unique_ptr<LoadedObject> loaded_;
};

ProgramStatus AtWork(std::string_view name, std::string hook,
                     std::optional<ProgramState> last_failure = {}) {
  ProgramStatus status = Of(name);
  status.state = ProgramState::kOk;
  status.hook = std::move(hook);
  status.last_failure = last_failure;
  return status;
}

ProgramStatus Failed(std::string_view name, ProgramState state) {
  ProgramStatus status = Of(name);
  status.state = state;
  return status;
}

TEST_F(LoaderTest, TakesTheNextProgramWhereOneIsLoadedButNotAttached) {
  constexpr std::array kHooks = {Hook{"other", {{{"first"}}}},
                                 Hook{"trial", {{{"beyond"}, {"within"}}}}};
  Load(kHooks);
  ASSERT_NE(loaded_, nullptr);
  EXPECT_EQ(TakeDetail(1), std::string(std::strerror(EINVAL)) + "\n");
  EXPECT_EQ(statuses_[0], AtWork("other", "tp_btf/sys_exit"));
  EXPECT_EQ(statuses_[1], AtWork("trial", "tp_btf/sys_enter", ProgramState::kNotAttached));
  EXPECT_THAT(loaded_->programs, SizeIs(2));
  const Counts before = CountsNow();
  getppid();
  EXPECT_GT(CountsNow().runs_within, before.runs_within);
  EXPECT_GT(CountsNow().runs_first, before.runs_first);
}

TEST_F(LoaderTest, TriesEveryProgramOfAHook) {
  constexpr std::array kHooks = {Hook{"trial", {{{"refused"}, {"beyond"}, {"within"}}}},
                                 Hook{"older", {{{"missing"}, {"refused"}, {"first"}}}},
                                 Hook{"oldest", {{{"missing"}, {"first"}}}}};
  Load(kHooks);
  ASSERT_NE(loaded_, nullptr);
  EXPECT_THAT(TakeDetail(0), StartsWith(std::strerror(EINVAL)));
  EXPECT_THAT(TakeDetail(1), Not(IsEmpty()));
  EXPECT_EQ(statuses_[0], AtWork("trial", "tp_btf/sys_enter", ProgramState::kNotAttached));
  EXPECT_EQ(statuses_[1], AtWork("older", "tp_btf/sys_exit", ProgramState::kVerifier));
  EXPECT_EQ(statuses_[2], AtWork("oldest", "tp_btf/sys_exit", ProgramState::kNoTracepoint));
}

TEST_F(LoaderTest, TellsWhatBecameOfAHookWhoseProgramsAreAllInVain) {
  constexpr std::array kHooks = {Hook{"trial", {{{"refused"}, {"beyond"}}}},
                                 Hook{"alone", {{{"beyond_too"}}}},
                                 Hook{"late", {{{"beyond"}, {"refused"}}}},
                                 Hook{"other", {{{"first"}}}}, Hook{"none", {{{"missing"}}}}};
  Load(kHooks);
  ASSERT_NE(loaded_, nullptr);
  for (const std::size_t failed : {0u, 1u, 2u}) EXPECT_THAT(TakeDetail(failed), Not(IsEmpty()));
  EXPECT_EQ(statuses_[0], Failed("trial", ProgramState::kNotAttached));
  EXPECT_EQ(statuses_[1], Failed("alone", ProgramState::kNotAttached));
  EXPECT_EQ(statuses_[2], Failed("late", ProgramState::kVerifier));
  EXPECT_EQ(statuses_[3], AtWork("other", "tp_btf/sys_exit"));
  EXPECT_EQ(statuses_[4], Failed("none", ProgramState::kNoTracepoint));
  EXPECT_THAT(loaded_->programs, SizeIs(1));
}

TEST_F(LoaderTest, HasNothingWhenNoProgramCanBeAttached) {
  constexpr std::array kHooks = {Hook{"trial", {{{"beyond"}}}}};
  Load(kHooks);
  EXPECT_EQ(loaded_, nullptr);
  EXPECT_THAT(TakeDetail(0), Not(IsEmpty()));
  EXPECT_EQ(statuses_[0], Failed("trial", ProgramState::kNotAttached));
}

}  // namespace
}  // namespace netstack
