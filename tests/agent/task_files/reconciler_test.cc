#include "agent/task_files/reconciler.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "agent/spec/normal_spec.h"
#include "base/file.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "tests/agent/task_files/fake_task_host.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr char kDir[] = "/tasks.d";

// Says in words what it was told.
class RecordingObserver final : public TaskFilesObserver {
 public:
  void OnApplied(const ApplyStep& step) override {
    told.push_back(absl::StrCat(step.id, " ", ActionName(step.action)));
  }
  void OnFailed(const ApplyStep& step) override {
    told.push_back(absl::StrCat(step.file, " ", step.failure, ": ",
                                step.status.message()));
  }
  void OnFiles(const std::vector<TaskFileState>& all) override {
    files.clear();
    for (const TaskFileState& file : all) {
      files.push_back(absl::StrCat(file.path, " ", file.failure));
    }
  }
  void OnLook(const absl::Status& /*status*/) override {}

  std::vector<std::string> TakeTold() { return std::exchange(told, {}); }

  std::vector<std::string> told;
  std::vector<std::string> files;
};

class ReconcilerTest : public ::testing::Test {
 protected:
  ReconcilerTest() { StartAnew(); }

  // As an agent does that is started on the tasks of another.
  void StartAnew() {
    reconciler_ = std::make_unique<Reconciler>(
        kDir, AppliedFilesStore(state_.Path("")), host_, observer_, clock_);
  }
  // An agent that has no record of what another has done.
  void StartWithoutRecord() {
    state_.Remove("applied-files.json");
    StartAnew();
  }

  static v1::TaskSpec Spec(const std::string& id, const std::string& text) {
    v1::TaskSpec spec;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &spec));
    spec.set_id(id);
    if (spec.command().empty()) spec.add_command("sleep");
    return *NormalSpec(spec);
  }

  // Puts a file of its name's task into the directory, or replaces it.
  void Write(const std::string& name, const std::string& text = "") {
    SetFile(name, Spec(name.substr(0, name.find('.')), text));
  }
  void WriteBad(const std::string& name,
                absl::Status status = absl::InvalidArgumentError("wrong")) {
    SetFile(name, std::move(status));
  }
  void SetFile(const std::string& name, absl::StatusOr<v1::TaskSpec> spec) {
    Delete(name);
    SpecFile file;
    file.path = absl::StrCat(kDir, "/", name);
    file.spec = std::move(spec);
    files_.push_back(std::move(file));
    std::sort(
        files_.begin(), files_.end(),
        [](const SpecFile& a, const SpecFile& b) { return a.path < b.path; });
  }
  void Delete(const std::string& name) {
    const std::string path = absl::StrCat(kDir, "/", name);
    files_.erase(std::remove_if(files_.begin(), files_.end(),
                                [&path](const SpecFile& file) {
                                  return file.path == path;
                                }),
                 files_.end());
  }

  // What a round does to the host.
  std::vector<std::string> Reconcile() {
    EXPECT_THAT(reconciler_->Reconcile(files_), IsOk());
    return host_.TakeCalls();
  }

  FakeTree state_;
  FakeTaskHost host_;
  RecordingObserver observer_;
  FakeClock clock_;
  std::vector<SpecFile> files_;
  std::unique_ptr<Reconciler> reconciler_;
};

TEST_F(ReconcilerTest, AnEmptyDirectoryDoesNothing) {
  host_.tasks["mine"] = {Spec("mine", ""), ""};

  EXPECT_THAT(Reconcile(), IsEmpty());
  EXPECT_THAT(observer_.told, IsEmpty());
}

TEST_F(ReconcilerTest, ANewFileIsLaunchedOnce) {
  Write("web.yaml");

  EXPECT_THAT(Reconcile(), ElementsAre("launch web"));
  EXPECT_EQ(host_.tasks["web"].origin, "tasks-dir:/tasks.d/web.yaml");
  EXPECT_THAT(Reconcile(), IsEmpty());
  EXPECT_THAT(observer_.told, ElementsAre("web launch"));
  EXPECT_THAT(observer_.files, ElementsAre("/tasks.d/web.yaml "));
}

TEST_F(ReconcilerTest, ARoundWithoutNewsAsksNobody) {
  Write("web.yaml");
  Reconcile();
  const int lists = host_.lists;

  EXPECT_THAT(Reconcile(), IsEmpty());

  EXPECT_EQ(host_.lists, lists);
}

