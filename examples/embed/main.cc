// A program with metrics of its own that serves those of the network stack beside them, through
// prometheus-cpp's Exposer: embed_example [ADDRESS:PORT]. Ends on SIGINT or SIGTERM.
#include <netstack/collectable.h>
#include <prometheus/counter.h>
#include <prometheus/exposer.h>
#include <prometheus/registry.h>
#include <pthread.h>

#include <csignal>
#include <iostream>
#include <memory>
#include <string>

int main(int argc, char** argv) {
  // Blocked before the first thread starts, so that only sigwait sees them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  const auto registry = std::make_shared<prometheus::Registry>();
  auto& starts = prometheus::BuildCounter()
                     .Name("example_starts_total")
                     .Help("Times this program started.")
                     .Register(*registry)
                     .Add({});
  starts.Increment();

  std::string error;
  const std::shared_ptr<netstack::Collectable> network = netstack::Collectable::Create({}, &error);
  if (network == nullptr) {
    std::cerr << error << "\n";
    return 1;
  }

  prometheus::Exposer exposer(argc > 1 ? argv[1] : "127.0.0.1:0");  // Port 0: any free one.
  exposer.RegisterCollectable(registry);
  exposer.RegisterCollectable(network);
  std::cout << "port " << exposer.GetListeningPorts().front() << std::endl;

  int signal = 0;
  sigwait(&signals, &signal);
  return 0;
}
