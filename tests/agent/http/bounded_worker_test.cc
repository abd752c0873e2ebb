#include "agent/http/bounded_worker.h"

#include <vector>

#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;

TEST(BoundedWorkerTest, WorksInOrderAndRefusesWhatIsTooMuch) {
  BoundedWorker worker("test", 2);
  absl::Notification begun;
  absl::Notification go;
  absl::Notification done;
  std::vector<int> order;

  EXPECT_TRUE(worker.Submit([&] {
    begun.Notify();
    go.WaitForNotification();
    order.push_back(1);
  }));
  begun.WaitForNotification();
  EXPECT_TRUE(worker.Submit([&] { order.push_back(2); }));
  EXPECT_TRUE(worker.Submit([&] {
    order.push_back(3);
    done.Notify();
  }));
  EXPECT_FALSE(worker.Submit([&] { order.push_back(4); }));
  go.Notify();
  done.WaitForNotification();
  worker.Stop();

  EXPECT_THAT(order, ElementsAre(1, 2, 3));
}

TEST(BoundedWorkerTest, WorkerWithoutWorkEndsQuietly) {
  BoundedWorker worker("test", 1);
  worker.Stop();
  worker.Stop();

  EXPECT_FALSE(worker.Submit([] {}));
}

}  // namespace
}  // namespace reeve
