#include "collectors/qdisc/clsact_direction.h"

#include <gtest/gtest.h>
#include <linux/pkt_sched.h>

#include <map>
#include <string>

#include "collectors/qdisc/qdisc_test_host.h"

namespace netstack::qdisc {
namespace {

Made Clsact(std::uint32_t drops) {
  Made clsact = {.handle = 0xffff0000, .parent = TC_H_CLSACT, .kind = "clsact"};
  clsact.queue.drops = drops;
  return clsact;
}

class ClsactTest : public QdiscTest {
 protected:
  using Values = std::map<std::string, double>;
  void Expect(std::uint32_t drops, double receive, double transmit, double either) {
    Have({Clsact(drops)});
    EXPECT_EQ(Collect().state, CollectorState::kOk);
    EXPECT_EQ(
        Of(kClsactDrops),
        (Values{{"eth0 receive", receive}, {"eth0 transmit", transmit}, {"eth0 either", either}}));
  }
};

TEST_F(ClsactTest, GivesItsDropsToTheDirectionThatHasFilters) {
  netlink_.filters = {TC_H_MIN_INGRESS};
  Expect(3, 3, 0, 0);
  Expect(3, 3, 0, 0);
  EXPECT_EQ(netlink_.questions_for_filters, 2) << "nothing was dropped in between";
  netlink_.filters = {TC_H_MIN_EGRESS};
  Expect(4, 3, 1, 0);
  netlink_.filters = {TC_H_MIN_INGRESS, TC_H_MIN_EGRESS};
  Expect(9, 3, 1, 5);
}

TEST_F(ClsactTest, ShowsEveryDirectionFromTheStart) {
  Expect(0, 0, 0, 0);
  EXPECT_EQ(netlink_.questions_for_filters, 0);
}

TEST_F(ClsactTest, CountsOnWhenTheKernelsCounterWraps) {
  netlink_.filters = {TC_H_MIN_INGRESS};
  Expect(0x7fff'fff0, 0x7fff'fff0, 0, 0);
  Expect(0xffff'fff0, 0xffff'fff0, 0, 0);
  Expect(5, 5, 0, 0);
}

TEST_F(ClsactTest, BeginsAgainWithANewQdisc) {
  netlink_.filters = {TC_H_MIN_INGRESS};
  Expect(100, 100, 0, 0);
  netlink_.filters = {TC_H_MIN_EGRESS};
  Expect(40, 0, 40, 0);
}

TEST_F(ClsactTest, SaysEitherWhereFiltersCannotBeAskedFor) {
  netlink_.failure_of_filters = Error{.kind = ErrorKind::kIo, .what = "broken"};
  netlink_.filters = {TC_H_MIN_INGRESS};
  Expect(3, 0, 0, 3);
}

}  // namespace
}  // namespace netstack::qdisc
