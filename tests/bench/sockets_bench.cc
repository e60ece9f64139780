// CPU time of a walk over all TCP sockets beside a bare loop over the same dump: what the kernel
// and the copy cost alone; and of a walk by the eBPF iterator where that is allowed. sockets_bench
// [ROUNDS]; tests/bench/socket_holder opens the sockets.
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "collectors/sockets/port_groups.h"
#include "collectors/sockets/walk.h"
#include "kernel/bpf/host.h"
#include "kernel/bpf/tcp_sockets.h"
#include "kernel/netlink/netlink.h"

namespace netstack {
namespace {

double CpuMilliseconds() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  const auto milliseconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
  };
  return milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime);
}

struct Request {
  nlmsghdr header;
  inet_diag_req body;
};

// Receives the walk's dump and looks at message headers only. Returns the sockets told.
std::uint64_t BareLoop(int fd, std::vector<char>& buffer) {
  Request request = {};
  request.header = {.nlmsg_len = sizeof request,
                    .nlmsg_type = TCPDIAG_GETSOCK,
                    .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
                    .nlmsg_seq = 1,
                    .nlmsg_pid = 0};
  request.body.idiag_ext = (1u << (INET_DIAG_SKMEMINFO - 1)) | (1u << (INET_DIAG_INFO - 1));
  request.body.idiag_states = 0xfff;
  if (send(fd, &request, sizeof request, 0) < 0) return 0;
  std::uint64_t count = 0;
  for (;;) {
    const ssize_t got = recv(fd, buffer.data(), buffer.size(), 0);
    if (got <= 0) return 0;
    auto left = static_cast<unsigned>(got);
    for (auto* at = reinterpret_cast<const nlmsghdr*>(buffer.data()); NLMSG_OK(at, left);
         at = NLMSG_NEXT(at, left)) {
      if (at->nlmsg_type == NLMSG_DONE) return count;
      if (at->nlmsg_type == NLMSG_ERROR) return 0;
      ++count;
    }
  }
}

double Median(std::vector<double>& values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

int Main(int rounds) {
  const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  std::vector<char> buffer(64 << 10);
  const auto source = MakeKernelNetlinkSource();
  auto port = source->Open(NETLINK_SOCK_DIAG);
  if (fd < 0 || !port) return 1;
  sockets::Walk walk({.time = std::chrono::hours(1), .sockets = UINT64_MAX},
                     std::make_unique<sockets::PortGroups>(PortSet(), 20));
  const auto programs = MakeBpfHost();
  programs->Use(
      [](std::string_view collector, std::string_view) { return collector == "sockets"; });
  const auto iterator = programs->tcp_sockets();
  std::vector<double> bare;
  std::vector<double> walked;
  std::vector<double> iterated;
  std::uint64_t told = 0;
  for (int i = 0; i < rounds; ++i) {
    const double begin = CpuMilliseconds();
    told = BareLoop(fd, buffer);
    const double middle = CpuMilliseconds();
    if (told == 0 || !walk.Run(**port)) return 1;
    bare.push_back(middle - begin);
    const double end = CpuMilliseconds();
    walked.push_back(end - middle);
    if (iterator == nullptr) continue;
    if (!walk.Run(*iterator)) return 1;
    iterated.push_back(CpuMilliseconds() - end);
  }
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  const double bare_best = *std::ranges::min_element(bare);
  const double walk_best = *std::ranges::min_element(walked);
  std::printf("sockets %llu walk %llu rounds %d\n", static_cast<unsigned long long>(told),
              static_cast<unsigned long long>(walk.result().sockets), rounds);
  std::printf("bare loop  best %8.3f ms  median %8.3f ms\n", bare_best, Median(bare));
  std::printf("walk       best %8.3f ms  median %8.3f ms\n", walk_best, Median(walked));
  std::printf("ratio      best %8.3f     median %8.3f\n", walk_best / bare_best,
              Median(walked) / Median(bare));
  if (!iterated.empty()) {
    std::printf("iterator   best %8.3f ms  median %8.3f ms\n", *std::ranges::min_element(iterated),
                Median(iterated));
  }
  std::printf("resident   %ld KiB at most\n", usage.ru_maxrss);
  close(fd);
  return 0;
}

}  // namespace
}  // namespace netstack

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 20;
  return netstack::Main(std::max(rounds, 1));
}
