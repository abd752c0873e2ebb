#include "agent/control/connection_quota.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

constexpr uid_t kAgent = 100;
constexpr uid_t kUser = 1000;

class ConnectionQuotaTest : public ::testing::Test {
 protected:
  bool Takes(uid_t uid, int count = 1) {
    for (int i = 0; i < count; ++i) {
      if (!quota_.Take(uid).ok()) return false;
    }
    return true;
  }

  ConnectionQuota quota_{kAgent, ConnectionQuota::Limits{10, 4, 3}};
};

TEST_F(ConnectionQuotaTest, AUserHasAsManyAsItsOwnLimit) {
  EXPECT_TRUE(Takes(kUser, 3));

  const absl::Status status = quota_.Take(kUser);

  EXPECT_THAT(status, StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("user 1000 has 3 connections"));
  EXPECT_EQ(quota_.count(), 3);
  EXPECT_TRUE(Takes(kUser + 1)) << "another user's limit is its own";
}

TEST_F(ConnectionQuotaTest, WhatEndsMakesRoom) {
  EXPECT_TRUE(Takes(kUser, 3));
  quota_.Return(kUser);

  EXPECT_TRUE(Takes(kUser));
  EXPECT_FALSE(Takes(kUser));
}

TEST_F(ConnectionQuotaTest, UsersTogetherLeaveRoomForTheOwner) {
  EXPECT_TRUE(Takes(kUser, 3));
  EXPECT_TRUE(Takes(kUser + 1, 3));

  const absl::Status status = quota_.Take(kUser + 2);

  EXPECT_THAT(std::string(status.message()),
              HasSubstr("the agent has 6 connections"));
  EXPECT_TRUE(Takes(0, 2));
  EXPECT_TRUE(Takes(kAgent, 2));
  EXPECT_FALSE(Takes(0)) << "the total holds for everybody";
}

}  // namespace
}  // namespace reeve