TEST_F(ReconcilerTest, TasksAreLaunchedInTheirOrder) {
  Write("a.yaml", "after: 'c' after: 'b'");
  Write("b.yaml", "after: 'c'");
  Write("c.yaml");

  EXPECT_THAT(Reconcile(), ElementsAre("launch c", "launch b", "launch a"));
}

TEST_F(ReconcilerTest, ChangedLimitsAreAnUpdate) {
  Write("web.yaml", "limits { pids: 5 }");
  Reconcile();
  Write("web.yaml", "limits { pids: 6 }");

  EXPECT_THAT(Reconcile(), ElementsAre("update web pids: 6"));
  EXPECT_THAT(observer_.told, ElementsAre("web launch", "web update"));
}

TEST_F(ReconcilerTest, AnyOtherChangeIsARestart) {
  Write("web.yaml");
  Reconcile();
  Write("web.yaml", "env: 'A=b'");

  EXPECT_THAT(Reconcile(), ElementsAre("stop web", "launch web"));
  EXPECT_EQ(host_.tasks["web"].spec.env(0), "A=b");
}

TEST_F(ReconcilerTest, ARemovedFileStopsAndForgetsItsTask) {
  Write("web.yaml");
  Write("db.yaml");
  Reconcile();
  Delete("web.yaml");

  EXPECT_THAT(Reconcile(), ElementsAre("stop web"));
  EXPECT_EQ(host_.tasks.count("web"), 0U);
  EXPECT_EQ(host_.tasks.count("db"), 1U);
  EXPECT_THAT(observer_.files, ElementsAre("/tasks.d/db.yaml "));
  Write("web.yaml");
  EXPECT_THAT(Reconcile(), ElementsAre("launch web"));
}

TEST_F(ReconcilerTest, ARenamedFileGoesOnWithItsTask) {
  Write("web.yaml");
  Reconcile();
  Delete("web.yaml");
  Write("web.json");

  EXPECT_THAT(Reconcile(), IsEmpty());
  EXPECT_FALSE(host_.tasks["web"].has_exited);
  // It is that file's from now on, also when it turns bad.
  WriteBad("web.json");
  EXPECT_THAT(Reconcile(), IsEmpty());
  Delete("web.json");
  EXPECT_THAT(Reconcile(), ElementsAre("stop web"));
}

TEST_F(ReconcilerTest, ANewIdInAFileStopsTheTaskOfTheOld) {
  SetFile("web.yaml", Spec("one", ""));
  Reconcile();
  SetFile("web.yaml", Spec("two", ""));

  EXPECT_THAT(Reconcile(), ElementsAre("stop one", "launch two"));
}

TEST_F(ReconcilerTest, ABadFileLeavesItsTaskAndIsToldOnce) {
  Write("web.yaml");
  Reconcile();
  WriteBad("web.yaml");

  EXPECT_THAT(Reconcile(), IsEmpty());
  EXPECT_THAT(Reconcile(), IsEmpty());

  EXPECT_FALSE(host_.tasks["web"].has_exited);
  EXPECT_THAT(observer_.told,
              ElementsAre("web launch", "/tasks.d/web.yaml invalid: wrong"));
  EXPECT_THAT(observer_.files, ElementsAre("/tasks.d/web.yaml invalid"));

  WriteBad("web.yaml", absl::UnavailableError("unreadable"));
  Reconcile();
  Write("web.yaml");
  EXPECT_THAT(Reconcile(), IsEmpty());
  EXPECT_THAT(
      observer_.told,
      ElementsAre("web launch", "/tasks.d/web.yaml invalid: wrong",
                  "/tasks.d/web.yaml unreadable: unreadable", "web none"));
}

TEST_F(ReconcilerTest, ATaskThatEndsStaysSoUntilItsFileChanges) {
  Write("web.yaml", "limits { pids: 5 }");
  Reconcile();
  host_.tasks["web"].has_exited = true;

  EXPECT_THAT(Reconcile(), IsEmpty());
  Write("web.yaml", "limits { pids: 6 }");
  EXPECT_THAT(Reconcile(), ElementsAre("launch web"));
}

TEST_F(ReconcilerTest, AnUpdateByHandStaysUntilTheFileChanges) {
  Write("web.yaml", "limits { pids: 5 }");
  Reconcile();
  host_.tasks["web"].spec.mutable_limits()->set_pids(9);

  EXPECT_THAT(Reconcile(), IsEmpty());
  Write("web.yaml", "limits { pids: 5 nice: 3 }");
  EXPECT_THAT(Reconcile(), ElementsAre("update web pids: 5 nice: 3"));
}

