// Reads the #include lines of the whole tree and holds them against the order of the layers and the
// homes of the libraries.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace netstack {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// What the files of a folder may include of this project: folders, or single headers.
struct Layer {
  std::string_view folder;
  std::vector<std::string_view> may_include;
};

const std::vector<Layer> kLayers = {
    {"kernel/", {"kernel/"}},
    {"model/", {"model/"}},
    {"collectors/", {"collectors/", "kernel/", "model/"}},
    {"config/",
     {"config/", "model/", "kernel/result.h", "kernel/error.h", "collectors/catalog.h",
      "collectors/collector.h", "collectors/options.h"}},
    {"exporter/", {"exporter/", "config/", "collectors/", "kernel/", "model/"}},
    {"tests/", {"tests/", "exporter/", "config/", "collectors/", "kernel/", "model/"}},
};

// The one header of a collector that others may include: messages about qdiscs and bonds name a
// device by index only, and link is where indexes become names and policy.
constexpr std::string_view kSharedByCollectors = "collectors/link/device_table.h";

// The only folders that may include a library's headers.
struct Home {
  std::string_view header;  // The header, or how its path starts.
  std::vector<std::string_view> folders;
};

const std::vector<Home> kHomes = {
    {"yaml-cpp/", {"config/"}},
    {"CLI/", {"config/"}},
    {"civetweb.h", {"exporter/http/"}},
    {"openssl/", {"exporter/http/"}},
    {"crypt.h", {"exporter/http/"}},
    {"bpf/", {"kernel/"}},
    {"prometheus/", {"exporter/embed/", "exporter/self/", "tests/"}},
    {"libdeflate.h", {"exporter/exposition/"}},
    {"zlib.h", {"exporter/exposition/"}},
    {"benchmark/", {"tests/"}},
};

bool StartsWithAny(std::string_view path, const std::vector<std::string_view>& starts) {
  return std::any_of(starts.begin(), starts.end(),
                     [&](std::string_view start) { return path.starts_with(start); });
}

// "collectors/softnet/" of a path below it; empty for files beside the collectors' folders.
std::string_view CollectorFolder(std::string_view path) {
  constexpr std::string_view kCollectors = "collectors/";
  if (!path.starts_with(kCollectors)) return {};
  const std::size_t slash = path.find('/', kCollectors.size());
  return slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash + 1);
}

bool IsForTests(std::string_view path) {
  return path.starts_with("tests/") || path.find("test") != std::string_view::npos ||
         path.find("fixture") != std::string_view::npos;
}

// The header that a line includes, as it is written between the quotes or brackets.
std::optional<std::string_view> IncludedHeader(std::string_view line) {
  constexpr std::string_view kBlank = " \t";
  const auto skip_blank = [&] {
    line.remove_prefix(std::min(line.find_first_not_of(kBlank), line.size()));
  };
  skip_blank();
  if (!line.starts_with('#')) return std::nullopt;
  line.remove_prefix(1);
  skip_blank();
  if (!line.starts_with("include")) return std::nullopt;
  const std::size_t begin = line.find_first_of("<\"");
  if (begin == std::string_view::npos) return std::nullopt;
  const std::size_t end = line.find_first_of(">\"", begin + 1);
  if (end == std::string_view::npos) return std::nullopt;
  return line.substr(begin + 1, end - begin - 1);
}

// Why the file may not include the header, or nothing.
std::optional<std::string> FaultOf(std::string_view path, std::string_view header) {
  if (header.starts_with("../") || header.find('/') == std::string_view::npos) {
    if (std::filesystem::exists(std::filesystem::path(NETSTACK_SOURCE_DIR) /
                                path.substr(0, path.rfind('/') + 1) / header)) {
      return "is not written from the top folder";
    }
  }
  for (const Home& home : kHomes) {
    if (header.starts_with(home.header) && !StartsWithAny(path, home.folders)) {
      return "has its home elsewhere";
    }
  }
  if (StartsWithAny(header, {"gtest/", "gmock/"}) && !IsForTests(path)) return "is for tests";
  const auto is_own = [&](const Layer& layer) { return header.starts_with(layer.folder); };
  if (std::none_of(kLayers.begin(), kLayers.end(), is_own)) return std::nullopt;
  for (const Layer& layer : kLayers) {
    if (path.starts_with(layer.folder) && !StartsWithAny(header, layer.may_include)) {
      return "belongs to a layer that this one may not know";
    }
  }
  const std::string_view collector = CollectorFolder(header);
  const bool is_test_host = header.ends_with("_test_host.h") && path.ends_with("_test.cc");
  if (!collector.empty() && !path.starts_with(collector) && !path.starts_with("tests/") &&
      header != kSharedByCollectors && !is_test_host) {
    return "is inside another collector's folder";
  }
  return std::nullopt;
}

