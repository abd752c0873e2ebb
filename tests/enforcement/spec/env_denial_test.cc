#include "enforcement/spec/env_denial.h"

#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

EnvDenial Denial(absl::string_view text) {
  const absl::StatusOr<EnvDenial> denial = EnvDenial::Parse(text);
  EXPECT_THAT(denial, IsOk());
  return denial.value_or(EnvDenial());
}

TEST(EnvDenialTest, DeniesNamesAndWhatBeginsSo) {
  const EnvDenial denial = Denial("LD_*,TMPDIR");

  for (const char* name : {"LD_PRELOAD", "LD_", "TMPDIR"}) {
    EXPECT_TRUE(denial.Denies(name)) << name;
  }
  for (const char* name : {"", "LD", "OLD_PATH", "ld_preload", "TMPDIR2"}) {
    EXPECT_FALSE(denial.Denies(name)) << name;
  }
}

TEST(EnvDenialTest, RemovesTheVariablesOfThoseNames) {
  EXPECT_THAT(Denial("LD_*,A").RemoveFrom({"A=1", "AB=2", "LD_PRELOAD=/x=y",
                                           "B=LD_X", "A", "LD_X", "B=3"}),
              ElementsAre("AB=2", "B=LD_X", "B=3"));
}

TEST(EnvDenialTest, AStarAloneIsAll) {
  EXPECT_THAT(Denial("*").RemoveFrom({"A=1", "=2", ""}), IsEmpty());
}

TEST(EnvDenialTest, AnEmptyListDeniesNothing) {
  EXPECT_THAT(Denial("").RemoveFrom({"A=1", "=2"}), ElementsAre("A=1", "=2"));
  EXPECT_FALSE(EnvDenial().Denies(""));
}

TEST(EnvDenialTest, WhatIsNoNameIsRefused) {
  for (const char* part : {"", "*A", "A*B", "A**", "A=1", "A=*"}) {
    EXPECT_THAT(EnvDenial::Parse(std::string("OK,") + part),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         HasSubstr(std::string("\"") + part + "\": give")));
  }
}

}  // namespace
}  // namespace reeve
