#include "enforcement/launch/program.h"

#include <sys/stat.h>
#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "enforcement/launch/launch_error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class FindProgramTest : public ::testing::Test {
 protected:
  void AddProgram(const std::string& path, mode_t mode = 0755) {
    tree_.Write(path, "#!/bin/true\n");
    ASSERT_EQ(chmod(tree_.Path(path).c_str(), mode), 0);
  }

  FakeTree tree_;
};

TEST_F(FindProgramTest, LocalFolderOfTheTaskComesFirst) {
  AddProgram("task/local/tool");
  AddProgram("task/tool");
  AddProgram("bin/tool");
  EXPECT_THAT(FindProgram("tool", tree_.Path("task"), "/",
                          {"PATH=" + tree_.Path("bin")}),
              IsOkAndHolds(tree_.Path("task") + "/local/tool"));
}

TEST_F(FindProgramTest, TaskFolderComesBeforePath) {
  AddProgram("task/tool");
  AddProgram("bin/tool");
  EXPECT_THAT(FindProgram("tool", tree_.Path("task"), "/",
                          {"PATH=" + tree_.Path("bin")}),
              IsOkAndHolds(tree_.Path("task") + "/tool"));
}

TEST_F(FindProgramTest, FileOfTheTaskNeedsNoExecutePermissionYet) {
  AddProgram("task/tool", 0644);
  EXPECT_THAT(FindProgram("tool", tree_.Path("task"), "/", {}), IsOk());
}

TEST_F(FindProgramTest, TaskFolderMayHoldSubfolders) {
  AddProgram("task/opt/bin/tool");
  EXPECT_THAT(FindProgram("opt/bin/tool", tree_.Path("task"), "/", {}),
              IsOkAndHolds(tree_.Path("task") + "/opt/bin/tool"));
}

TEST_F(FindProgramTest, SymlinkOutOfTheTaskFolderIsNotFollowed) {
  AddProgram("secret/tool");
  tree_.MakeDir("task");
  tree_.MakeLink("task/tool", tree_.Path("secret/tool"));
  EXPECT_THAT(FindProgram("tool", tree_.Path("task"), "/", {"PATH=/nowhere"}),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("leads out of the task directory")));
}

TEST_F(FindProgramTest, SymlinkInsideTheTaskFolderIsFollowed) {
  AddProgram("task/versions/1/tool");
  tree_.MakeLink("task/tool", "versions/1/tool");
  EXPECT_THAT(FindProgram("tool", tree_.Path("task"), "/", {}),
              IsOkAndHolds(tree_.Path("task") + "/tool"));
}

TEST_F(FindProgramTest, DotDotDoesNotLeaveTheTaskFolder) {
  AddProgram("secret/tool");
  tree_.MakeDir("task/local");
  EXPECT_FALSE(
      FindProgram("../secret/tool", tree_.Path("task"), "/nowhere", {}).ok());
}

TEST_F(FindProgramTest, AbsoluteNameIsTaken) {
  AddProgram("bin/tool");
  EXPECT_THAT(FindProgram(tree_.Path("bin/tool"), "", "/", {}),
              IsOkAndHolds(tree_.Path("bin/tool")));
}

TEST_F(FindProgramTest, NameWithSlashIsRelativeToTheWorkingDirectory) {
  AddProgram("bin/tool");
  EXPECT_THAT(FindProgram("bin/tool", "", tree_.Path(""), {}), IsOk());
  EXPECT_THAT(FindProgram("./tool", "", tree_.Path("bin"), {}),
              IsOkAndHolds(tree_.Path("bin") + "/./tool"));
}

TEST_F(FindProgramTest, PathOfTheTaskCountsAndNotOurs) {
  AddProgram("bin/ls");
  EXPECT_THAT(FindProgram("ls", "", "/", {"PATH=" + tree_.Path("bin")}),
              IsOkAndHolds(tree_.Path("bin") + "/ls"));
}

TEST_F(FindProgramTest, DefaultPathIsUsedWithoutPath) {
  EXPECT_THAT(FindProgram("true", "", "/", {}), IsOk());
}

TEST_F(FindProgramTest, SearchOfPathPassesOverWhatCannotBeExecuted) {
  AddProgram("first/tool", 0644);
  tree_.MakeDir("second/tool");
  AddProgram("third/tool");
  EXPECT_THAT(FindProgram("tool", "", "/",
                          {"PATH=" + tree_.Path("first") + ":" +
                           tree_.Path("second") + ":" + tree_.Path("third")}),
              IsOkAndHolds(tree_.Path("third") + "/tool"));
}

TEST_F(FindProgramTest, MissingProgramIsNotFoundAndNamed) {
  const absl::Status status =
      FindProgram("no-such-tool", "", "/", {"PATH=/nowhere"}).status();
  EXPECT_THAT(status,
              StatusIs(absl::StatusCode::kNotFound,
                       "program no-such-tool not found in PATH /nowhere"));
  EXPECT_EQ(ReasonOf(status), LaunchErrorReason::kProgramNotFound);
}

