// What a starting agent makes of a state directory in which something else is
// where it left its files: it starts, says so, and all other tasks go on.

#include <sys/stat.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "glog/logging.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/supervisor_fixture.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

// Keeps what is logged while it is there.
class KeptLog final : public google::LogSink {
 public:
  KeptLog() { google::AddLogSink(this); }
  ~KeptLog() override { google::RemoveLogSink(this); }
  KeptLog(const KeptLog&) = delete;
  KeptLog& operator=(const KeptLog&) = delete;

  // The lines that name `what`.
  std::vector<std::string> About(const std::string& what) const {
    absl::MutexLock lock(&mutex_);
    std::vector<std::string> found;
    for (const std::string& line : lines_) {
      if (absl::StrContains(line, what)) found.push_back(line);
    }
    return found;
  }

  // glog calls it with whatever thread logs.
  void send(google::LogSeverity severity, const char* /*full_filename*/,
            const char* /*base_filename*/, int /*line*/,
            const google::LogMessageTime& /*time*/, const char* message,
            size_t message_len) override {
    if (severity < google::GLOG_WARNING) return;
    absl::MutexLock lock(&mutex_);
    lines_.emplace_back(message, message_len);
  }

 private:
  mutable absl::Mutex mutex_;
  std::vector<std::string> lines_ ABSL_GUARDED_BY(mutex_);
};

class DamagedStateTest : public TaskSupervisorTest {
 protected:
  // Two tasks run; something happens to the files of a third, "hurt", of which
  // there is no process.
  void SetUp() override {
    TaskSupervisorTest::SetUp();
    if (IsSkipped()) return;
    for (const char* id : {"one", "two"}) {
      ASSERT_THAT(Launch(id, {"/bin/sleep", "1000"}), IsOk());
    }
    LaunchHurt();
    tree_.Write("outside", "precious");
  }

  void LaunchHurt() {
    const auto hurt = Launch("hurt", {"/bin/true"});
    ASSERT_THAT(hurt, IsOk());
    ASSERT_TRUE((*hurt)->WaitForExit(absl::Seconds(20)).has_value());
  }

  // Starts another agent after `damage`, which must not take it long. Both
  // other tasks go on under it, as the same processes.
  void RestartAfter(const std::function<void()>& damage) {
    const pid_t one = PidOf("one");
    const pid_t two = PidOf("two");
    world_.reset();
    damage();
    const absl::Time began = absl::Now();
    world_.emplace(tree_.Path("state"), parent_);
    EXPECT_LT(absl::Now() - began, absl::Seconds(20));
    EXPECT_EQ(PidOf("one"), one);
    EXPECT_EQ(PidOf("two"), two);
    EXPECT_EQ(kill(one, 0), 0);
    EXPECT_EQ(kill(two, 0), 0);
    EXPECT_EQ(tree_.Read("outside"), "precious");
  }

  // Of a running task; 0 if it is not.
  pid_t PidOf(const std::string& id) {
    const auto task = world_->supervisor().Find(id);
    EXPECT_THAT(task, IsOk());
    if (!task.ok()) return 0;
    EXPECT_EQ((*task)->Status().state, TaskState::kRunning);
    return (*task)->Status().process.pid;
  }

  std::string FileOf(const std::string& name) const {
    return absl::StrCat("state/tasks/hurt/", name);
  }

  void ReplaceByFifo(const std::string& path) {
    tree_.Remove(path);
    ASSERT_EQ(mkfifo(tree_.Path(path).c_str(), 0600), 0);
  }

  void ReplaceByLink(const std::string& path) {
    tree_.Remove(path);
    tree_.MakeLink(path, tree_.Path("outside"));
  }

  void ReplaceByDirectory(const std::string& path) {
    tree_.Remove(path);
    tree_.Write(absl::StrCat(path, "/in/it"), "");
    tree_.MakeLink(absl::StrCat(path, "/link"), tree_.Path("outside"));
  }

  KeptLog log_;
};

