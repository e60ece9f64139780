#pragma once

#include <span>

namespace netstack {

// The object files of the programs, as the compiler made them.
std::span<const char> DropsElf();
std::span<const char> QueuePeaksElf();
std::span<const char> NapiElf();
std::span<const char> IrqElf();
std::span<const char> TcpSocketsElf();
std::span<const char> TcpPruneElf();
std::span<const char> AcceptWaitElf();

}  // namespace netstack
