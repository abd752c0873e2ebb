#include "collectors/task_history.h"

#include <cmath>
#include <cstdint>
#include <vector>

#include "absl/time/time.h"
#include "collectors/snapshot.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::FloatEq;
using ::testing::IsEmpty;
using ::testing::IsNan;
using ::testing::SizeIs;

const absl::Time kStart = absl::FromUnixSeconds(1'700'000'000);

TaskSnapshot SnapshotAt(absl::Duration offset) {
  TaskSnapshot snapshot;
  snapshot.taken_at = kStart + offset;
  snapshot.cgroup.taken_at = absl::Hours(1) + offset;
  return snapshot;
}

std::vector<HistoryPoint> All(const TaskHistory& history) {
  return history.After(absl::InfinitePast());
}

TEST(TaskHistoryTest, IsEmptyBeforeTheFirstSample) {
  EXPECT_THAT(All(TaskHistory()), IsEmpty());
}

TEST(TaskHistoryTest, KeepsWhatAPlotNeeds) {
  TaskHistory history;
  TaskSnapshot snapshot = SnapshotAt(absl::Milliseconds(1));
  snapshot.cpu_percent = 150;
  snapshot.cgroup.memory_usage_bytes = uint64_t{5} << 40;
  snapshot.cgroup.memory_working_set_bytes = 2048;
  snapshot.cgroup.threads = 7;

  history.Append(snapshot);

  ASSERT_THAT(All(history), SizeIs(1));
  const HistoryPoint point = All(history)[0];
  EXPECT_EQ(point.unix_ms, 1'700'000'000'001);
  EXPECT_THAT(point.cpu_cores, FloatEq(1.5));
  EXPECT_EQ(point.memory_working_set_kib, 2);
  EXPECT_EQ(point.threads, 7);
  // 4 TiB are the most there are room for.
  EXPECT_EQ(point.memory_usage_kib, HistoryPoint::kNoCount - 1);
}

TEST(TaskHistoryTest, WhatWasNotMeasuredIsNotZero) {
  TaskHistory history;
  history.Append(SnapshotAt(absl::ZeroDuration()));
  history.Append(SnapshotAt(absl::Seconds(1)));

  const HistoryPoint point = All(history).at(1);

  EXPECT_THAT(point.cpu_cores, IsNan());
  EXPECT_THAT(point.throttled_ratio, IsNan());
  EXPECT_THAT(point.throttled_seconds, IsNan());
  EXPECT_EQ(point.memory_usage_kib, HistoryPoint::kNoCount);
  EXPECT_EQ(point.memory_working_set_kib, HistoryPoint::kNoCount);
  EXPECT_EQ(point.threads, HistoryPoint::kNoCount);
}

TaskSnapshot ThrottledSnapshot(absl::Duration offset, uint64_t periods,
                               uint64_t throttled_periods,
                               uint64_t throttled_ns) {
  TaskSnapshot snapshot = SnapshotAt(offset);
  snapshot.cgroup.cpu_periods = periods;
  snapshot.cgroup.cpu_throttled_periods = throttled_periods;
  snapshot.cgroup.cpu_throttled_ns = throttled_ns;
  return snapshot;
}

TEST(TaskHistoryTest, ThrottlingIsThatSinceThePointBefore) {
  TaskHistory history;
  history.Append(ThrottledSnapshot(absl::Seconds(0), 100, 90, 5'000'000'000));
  history.Append(ThrottledSnapshot(absl::Seconds(1), 110, 95, 5'250'000'000));
  history.Append(ThrottledSnapshot(absl::Seconds(2), 110, 95, 5'250'000'000));

  const std::vector<HistoryPoint> points = All(history);

  ASSERT_THAT(points, SizeIs(3));
  EXPECT_THAT(points[0].throttled_ratio, IsNan());
  EXPECT_THAT(points[1].throttled_ratio, FloatEq(0.5));
  EXPECT_THAT(points[1].throttled_seconds, FloatEq(0.25));
  EXPECT_THAT(points[2].throttled_ratio, FloatEq(0)) << "it did not run";
  EXPECT_THAT(points[2].throttled_seconds, FloatEq(0));
}

TEST(TaskHistoryTest, TheSameSampleIsThereOnce) {
  TaskHistory history;
  history.Append(SnapshotAt(absl::Seconds(1)));
  history.Append(SnapshotAt(absl::Seconds(1)));
  history.Append(SnapshotAt(absl::Seconds(0)));

  EXPECT_THAT(All(history), SizeIs(1));
}

TEST(TaskHistoryTest, AfterLeavesOutWhatWasSeen) {
  TaskHistory history;
  for (int i = 0; i < 5; ++i) history.Append(SnapshotAt(absl::Seconds(i)));

  EXPECT_THAT(history.After(kStart + absl::Seconds(2)), SizeIs(2));
  EXPECT_THAT(history.After(kStart + absl::Milliseconds(1999)), SizeIs(3));
  EXPECT_THAT(history.After(absl::InfiniteFuture()), IsEmpty());
}

TEST(TaskHistoryTest, SamplesOfASecondAreKeptForTenMinutes) {
  TaskHistory history;
  for (int i = 0; i < 2000; ++i) history.Append(SnapshotAt(absl::Seconds(i)));

  const std::vector<HistoryPoint> points = All(history);

  EXPECT_THAT(points, SizeIs(601));
  EXPECT_EQ(points.back().unix_ms - points.front().unix_ms, 600'000);
}

// Whatever can differ from one sample to the next does.
TaskSnapshot RestlessSnapshot(absl::Duration interval, int64_t number) {
  TaskSnapshot snapshot = ThrottledSnapshot(
      interval * number, 10 * number, number * number % 10 + 9 * number,
      uint64_t{7'000'001} * number * number);
  snapshot.cpu_percent = static_cast<double>(37 * number % 1000);
  snapshot.cgroup.memory_usage_bytes = (uint64_t{977} << 20) * (number % 61);
  snapshot.cgroup.memory_working_set_bytes =
      (uint64_t{211} << 20) * (number % 53);
  snapshot.cgroup.threads = 1009 * number % 30000;
  return snapshot;
}

TEST(TaskHistoryTest, TenSamplesASecondAreKeptForTenMinutesToo) {
  TaskHistory history;
  for (int i = 0; i < 8000; ++i) {
    TaskSnapshot snapshot = SnapshotAt(absl::Milliseconds(100) * i);
    snapshot.cpu_percent = i % 200;
    snapshot.cgroup.memory_usage_bytes = static_cast<uint64_t>(i % 50) << 20;
    history.Append(snapshot);
  }

  EXPECT_THAT(All(history), SizeIs(6001));
  EXPECT_LE(history.bytes(), TaskHistory::kMaxBytes);
}

TEST(TaskHistoryTest, MoreThanThereIsRoomForGoesFromTheOldEnd) {
  TaskHistory history;
  for (int i = 0; i < 20'000; ++i) {
    history.Append(RestlessSnapshot(absl::Milliseconds(10), i));
    ASSERT_LE(history.bytes(), TaskHistory::kMaxBytes);
  }

  const std::vector<HistoryPoint> points = All(history);

  EXPECT_GT(points.size(), 2000);
  EXPECT_EQ(points.back().unix_ms - points.front().unix_ms,
            10 * (points.size() - 1));
  EXPECT_EQ(points.back().threads, 1009 * 19'999 % 30000);
}

TEST(TaskHistoryTest, TaskThatSleepsTakesLittle) {
  TaskHistory history;
  for (int i = 0; i < 2000; ++i) {
    // A clock is never quite on time.
    TaskSnapshot snapshot =
        SnapshotAt(absl::Seconds(i) + absl::Milliseconds(i % 3));
    snapshot.cpu_percent = 0;
    snapshot.cgroup.memory_usage_bytes = 1 << 20;
    history.Append(snapshot);
  }

  EXPECT_LE(history.bytes(), 3 << 10);
}

TEST(TaskHistoryTest, WallClockThatIsSetDoesNotEndIt) {
  TaskHistory history;
  history.Append(SnapshotAt(absl::Seconds(1)));
  TaskSnapshot later = SnapshotAt(absl::Seconds(2));
  later.taken_at -= absl::Hours(1);
  history.Append(later);
  EXPECT_THAT(All(history), SizeIs(2));

  later = SnapshotAt(absl::Seconds(3));
  later.taken_at += absl::Hours(1);
  history.Append(later);
  EXPECT_THAT(All(history), SizeIs(1)) << "the others are an hour old now";
}

}  // namespace
}  // namespace reeve
