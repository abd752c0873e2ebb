#include "collectors/processes/group_ledger.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr absl::Duration kRetention = absl::Minutes(5);

ProcessUsage Using(uint64_t cpu_ns, uint64_t resident_bytes) {
  ProcessUsage usage;
  usage.counters[kCpuUserNs] = cpu_ns;
  usage.gauges[kResidentBytes] = resident_bytes;
  usage.state = kSleeping;
  return usage;
}

// A process as the collector keeps it.
struct Member {
  std::string group;
  ProcessUsage usage;
  ProcessCounters counted = {};
  absl::Time started_at = absl::FromUnixSeconds(100);
};

class GroupLedgerTest : public ::testing::Test {
 protected:
  // A round that finds these.
  void Round(const std::vector<Member*>& members) {
    now_ += absl::Seconds(5);
    ledger_.BeginRound();
    for (Member* member : members) {
      GroupLedger::Group* const group = ledger_.Open(member->group);
      const ProcessCounters growth =
          TakeGrowth(member->usage.counters, member->counted);
      if (group == nullptr) {
        ++without_group_;
      } else {
        ledger_.Count(*group, member->usage, member->started_at, growth);
      }
    }
    ledger_.EndRound(now_, rows_);
  }

  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const ProcessGroupRow& row : rows_) names.push_back(row.name);
    return names;
  }

  GroupLedger ledger_{kRetention, 3};
  absl::Duration now_ = absl::Hours(1);
  std::vector<ProcessGroupRow> rows_ = {{}, {}};
  int without_group_ = 0;
};

TEST_F(GroupLedgerTest, GroupHasWhatItsProcessesHaveTogether) {
  Member one{"web", Using(5, 1000)};
  Member other{"web", Using(7, 200)};
  Member third{"db", Using(1, 1)};
  other.usage.state = kRunning;
  other.started_at = absl::FromUnixSeconds(50);

  Round({&one, &other, &third});

  ASSERT_THAT(Names(), ElementsAre("db", "web"));
  const ProcessGroupRow& web = rows_[1];
  EXPECT_EQ(web.processes, 2u);
  EXPECT_EQ(web.states[kRunning], 1u);
  EXPECT_EQ(web.states[kSleeping], 1u);
  EXPECT_EQ(web.counters[kCpuUserNs], 12u);
  EXPECT_EQ(web.gauges[kResidentBytes], 1200u);
  EXPECT_EQ(web.oldest_started_at, absl::FromUnixSeconds(50));
}

TEST_F(GroupLedgerTest, WhatNoProcessTellsIsAbsent) {
  Member one{"web", Using(5, 1000)};
  Member other{"web", Using(7, 200)};
  other.usage.counters[kReadBytes] = 30;

  Round({&one, &other});

  EXPECT_EQ(rows_[0].counters[kReadBytes], 30u);
  EXPECT_EQ(rows_[0].counters[kWriteBytes], std::nullopt);
  EXPECT_EQ(rows_[0].gauges[kSwapBytes], std::nullopt);
  EXPECT_EQ(rows_[0].worst_fds_ratio, std::nullopt);
}

TEST_F(GroupLedgerTest, WorstRatioIsThatOfTheProcessNextToItsLimit) {
  Member one{"web", Using(0, 0)};
  one.usage.gauges[kOpenFds] = 512;
  one.usage.gauges[kMaxFds] = 1024;
  Member other{"web", Using(0, 0)};
  other.usage.gauges[kOpenFds] = 600;
  other.usage.gauges[kMaxFds] = 524'288;
  Member without_limit{"web", Using(0, 0)};
  without_limit.usage.gauges[kOpenFds] = 9;

  Round({&one, &other, &without_limit});

  EXPECT_EQ(rows_[0].worst_fds_ratio, 0.5);
  EXPECT_EQ(rows_[0].gauges[kOpenFds], 1121u);
}

