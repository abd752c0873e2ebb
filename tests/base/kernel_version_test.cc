#include "base/kernel_version.h"

#include "gtest/gtest.h"

namespace reeve {
namespace {

TEST(ParseKernelVersionTest, TakesTheFirstTwoNumbers) {
  EXPECT_EQ(ParseKernelVersion("6.1.0-13-amd64"), KernelVersion(6, 1));
  EXPECT_EQ(ParseKernelVersion("4.8"), KernelVersion(4, 8));
  EXPECT_EQ(ParseKernelVersion("6.18-rc1"), KernelVersion(6, 18));
}

TEST(ParseKernelVersionTest, WhatIsNoneIsNone) {
  for (const char* text :
       {"", "6", "6.", ".1", "v6.1", "-1.2", "6.-1", "99999999999.1", "6 .1"}) {
    EXPECT_EQ(ParseKernelVersion(text), std::nullopt) << text;
  }
}

TEST(KernelVersionTest, LaterIsGreater) {
  EXPECT_LT(KernelVersion(4, 19), KernelVersion(5, 4));
  EXPECT_LT(KernelVersion(4, 8), KernelVersion(4, 19));
}

TEST(RunningKernelVersionTest, IsThatOfAKernelWithSeccomp) {
  EXPECT_GE(RunningKernelVersion(), KernelVersion(3, 17));
}

}  // namespace
}  // namespace reeve
