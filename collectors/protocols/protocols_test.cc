#include <gtest/gtest.h>
#include <stdlib.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>

#include "collectors/collector.h"
#include "collectors/device_policy.h"
#include "collectors/protocols/families.h"

namespace netstack::protocols {

extern const CollectorDeclaration kCollector;

namespace {

constexpr std::string_view kFixture =
    NETSTACK_SOURCE_DIR "/collectors/protocols/fixtures/linux-6.18/proc";

class NoNetlink : public NetlinkSource {
 public:
  Result<std::unique_ptr<NetlinkPort>> Open(int) override {
    return ErrorFromErrno(EOPNOTSUPP, "netlink", "open");
  }
};

// A collector over a folder that stands for /proc, and what it said last.
class Host {
 public:
  explicit Host(std::string procfs, std::string_view tier = "extended")
      : kernel_{.roots = {.procfs = std::move(procfs)}, .netlink = netlink_},
        options_(kCollector.options),
        samples_(kFamilies) {
    EXPECT_EQ(options_.Set("tier", tier), "");
    collector_ = kCollector.create({.kernel = kernel_, .options = options_, .devices = devices_});
  }

  Outcome Collect() {
    samples_.Clear();
    Outcome outcome = collector_->Collect(samples_);
    EXPECT_EQ(samples_.undeclared(), 0u);
    return outcome;
  }

  // "family{label,label}" to value, hidden samples too.
  std::map<std::string, double> Page() const {
    std::map<std::string, double> page;
    for (std::size_t i = 0; i < kFamilies.size(); ++i) {
      samples_.ForEach(i, [&](const Samples::View& view) {
        std::string name(kFamilies[i].name);
        view.ForEachLabel([&](std::size_t n, std::string_view value) {
          name += (n == 0 ? '{' : ',') + std::string(value);
        });
        if (kFamilies[i].label_count() > 0) name += '}';
        EXPECT_TRUE(page.emplace(name, view.value().AsDouble()).second) << name << " twice";
      });
    }
    return page;
  }

  std::size_t Shown() const {
    std::size_t shown = 0;
    for (std::size_t i = 0; i < kFamilies.size(); ++i) {
      samples_.ForEach(i, [&](const Samples::View& view) {
        if (view.visibility() == Visibility::kEverywhere) ++shown;
      });
    }
    return shown;
  }

  const Samples& samples() const { return samples_; }