// "path line N: HEADER FAULT" for every include that breaks a rule.
std::vector<std::string> BrokenIncludes(std::string_view path, const std::string& content) {
  std::vector<std::string> broken;
  std::istringstream lines(content);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    const std::optional<std::string_view> header = IncludedHeader(line);
    if (!header) continue;
    if (const std::optional<std::string> fault = FaultOf(path, *header)) {
      broken.push_back(std::string(path) + " line " + std::to_string(number) + ": " +
                       std::string(*header) + " " + *fault);
    }
  }
  return broken;
}

std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST(LayersTest, EveryIncludeOfTheTreeKeepsToTheLayers) {
  const std::filesystem::path root = NETSTACK_SOURCE_DIR;
  std::vector<std::string> broken;
  std::size_t files = 0;
  for (const Layer& layer : kLayers) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / layer.folder)) {
      const std::filesystem::path& path = entry.path();
      if (path.extension() != ".cc" && path.extension() != ".h") continue;
      ++files;
      const std::string name = path.lexically_relative(root).generic_string();
      for (std::string& fault : BrokenIncludes(name, ReadAll(path))) broken.push_back(fault);
    }
  }
  EXPECT_THAT(broken, IsEmpty());
  EXPECT_GT(files, 100U) << "the tree was not found";
}

TEST(LayersTest, FindsALayerThatLooksToTheRight) {
  EXPECT_THAT(BrokenIncludes("kernel/file.cc", "#include <string>\n#include \"model/stage.h\"\n"),
              ElementsAre("kernel/file.cc line 2: model/stage.h belongs to a layer that this one "
                          "may not know"));
  EXPECT_THAT(BrokenIncludes("model/stage.h", "#include \"kernel/result.h\"").size(), 1U);
  EXPECT_THAT(BrokenIncludes("collectors/link/link.cc", "#include \"exporter/log/line.h\"").size(),
              1U);
  EXPECT_THAT(BrokenIncludes("config/flags.cc", "#include \"kernel/file.h\"").size(), 1U);
  EXPECT_THAT(BrokenIncludes("exporter/main.cc", "#include \"tests/bench/page.h\"").size(), 1U);
}

TEST(LayersTest, FindsALibraryAwayFromHome) {
  EXPECT_THAT(BrokenIncludes("exporter/main.cc", "#include <yaml-cpp/yaml.h>"),
              ElementsAre("exporter/main.cc line 1: yaml-cpp/yaml.h has its home elsewhere"));
  for (const std::string header : {"openssl/ssl.h", "civetweb.h", "bpf/libbpf.h", "CLI/CLI.hpp",
                                   "prometheus/registry.h", "zlib.h", "gtest/gtest.h"}) {
    EXPECT_THAT(BrokenIncludes("collectors/link/link.cc", "#include <" + header + ">").size(), 1U)
        << header;
  }
}

TEST(LayersTest, FindsACollectorThatUsesAnother) {
  const std::string include = "#include \"collectors/softnet/softnet_stat.h\"";
  EXPECT_THAT(BrokenIncludes("collectors/link/link.cc", include).size(), 1U);
  EXPECT_THAT(BrokenIncludes("collectors/options.cc", include).size(), 1U);
  EXPECT_THAT(BrokenIncludes("exporter/main.cc", include).size(), 1U);
  EXPECT_THAT(BrokenIncludes("collectors/softnet/softnet.cc", include), IsEmpty());
}

TEST(LayersTest, FindsAnIncludeThatIsNotWrittenFromTheTop) {
  EXPECT_THAT(BrokenIncludes("kernel/netlink/builder.cc", "#include \"builder.h\"").size(), 1U);
  EXPECT_THAT(BrokenIncludes("kernel/netlink/builder.cc", "#include \"../file.h\"").size(), 1U);
}

TEST(LayersTest, FindsIncludesHoweverTheyAreSpaced) {
  EXPECT_THAT(BrokenIncludes("model/stage.h", "  #  include   \"kernel/file.h\" // why").size(),
              1U);
  EXPECT_THAT(BrokenIncludes("model/stage.h", "// #include \"kernel/file.h\""), IsEmpty());
}

TEST(LayersTest, LetsALayerUseWhatStandsLeftOfItAndTheSystem) {
  EXPECT_THAT(BrokenIncludes("collectors/link/link.cc",
                             "#include <linux/if_link.h>\n#include <vector>\n"
                             "#include \"collectors/options.h\"\n#include \"kernel/file.h\"\n"
                             "#include \"model/samples.h\"\n"),
              IsEmpty());
  EXPECT_THAT(BrokenIncludes("exporter/http/server.cc",
                             "#include <civetweb.h>\n#include <openssl/ssl.h>\n"
                             "#include \"config/web_config.h\"\n"),
              IsEmpty());
}

}  // namespace
}  // namespace netstack
