#include "enforcement/spec/scheduling_policy_text.h"

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;
using Kind = SchedulingPolicy::Kind;

TEST(SchedulingPolicyTextTest, EveryPolicyIsParsedAndPrinted) {
  const std::pair<const char*, SchedulingPolicy> policies[] = {
      {"other", {Kind::kOther, 0}},      {"batch", {Kind::kBatch, 0}},
      {"idle", {Kind::kIdle, 0}},        {"fifo:1", {Kind::kFifo, 1}},
      {"fifo:99", {Kind::kFifo, 99}},    {"rr:1", {Kind::kRoundRobin, 1}},
      {"rr:50", {Kind::kRoundRobin, 50}}};
  for (const auto& [text, policy] : policies) {
    EXPECT_THAT(ParseSchedulingPolicy(text), IsOkAndHolds(policy)) << text;
    EXPECT_EQ(SchedulingPolicyText(policy), text);
  }
}

TEST(SchedulingPolicyTextTest, WhatIsNoPolicyIsRefused) {
  for (const char* text :
       {"", "OTHER", "other:1", "batch:", "idle:0", "fifo", "fifo:", "fifo:0",
        "fifo:100", "fifo:-1", "fifo:+1", "fifo: 1", "fifo:1:2", "rr:x", "rr",
        "rr:4294967297", "deadline", "fifo:1 "}) {
    EXPECT_THAT(ParseSchedulingPolicy(text),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         HasSubstr("give other, batch, idle, fifo:PRIORITY")))
        << text;
  }
}

}  // namespace
}  // namespace reeve
