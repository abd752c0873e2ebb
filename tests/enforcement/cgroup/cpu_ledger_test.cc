#include "enforcement/cgroup/cpu_ledger.h"

#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

const CpuList kFour = {0, 1, 2, 3};

TEST(CpuLedgerTest, AReservationIsOfCpusThatNobodyElseHas) {
  CpuLedger ledger;
  EXPECT_THAT(ledger.Reserve("a", 1, kFour, {}), IsOkAndHolds(CpuList{3}));
  EXPECT_THAT(ledger.Reserve("b", 2, kFour, {}), IsOkAndHolds(CpuList{1, 2}));
  EXPECT_EQ(ledger.Pool(kFour), CpuList{0});
  EXPECT_TRUE(ledger.Has("a"));
  EXPECT_EQ(ledger.CpusOf("b"), (CpuList{1, 2}));
  EXPECT_EQ(ledger.CpusOf("c"), CpuList());

  ledger.Release("a");
  EXPECT_EQ(ledger.Pool(kFour), (CpuList{0, 3}));
  ledger.Release("b");
  EXPECT_EQ(ledger.Pool(kFour), kFour);
  EXPECT_TRUE(ledger.empty());
}

TEST(CpuLedgerTest, OneCpuIsAlwaysLeftToTheOthers) {
  CpuLedger ledger;
  EXPECT_THAT(ledger.Reserve("a", 4, kFour, {}),
              StatusIs(absl::StatusCode::kResourceExhausted,
                       HasSubstr("4 reserved CPUs: 3 of 0-3 can be had")));
  ASSERT_THAT(ledger.Reserve("a", 2, kFour, {}), IsOk());
  EXPECT_THAT(ledger.Reserve("b", 2, kFour, {}),
              StatusIs(absl::StatusCode::kResourceExhausted,
                       AllOf(HasSubstr("1 of 0-3"), HasSubstr("reserved 2"))));
  EXPECT_FALSE(ledger.Has("b"));
  EXPECT_THAT(
      ledger.Reserve("c", 1, {}, {}),
      StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("0 of")));
}

TEST(CpuLedgerTest, WhatOthersHaveChosenIsNotReserved) {
  CpuLedger ledger;
  EXPECT_THAT(ledger.Reserve("a", 2, kFour, {2, 3}),
              IsOkAndHolds(CpuList{0, 1}));
  EXPECT_THAT(ledger.Reserve("b", 1, kFour, {2, 3}),
              StatusIs(absl::StatusCode::kResourceExhausted,
                       AllOf(HasSubstr("0 of 0-3"), HasSubstr("chosen 2"))));
}

TEST(CpuLedgerTest, AnOwnerKeepsWhatItHasWhenItGetsMoreOrLess) {
  CpuLedger ledger;
  ASSERT_THAT(ledger.Reserve("a", 1, kFour, {}), IsOkAndHolds(CpuList{3}));
  ASSERT_THAT(ledger.Reserve("b", 1, kFour, {}), IsOkAndHolds(CpuList{2}));
  EXPECT_THAT(ledger.Reserve("a", 2, kFour, {}), IsOkAndHolds(CpuList{1, 3}));
  EXPECT_THAT(ledger.Reserve("a", 2, kFour, {}), IsOkAndHolds(CpuList{1, 3}));
  EXPECT_THAT(ledger.Reserve("a", 1, kFour, {}), IsOkAndHolds(CpuList{3}));
  EXPECT_THAT(ledger.Reserve("a", 0, kFour, {}), IsOkAndHolds(CpuList{}));
  EXPECT_FALSE(ledger.Has("a"));
  EXPECT_EQ(ledger.Pool(kFour), (CpuList{0, 1, 3}));
}

TEST(CpuLedgerTest, ARefusalChangesNothing) {
  CpuLedger ledger;
  ASSERT_THAT(ledger.Reserve("a", 1, kFour, {}), IsOk());
  ASSERT_FALSE(ledger.Reserve("a", 4, kFour, {}).ok());
  EXPECT_EQ(ledger.Pool(kFour), (CpuList{0, 1, 2}));
}

TEST(CpuLedgerTest, ChosenCpusAreCheckedAgainstTheOwners) {
  CpuLedger ledger;
  ASSERT_THAT(ledger.Reserve("a", 1, kFour, {}), IsOk());
  EXPECT_THAT(ledger.CheckUnreserved({0, 1, 2}, "b"), IsOk());
  EXPECT_THAT(ledger.CheckUnreserved({0, 3}, "a"), IsOk());
  EXPECT_THAT(ledger.CheckUnreserved({0, 3}, "b"),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       AllOf(HasSubstr("CPUs 0,3: 3 is reserved for task a"))));
}

TEST(CpuLedgerTest, WhatIsFoundIsTakenOverIfItCanBeAReservation) {
  CpuLedger ledger;
  EXPECT_THAT(ledger.Restore("a", {2, 3}, kFour), IsOk());
  EXPECT_THAT(ledger.Restore("b", {1, 2}, kFour),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("reserved for task a")));
  EXPECT_THAT(ledger.Restore("b", {0, 1}, kFour),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(ledger.Restore("b", {}, kFour),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(ledger.Pool(kFour), (CpuList{0, 1}));
}

// Whatever happens, no CPU is reserved twice and one is left.
TEST(CpuLedgerTest, TheTableAlwaysAddsUp) {
  CpuLedger ledger;
  std::map<std::string, CpuList> expected;
  const CpuList eight = {0, 1, 2, 3, 4, 5, 6, 7};
  uint32_t random = 1;
  for (int i = 0; i < 2000; ++i) {
    random = random * 1664525 + 1013904223;
    const std::string owner(1, static_cast<char>('a' + (random >> 16) % 5));
    const uint32_t count = (random >> 24) % 5;
    const auto cpus = ledger.Reserve(owner, count, eight, {});
    if (cpus.ok()) expected[owner] = *cpus;
    CpuList all;
    size_t sum = 0;
    for (const auto& [name, list] : expected) {
      all = CpusInEither(all, list);
      sum += list.size();
    }
    ASSERT_EQ(all.size(), sum);
    ASSERT_EQ(ledger.Pool(eight), CpusWithout(eight, all));
    ASSERT_FALSE(ledger.Pool(eight).empty());
  }
}

}  // namespace
}  // namespace reeve
