#include "agent/cli/apply_text.h"

#include "gtest/gtest.h"

namespace reeve {
namespace {

ApplyStep Step(ApplyStep::Action action) {
  ApplyStep step;
  step.id = "web";
  step.file = "/specs/web.yaml";
  step.action = action;
  return step;
}

TEST(ApplyLineTest, SaysWhatIsDoneAndWhy) {
  EXPECT_EQ(ApplyLine(Step(ApplyStep::Action::kNone)), "web: unchanged\n");
  EXPECT_EQ(ApplyLine(Step(ApplyStep::Action::kLaunch)), "web: launch\n");
  ApplyStep restart = Step(ApplyStep::Action::kRestart);
  restart.why = "env changed";
  EXPECT_EQ(ApplyLine(restart), "web: restart: env changed\n");
  ApplyStep stop = Step(ApplyStep::Action::kStop);
  stop.why = "no file wants it";
  EXPECT_EQ(ApplyLine(stop), "web: stop: no file wants it\n");
}

TEST(ApplyLineTest, AnUpdateNamesEachLimit) {
  ApplyStep step = Step(ApplyStep::Action::kUpdate);
  step.change.changes = {{"limits.pids", "5", "6"},
                         {"limits.cpus", "unset", "0.5"}};

  EXPECT_EQ(ApplyLine(step),
            "web: update limits.pids: 5 -> 6, limits.cpus: unset -> 0.5\n");
}

TEST(ApplyReportTest, HasAllOfTheStep) {
  ApplyStep step = Step(ApplyStep::Action::kRestart);
  step.why = "env changed";
  step.change.changes = {{"env", "", ""}};
  step.status = absl::UnavailableError("no agent");

  EXPECT_EQ(ToReport(step).ShortDebugString(),
            "id: \"web\" file: \"/specs/web.yaml\" action: \"restart\" why: "
            "\"env changed\" changes { field: \"env\" } error: \"no agent\"");
}

}  // namespace
}  // namespace reeve
