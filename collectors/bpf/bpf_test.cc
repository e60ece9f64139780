#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collectors/bpf_fixture.h"
#include "collectors/fixture_host.h"

namespace netstack::bpf {
extern const CollectorDeclaration kCollector;

namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Bpf, ShowsWhatBecameOfEachProgram) {
  FakeBpf bpf;
  bpf.programs = {{.collector = "queue_peaks",
                   .name = "send",
                   .state = ProgramState::kOk,
                   .hook = "tp_btf/sock_send_length",
                   .last_failure = ProgramState::kNotAttached,
                   .missed = 3},
                  {.collector = "queue_peaks", .name = "tcp_probe", .state = ProgramState::kOk},
                  {.collector = "drops",
                   .name = "kfree_skb",
                   .state = ProgramState::kVerifier,
                   .detail = "invalid mem access\n"}};
  FixtureHost host(kCollector);
  host.SetBpf(bpf);
  EXPECT_EQ(host.Collect().state, CollectorState::kOk);
  EXPECT_THAT(
      host.Lines(),
      ElementsAre("netstack_bpf_program_state{collector=\"queue_peaks\",program=\"send\","
                  "state=\"ok\",hook=\"tp_btf/sock_send_length\",last_failure=\"not_attached\"} 1",
                  "netstack_bpf_program_state{collector=\"queue_peaks\",program=\"tcp_probe\","
                  "state=\"ok\"} 1",
                  "netstack_bpf_program_state{collector=\"drops\",program=\"kfree_skb\","
                  "state=\"verifier\"} 1",
                  "netstack_bpf_program_missed_total{collector=\"queue_peaks\",program=\"send\"} "
                  "3"));
}

TEST(Bpf, IsAbsentWhereThereAreNoPrograms) {
  FixtureHost host(kCollector);
  EXPECT_EQ(host.Collect().state, CollectorState::kAbsent);
  EXPECT_THAT(host.Lines(), IsEmpty());
}

TEST(ProgramState, HasASlugForEachState) {
  EXPECT_EQ(Slug(ProgramState::kOk), "ok");
  EXPECT_EQ(Slug(ProgramState::kNoTracepoint), "no_tracepoint");
  EXPECT_EQ(Slug(ProgramState::kVerifier), "verifier");
  EXPECT_EQ(Slug(ProgramState::kNotAttached), "not_attached");
}

}  // namespace
}  // namespace netstack::bpf
