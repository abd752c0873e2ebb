#include "collectors/snapshot_store.h"

#include <memory>

#include "gtest/gtest.h"

namespace reeve {
namespace {

TEST(SnapshotStoreTest, HoldsNothingBeforeTheFirstSnapshot) {
  SnapshotStore store;

  EXPECT_EQ(store.Latest(), nullptr);
  EXPECT_EQ(store.ScrapedGeneration(), 0u);
}

TEST(SnapshotStoreTest, HandsOutTheNewestSnapshot) {
  SnapshotStore store;
  const auto first = std::make_shared<const Snapshot>();
  const auto second = std::make_shared<const Snapshot>();

  store.Publish(first);
  EXPECT_EQ(store.Latest(), first);
  store.Publish(second);
  EXPECT_EQ(store.Latest(), second);
}

TEST(SnapshotStoreTest, LateReportOfAnOldScrapeTakesNothingBack) {
  SnapshotStore store;

  store.MarkScraped(5);
  store.MarkScraped(3);

  EXPECT_EQ(store.ScrapedGeneration(), 5u);
}

}  // namespace
}  // namespace reeve
