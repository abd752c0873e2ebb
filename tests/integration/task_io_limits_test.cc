// Input and output of a task on the real kernel, on a disk of the test's own.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/task_cgroup_fixture.h"
#include "tests/testing/loop_device.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Optional;
using ::testing::SizeIs;

class TaskIoLimitsTest : public TaskCgroupTest {
 protected:
  void SetUp() override {
    TaskCgroupTest::SetUp();
    if (IsSkipped()) return;
    if (mounts_->Find("io") == nullptr && mounts_->Find("blkio") == nullptr) {
      GTEST_SKIP() << "this host has no cgroup controller io or blkio";
    }
    absl::StatusOr<std::unique_ptr<LoopDevice>> disk =
        LoopDevice::Make(8 * kMiB);
    if (!disk.ok()) {
      GTEST_SKIP() << "no loop device can be made here: "
                   << disk.status().message();
    }
    disk_ = *std::move(disk);
  }

  bool IsV1() const { return mounts_->Find("blkio") != nullptr; }

  std::string Controller() const { return IsV1() ? "blkio" : "io"; }

  ResourceLimits WriteBps(const Bound& rate) const {
    ResourceLimits limits;
    limits.io_max.emplace_back();
    limits.io_max.back().device = disk_->path();
    limits.io_max.back().write_bps = rate;
    return limits;
  }

  std::unique_ptr<LoopDevice> disk_;
};

TEST_F(TaskIoLimitsTest, RatesThatAreNotNamedStay) {
  const auto cgroup = Create("web", WriteBps(Bound::Of(kMiB)));
  ASSERT_NE(cgroup, nullptr);
  ResourceLimits limits;
  limits.io_max.emplace_back();
  limits.io_max.back().device = disk_->number();
  limits.io_max.back().read_iops = Bound::Of(100);
  limits.io_max.back().read_bps = Bound::Of(2 * kMiB);

  ASSERT_THAT(cgroup->Update(limits), IsOk());

  ASSERT_THAT(cgroup->Limits().io, SizeIs(1));
  const IoLimitValues io = cgroup->Limits().io[0];
  EXPECT_THAT(io.read_bytes, Optional(2 * kMiB));
  EXPECT_THAT(io.write_bytes, Optional(kMiB));
  EXPECT_THAT(io.read_operations, Optional(100));
  EXPECT_FALSE(io.write_operations.has_value());
  const std::string line =
      IsV1() ? absl::StrCat(disk_->number(), " 100")
             : absl::StrCat(disk_->number(),
                            " rbps=2097152 wbps=1048576 riops=100 wiops=max");
  EXPECT_EQ(Read(*cgroup, Controller(),
                 IsV1() ? "blkio.throttle.read_iops_device" : "io.max"),
            line);
}

TEST_F(TaskIoLimitsTest, AnUpdateThatFailsLeavesTheRatesAsTheyWere) {
  const auto cgroup = Create("web", WriteBps(Bound::Of(kMiB)));
  ASSERT_NE(cgroup, nullptr);
  ResourceLimits limits = WriteBps(Bound::Of(2 * kMiB));
  limits.io_max[0].read_bps = Bound::Of(5);
  limits.cpu_burst_usec = 1000;  // Without a quota.

  EXPECT_THAT(cgroup->Update(limits),
              StatusIs(absl::StatusCode::kInvalidArgument));

  ASSERT_THAT(cgroup->Limits().io, SizeIs(1));
  EXPECT_THAT(cgroup->Limits().io[0].write_bytes, Optional(kMiB));
  EXPECT_FALSE(cgroup->Limits().io[0].read_bytes.has_value());
}

TEST_F(TaskIoLimitsTest, OnlyWholeDisksThatAreThereAreTaken) {
  ResourceLimits limits = WriteBps(Bound::Of(kMiB));
  for (const char* device : {"/dev/null", "/dev/nosuch", "4095:4095"}) {
    limits.io_max[0].device = device;
    EXPECT_THAT(
        TaskCgroup::Create(*controller_, *mounts_, parent_, "web", limits)
            .status()
            .ToString(),
        HasSubstr(device));
  }
  EXPECT_THAT(DirectoriesOf(parent_), IsEmpty());
}

TEST_F(TaskIoLimitsTest, AnotherAgentFindsThem) {
  ResourceLimits limits = WriteBps(Bound::Of(kMiB));
  limits.io_max[0].write_iops = Bound::Of(7);
  const auto first = Create("web", limits);
  ASSERT_NE(first, nullptr);

  const auto second = TaskCgroup::Open(*controller_, *mounts_, parent_, "web");

  ASSERT_THAT(second, IsOk());
  ASSERT_THAT((*second)->Limits().io, SizeIs(1));
  EXPECT_EQ((*second)->Limits().io[0].device, disk_->number());
  EXPECT_THAT((*second)->Limits().io[0].write_bytes, Optional(kMiB));
  EXPECT_THAT((*second)->Limits().io[0].write_operations, Optional(7));
  EXPECT_THAT((*second)->Remove(kPatience), IsOk());
  EXPECT_THAT(DirectoriesOf(first->path()), IsEmpty());
}

TEST_F(TaskIoLimitsTest, ATaskWithoutThemHasNoCgroupForThem) {
  if (!IsV1()) GTEST_SKIP() << "cgroup v2 has one hierarchy for all";
  const auto cgroup = Create("web");
  ASSERT_NE(cgroup, nullptr);
  EXPECT_THAT(DirectoriesOf(cgroup->path()),
              Not(Contains(HasSubstr("/blkio/"))));
}

}  // namespace
}  // namespace reeve
