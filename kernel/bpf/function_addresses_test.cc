#include "kernel/bpf/function_addresses.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <fstream>

namespace netstack {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class FunctionAddresses : public testing::Test {
 protected:
  std::vector<FunctionPart> Find(std::string_view symbols) {
    std::ofstream(path_) << symbols;
    return FindFunctions(path_, kNames);
  }

  static constexpr std::array<std::string_view, 2> kNames = {"veth_poll", "do_xdp_generic"};
  const std::string path_ = testing::TempDir() + "/kallsyms";
};

TEST_F(FunctionAddresses, ReachUpToTheNextCodeWhereverItIsListed) {
  EXPECT_THAT(
      Find("ffffffff81000000 T _text\n"
           "ffffffff81efd010 T do_xdp_generic\n"
           "ffffffff81efd200 d a_variable\n"
           "ffffffff81efd360 t __netif_receive_skb_core.constprop.0\n"
           "ffffffffc0003f64 t veth_xmit\t[veth]\n"
           "ffffffffc0003c90 t veth_poll\t[veth]\n"
           "ffffffffc0003000 t of_another_module\t[other]\n"),
      ElementsAre(
          FunctionPart{.function = 1, .start = 0xffffffff81efd010, .end = 0xffffffff81efd360},
          FunctionPart{.function = 0, .start = 0xffffffffc0003c90, .end = 0xffffffffc0003f64}));
}

TEST_F(FunctionAddresses, HaveThePartsThatACompilerMadeOfOne) {
  EXPECT_THAT(Find("1000 t __pfx_veth_poll\n"
                   "1010 t veth_poll.isra.0\n"
                   "1200 t veth_poll_controller\n"
                   "2000 t veth_poll.cold\n"
                   "2040 t more\n"),
              ElementsAre(FunctionPart{.function = 0, .start = 0x1010, .end = 0x1200},
                          FunctionPart{.function = 0, .start = 0x2000, .end = 0x2040}));
}

TEST_F(FunctionAddresses, AreNoneWhereTheKernelHidesThem) {
  EXPECT_THAT(Find("0000000000000000 t veth_poll\n"
                   "0000000000000000 T do_xdp_generic\n"),
              IsEmpty());
  EXPECT_THAT(FindFunctions(path_ + ".not", kNames), IsEmpty());
}

TEST_F(FunctionAddresses, PassOverLinesThatAreNone) {
  EXPECT_THAT(Find("\nveth_poll\n10\n10 t\nxyz t veth_poll\n10 b veth_poll\n20 t veth_poll\n"),
              ElementsAre(FunctionPart{.function = 0, .start = 0x20, .end = 0x20}))
      << "nobody knows how long the last one is";
}

}  // namespace
}  // namespace netstack