TEST_F(DamagedStateTest, ATaskWithoutAWholeRecordIsClearedAway) {
  struct Case {
    const char* name;
    std::function<void(const std::string& path)> damage;
    const char* told;
  };
  const Case cases[] = {
      {"empty", [this](const std::string& path) { tree_.Write(path, ""); },
       "process.json is not a record"},
      {"torn",
       [this](const std::string& path) {
         tree_.Write(path, tree_.Read(path).substr(0, 40));
       },
       "process.json is not a record"},
      {"garbage",
       [this](const std::string& path) {
         tree_.Write(path, std::string("\0\xff\n{", 4));
       },
       "process.json is not a record"},
      {"of another task",
       [this](const std::string& path) {
         tree_.Write(path, tree_.Read("state/tasks/one/process.json"));
       },
       "it is of task one"},
      {"fifo", [this](const std::string& path) { ReplaceByFifo(path); },
       "process.json is no regular file"},
      {"link", [this](const std::string& path) { ReplaceByLink(path); },
       "process.json is no regular file"},
      {"directory",
       [this](const std::string& path) { ReplaceByDirectory(path); },
       "process.json is no regular file"},
  };
  size_t earlier = 0;
  for (const Case& damaged : cases) {
    SCOPED_TRACE(damaged.name);
    if (earlier > 0) LaunchHurt();

    RestartAfter([&] { damaged.damage(FileOf("process.json")); });

    const std::vector<std::string> lines = log_.About("task hurt");
    ASSERT_THAT(lines, SizeIs(++earlier)) << absl::StrJoin(lines, "\n");
    EXPECT_THAT(lines.back(), HasSubstr("was not started"));
    EXPECT_THAT(lines.back(), HasSubstr(damaged.told));
    EXPECT_THAT(world_->supervisor().Find("hurt"),
                StatusIs(absl::StatusCode::kNotFound));
    EXPECT_FALSE(tree_.Exists("state/tasks/hurt"));
  }
}

TEST_F(DamagedStateTest, AnExitStatusThatIsNoneIsUnknown) {
  const std::function<void(const std::string& path)> damages[] = {
      [this](const std::string& path) { tree_.Write(path, ""); },
      [this](const std::string& path) { tree_.Write(path, "0 0 17"); },
      [this](const std::string& path) { ReplaceByFifo(path); },
      [this](const std::string& path) { ReplaceByLink(path); },
      [this](const std::string& path) { ReplaceByDirectory(path); },
  };
  for (const auto& damage : damages) {
    RestartAfter([&] { damage(FileOf("exitStatus")); });

    const auto task = world_->supervisor().Find("hurt");
    ASSERT_THAT(task, IsOk());
    const auto exit = (*task)->WaitForExit(absl::Seconds(20));
    ASSERT_TRUE(exit.has_value());
    EXPECT_EQ(exit->code, ExitStatus::kUnknown);
  }
  EXPECT_THAT(world_->supervisor().Remove("hurt"), IsOk());
  EXPECT_FALSE(tree_.Exists("state/tasks/hurt"));
}

// Its end is not told by what is there instead.
TEST_F(DamagedStateTest, OnlyAFifoTellsThatAShimIsThere) {
  RestartAfter([this] {
    tree_.Remove(FileOf("exit"));
    tree_.Write(FileOf("exit"), "not a fifo");
  });

  const auto task = world_->supervisor().Find("hurt");
  ASSERT_THAT(task, IsOk());
  const auto exit = (*task)->WaitForExit(absl::Seconds(20));
  ASSERT_TRUE(exit.has_value());
  EXPECT_EQ(exit->code, 0);
}

