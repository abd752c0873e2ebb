#include "agent/http/scrape_forecast.h"

#include <set>

#include "gtest/gtest.h"

namespace reeve {
namespace {

// For which of the snapshots after `last` a scrape is expected.
std::set<uint64_t> Expected(const ScrapeForecast& forecast, uint64_t last) {
  std::set<uint64_t> expected;
  for (uint64_t generation = last; generation < last + 200; ++generation) {
    if (forecast.IsExpected(generation)) expected.insert(generation);
  }
  return expected;
}

TEST(ScrapeForecastTest, NothingIsExpectedOfWhoHasNotComeTwice) {
  ScrapeForecast forecast;
  EXPECT_TRUE(Expected(forecast, 1).empty());

  forecast.OnScrape(5);

  EXPECT_TRUE(Expected(forecast, 5).empty());
}

TEST(ScrapeForecastTest, NextOneComesAfterTheSameTime) {
  ScrapeForecast forecast;
  forecast.OnScrape(10);
  forecast.OnScrape(25);

  EXPECT_EQ(Expected(forecast, 25), (std::set<uint64_t>{39, 40, 41}));
}

TEST(ScrapeForecastTest, WhoComesForEverySnapshotIsAlwaysExpected) {
  ScrapeForecast forecast;
  forecast.OnScrape(10);
  forecast.OnScrape(11);

  EXPECT_EQ(Expected(forecast, 11), (std::set<uint64_t>{11, 12, 13}));
}

TEST(ScrapeForecastTest, TwoWhoTakeTurnsAreBothExpected) {
  ScrapeForecast forecast;
  for (const uint64_t generation : {100, 110, 160, 170, 220}) {
    forecast.OnScrape(generation);
  }

  EXPECT_EQ(Expected(forecast, 220),
            (std::set<uint64_t>{229, 230, 231, 269, 270, 271}));
}

TEST(ScrapeForecastTest, TwoAtOnceCostNoMoreThanOne) {
  ScrapeForecast forecast;
  for (const uint64_t generation : {100, 100, 160, 160}) {
    forecast.OnScrape(generation);
  }

  EXPECT_EQ(Expected(forecast, 160), (std::set<uint64_t>{219, 220, 221}));
}

}  // namespace
}  // namespace reeve