 private:
  NoNetlink netlink_;
  Kernel kernel_;
  OptionValues options_;
  DevicePolicy devices_;
  Samples samples_;
  std::unique_ptr<Collector> collector_;
};

// A folder that stands for /proc, removed at the end.
class FakeProc {
 public:
  FakeProc() {
    std::string pattern = testing::TempDir() + "protocolsXXXXXX";
    path_ = mkdtemp(pattern.data());
    std::filesystem::create_directory(path_ + "/net");
  }
  ~FakeProc() { std::filesystem::remove_all(path_); }
  void Write(const std::string& name, std::string_view text) const {
    std::ofstream(path_ + "/net/" + name, std::ios::binary) << text;
  }
  void CopyFixture(const std::string& name) const {
    std::filesystem::copy_file(std::string(kFixture) + "/net/" + name, path_ + "/net/" + name);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

TEST(Protocols, KnowsEveryFieldOfLinux618) {
  Host host{std::string(kFixture)};
  EXPECT_EQ(host.Collect().state, CollectorState::kOk);
  EXPECT_FALSE(host.samples().Has(kUnknownField));
  EXPECT_EQ(host.samples().size(), 401u);  // As many as the three files have names.
}

TEST(Protocols, GivesTheNumbersOfBothIpVersions) {
  Host host{std::string(kFixture)};
  host.Collect();
  const auto page = host.Page();
  EXPECT_EQ(page.at("netstack_ip_forwarding{4}"), 2);
  EXPECT_EQ(page.at("netstack_ip_in_receives_total{4}"), 122);
  EXPECT_EQ(page.at("netstack_ip_in_receives_total{6}"), 106);
  EXPECT_EQ(page.at("netstack_ip_ext_in_octets_total"), 103970);
  EXPECT_EQ(page.at("netstack_ip_in_octets_total{6}"), 105238);
  EXPECT_EQ(page.at("netstack_icmp_msg_out_type_total{4,3}"), 3);
  EXPECT_EQ(page.at("netstack_icmp_msg_in_type_total{6,1}"), 3);
  EXPECT_EQ(page.at("netstack_udp_rcvbuf_errors_total{4}"), 97);
  EXPECT_EQ(page.at("netstack_udp_rcvbuf_errors_total{6}"), 97);
  EXPECT_EQ(page.at("netstack_tcp_max_conn"), -1);
  EXPECT_EQ(page.at("netstack_tcp_retrans_segs_total"), 3);
  EXPECT_EQ(page.at("netstack_tcp_ext_listen_overflows_total"), 6);
}

TEST(Protocols, ShowsTheTierAskedForAndHidesTheRest) {
  std::map<std::string_view, std::size_t> shown;
  std::map<std::string_view, std::size_t> all;
  for (const std::string_view tier : {"core", "extended", "all"}) {
    Host host(std::string(kFixture), tier);
    host.Collect();
    shown[tier] = host.Shown();
    all[tier] = host.samples().size();
  }
  EXPECT_EQ(all["core"], all["all"]);
  EXPECT_EQ(all["extended"], all["all"]);
  EXPECT_EQ(shown["all"], all["all"]);
  EXPECT_LE(shown["core"], 100u);
  EXPECT_LE(shown["extended"], 300u);
  EXPECT_LT(shown["core"], shown["extended"]);
  EXPECT_LT(shown["extended"], shown["all"]);
}

TEST(Protocols, ShowsAFieldItDoesNotKnowUnderTheKernelsName) {
  FakeProc proc;
  proc.Write("snmp", "Tcp: InSegs NewThing Signed\nTcp: 5 6 -7\nNew: A\nNew: 8\n");
  proc.Write("netstat", "TcpExt: TW\nTcpExt: 1\n");
  proc.Write("snmp6", "Udp6New \t9\nifIndex 10\n");
  Host host(proc.path(), "core");
  EXPECT_EQ(host.Collect().state, CollectorState::kOk);
  EXPECT_EQ(host.Page(), (std::map<std::string, double>{
                             {"netstack_protocol_unknown_field_total{New,A}", 8},
                             {"netstack_protocol_unknown_field_total{Tcp,NewThing}", 6},
                             {"netstack_protocol_unknown_field_total{Udp6,New}", 9},
                             {"netstack_protocol_unknown_field_total{snmp6,ifIndex}", 10},
                             {"netstack_tcp_ext_tw_total", 1},
                             {"netstack_tcp_in_segs_total", 5}}));
  EXPECT_EQ(host.Shown(), 5u);
}

TEST(Protocols, ConvertsUnitsAndReadsGaugesWithTheirSign) {
  FakeProc proc;
  proc.Write("snmp",
             "Tcp: RtoMin RtoMax MaxConn CurrEstab InSegs\n"
             "Tcp: 200 120000 -1 18446744073709551614 18446744073709551615\n"
             "IcmpMsg: InType3 OutType8\nIcmpMsg: 1 2\n");
  proc.Write("netstat", "TcpExt: TCPMemoryPressuresChrono\nTcpExt: 1234\n");
  proc.Write("snmp6", "Icmp6InType134 3\nIp6InOctets 4\n");
  Host host(proc.path());
  EXPECT_EQ(host.Collect().state, CollectorState::kOk);
  EXPECT_EQ(host.Page(), (std::map<std::string, double>{
                             {"netstack_icmp_msg_in_type_total{4,3}", 1},
                             {"netstack_icmp_msg_in_type_total{6,134}", 3},
                             {"netstack_icmp_msg_out_type_total{4,8}", 2},
                             {"netstack_ip_in_octets_total{6}", 4},
                             {"netstack_tcp_curr_estab", -2},
                             {"netstack_tcp_ext_tcp_memory_pressures_chrono_seconds_total", 1.234},
                             {"netstack_tcp_in_segs_total", 18446744073709551615.0},
                             {"netstack_tcp_max_conn", -1},
                             {"netstack_tcp_rto_max_seconds", 120},
                             {"netstack_tcp_rto_min_seconds", 0.2}}));
}

TEST(Protocols, IsWholeWithoutIpv6) {
  FakeProc proc;
  proc.CopyFixture("snmp");
  proc.CopyFixture("netstat");
  Host host(proc.path());
  const Outcome outcome = host.Collect();
  EXPECT_EQ(outcome.state, CollectorState::kOk);
  EXPECT_FALSE(outcome.error);
}

TEST(Protocols, LosesOnlyTheSeriesOfABadFile) {
  FakeProc proc;
  proc.CopyFixture("snmp");
  proc.CopyFixture("snmp6");
  proc.Write("netstat", "TcpExt: TW TWKilled\nTcpExt: 1\n");
  Host host(proc.path());
  const Outcome outcome = host.Collect();
  EXPECT_EQ(outcome.state, CollectorState::kPartial);
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->Describe(),
            "/proc/net/netstat line 2: fewer values than names: 'TcpExt:'");
  const auto page = host.Page();
  EXPECT_TRUE(page.contains("netstack_tcp_in_segs_total"));
  EXPECT_TRUE(page.contains("netstack_udp_in_errors_total{6}"));
  EXPECT_FALSE(page.contains("netstack_tcp_ext_tw_total"));
}

TEST(Protocols, RefusesAKnownCountBelowZero) {
  FakeProc proc;
  proc.CopyFixture("snmp");
  proc.Write("netstat", "TcpExt: TW ListenDrops\nTcpExt: 1 -1\n");
  Host host(proc.path());
  const Outcome outcome = host.Collect();
  EXPECT_EQ(outcome.state, CollectorState::kPartial);
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->what, "a count below zero: 'TcpExt ListenDrops'");
  EXPECT_FALSE(host.Page().contains("netstack_tcp_ext_tw_total"));
}

TEST(Protocols, TellsAbsentFromFailed) {
  FakeProc proc;
  EXPECT_EQ(Host(proc.path()).Collect().state, CollectorState::kAbsent);
  proc.Write("snmp", "");
  proc.Write("netstat", "?");
  EXPECT_EQ(Host(proc.path()).Collect().state, CollectorState::kFailed);
}

TEST(Protocols, FollowsAFileWhoseNamesChange) {
  FakeProc proc;
  proc.Write("netstat", "TcpExt: TW\nTcpExt: 1\n");
  proc.Write("snmp", "Tcp: InSegs OutSegs\nTcp: 1 2\n");
  Host host(proc.path());
  host.Collect();
  proc.Write("snmp", "Tcp: OutSegs\nTcp: 3\nIcmpMsg: InType0\nIcmpMsg: 4\n");
  EXPECT_EQ(host.Collect().state, CollectorState::kOk);
  EXPECT_EQ(host.Page(), (std::map<std::string, double>{{"netstack_icmp_msg_in_type_total{4,0}", 4},
                                                        {"netstack_tcp_ext_tw_total", 1},
                                                        {"netstack_tcp_out_segs_total", 3}}));
}

}  // namespace
}  // namespace netstack::protocols