TEST_F(DamagedStateTest, LimitsThatCannotBeReadAreThoseOfTheLaunch) {
  const std::function<void(const std::string& path)> damages[] = {
      [this](const std::string& path) { tree_.Write(path, "{\"pids\":"); },
      [this](const std::string& path) { ReplaceByFifo(path); },
      [this](const std::string& path) { ReplaceByLink(path); },
  };
  size_t earlier = 0;
  for (const auto& damage : damages) {
    RestartAfter([&] { damage("state/tasks/one/limits.json"); });

    EXPECT_THAT(log_.About("task one: what updates asked for is lost"),
                SizeIs(++earlier));
    // The next update writes it anew.
    ResourceLimits limits;
    limits.pids = Bound::Of(10 + earlier);
    EXPECT_THAT(world_->supervisor().Update("one", limits), IsOk());
    EXPECT_THAT(tree_.Read("state/tasks/one/limits.json"), HasSubstr("pids"));
  }
}

TEST_F(DamagedStateTest, WhatIsOfNoTaskIsLeftAlone) {
  RestartAfter([this] {
    tree_.Write("state/tasks/stray", "text");
    tree_.MakeLink("state/tasks/alias", "one");
    // Would be the cgroup of a group.
    tree_.MakeDir("state/tasks/@shop");
    ASSERT_EQ(mkfifo(tree_.Path("state/tasks/pipe").c_str(), 0600), 0);
  });

  for (const char* name : {"stray", "alias", "@shop", "pipe"}) {
    EXPECT_THAT(log_.About(absl::StrCat("tasks/", name)), SizeIs(1)) << name;
    EXPECT_TRUE(tree_.Exists(absl::StrCat("state/tasks/", name))) << name;
  }
}

TEST_F(DamagedStateTest, AGroupWithoutAWholeRecordIsForgotten) {
  RestartAfter([this] {
    tree_.Write("state/groups/torn", "{\"version\":");
    ASSERT_EQ(mkfifo(tree_.Path("state/groups/pipe").c_str(), 0600), 0);
    tree_.MakeLink("state/groups/link", tree_.Path("outside"));
    tree_.Write("state/groups/outside",
                R"({"group": "outside", "cgroup_parent": "/.."})");
  });

  for (const char* name : {"torn", "pipe", "link", "outside"}) {
    EXPECT_THAT(log_.About(absl::StrCat("group ", name)), SizeIs(1)) << name;
    EXPECT_FALSE(tree_.Exists(absl::StrCat("state/groups/", name))) << name;
  }
}

// Nor does it go: what it is to hold its tasks to is not known.
TEST_F(DamagedStateTest, AGroupWithLimitsThatNobodyCanHaveLetsNobodyIn) {
  RestartAfter([this] {
    tree_.Write("state/groups/wrong",
                absl::StrCat(R"({"group": "wrong", "limits": {"pids": "0"},)",
                             R"("cgroup_parent": ")", parent_, R"("})"));
  });

  EXPECT_THAT(log_.About("group wrong does not have its limits: pids limit"),
              SizeIs(1));
  TaskSpec spec;
  spec.id = "in";
  spec.group = "wrong";
  spec.command = {"/bin/true"};
  EXPECT_THAT(world_->supervisor().Launch(spec, {}, false),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("group wrong: pids limit")));
  EXPECT_THAT(world_->supervisor().RemoveGroup("wrong"), IsOk());
}

TEST_F(DamagedStateTest, ARecordOfMemoryHighThatIsNoneIsForgotten) {
  RestartAfter([this] {
    tree_.Write("state/memory-high/torn", "{\"version\":");
    ASSERT_EQ(mkfifo(tree_.Path("state/memory-high/pipe").c_str(), 0600), 0);
    tree_.MakeLink("state/memory-high/link", tree_.Path("outside"));
    tree_.Write("state/memory-high/directory/in/it", "");
  });

  for (const char* name : {"torn", "pipe", "link"}) {
    EXPECT_FALSE(tree_.Exists(absl::StrCat("state/memory-high/", name)))
        << name;
  }
  for (const char* name : {"torn", "pipe", "link", "directory"}) {
    EXPECT_THAT(log_.About(absl::StrCat("memory-high/", name)), SizeIs(1))
        << name;
  }
}

}  // namespace
}  // namespace reeve
