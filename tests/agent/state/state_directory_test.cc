#include "agent/state/state_directory.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <utility>

#include "base/file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

state::TaskRecord MakeRecord(const std::string& id) {
  state::TaskRecord record;
  record.set_version(1);
  record.mutable_spec()->set_id(id);
  record.mutable_spec()->add_command("/bin/true");
  record.mutable_spec()->add_env("A=\"quoted\"\nline");
  record.set_cgroup_parent("/reeve");
  return record;
}

class StateDirectoryTest : public ::testing::Test {
 protected:
  StateDirectory Open() {
    absl::StatusOr<StateDirectory> directory =
        StateDirectory::Open(tree_.Path("state"));
    EXPECT_THAT(directory, IsOk());
    return *std::move(directory);
  }

  FakeTree tree_;
};

TEST_F(StateDirectoryTest, GivesBackWhatWasWrittenOfATask) {
  const StateDirectory directory = Open();
  ASSERT_THAT(directory.CreateTask("web", MakeRecord("web")), IsOk());

  const absl::StatusOr<UniqueFd> dir = directory.OpenTask("web");
  ASSERT_THAT(dir, IsOk());
  const absl::StatusOr<state::TaskRecord> record =
      ReadTaskRecord(dir->get(), "web");

  ASSERT_THAT(record, IsOk());
  EXPECT_EQ(record->spec().id(), "web");
  EXPECT_EQ(record->spec().env(0), "A=\"quoted\"\nline");
  EXPECT_THAT(directory.TaskIds().value(), ElementsAre("web"));
  EXPECT_THAT(IsFromThisBoot(dir->get()), IsOkAndHolds(true));
}

