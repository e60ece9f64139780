#include "collectors/irq/interrupts_file.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace netstack::irq {
namespace {

std::string Contents(const std::string& file_name) {
  std::ifstream file(std::string(NETSTACK_SOURCE_DIR) + "/" + file_name);
  EXPECT_TRUE(file) << file_name;
  return {std::istreambuf_iterator<char>(file), {}};
}

constexpr const char* kRecorded = "collectors/irq/fixtures/linux-6.1/proc/interrupts";

// "irq actions count count" of each row.
std::vector<std::string> Rows(const Interrupts& interrupts) {
  std::vector<std::string> lines;
  for (const Interrupts::Row& row : interrupts.rows) {
    std::string line = std::to_string(row.irq) + " " + std::string(row.actions);
    for (std::size_t i = 0; i < interrupts.cpus.size(); ++i) {
      line += " " + std::to_string(interrupts.counts[row.first_count + i]);
    }
    lines.push_back(line);
  }
  return lines;
}

std::vector<std::string> RowsOf(const std::string& text) {
  Interrupts interrupts;
  const Status parsed = ParseInterrupts(text, "F", interrupts);
  if (!parsed) return {parsed.error().Describe()};
  return Rows(interrupts);
}

TEST(InterruptsFile, HasTheNumberedRowsOfLinux61) {
  const std::string text = Contents(kRecorded);
  Interrupts interrupts;
  ASSERT_TRUE(ParseInterrupts(text, "F", interrupts));
  EXPECT_EQ(interrupts.cpus, (std::vector<std::uint32_t>{0, 1}));
  const std::vector<std::string> rows = Rows(interrupts);
  ASSERT_EQ(rows.size(), 21u);
  EXPECT_EQ(rows.front(), "0 timer 83 0");
  EXPECT_EQ(rows[13], "31 virtio2-input.0 0 348");
  EXPECT_EQ(rows.back(), "38 eth2-event-2 0 0");
}

TEST(InterruptsFile, HasTheSameActionsOnEveryKernel) {
  for (const char* const host : {"linux-5.10", "linux-6.1", "linux-6.12", "linux-7.3"}) {
    const std::string text = Contents("tests/hosts/" + std::string(host) + "/proc/interrupts");
    Interrupts interrupts;
    ASSERT_TRUE(ParseInterrupts(text, "F", interrupts)) << host;
    const auto has = [&](std::string_view actions) {
      for (const Interrupts::Row& row : interrupts.rows) {
        if (row.actions == actions) return true;
      }
      return false;
    };
    for (const char* const name : {"virtio1-input.0", "eth1-rx-0", "eth1", "eth2-rxtx-1"}) {
      EXPECT_TRUE(has(name)) << host << " " << name;
    }
  }
}

TEST(InterruptsFile, NamesTheCpusThatAreOnline) {
  Interrupts interrupts;
  ASSERT_TRUE(
      ParseInterrupts("    CPU0   CPU17\n 5:  1  2  GIC  7 Edge      a\n", "F", interrupts));
  EXPECT_EQ(interrupts.cpus, (std::vector<std::uint32_t>{0, 17}));
  EXPECT_EQ(Rows(interrupts), (std::vector<std::string>{"5 a 1 2"}));
}

TEST(InterruptsFile, MayHaveSeveralActionsAndChipsWithBlanks) {
  EXPECT_EQ(RowsOf("  CPU0\n"
                   " 16: 4294967295  IO-APIC  16-fasteoi   ehci_hcd:usb1, eth0\n"
                   " 40: 3  Hyper-V PCIe MSI 4194305-edge      mlx5_comp0@pci:0001:00:02.0\n"
                   " 41: 0  xen-dyn    -event     eth0-q0-tx\n"),
            (std::vector<std::string>{"16 ehci_hcd:usb1, eth0 4294967295",
                                      "40 mlx5_comp0@pci:0001:00:02.0 3", "41 eth0-q0-tx 0"}));
}

TEST(InterruptsFile, IsRefusedWithoutAHead) {
  EXPECT_EQ(RowsOf(""), (std::vector<std::string>{"F line 1: no CPU in the head: ''"}));
  EXPECT_EQ(RowsOf("1: 2\n"), (std::vector<std::string>{"F line 1: not a CPU: '1:'"}));
}

TEST(InterruptsFile, IsRefusedWhereACountIsMissing) {
  EXPECT_EQ(RowsOf("  CPU0 CPU1\n 5:  1\n"),
            (std::vector<std::string>{"F line 2: not a count: ''"}));
  EXPECT_EQ(RowsOf("  CPU0 CPU1\n 5:  1  IO-APIC\n"),
            (std::vector<std::string>{"F line 2: not a count: 'IO-APIC'"}));
}

TEST(InterruptsFile, IsRefusedWhereARowComesAgain) {
  EXPECT_EQ(RowsOf("  CPU0\n 5: 1 IO-APIC  5-edge  a\n 5: 1 IO-APIC  5-edge  a\n"),
            (std::vector<std::string>{"F line 3: not behind the interrupt before it: '5'"}));
}

// Wherever it is cut: no crash, and what was understood is what the whole file says.
TEST(InterruptsFile, SaysNothingWrongWhenCutBetweenLines) {
  const std::string text = Contents(kRecorded);
  const std::vector<std::string> all = RowsOf(text);
  for (std::size_t size = 0; size < text.size(); ++size) {
    Interrupts interrupts;
    const std::string cut = text.substr(0, size);
    const Status parsed = ParseInterrupts(cut, "F", interrupts);
    if (size == 0 || cut.back() != '\n') continue;
    ASSERT_TRUE(parsed) << size << " " << parsed.error().Describe();
    const std::vector<std::string> rows = Rows(interrupts);
    ASSERT_LE(rows.size(), all.size());
    EXPECT_TRUE(std::equal(rows.begin(), rows.end(), all.begin())) << size;
  }
}

}  // namespace
}  // namespace netstack::irq
