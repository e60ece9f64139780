#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "collectors/bpf_fixture.h"
#include "collectors/fixture_host.h"
#include "collectors/irq/interrupt_folders.h"

namespace netstack::irq {

extern const CollectorDeclaration kCollector;

namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

// A host with cards eth0 and eth1, and interrupts as the test says.
class IrqTest : public testing::Test {
 protected:
  IrqTest() {
    host_.SetOption("tier", "extended");
    for (const std::string name : {"eth0", "eth1"}) AddCard(name);
  }
  void AddCard(const std::string& name) const {
    // eth0 has 2.
    host_.Write("sys/class/net/" + name + "/ifindex", std::to_string(name.back() - '0' + 2) + "\n");
    std::filesystem::create_symlink("../../../" + name + "_parent",
                                    host_.PathOf("sys/class/net/" + name + "/device"));
  }
  void SetInterrupts(const std::string& rows) const {
    host_.Write("proc/interrupts", "       CPU0    CPU1\n" + rows);
  }
  void SetAffinity(int irq, const std::string& cpus, const std::string& allowed,
                   const std::string& node) const {
    const std::string base = "proc/irq/" + std::to_string(irq) + "/";
    host_.Write(base + "effective_affinity_list", cpus + "\n");
    host_.Write(base + "smp_affinity_list", allowed + "\n");
    host_.Write(base + "node", node + "\n");
  }
  // The page's lines without "netstack_irq_", and without the age.
  std::vector<std::string> Page() {
    const Outcome outcome = host_.Collect();
    EXPECT_EQ(outcome.state, CollectorState::kOk)
        << (outcome.error ? outcome.error->Describe() : "");
    std::vector<std::string> lines;
    for (const std::string& line : host_.Lines()) {
      if (!line.starts_with("netstack_irq_affinity_age")) lines.push_back(line.substr(13));
    }
    return lines;
  }

