#include "collectors/collector_set.h"

#include <set>
#include <string>

#include "gtest/gtest.h"

namespace reeve {
namespace {

TEST(CollectorSetTest, NothingIsOnByDefault) {
  EXPECT_FALSE(CollectorSet().Any());
}

TEST(CollectorSetTest, EachCollectorHasANameAndASwitchOfItsOwn) {
  std::set<std::string> names;
  for (const OptionalCollector& one : OptionalCollectors()) {
    EXPECT_TRUE(names.insert(std::string(one.name)).second) << one.name;
    EXPECT_FALSE(one.measures.empty()) << one.name;
    CollectorSet set;
    set.*one.enabled = true;
    EXPECT_TRUE(set.Any()) << one.name;
    for (const OptionalCollector& other : OptionalCollectors()) {
      EXPECT_EQ(set.*other.enabled, other.name == one.name);
    }
  }
}

}  // namespace
}  // namespace reeve
