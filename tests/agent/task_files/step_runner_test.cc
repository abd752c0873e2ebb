#include "agent/task_files/step_runner.h"

#include <atomic>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/agent/task_files/fake_task_host.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

using Action = ApplyStep::Action;

ApplyStep Step(const std::string& id, Action action,
               const std::string& after = "") {
  ApplyStep step;
  step.file = absl::StrCat("/specs/", id, ".yaml");
  step.id = id;
  step.action = action;
  step.spec.set_id(id);
  if (!after.empty()) step.spec.add_after(after);
  return step;
}

class StepRunnerTest : public ::testing::Test {
 protected:
  StepRunnerTest() {
    for (const char* id : {"slow", "quick", "old"}) host_.tasks[id] = {};
  }

  std::vector<std::string> Run(std::vector<ApplyStep> steps) {
    RunSteps("apply:", host_, &steps);
    return host_.TakeCalls();
  }

  FakeTaskHost host_;
};

TEST_F(StepRunnerTest, NoRestartWaitsForTheStopOfAnother) {
  // The slow ones end once the quick one is there again.
  absl::Notification is_there;
  host_.on_launch = [&](const std::string& id) {
    if (id == "quick") is_there.Notify();
  };
  host_.on_stop = [&](const std::string& id) {
    if (id != "quick") is_there.WaitForNotification();
  };

  const std::vector<std::string> calls =
      Run({Step("old", Action::kStop), Step("slow", Action::kRestart),
           Step("behind", Action::kLaunch, "slow"),
           Step("quick", Action::kRestart)});

  EXPECT_THAT(calls, UnorderedElementsAre("stop old", "stop slow", "stop quick",
                                          "launch quick", "launch slow",
                                          "launch behind"));
  // What comes after a task waits for it.
  EXPECT_EQ(calls.back(), "launch behind");
}

TEST_F(StepRunnerTest, ANewTaskWaitsForThoseThatMakeRoomAndForNoOther) {
  absl::Notification is_there;
  std::atomic<bool> has_ended{false};
  bool had_room = false;
  host_.on_launch = [&](const std::string& id) {
    if (id != "new") return;
    had_room = has_ended;
    is_there.Notify();
  };
  host_.on_stop = [&](const std::string& id) {
    if (id == "slow") return is_there.WaitForNotification();
    absl::SleepFor(absl::Milliseconds(50));
    has_ended = true;
  };

  Run({Step("old", Action::kStop), Step("slow", Action::kRestart),
       Step("new", Action::kLaunch)});

  EXPECT_TRUE(had_room);
}

TEST_F(StepRunnerTest, ATaskThatDoesNotStopHoldsNobodyUp) {
  host_.stop_status = absl::DeadlineExceededError("still there");

  std::vector<ApplyStep> steps = {Step("slow", Action::kRestart),
                                  Step("behind", Action::kLaunch, "slow")};
  RunSteps("apply:", host_, &steps);

  EXPECT_THAT(host_.TakeCalls(), ElementsAre("stop slow", "launch behind"));
  EXPECT_EQ(steps[0].failure, "stop");
  EXPECT_TRUE(steps[1].status.ok());
}

}  // namespace
}  // namespace reeve