TEST_F(ReconcilerTest, ATaskOfSomebodyElseIsLeftAlone) {
  host_.tasks["web"] = {Spec("web", ""), ""};
  host_.tasks["db"] = {Spec("db", ""), "apply:/tasks.d/db.yaml"};
  Write("web.yaml", "env: 'A=b'");
  Write("db.yaml", "env: 'A=b'");

  EXPECT_THAT(Reconcile(), IsEmpty());

  EXPECT_THAT(
      observer_.TakeTold(),
      ElementsAre(HasSubstr("conflict: /tasks.d/db.yaml: task db is of apply:"),
                  HasSubstr("task web was launched by hand and is left alone: "
                            "\"reeve stop web\" first")));
  Delete("web.yaml");
  EXPECT_THAT(Reconcile(), IsEmpty());
  // Once it is gone the file has its way.
  host_.tasks.erase("db");
  EXPECT_THAT(Reconcile(), ElementsAre("launch db"));
}

TEST_F(ReconcilerTest, TasksOfAnotherDirectoryAreNotStopped) {
  host_.tasks["a"] = {Spec("a", ""), "tasks-dir:/usr/a.yaml"};
  host_.tasks["b"] = {Spec("b", ""), "tasks-dir:/tasks.d/b.yaml"};
  host_.tasks["c"] = {Spec("c", ""), "tasks-dir:/tasks.d"};

  EXPECT_THAT(Reconcile(), ElementsAre("stop b"));
}

TEST_F(ReconcilerTest, TasksOfTheDirectoryBeforeItWasMovedAreStopped) {
  Write("web.yaml");
  host_.tasks["web"] = {Spec("web", ""), "tasks-dir:/no/such/web.yaml"};
  host_.tasks["old"] = {Spec("old", ""), "tasks-dir:/no/such/old.yaml"};

  EXPECT_THAT(Reconcile(), ElementsAre("stop old"));

  Delete("web.yaml");
  EXPECT_THAT(Reconcile(), ElementsAre("stop web"));
}

TEST_F(ReconcilerTest, ATaskIsOfTheFileThatItWasLastAppliedFrom) {
  host_.tasks["web"] = {Spec("web", ""), "tasks-dir:/usr/web.yaml"};
  Write("web.yaml");
  Reconcile();
  StartAnew();
  Delete("web.yaml");

  EXPECT_THAT(Reconcile(), ElementsAre("stop web"));
}

TEST_F(ReconcilerTest, AFileThatWasRenamedAndIsWrongThenStopsNothing) {
  Write("web.yml");
  Reconcile();
  Delete("web.yml");
  Write("web.yaml");
  EXPECT_THAT(Reconcile(), IsEmpty());
  EXPECT_THAT(observer_.files, ElementsAre("/tasks.d/web.yaml "));
  StartAnew();
  WriteBad("web.yaml");

  EXPECT_THAT(Reconcile(), IsEmpty());

  // Also where nobody saw it while it was right.
  Delete("web.yaml");
  WriteBad("web.json");
  EXPECT_THAT(Reconcile(), IsEmpty());
  StartWithoutRecord();
  EXPECT_THAT(Reconcile(), IsEmpty());
  Delete("web.json");
  EXPECT_THAT(Reconcile(), ElementsAre("stop web"));
}

TEST_F(ReconcilerTest, ARenamedFileLeavesWhatWasDoneByHand) {
  Write("web.yml", "limits { pids: 5 }");
  Reconcile();
  host_.tasks["web"].spec.mutable_limits()->set_pids(9);
  Delete("web.yml");
  Write("web.yaml", "limits { pids: 5 }");

  EXPECT_THAT(Reconcile(), IsEmpty());
}

TEST_F(ReconcilerTest, TheNextAgentLeavesWhatWasDoneSinceTheFileChanged) {
  Write("web.yaml", "limits { pids: 5 }");
  Write("stopped.yaml");
  Write("job.yaml");
  Reconcile();
  host_.tasks["web"].spec.mutable_limits()->set_pids(9);
  // Stopped by hand, and a job that was forgotten long after it had ended.
  host_.tasks["stopped"].has_exited = true;
  host_.tasks.erase("job");
  StartAnew();

  EXPECT_THAT(Reconcile(), IsEmpty());

  EXPECT_THAT(observer_.files,
              ElementsAre("/tasks.d/job.yaml ", "/tasks.d/stopped.yaml ",
                          "/tasks.d/web.yaml "));
  Write("web.yaml", "limits { pids: 6 }");
  EXPECT_THAT(Reconcile(), ElementsAre("update web pids: 6"));
  // One that knows nothing of it makes all as the files say.
  host_.tasks["web"].spec.mutable_limits()->set_pids(9);
  StartWithoutRecord();
  EXPECT_THAT(Reconcile(),
              UnorderedElementsAre("launch job", "update web pids: 6"));
}

