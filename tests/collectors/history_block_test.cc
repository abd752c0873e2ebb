#include "collectors/history_block.h"

#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::IsEmpty;

std::vector<HistoryPoint> Unpacked(const HistoryBlock& block) {
  std::vector<HistoryPoint> points;
  block.Unpack(&points);
  return points;
}

void ExpectRatio(float kept, float given) {
  if (std::isnan(given)) {
    EXPECT_TRUE(std::isnan(kept));
  } else {
    EXPECT_NEAR(kept, given, 0.5e-4 + given * 1e-6);
  }
}

void ExpectPoint(const HistoryPoint& kept, const HistoryPoint& given) {
  EXPECT_EQ(kept.unix_ms, given.unix_ms);
  ExpectRatio(kept.cpu_cores, given.cpu_cores);
  ExpectRatio(kept.throttled_ratio, given.throttled_ratio);
  ExpectRatio(kept.throttled_seconds, given.throttled_seconds);
  EXPECT_EQ(kept.memory_usage_kib, given.memory_usage_kib);
  EXPECT_EQ(kept.memory_working_set_kib, given.memory_working_set_kib);
  EXPECT_EQ(kept.threads, given.threads);
}

TEST(HistoryBlockTest, IsEmptyAtFirst) {
  EXPECT_THAT(Unpacked(HistoryBlock()), IsEmpty());
}

TEST(HistoryBlockTest, ExtremesAreKept) {
  HistoryPoint least;
  HistoryPoint zero;
  zero.unix_ms = 1'700'000'000'000;
  zero.cpu_cores = zero.throttled_ratio = zero.throttled_seconds = 0;
  zero.memory_usage_kib = zero.memory_working_set_kib = zero.threads = 0;
  HistoryPoint most;
  most.unix_ms = -1;
  most.cpu_cores = 8192;
  most.throttled_ratio = 1;
  most.throttled_seconds = 1e6;
  most.memory_usage_kib = HistoryPoint::kNoCount - 1;
  most.memory_working_set_kib = HistoryPoint::kNoCount - 1;
  most.threads = HistoryPoint::kNoCount - 1;
  const std::vector<HistoryPoint> points = {least, zero, most, least, most};

  HistoryBlock block;
  for (const HistoryPoint& point : points) block.Append(point);

  const std::vector<HistoryPoint> kept = Unpacked(block);
  ASSERT_EQ(kept.size(), points.size());
  for (size_t i = 0; i < kept.size(); ++i) ExpectPoint(kept[i], points[i]);
  EXPECT_EQ(block.last_unix_ms(), -1);
}

TEST(HistoryBlockTest, AnyPointsAreKept) {
  std::mt19937 random(7);  // NOLINT(cert-msc32-c,cert-msc51-cpp): repeatable.
  const auto ratio = [&random] {
    return random() % 4 == 0 ? HistoryPoint::kNoRatio
                             : static_cast<float>(random() % 5'000'000) / 1e4F;
  };
  const auto count = [&random] {
    return random() % 4 == 0 ? HistoryPoint::kNoCount
                             : static_cast<uint32_t>(random() >> random() % 32);
  };
  std::vector<HistoryPoint> points;
  HistoryBlock block;
  int64_t now = 1'700'000'000'000;
  for (int i = 0; i < 1000; ++i) {
    now += static_cast<int64_t>(random() % 5000) - 1000;
    points.push_back(
        {now, ratio(), ratio(), ratio(), count(), count(), count()});
    block.Append(points.back());
  }

  const std::vector<HistoryPoint> kept = Unpacked(block);

  ASSERT_EQ(kept.size(), points.size());
  for (size_t i = 0; i < kept.size(); ++i) ExpectPoint(kept[i], points[i]);
}

TEST(HistoryBlockTest, WhatStaysTheSameTakesAByte) {
  HistoryBlock block;
  HistoryPoint point;
  for (int i = 0; i < 1000; ++i) {
    point.unix_ms = 1'700'000'000'000 + int64_t{1000} * i;
    point.memory_usage_kib = 4096;
    block.Append(point);
  }

  block.Close();

  EXPECT_LE(block.bytes(), sizeof(block) + 1000 + 32);
}

}  // namespace
}  // namespace reeve
