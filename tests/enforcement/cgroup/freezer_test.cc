#include "enforcement/cgroup/freezer.h"

#include <string>
#include <thread>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/unique_fd.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

constexpr absl::Duration kShort = absl::Milliseconds(30);
constexpr absl::Duration kPatience = absl::Seconds(60);

// A cgroup whose files the test changes in the place of the kernel.
class FreezerTest : public ::testing::Test {
 protected:
  FreezerTest() {
    tree_.Write("v2/cgroup.freeze", "0\n");
    tree_.Write("v2/cgroup.events", "populated 1\nfrozen 0\n");
    tree_.Write("v1/freezer.state", "THAWED\n");
    tree_.Write("v1/freezer.self_freezing", "0\n");
  }

  UniqueFd MakeDir(const std::string& name) {
    tree_.MakeDir(name);
    return tree_.OpenDir(name);
  }

  FakeTree tree_;
  const UniqueFd v2_dir_ = MakeDir("v2");
  const UniqueFd v1_dir_ = MakeDir("v1");
  const Freezer v2_{v2_dir_.get(), FreezeFile::kCgroupFreeze};
  const Freezer v1_{v1_dir_.get(), FreezeFile::kFreezerState};
};

TEST_F(FreezerTest, ReturnsOnceV2TellsThatAllIsFrozen) {
  std::thread kernel([this] {
    absl::SleepFor(kShort);
    tree_.Write("v2/cgroup.events", "populated 1\nfrozen 1\n");
  });

  EXPECT_THAT(v2_.Freeze(kPatience), IsOk());

  kernel.join();
  EXPECT_EQ(tree_.Read("v2/cgroup.freeze"), "1\n");
}

TEST_F(FreezerTest, ReturnsAtOnceIfV1IsFrozen) {
  EXPECT_THAT(v1_.Freeze(kPatience), IsOk());

  EXPECT_EQ(tree_.Read("v1/freezer.state"), "FROZEN\n");
}

TEST_F(FreezerTest, WhatDoesNotFreezeInTimeIsThawed) {
  EXPECT_THAT(v2_.Freeze(kShort), StatusIs(absl::StatusCode::kDeadlineExceeded,
                                           HasSubstr("uninterruptible sleep")));

  EXPECT_EQ(tree_.Read("v2/cgroup.freeze"), "0\n");
}

TEST_F(FreezerTest, WhatIsThawedMeanwhileIsNotWaitedFor) {
  std::thread other([this] {
    absl::SleepFor(kShort);
    EXPECT_THAT(v2_.Thaw(), IsOk());
  });

  EXPECT_THAT(v2_.Freeze(kPatience), StatusIs(absl::StatusCode::kAborted));

  other.join();
  EXPECT_EQ(tree_.Read("v2/cgroup.freeze"), "0\n");
}

TEST_F(FreezerTest, ThawsOnEitherVersion) {
  tree_.Write("v2/cgroup.freeze", "1\n");
  tree_.Write("v1/freezer.state", "FROZEN\n");

  EXPECT_THAT(v2_.Thaw(), IsOk());
  EXPECT_THAT(v1_.Thaw(), IsOk());

  EXPECT_EQ(tree_.Read("v2/cgroup.freeze"), "0\n");
  EXPECT_EQ(tree_.Read("v1/freezer.state"), "THAWED\n");
}

TEST_F(FreezerTest, TellsWhatItsOwnFileSays) {
  EXPECT_THAT(v2_.IsFrozen(), IsOkAndHolds(false));
  EXPECT_THAT(v1_.IsFrozen(), IsOkAndHolds(false));
  // As of a frozen parent.
  tree_.Write("v1/freezer.state", "FROZEN\n");
  tree_.Write("v2/cgroup.events", "populated 1\nfrozen 1\n");
  EXPECT_THAT(v2_.IsFrozen(), IsOkAndHolds(false));
  EXPECT_THAT(v1_.IsFrozen(), IsOkAndHolds(false));

  tree_.Write("v2/cgroup.freeze", "1\n");
  tree_.Write("v1/freezer.self_freezing", "1\n");

  EXPECT_THAT(v2_.IsFrozen(), IsOkAndHolds(true));
  EXPECT_THAT(v1_.IsFrozen(), IsOkAndHolds(true));
}

TEST_F(FreezerTest, AKernelThatCannotFreezeIsNamed) {
  tree_.Remove("v2/cgroup.freeze");
  const Freezer none(v1_dir_.get(), FreezeFile::kNone);

  EXPECT_THAT(v2_.Freeze(kPatience), StatusIs(absl::StatusCode::kUnavailable,
                                              HasSubstr("cgroup.freeze")));
  EXPECT_THAT(none.Freeze(kPatience),
              StatusIs(absl::StatusCode::kUnavailable,
                       HasSubstr("freezer controller")));
  EXPECT_THAT(none.Thaw(), IsOk());
  EXPECT_THAT(none.IsFrozen(), IsOkAndHolds(false));
}

TEST_F(FreezerTest, ARemovedCgroupIsThawedAndCannotBeFrozen) {
  tree_.Remove("v2");
  tree_.Remove("v1");

  EXPECT_THAT(v2_.Freeze(kPatience), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(v1_.Freeze(kPatience), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(v2_.Thaw(), IsOk());
  EXPECT_THAT(v1_.IsFrozen(), IsOkAndHolds(false));
}

}  // namespace
}  // namespace reeve
