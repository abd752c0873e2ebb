// What the planner does for `reeve apply`; reconciler_test has the rest.
#include "agent/task_files/apply_planner.h"

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "agent/spec/normal_spec.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

SpecFile File(const std::string& id, const std::string& after = "") {
  v1::TaskSpec spec;
  spec.set_id(id);
  spec.add_command("sleep");
  if (!after.empty()) spec.add_after(after);
  SpecFile file;
  file.path = absl::StrCat("/specs/", id, ".yaml");
  file.spec = NormalSpec(spec);
  return file;
}

ApplyRules Rules(bool prune) {
  ApplyRules rules;
  rules.origin_prefix = "apply:";
  if (prune) {
    rules.owns_directory = [](const std::string& directory) {
      return directory == "/specs";
    };
  }
  rules.launches_exited = true;
  rules.knows_all_tasks = true;
  return rules;
}

// The tasks there are have the specs that File() gives.
std::vector<std::string> Plan(const std::vector<SpecFile>& files,
                              const std::vector<KnownTask>& tasks,
                              bool prune = false) {
  std::vector<std::string> told;
  for (const ApplyStep& step : PlanSteps(
           files, tasks, [](const std::string& id) { return File(id).spec; },
           Rules(prune))) {
    told.push_back(step.status.ok()
                       ? absl::StrCat(step.id, " ", ActionName(step.action))
                       : absl::StrCat(step.file, " ", step.failure, " ",
                                      step.status.message()));
  }
  return told;
}

TEST(ApplyPlannerTest, OneThatHasExitedIsLaunchedAgain) {
  EXPECT_THAT(Plan({File("a"), File("b")},
                   {{"a", "apply:/specs/a.yaml", /*has_exited=*/true},
                    {"b", "apply:/specs/b.yaml"}}),
              ElementsAre("a launch", "b none"));
}

TEST(ApplyPlannerTest, AfterMayNameATaskOfSomebodyElse) {
  EXPECT_THAT(Plan({File("a", "db")}, {{"db", ""}}), ElementsAre("a launch"));
  EXPECT_THAT(Plan({File("a", "db")}, {}),
              ElementsAre(HasSubstr("order /specs/a.yaml: after: there is no "
                                    "task db")));
}

TEST(ApplyPlannerTest, OnlyPruningStopsAndOnlyWhatWasApplied) {
  const std::vector<KnownTask> tasks = {{"a", "apply:/specs/a.yaml"},
                                        {"b", "apply:/specs/b.yaml"},
                                        {"c", "apply:/elsewhere/c.yaml"},
                                        {"d", "tasks-dir:/specs/d.yaml"},
                                        {"e", ""},
                                        {"f", "apply:/specs/deep/f.yaml"},
                                        {"g", "apply:/specs/bad.yaml"}};
  SpecFile bad;
  bad.path = "/specs/bad.yaml";
  bad.spec = absl::InvalidArgumentError("wrong");

  EXPECT_THAT(Plan({File("a")}, tasks), ElementsAre("a none"));
  EXPECT_THAT(Plan({File("a"), bad}, tasks, /*prune=*/true),
              ElementsAre("/specs/bad.yaml invalid wrong", "b stop", "a none"));
}

TEST(ApplyPlannerTest, ATaskThatEndedMeanwhileIsLaunched) {
  const auto steps = PlanSteps(
      {File("a")}, {{"a", "apply:/specs/a.yaml"}},
      [](const std::string& id) { return absl::NotFoundError(id); },
      Rules(false));

  ASSERT_EQ(steps.size(), 1U);
  EXPECT_EQ(steps[0].action, ApplyStep::Action::kLaunch);
}

TEST(ApplyPlannerTest, AnotherFileMayTakeOverATask) {
  EXPECT_THAT(Plan({File("a")}, {{"a", "apply:/old/place/a.json"}}),
              ElementsAre("a none"));
  EXPECT_THAT(Plan({File("a")}, {{"a", "tasks-dir:/specs/a.yaml"}}),
              ElementsAre(HasSubstr("conflict /specs/a.yaml: task a is of "
                                    "tasks-dir:/specs/a.yaml")));
}

TEST(ApplyPlannerTest, AFileThatIsWrongProtectsWhatItMayBeOf) {
  SpecFile bad;
  bad.path = "/specs/web.yaml";
  bad.spec = absl::InvalidArgumentError("wrong");
  // The first two may be its task, renamed; the last is another's.
  const std::vector<KnownTask> tasks = {{"web", "apply:/specs/web.yml"},
                                        {"db", "apply:/specs/10-db.yaml"},
                                        {"old", "apply:/specs/old.yaml"}};

  EXPECT_THAT(Plan({bad}, tasks, /*prune=*/true),
              ElementsAre("/specs/web.yaml invalid wrong", "old stop"));
}

}  // namespace
}  // namespace reeve
