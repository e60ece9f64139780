#include "exporter/http/query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace netstack {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Flat(std::string_view query) {
  std::vector<std::string> flat;
  for (const QueryParameter& p : ParseQuery(query)) flat.push_back(p.name + "=" + p.value);
  return flat;
}

TEST(Query, KeepsRepeatedNamesInOrder) {
  EXPECT_THAT(QueryValues("collect[]=b&x=1&collect[]=a", "collect[]"), ElementsAre("b", "a"));
  EXPECT_THAT(QueryValues("collect[]=b", "exclude[]"), IsEmpty());
}

TEST(Query, DecodesPercentSequencesAndPlus) {
  EXPECT_THAT(Flat("collect%5B%5d=a+b%2Bc%26"), ElementsAre("collect[]=a b+c&"));
}

TEST(Query, LeavesBrokenPercentSequencesAsTheyAre) {
  EXPECT_THAT(Flat("a=%&b=%4&c=%zz&d=100%25&e=%41"),
              ElementsAre("a=%", "b=%4", "c=%zz", "d=100%", "e=A"));
}

TEST(Query, SkipsEmptyPartsAndAllowsMissingValues) {
  EXPECT_THAT(Flat("&&a&=v&b==c&"), ElementsAre("a=", "=v", "b==c"));
  EXPECT_THAT(Flat(""), IsEmpty());
}

}  // namespace
}  // namespace netstack