TEST_F(StateDirectoryTest, RefusesATaskThatIsThere) {
  const StateDirectory directory = Open();
  ASSERT_THAT(directory.CreateTask("web", MakeRecord("web")), IsOk());

  EXPECT_THAT(directory.CreateTask("web", MakeRecord("web")),
              StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(directory.TaskIds().value(), ElementsAre("web"));
}

TEST_F(StateDirectoryTest, TaskFilesAreForTheOwnerAlone) {
  const StateDirectory directory = Open();
  ASSERT_THAT(directory.CreateTask("web", MakeRecord("web")), IsOk());

  struct stat info;
  ASSERT_EQ(stat(tree_.Path("state/tasks").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0700u);
  ASSERT_EQ(stat(tree_.Path("state/tasks/web/process.json").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0600u);
}

TEST_F(StateDirectoryTest, RemovesATaskWithWhateverFilesItHas) {
  const StateDirectory directory = Open();
  ASSERT_THAT(directory.CreateTask("web", MakeRecord("web")), IsOk());
  ASSERT_EQ(mkfifo(tree_.Path("state/tasks/web/exit").c_str(), 0600), 0);

  EXPECT_THAT(directory.RemoveTask("web"), IsOk());
  EXPECT_THAT(directory.RemoveTask("web"), IsOk()) << "already gone";

  EXPECT_THAT(directory.TaskIds().value(), IsEmpty());
}

TEST_F(StateDirectoryTest, RemovesWhatIsNoFileButNothingBehindALink) {
  const StateDirectory directory = Open();
  tree_.Write("elsewhere/kept", "kept");
  tree_.Write("state/tasks/web/process.json/a/b", "");
  tree_.MakeLink("state/tasks/web/process.json/link", tree_.Path("elsewhere"));
  tree_.MakeLink("state/tasks/web/limits.json", tree_.Path("elsewhere/kept"));

  EXPECT_THAT(directory.RemoveTask("web"), IsOk());

  EXPECT_THAT(directory.TaskIds().value(), IsEmpty());
  EXPECT_EQ(tree_.Read("elsewhere/kept"), "kept");
}

TEST_F(StateDirectoryTest, TellsWhatIsOfNoTask) {
  const StateDirectory directory = Open();
  tree_.MakeDir("state/tasks/web");
  tree_.MakeDir("state/tasks/@shop");
  tree_.Write("state/tasks/file", "");
  tree_.MakeLink("state/tasks/link", tree_.Path("state/tasks/web"));

  EXPECT_THAT(directory.CheckTask("web"), IsOk());
  EXPECT_THAT(directory.CheckTask("none"),
              StatusIs(absl::StatusCode::kNotFound));
  for (const char* name : {"@shop", "file", "link", "..", "a\nb"}) {
    const absl::Status status = directory.CheckTask(name);
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition));
    EXPECT_EQ(status.message().find('\n'), absl::string_view::npos);
  }
}

TEST_F(StateDirectoryTest, OnlyOneAgentHoldsIt) {
  const StateDirectory first = Open();

  const absl::StatusOr<StateDirectory> second =
      StateDirectory::Open(tree_.Path("state"));

  EXPECT_THAT(second, StatusIs(absl::StatusCode::kFailedPrecondition,
                               HasSubstr(std::to_string(getpid()))));
}

TEST_F(StateDirectoryTest, CanBeTakenOverOnceItsAgentIsGone) {
  { const StateDirectory first = Open(); }

  EXPECT_THAT(StateDirectory::Open(tree_.Path("state")), IsOk());
}

TEST_F(StateDirectoryTest, RefusesARelativePath) {
  EXPECT_THAT(StateDirectory::Open("state"),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(StateDirectoryTest, ALaunchCutShortHasNoRecord) {
  tree_.MakeDir("task");
  const UniqueFd dir = tree_.OpenDir("task");
  EXPECT_THAT(ReadTaskRecord(dir.get(), "web"),
              StatusIs(absl::StatusCode::kNotFound));

  tree_.Write("task/process.json", "{\"spec\": {\"id\": \"we");
  EXPECT_THAT(ReadTaskRecord(dir.get(), "web"),
              StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(StateDirectoryTest, KeepsWhatUpdatesAskedFor) {
  tree_.MakeDir("task");
  const UniqueFd dir = tree_.OpenDir("task");
  EXPECT_THAT(ReadTaskLimits(dir.get()), StatusIs(absl::StatusCode::kNotFound));

  v1::Limits limits;
  limits.set_memory_bytes(1 << 20);
  ASSERT_THAT(WriteTaskLimits(dir.get(), limits), IsOk());
  limits.set_nice(-5);
  limits.add_rlimits()->set_name("core");
  ASSERT_THAT(WriteTaskLimits(dir.get(), limits), IsOk());

  const absl::StatusOr<v1::Limits> read = ReadTaskLimits(dir.get());
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(read->ShortDebugString(), limits.ShortDebugString());
  tree_.Write("task/limits.json", "{\"memory_by");
  EXPECT_THAT(ReadTaskLimits(dir.get()), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(StateDirectoryTest, ReadsTheMainProcess) {
  tree_.Write("task/pid", "4242\n");
  tree_.Write("task/starttime", "987654321\n");
  const UniqueFd dir = tree_.OpenDir("task");

  const absl::StatusOr<ProcessIdentity> process = ReadTaskProcess(dir.get());

  ASSERT_THAT(process, IsOk());
  EXPECT_EQ(process->pid, 4242);
  EXPECT_EQ(process->start_time_ticks, 987654321u);
}

TEST_F(StateDirectoryTest, RefusesAPidThatIsNone) {
  for (const char* text : {"", "x\n", "0\n", "-5\n", "+5\n", " 5\n", "42",
                           "99999999999\n", "42\n\n"}) {
    SCOPED_TRACE(text);
    tree_.Write("task/pid", text);
    tree_.Write("task/starttime", "1\n");
    const UniqueFd dir = tree_.OpenDir("task");
    EXPECT_THAT(ReadTaskProcess(dir.get()),
                StatusIs(absl::StatusCode::kDataLoss));
  }
}

TEST_F(StateDirectoryTest, KnowsATaskOfAnEarlierBoot) {
  tree_.Write("task/bootid", "00000000-0000-0000-0000-000000000000\n");
  const UniqueFd dir = tree_.OpenDir("task");

  EXPECT_THAT(IsFromThisBoot(dir.get()), IsOkAndHolds(false));
}

}  // namespace
}  // namespace reeve