TEST_F(GroupLedgerTest, CountersKeepWhatEndedProcessesUsed) {
  Member one{"web", Using(5, 1000)};
  Member other{"web", Using(7, 200)};
  Round({&one, &other});
  other.usage.counters[kCpuUserNs] = 9;
  Round({&one, &other});

  Round({&one});

  EXPECT_EQ(rows_[0].processes, 1u);
  EXPECT_EQ(rows_[0].counters[kCpuUserNs], 14u);
  EXPECT_EQ(rows_[0].gauges[kResidentBytes], 1000u);
}

TEST_F(GroupLedgerTest, ProcessThatGoesToAnotherGroupLeavesWhatItUsed) {
  Member one{"bash", Using(5, 1000)};
  Round({&one});
  one.group = "web";
  one.usage.counters[kCpuUserNs] = 8;

  Round({&one});

  ASSERT_THAT(Names(), ElementsAre("bash", "web"));
  EXPECT_EQ(rows_[0].counters[kCpuUserNs], 5u);
  EXPECT_EQ(rows_[1].counters[kCpuUserNs], 3u);
}

TEST_F(GroupLedgerTest, CounterThatGoesBackOrIsAbsentForARoundDoesNotJump) {
  Member one{"web", Using(100, 0)};
  Round({&one});
  one.usage.counters[kCpuUserNs] = 90;
  Round({&one});
  EXPECT_EQ(rows_[0].counters[kCpuUserNs], 100u);
  one.usage.counters[kCpuUserNs] = std::nullopt;
  Round({&one});
  EXPECT_EQ(rows_[0].counters[kCpuUserNs], 100u);

  one.usage.counters[kCpuUserNs] = 95;
  Round({&one});

  EXPECT_EQ(rows_[0].counters[kCpuUserNs], 105u);
}

TEST_F(GroupLedgerTest, EmptyGroupIsShownForAWhile) {
  Member one{"web", Using(5, 1000)};
  Round({&one});

  Round({});

  ASSERT_THAT(Names(), ElementsAre("web"));
  EXPECT_EQ(rows_[0].processes, 0u);
  EXPECT_EQ(rows_[0].counters[kCpuUserNs], 5u);
  EXPECT_EQ(rows_[0].gauges[kResidentBytes], 0u);
  EXPECT_EQ(rows_[0].gauges[kSwapBytes], std::nullopt);
  EXPECT_EQ(rows_[0].oldest_started_at, std::nullopt);

  now_ += kRetention;
  Round({});
  EXPECT_THAT(rows_, IsEmpty());
}

TEST_F(GroupLedgerTest, GroupThatIsUsedAgainGoesOn) {
  Member one{"web", Using(5, 1000)};
  Round({&one});
  now_ += kRetention / 2;
  Round({});
  Member next{"web", Using(2, 10)};
  Round({&next});
  now_ += kRetention / 2;

  Round({&next});

  ASSERT_THAT(Names(), ElementsAre("web"));
  EXPECT_EQ(rows_[0].counters[kCpuUserNs], 7u);
}

TEST_F(GroupLedgerTest, ThereAreAsManyGroupsAsMayBe) {
  Member a{"a", Using(1, 1)};
  Member b{"b", Using(1, 1)};
  Member c{"c", Using(1, 1)};
  Member d{"d", Using(1, 1)};

  Round({&d, &c, &b, &a});

  EXPECT_THAT(Names(), ElementsAre("b", "c", "d"));
  EXPECT_EQ(without_group_, 1);
}

TEST_F(GroupLedgerTest, GroupThatIsEmptyForLongestMakesPlace) {
  Member a{"a", Using(1, 1)};
  Member b{"b", Using(1, 1)};
  Member c{"c", Using(1, 1)};
  Member d{"d", Using(1, 1)};
  Member e{"e", Using(1, 1)};
  Round({&a, &b, &c});
  Round({&a, &c});
  Round({&c});
  Round({&c});

  Round({&c, &d});

  EXPECT_THAT(Names(), ElementsAre("a", "c", "d"));
  Round({&c, &d, &e});
  EXPECT_THAT(Names(), ElementsAre("c", "d", "e"));
  EXPECT_EQ(without_group_, 0);
}

}  // namespace
}  // namespace reeve