  FixtureHost host_{kCollector};
};

TEST_F(IrqTest, CountsByQueueAndByCpu) {
  SetInterrupts(
      " 30:   10   1  PCI-MSI 1-edge      eth0-TxRx-0\n"
      " 31:    0   5  PCI-MSI 2-edge      eth0-TxRx-1\n"
      " 32:    1   0  PCI-MSI 3-edge      eth0\n"
      " 33:    7   0  PCI-MSI 4-edge      nvme0q1\n"
      "NMI:    9   9   Non-maskable interrupts\n");
  SetAffinity(30, "0", "0-1", "1");
  EXPECT_THAT(
      Page(),
      UnorderedElementsAre(
          "interrupts_total{device=\"eth0\",direction=\"combined\",queue=\"0\"} 11",
          "interrupts_total{device=\"eth0\",direction=\"combined\",queue=\"1\"} 5",
          "interrupts_total{device=\"eth0\"} 1",
          "cpu_interrupts_total{device=\"eth0\",cpu=\"0\"} 11",
          "cpu_interrupts_total{device=\"eth0\",cpu=\"1\"} 6",
          "affinity_info{device=\"eth0\",irq=\"30\",direction=\"combined\",queue=\"0\",cpus=\"0\","
          "allowed_cpus=\"0-1\",numa_node=\"1\"} 1"));
}

TEST_F(IrqTest, LeavesAffinitiesOutUnlessAsked) {
  host_.SetOption("tier", "core");
  SetInterrupts(" 30:   10   1  PCI-MSI 1-edge      eth0-TxRx-0\n");
  SetAffinity(30, "0", "0-1", "1");
  EXPECT_THAT(Page(), Not(Contains(testing::HasSubstr("affinity"))));
}

class IrqsOfManyCards : public IrqTest {
 protected:
  IrqsOfManyCards() {
    for (const std::string name : {"eth2", "eth3", "eth4"}) AddCard(name);
  }
  // The interrupts by CPU; each card has as many as its number and one.
  std::vector<std::string> ByCpu(int cards) {
    std::string rows;
    for (int i = 0; i < cards; ++i) {
      const std::string number = std::to_string(i);
      rows += " 3" + number + ": " + number + " 1  PCI-MSI 1-edge  eth" + number + "-rx-0\n";
    }
    SetInterrupts(rows);
    std::vector<std::string> lines = Page();
    std::erase_if(lines, [](const std::string& line) { return !line.starts_with("cpu_"); });
    return lines;
  }
};

TEST_F(IrqsOfManyCards, AreAddedUpByCpu) {
  EXPECT_EQ(ByCpu(2).size(), 2 * 2u);
  EXPECT_THAT(ByCpu(3), ElementsAre("cpu_interrupts_total{cpu=\"0\"} 3",
                                    "cpu_interrupts_total{cpu=\"1\"} 3"));
}

TEST_F(IrqsOfManyCards, AreShownByCardAndCpuOnRequest) {
  host_.SetOption("per-cpu", "true");
  EXPECT_EQ(ByCpu(5).size(), 5 * 2u);
}

TEST_F(IrqsOfManyCards, KeepTheirSumWhenACardGoes) {
  AddCard("eth5");
  EXPECT_THAT(ByCpu(6), Contains("cpu_interrupts_total{cpu=\"0\"} 15"));
  EXPECT_THAT(ByCpu(5), Contains("cpu_interrupts_total{cpu=\"0\"} 15"));
  EXPECT_THAT(ByCpu(5), Contains("cpu_interrupts_total{cpu=\"0\"} 15"));
}

TEST_F(IrqTest, FollowsCountsWhileTheRowsStay) {
  SetInterrupts(" 30:   10   1  PCI-MSI 1-edge      eth0-rx-0\n");
  Page();
  SetInterrupts(" 30:   20   2  PCI-MSI 1-edge      eth0-rx-0\n");
  EXPECT_THAT(Page(),
              Contains("interrupts_total{device=\"eth0\",direction=\"receive\",queue=\"0\"} 22"));
}

TEST_F(IrqTest, UnderstandsTheNamesAnewWhenARowChangesItsOwner) {
  SetInterrupts(" 30:   10   1  PCI-MSI 1-edge      eth0-rx-0\n");
  Page();
  SetInterrupts(" 30:   20   2  PCI-MSI 1-edge      eth1-tx-0\n");
  EXPECT_THAT(Page(),
              ElementsAre("interrupts_total{device=\"eth1\",direction=\"transmit\",queue=\"0\"} 22",
                          "cpu_interrupts_total{device=\"eth1\",cpu=\"0\"} 20",
                          "cpu_interrupts_total{device=\"eth1\",cpu=\"1\"} 2"));
}

TEST_F(IrqTest, ForgetsACardThatIsGone) {
  SetInterrupts(" 30:   10   1  PCI-MSI 1-edge      eth0-rx-0\n");
  EXPECT_THAT(Page(), Not(IsEmpty()));
  host_.Remove("sys/class/net/eth0");
  EXPECT_THAT(Page(), IsEmpty());
}

std::string ManyQueues() {
  std::string rows;
  for (int i = 0; i < 33; ++i) {
    rows += std::to_string(100 + i) + ":  1  2  PCI-MSI 1-edge      eth0-TxRx-" +
            std::to_string(i) + "\n";
  }
  return rows;
}

TEST_F(IrqTest, AddsUpTheQueuesOfALargeCard) {
  SetInterrupts(ManyQueues());
  SetAffinity(100, "0", "0-1", "0");
  EXPECT_THAT(Page(), ElementsAre("interrupts_total{device=\"eth0\",direction=\"combined\"} 99",
                                  "cpu_interrupts_total{device=\"eth0\",cpu=\"0\"} 33",
                                  "cpu_interrupts_total{device=\"eth0\",cpu=\"1\"} 66"));
}

TEST_F(IrqTest, ShowsEachQueueOfALargeCardOnRequest) {
  host_.SetOption("per-queue", "true");
  SetInterrupts(ManyQueues());
  EXPECT_THAT(Page(),
              Contains("interrupts_total{device=\"eth0\",direction=\"combined\",queue=\"32\"} 3"));
}

TEST_F(IrqTest, ShowsTheMatrixOnRequest) {
  host_.SetOption("matrix", "true");
  SetInterrupts(" 30:   10   1  PCI-MSI 1-edge      eth0-rx-0\n");
  const std::vector<std::string> page = Page();
  EXPECT_THAT(page, Contains("matrix_interrupts_total{device=\"eth0\",irq=\"30\",cpu=\"0\"} 10"));
  EXPECT_THAT(page, Contains("matrix_interrupts_total{device=\"eth0\",irq=\"30\",cpu=\"1\"} 1"));
}

TEST_F(IrqTest, TellsTheAgeOfAffinities) {
  const auto age = [this] {
    host_.Collect();
    const std::string last = host_.Lines().back();
    EXPECT_THAT(last, testing::StartsWith("netstack_irq_affinity_age_seconds "));
    return std::stod(last.substr(last.rfind(' ')));
  };
  SetInterrupts(" 30:   10   1  PCI-MSI 1-edge      eth0-TxRx-0\n");
  const double first = age();
  const double second = age();
  EXPECT_GT(second, first);
  SetInterrupts(" 30:   10   1  PCI-MSI 1-edge      nvme0q1\n");
  host_.Collect();
  EXPECT_THAT(host_.Lines(), IsEmpty());
}

TEST_F(IrqTest, ShowsTheTimeOfItsHandlersByCardOnRequest) {
  FakeBpf bpf;
  FakeBpf::Irqs& irqs = bpf.MakeIrqs();
  host_.SetOption("handler-time", "true");
  host_.SetBpf(bpf);
  SetInterrupts(
      " 30:   10   1  PCI-MSI 1-edge      eth0-rx-0\n"
      " 31:   10   1  PCI-MSI 1-edge      eth1\n"
      " 32:   10   1  PCI-MSI 1-edge      eth0-tx-0\n");
  Page();
  EXPECT_THAT(irqs.interrupts,
              ElementsAre(CardInterrupt{30, 2}, CardInterrupt{31, 3}, CardInterrupt{32, 2}));
  irqs.times = {{.card = 2, .times = {}}, {.card = 77, .times = {}}};
  irqs.times[0].times.bins[9] = 4;  // Up to 512 ns.
  irqs.times[0].times.sum = 1'000'000'000;
  irqs.without_row = 1;
  const std::vector<std::string> page = Page();
  const std::string card = "handler_seconds{device=\"eth0\"";
  EXPECT_THAT(page, Contains(card + ",=\"2.56e-07\"} 0"));
  EXPECT_THAT(page, Contains(card + ",=\"1.024e-06\"} 4"));
  EXPECT_THAT(page, Contains(card + "} 1")) << "their sum";
  EXPECT_THAT(page, Contains(card + "} 4")) << "their number";
  EXPECT_THAT(page, Contains("handlers_untimed 1"));
  EXPECT_THAT(page, Not(Contains(testing::HasSubstr("handler_seconds{device=\"eth1\""))));
}

TEST_F(IrqTest, HasNoTimesWithoutPrograms) {
  host_.SetOption("handler-time", "true");
  SetInterrupts(" 30:   10   1  PCI-MSI 1-edge      eth0-rx-0\n");
  EXPECT_THAT(Page(), Not(Contains(testing::HasSubstr("handler"))));
}

// As container runtimes do it, who put /dev/null in its place.
TEST_F(IrqTest, ReadsSysWhereTheFileIsHidden) {
  const auto set = [this](const std::string& irq, const char* actions, const char* counts) {
    host_.Write("sys/kernel/irq/" + irq + "/actions", actions);
    host_.Write("sys/kernel/irq/" + irq + "/per_cpu_count", counts);
  };
  host_.Write("sys/devices/system/cpu/possible", "0-3\n");
  host_.Write("sys/devices/system/cpu/online", "0,2\n");
  set("9", "eth0-TxRx-0\n", "10,7,1,7\n");
  set("10", "nvme0q1,eth0-TxRx-1\n", "0,0,5,0\n");
  set("11", "\n", "1,0,0,0\n");               // Nobody's.
  set("12", "eth1-TxRx-0\n", "1,0\n");        // Of fewer CPUs than there are.
  set("13", "eth1-TxRx-1\n", "1,0,0,0,0\n");  // Of more.
  host_.Write("proc/interrupts", "");
  const std::vector<std::string> expected = {
      "interrupts_total{device=\"eth0\",direction=\"combined\",queue=\"0\"} 11",
      "interrupts_total{device=\"eth0\",direction=\"combined\",queue=\"1\"} 5",
      "cpu_interrupts_total{device=\"eth0\",cpu=\"0\"} 10",
      "cpu_interrupts_total{device=\"eth0\",cpu=\"2\"} 6"};
  EXPECT_EQ(Page(), expected);
  host_.Remove("proc/interrupts");
  EXPECT_EQ(Page(), expected);
  host_.Remove("sys/kernel/irq/9");
  EXPECT_THAT(Page(), Not(Contains(expected[0])));
}

TEST_F(IrqTest, SaysTheSameOfThisMachineFromBothSources) {
  host_.UseTheRealKernel();
  const std::vector<std::string> of_file = Page();
  if (of_file.empty()) GTEST_SKIP() << "no network card with interrupts of its own here";
  const auto netlink = MakeKernelNetlinkSource();
  const Kernel kernel = {.roots = {}, .netlink = *netlink};
  InterruptFolders folders(kernel);
  Interrupts interrupts;
  const Status read = folders.Read(interrupts);
  if (!read) GTEST_SKIP() << read.error().Describe();
  Interrupts file;
  const Result<std::string> text = kernel.ReadFileOnce("/proc/interrupts");
  ASSERT_TRUE(text);
  ASSERT_TRUE(ParseInterrupts(*text, "/proc/interrupts", file));
  EXPECT_EQ(interrupts.cpus, file.cpus);
  std::map<std::uint32_t, std::string_view> actions;
  for (const Interrupts::Row& row : file.rows) actions[row.irq] = row.actions;
  for (const Interrupts::Row& row : interrupts.rows) {
    EXPECT_EQ(actions[row.irq], row.actions) << row.irq;
  }
}

TEST_F(IrqTest, LeavesTheNodeOutWhereTheDeviceIsNearNone) {
  SetInterrupts(" 30:   10   1  PCI-MSI 1-edge      eth0\n");
  SetAffinity(30, "1", "0-1", "-1");
  EXPECT_THAT(Page(), Contains("affinity_info{device=\"eth0\",irq=\"30\",cpus=\"1\","
                               "allowed_cpus=\"0-1\"} 1"));
}

TEST_F(IrqTest, IsAbsentWithoutTheFileAndFailsOnOneThatIsNone) {
  EXPECT_EQ(host_.Collect().state, CollectorState::kAbsent);
  host_.Write("proc/interrupts", "");
  EXPECT_EQ(host_.Collect().state, CollectorState::kFailed);
}

}  // namespace
}  // namespace netstack::irq
