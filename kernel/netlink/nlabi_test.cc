// The numbers of nlabi.h are those of the running kernel, which tells them in its BTF.
#include <gtest/gtest.h>
#include <linux/btf.h>

#include <cctype>
#include <cstring>
#include <map>
#include <regex>
#include <string>
#include <string_view>

#include "kernel/file.h"

namespace netstack {
namespace {

using Numbers = std::map<std::string, std::int64_t, std::less<>>;

// A name of ours as the kernel writes it: kIflaGsoIpv4MaxSize is IFLA_GSO_IPV4_MAX_SIZE.
std::string KernelName(std::string_view name) {
  std::string out;
  for (const char c : name.substr(1)) {
    if (std::isupper(static_cast<unsigned char>(c)) != 0 && !out.empty()) out += '_';
    out += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return out;
}

// All constants of nlabi.h, under the kernel's names.
Numbers OwnNumbers() {
  const Result<std::string> text = ReadFile(NETSTACK_SOURCE_DIR "/kernel/netlink/nlabi.h");
  EXPECT_TRUE(text.ok());
  Numbers numbers;
  const std::regex constant(R"(inline constexpr std::\w+ (k\w+) = (\d+);)");
  for (std::sregex_iterator match(text->begin(), text->end(), constant), end; match != end;
       ++match) {
    numbers.emplace(KernelName((*match)[1].str()), std::stoll((*match)[2].str()));
  }
  return numbers;
}

// The types of a BTF blob, one after the other.
class BtfTypes {
 public:
  explicit BtfTypes(std::string_view blob) : blob_(blob), header_(Read<btf_header>(0)) {
    EXPECT_EQ(header_.magic, BTF_MAGIC);
    next_ = header_.hdr_len + header_.type_off;
    end_ = next_ + header_.type_len;
  }

  // Adds the enumerators of all enums whose names `numbers` does not have yet.
  void AddEnumerators(Numbers& numbers) {
    while (next_ < end_) {
      const auto type = Read<btf_type>(next_);
      const std::size_t members = BTF_INFO_VLEN(type.info);
      const std::size_t body = next_ + sizeof type;
      if (BTF_INFO_KIND(type.info) == BTF_KIND_ENUM) {
        for (std::size_t i = 0; i < members; ++i) {
          const auto item = Read<btf_enum>(body + i * sizeof(btf_enum));
          numbers.emplace(TextAt(item.name_off), item.val);
        }
      }
      next_ = body + BodySize(BTF_INFO_KIND(type.info), members);
    }
  }

 private:
  template <class T>
  T Read(std::size_t at) const {
    T value = {};
    EXPECT_LE(at + sizeof value, blob_.size());
    if (at + sizeof value <= blob_.size()) std::memcpy(&value, blob_.data() + at, sizeof value);
    return value;
  }

  std::string_view TextAt(std::uint32_t offset) const {
    const std::string_view rest = blob_.substr(header_.hdr_len + header_.str_off + offset);
    return rest.substr(0, rest.find('\0'));
  }

  // How much follows the head of a type.
  static std::size_t BodySize(std::uint32_t kind, std::size_t members) {
    switch (kind) {
      case BTF_KIND_INT:
      case BTF_KIND_VAR:
      case BTF_KIND_DECL_TAG:
        return sizeof(std::uint32_t);
      case BTF_KIND_ARRAY:
        return sizeof(btf_array);
      case BTF_KIND_STRUCT:
      case BTF_KIND_UNION:
      case BTF_KIND_DATASEC:
      case BTF_KIND_ENUM64:
        return members * 3 * sizeof(std::uint32_t);
      case BTF_KIND_ENUM:
      case BTF_KIND_FUNC_PROTO:
        return members * 2 * sizeof(std::uint32_t);
      default:
        return 0;
    }
  }

  std::string_view blob_;
  btf_header header_;
  std::size_t next_ = 0;
  std::size_t end_ = 0;
};

TEST(NetlinkNumbers, AreThoseOfTheRunningKernel) {
  const Result<std::string> blob = ReadFile("/sys/kernel/btf/vmlinux");
  if (!blob) GTEST_SKIP() << "this kernel has no readable BTF: " << blob.error().Describe();
  Numbers kernel;
  BtfTypes(*blob).AddEnumerators(kernel);
  ASSERT_EQ(kernel["IFLA_IFNAME"], 3);  // As long as there is a netlink.

  const Numbers own = OwnNumbers();
  EXPECT_GE(own.size(), 9u);
  std::string unknown;
  for (const auto& [name, number] : own) {
    const auto there = kernel.find(name);
    if (there == kernel.end()) {
      unknown += " " + name;
    } else {
      EXPECT_EQ(number, there->second) << name;
    }
  }
  if (!unknown.empty()) GTEST_SKIP() << "not in this kernel's BTF:" << unknown;
}

}  // namespace
}  // namespace netstack
