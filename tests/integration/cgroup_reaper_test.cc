#include "agent/tasks/cgroup_reaper.h"

#include <memory>
#include <string>

#include "absl/synchronization/notification.h"
#include "agent/tasks/task_observer.h"
#include "gtest/gtest.h"
#include "tests/integration/task_cgroup_fixture.h"

namespace reeve {
namespace {

class IgnoringObserver final : public TaskObserver {};

class CgroupReaperTest : public TaskCgroupTest {
 protected:
  IgnoringObserver observer_;
  CgroupReaper reaper_{observer_};
};

// Or the reaper would remove what somebody else makes under the name.
TEST_F(CgroupReaperTest, ACgroupIsAwaitedUntilNobodyWillRemoveIt) {
  std::shared_ptr<TaskCgroup> cgroup = Create("t");
  ASSERT_NE(cgroup, nullptr);
  const std::string path = cgroup->path();
  EXPECT_TRUE(reaper_.AwaitGone(path, absl::ZeroDuration()));

  // Nobody works on it yet.
  reaper_.Add(cgroup);
  EXPECT_FALSE(reaper_.AwaitGone(path, absl::Milliseconds(20)));
  EXPECT_TRUE(reaper_.AwaitGone(path + "2", absl::ZeroDuration()));
  reaper_.Start();

  EXPECT_TRUE(reaper_.AwaitGone(path, kPatience));
  EXPECT_TRUE(DirectoriesOf(path).empty());
}

TEST_F(CgroupReaperTest, ItIsNotGoneBeforeItsOwnerWasTold) {
  std::shared_ptr<TaskCgroup> cgroup = Create("t");
  ASSERT_NE(cgroup, nullptr);
  absl::Notification removed;
  absl::Notification go_on;
  reaper_.Add(cgroup, [&] {
    removed.Notify();
    go_on.WaitForNotification();
  });
  reaper_.Start();
  removed.WaitForNotification();

  EXPECT_FALSE(reaper_.AwaitGone(cgroup->path(), absl::ZeroDuration()));
  go_on.Notify();
  EXPECT_TRUE(reaper_.AwaitGone(cgroup->path(), kPatience));
}

}  // namespace
}  // namespace reeve
