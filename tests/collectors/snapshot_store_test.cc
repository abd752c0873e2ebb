#include "collectors/snapshot_store.h"

#include <cstdint>
#include <memory>
#include <vector>

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

TEST(SnapshotStoreTest, ListenersAreToldUntilTheyAreRemoved) {
  SnapshotStore store;
  std::vector<uint64_t> first;
  std::vector<uint64_t> second;
  const int id = store.AddListener(
      [&](uint64_t generation) { first.push_back(generation); });
  store.AddListener([&](uint64_t generation) {
    EXPECT_EQ(store.Latest()->generation, generation) << "it is there already";
    second.push_back(generation);
  });
  Snapshot snapshot;
  snapshot.generation = 1;

  store.Publish(std::make_shared<const Snapshot>(snapshot));
  store.RemoveListener(id);
  snapshot.generation = 2;
  store.Publish(std::make_shared<const Snapshot>(snapshot));

  EXPECT_EQ(first, (std::vector<uint64_t>{1}));
  EXPECT_EQ(second, (std::vector<uint64_t>{1, 2}));
}

TEST(SnapshotStoreTest, LateReportOfAnOldScrapeTakesNothingBack) {
  SnapshotStore store;

  store.MarkScraped(5);
  store.MarkScraped(3);

  EXPECT_EQ(store.ScrapedGeneration(), 5u);
}

}  // namespace
}  // namespace reeve
