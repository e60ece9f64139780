#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace netstack {

// How large a host is.
struct HostSize {
  int cpus = 2;
  int devices = 4;  // Network cards, all of them up.
  int queues = 1;   // Of each card, in each direction.
  // What all the cards are: "virtio_net", "ena", or another one, of which no table knows.
  std::string_view driver = "virtio_net";
};

inline constexpr int kFirstCardIndex = 10;
std::string MadeCardName(int card);
// The device on the bus.
std::string MadeCardParent(int card);

// Makes below `root` all files about network cards and CPUs, in the place of those recorded: sysfs
// with queues, the drivers' statistics, /proc/interrupts and affinities.
void WriteCardFiles(const std::filesystem::path& root, const HostSize& size);

}  // namespace netstack