TEST_F(ReconcilerTest, ARestartThatWasCutShortIsFinished) {
  Write("web.yaml");
  Write("db.yaml");
  Reconcile();
  Write("web.yaml", "env: 'A=b'");
  Delete("db.yaml");
  // The agent ends while they end; the tasks were asked to.
  host_.stop_status = absl::CancelledError("the agent ends");
  EXPECT_THAT(Reconcile(), UnorderedElementsAre("stop db", "stop web"));
  host_.stop_status = absl::OkStatus();
  Write("web.yaml");
  Write("db.yaml");
  host_.tasks["web"].has_exited = true;
  StartAnew();

  EXPECT_THAT(Reconcile(),
              UnorderedElementsAre("launch web", "stop db", "launch db"));

  EXPECT_FALSE(host_.tasks["web"].has_exited);
  EXPECT_FALSE(host_.tasks["db"].has_exited);
  StartAnew();
  EXPECT_THAT(Reconcile(), IsEmpty());
}

TEST_F(ReconcilerTest, ATaskIsNotStoppedForALaunchThatWouldBeRefused) {
  Write("web.yaml");
  Reconcile();
  observer_.TakeTold();
  host_.check_status = absl::NotFoundError("no such user");
  Write("web.yaml", "user: 'nobodyatall'");

  EXPECT_THAT(Reconcile(), IsEmpty());

  EXPECT_FALSE(host_.tasks["web"].has_exited);
  EXPECT_THAT(observer_.TakeTold(),
              ElementsAre("/tasks.d/web.yaml launch: /tasks.d/web.yaml: launch "
                          "of task web: no such user"));
  // It is no stop that was under way.
  Write("web.yaml");
  EXPECT_THAT(Reconcile(), IsEmpty());
  EXPECT_THAT(observer_.files, ElementsAre("/tasks.d/web.yaml "));
  // Once there is such a user.
  Write("web.yaml", "user: 'nobodyatall'");
  Reconcile();
  host_.check_status = absl::OkStatus();
  clock_.Advance(absl::Seconds(10));
  EXPECT_THAT(Reconcile(), ElementsAre("stop web", "launch web"));
}

TEST_F(ReconcilerTest, AnUpdateThatWasCutShortIsFinished) {
  Write("web.yaml", "limits { pids: 5 }");
  Reconcile();
  Write("web.yaml", "limits { pids: 6 }");
  host_.update_status = absl::CancelledError("the agent ends");
  Reconcile();
  host_.update_status = absl::OkStatus();
  host_.tasks["web"].spec.mutable_limits()->set_pids(6);
  Write("web.yaml", "limits { pids: 5 }");
  StartAnew();

  EXPECT_THAT(Reconcile(), ElementsAre("update web pids: 5"));
}

TEST_F(ReconcilerTest, TwoFilesOfOneTaskAreBothWrongAndHarmNothing) {
  Write("web.yaml");
  Reconcile();
  Write("web.json", "env: 'A=b'");

  EXPECT_THAT(Reconcile(), IsEmpty());
  EXPECT_THAT(observer_.files, ElementsAre("/tasks.d/web.json duplicate",
                                           "/tasks.d/web.yaml duplicate"));
  Delete("web.json");
  EXPECT_THAT(Reconcile(), IsEmpty());
  EXPECT_THAT(observer_.files, ElementsAre("/tasks.d/web.yaml "));
}

TEST_F(ReconcilerTest, WrongOrdersAreToldAndTheRestIsLaunched) {
  Write("a.yaml", "after: 'b'");
  Write("b.yaml", "after: 'a'");
  Write("c.yaml", "after: 'nobody'");
  Write("d.yaml", "after: 'a' after: 'bad'");
  WriteBad("bad.yaml");

  EXPECT_THAT(Reconcile(), ElementsAre("launch d"));

  EXPECT_THAT(observer_.files,
              ElementsAre("/tasks.d/a.yaml order", "/tasks.d/b.yaml order",
                          "/tasks.d/bad.yaml invalid", "/tasks.d/c.yaml order",
                          "/tasks.d/d.yaml "));
}

