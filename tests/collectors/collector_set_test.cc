#include "collectors/collector_set.h"

#include <set>
#include <string>

#include "gtest/gtest.h"

namespace reeve {
namespace {

TEST(CollectorSetTest, NothingIsOnByDefault) {
  EXPECT_FALSE(CollectorSet().ReadsMore());
  for (const OptionalCollector& one : OptionalCollectors()) {
    EXPECT_FALSE(CollectorSet().*one.enabled) << one.name;
  }
}

TEST(CollectorSetTest, PeaksAreOfWhatIsReadAnyway) {
  CollectorSet set;
  set.peaks = true;

  EXPECT_FALSE(set.ReadsMore());
}

TEST(CollectorSetTest, EachCollectorHasANameAndASwitchOfItsOwn) {
  std::set<std::string> names;
  for (const OptionalCollector& one : OptionalCollectors()) {
    EXPECT_TRUE(names.insert(std::string(one.name)).second) << one.name;
    EXPECT_FALSE(one.measures.empty()) << one.name;
    CollectorSet set;
    set.*one.enabled = true;
    EXPECT_EQ(set.ReadsMore(), one.name != "peaks") << one.name;
    for (const OptionalCollector& other : OptionalCollectors()) {
      EXPECT_EQ(set.*other.enabled, other.name == one.name);
    }
  }
}

}  // namespace
}  // namespace reeve