TEST_F(FindProgramTest, MissingPathIsNotFoundAndNamed) {
  const absl::Status status =
      FindProgram("/no/such/tool", "", "/", {}).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kNotFound,
                               "program /no/such/tool not found"));
  EXPECT_EQ(ReasonOf(status), LaunchErrorReason::kProgramNotFound);
}

TEST_F(FindProgramTest, DirectoryIsNoProgram) {
  const absl::Status status = FindProgram(tree_.Path(""), "", "/", {}).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition,
                               HasSubstr("is a directory")));
  EXPECT_EQ(ReasonOf(status), LaunchErrorReason::kProgramNotExecutable);
}

TEST_F(FindProgramTest, FifoIsNoProgram) {
  tree_.MakeDir("bin");
  const std::string path = tree_.Path("bin") + "/fifo";
  ASSERT_EQ(mkfifo(path.c_str(), 0755), 0);
  EXPECT_THAT(FindProgram(path, "", "/", {}),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("is not a regular file")));
}

TEST_F(FindProgramTest, OnlyFileOfPathWithoutPermissionIsNamed) {
  AddProgram("bin/tool", 0644);
  const absl::Status status =
      FindProgram("tool", "", "/", {"PATH=" + tree_.Path("bin")}).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition,
                               HasSubstr(tree_.Path("bin") + "/tool")));
  EXPECT_EQ(ReasonOf(status), LaunchErrorReason::kProgramNotExecutable);
}

TEST_F(FindProgramTest, EmptyNameIsNotFound) {
  EXPECT_THAT(FindProgram("", "", "/", {}),
              StatusIs(absl::StatusCode::kNotFound));
}

class MakeExecutableTest : public FindProgramTest {
 protected:
  mode_t Mode(const std::string& path) {
    struct stat file;
    EXPECT_EQ(stat(tree_.Path(path).c_str(), &file), 0);
    return file.st_mode & 07777;
  }
};

TEST_F(MakeExecutableTest, AddsReadAndExecuteForAll) {
  AddProgram("tool", 0640);
  ASSERT_THAT(MakeExecutable(tree_.Path("tool")), IsOk());
  EXPECT_EQ(Mode("tool"), 0755u);
}

TEST_F(MakeExecutableTest, LeavesAnExecutableFileAsItIs) {
  AddProgram("tool", 0555);
  ASSERT_THAT(MakeExecutable(tree_.Path("tool")), IsOk());
  EXPECT_EQ(Mode("tool"), 0555u);
}

TEST_F(MakeExecutableTest, LeavesSetUserIdFilesAlone) {
  AddProgram("tool", 04700);
  ASSERT_THAT(MakeExecutable(tree_.Path("tool")), IsOk());
  EXPECT_EQ(Mode("tool"), 04700u);
}

TEST_F(MakeExecutableTest, MissingFileIsNotFound) {
  EXPECT_EQ(ReasonOf(MakeExecutable(tree_.Path("none"))),
            LaunchErrorReason::kProgramNotFound);
}

TEST_F(MakeExecutableTest, DirectoryIsRefused) {
  EXPECT_EQ(ReasonOf(MakeExecutable(tree_.Path(""))),
            LaunchErrorReason::kProgramNotExecutable);
}

TEST(ProgramPlacesTest, AnAbsoluteNameIsTheOnlyPlace) {
  EXPECT_THAT(ProgramPlaces("/opt/web", "/srv", {"PATH=/bin"}),
              ElementsAre("/opt/web"));
}

TEST(ProgramPlacesTest, ANameIsLookedForInTheTaskThenInPath) {
  EXPECT_THAT(ProgramPlaces("web", "/srv", {"A=1", "PATH=/bin:/opt/"}),
              ElementsAre("/local/web", "/web", "/bin/web", "/opt/web"));
}

TEST(ProgramPlacesTest, WithoutPathThereIsADefaultOne) {
  EXPECT_THAT(ProgramPlaces("web", "/", {}),
              ElementsAre("/local/web", "/web", "/usr/local/sbin/web",
                          "/usr/local/bin/web", "/usr/sbin/web", "/usr/bin/web",
                          "/sbin/web", "/bin/web"));
}

TEST(ProgramPlacesTest, PartsOfPathThatAreNotAbsoluteAreBelowTheDirectory) {
  EXPECT_THAT(ProgramPlaces("web", "/srv", {"PATH=:bin"}),
              ElementsAre("/local/web", "/web", "/srv/web", "/srv/bin/web"));
}

TEST(ProgramPlacesTest, ANameWithASlashIsNotLookedForInPath) {
  EXPECT_THAT(ProgramPlaces("bin/web", "/srv", {"PATH=/opt"}),
              ElementsAre("/local/bin/web", "/bin/web", "/srv/bin/web"));
  EXPECT_THAT(ProgramPlaces("./web", "/", {"PATH=/opt"}),
              ElementsAre("/local/./web", "/./web", "/./web"));
}

}  // namespace
}  // namespace reeve