TEST_F(ReconcilerTest, WhatFailsIsTriedAgainLessAndLessOften) {
  host_.launch_status = absl::NotFoundError("no program");
  Write("web.yaml");
  EXPECT_THAT(Reconcile(), ElementsAre("launch web"));
  EXPECT_THAT(Reconcile(), IsEmpty());
  clock_.Advance(absl::Seconds(10));
  EXPECT_THAT(Reconcile(), ElementsAre("launch web"));
  clock_.Advance(absl::Seconds(10));
  EXPECT_THAT(Reconcile(), IsEmpty());
  clock_.Advance(absl::Seconds(10));
  EXPECT_THAT(Reconcile(), ElementsAre("launch web"));
  EXPECT_THAT(observer_.told,
              ElementsAre("/tasks.d/web.yaml launch: /tasks.d/web.yaml: launch "
                          "of task web: no program"));
  for (int i = 0; i < 20; ++i) {
    clock_.Advance(absl::Minutes(10));
    EXPECT_THAT(Reconcile(), ElementsAre("launch web"));
  }

  // At once when the file changes.
  host_.launch_status = absl::OkStatus();
  Write("web.yaml", "env: 'A=b'");
  EXPECT_THAT(Reconcile(), ElementsAre("launch web"));
  EXPECT_THAT(observer_.files, ElementsAre("/tasks.d/web.yaml "));
}

TEST_F(ReconcilerTest, AFailedUpdateLeavesTheTask) {
  Write("web.yaml", "limits { pids: 5 }");
  Reconcile();
  host_.update_status = absl::FailedPreconditionError("in use");
  Write("web.yaml", "limits { pids: 6 }");

  EXPECT_THAT(Reconcile(), ElementsAre("update web pids: 6"));

  EXPECT_FALSE(host_.tasks["web"].has_exited);
  EXPECT_THAT(observer_.files, ElementsAre("/tasks.d/web.yaml update"));
}

TEST_F(ReconcilerTest, ATaskThatDoesNotStopIsNotLaunchedBesideItself) {
  Write("web.yaml");
  Write("old.yaml");
  Reconcile();
  observer_.TakeTold();
  host_.stop_status = absl::DeadlineExceededError("still there");
  Write("web.yaml", "env: 'A=b'");
  Delete("old.yaml");

  EXPECT_THAT(Reconcile(), UnorderedElementsAre("stop old", "stop web"));
  EXPECT_EQ(observer_.TakeTold().size(), 2U);

  // The stop of a task that no file wants is not forgotten.
  host_.stop_status = absl::OkStatus();
  EXPECT_THAT(Reconcile(), ElementsAre("stop old"));
  clock_.Advance(absl::Minutes(10));
  EXPECT_THAT(Reconcile(), ElementsAre("stop web", "launch web"));
}

TEST_F(ReconcilerTest, TheNextAgentGoesOnWithWhatItFinds) {
  Write("same.yaml");
  Write("limits.yaml", "limits { pids: 5 }");
  Write("program.yaml");
  Write("removed.yaml");
  Write("bad.yaml");
  Write("ended.yaml");
  Reconcile();
  observer_.TakeTold();
  host_.tasks["ended"].has_exited = true;
  StartAnew();
  Write("limits.yaml", "limits { pids: 6 }");
  Write("program.yaml", "cwd: '/tmp'");
  Delete("removed.yaml");
  WriteBad("bad.yaml");

  EXPECT_THAT(Reconcile(),
              UnorderedElementsAre("stop program", "stop removed",
                                   "update limits pids: 6", "launch program"));
  EXPECT_EQ(host_.tasks.count("bad"), 1U);
  EXPECT_THAT(Reconcile(), IsEmpty());
}

TEST_F(ReconcilerTest, AfterAnotherBootAllAreLaunchedAgain) {
  Write("web.yaml");
  Reconcile();
  host_.tasks["web"].is_of_earlier_boot = true;
  const std::string boot_id = *ReadFile("/proc/sys/kernel/random/boot_id");
  const std::string record = state_.Read("applied-files.json");
  state_.Write(
      "applied-files.json",
      absl::StrReplaceAll(record, {{boot_id.substr(0, 8), "earlier!"}}));
  StartAnew();

  EXPECT_THAT(Reconcile(), ElementsAre("launch web"));
}

TEST_F(ReconcilerTest, AnAgentThatDoesNotAnswerChangesNothing) {
  Write("web.yaml");
  host_.list_status = absl::UnavailableError("gone");

  EXPECT_THAT(reconciler_->Reconcile(files_),
              StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(host_.TakeCalls(), IsEmpty());

  host_.list_status = absl::OkStatus();
  EXPECT_THAT(Reconcile(), ElementsAre("launch web"));
}

}  // namespace
}  // namespace reeve
