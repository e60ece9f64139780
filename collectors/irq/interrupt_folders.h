#pragma once

#include <string>
#include <vector>

#include "collectors/irq/interrupts_file.h"
#include "kernel/file_reader.h"
#include "kernel/kernel.h"

namespace netstack::irq {

// /sys/kernel/irq, which has a folder for each interrupt: for hosts that hide /proc/interrupts, as
// container runtimes do. Costs two files for each interrupt. One thread at a time.
class InterruptFolders {
 public:
  // `kernel` must outlive the object.
  explicit InterruptFolders(const Kernel& kernel);

  // The interrupts that somebody handles, as ParseInterrupts() gives them; text points into the
  // object and is valid until the next call. kAbsent without the folder, before Linux 4.9.
  Status Read(Interrupts& out);

 private:
  // Fills in the CPUs online, and for each possible one whether it is.
  Status ReadCpus(Interrupts& out);
  // False if nobody handles the interrupt, or it is gone.
  bool ReadOne(std::uint32_t irq, std::string& actions, Interrupts& out);

  const Kernel& kernel_;
  const std::string folder_;
  FileReader reader_;
  std::vector<DirectoryEntry> entries_;
  std::vector<std::uint32_t> irqs_;
  std::vector<bool> is_online_;
  std::vector<std::string> actions_;  // Of each row.
};

}  // namespace netstack::irq
