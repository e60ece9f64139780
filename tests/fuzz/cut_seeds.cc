// main for a fuzzer without libFuzzer: feeds it each file below the folders that are named, whole
// and cut at every byte.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

// Files of more than 4 kB at fewer places: the time grows with the square of the size.
constexpr std::size_t kBytesToFeed = 1 << 24;

using Bytes = std::vector<std::uint8_t>;

void Feed(const Bytes& bytes, std::size_t size) {
  // In memory of its own, so that a sanitizer sees what reads beyond the end.
  const auto own = std::make_unique<std::uint8_t[]>(size);
  std::copy_n(bytes.begin(), size, own.get());
  LLVMFuzzerTestOneInput(own.get(), size);
}

void FeedCut(const Bytes& whole) {
  const std::size_t step = whole.size() * whole.size() / (kBytesToFeed + 1) + 1;
  for (std::size_t size = 0; size < whole.size(); size += step) Feed(whole, size);
  Feed(whole, whole.size());
}

Bytes Read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(file), {});
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t files = 0;
  for (int i = 1; i < argc; ++i) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[i])) {
      if (!entry.is_regular_file()) continue;
      FeedCut(Read(entry.path()));
      ++files;
    }
  }
  std::printf("%zu files\n", files);
  return files == 0 ? 1 : 0;
}
