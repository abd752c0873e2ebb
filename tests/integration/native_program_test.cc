// Where the program of a task is looked for in its root, and what is said of
// one that is not there or cannot be run.

#include <sys/stat.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "enforcement/launch/launch_error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/native_fixture.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

class NativeProgramTest : public NativeTest {};

TEST_F(NativeProgramTest, ProgramsAreLookedUpInTheRoot) {
  for (const char* path : {"local/prog", "prog", "bin/prog", "opt/prog"}) {
    tree_.Write(absl::StrCat("root/", path),
                absl::StrCat("#!/bin/sh\necho /", path, "\n"));
    ASSERT_EQ(chmod(InRoot(absl::StrCat("/", path)).c_str(), 0755), 0);
  }
  TaskSpec spec = Script("");
  spec.command = {"prog"};
  spec.env = {"PATH=/opt:/bin"};
  EXPECT_EQ(Run(spec), "/local/prog\n");
  tree_.Remove("root/local/prog");
  EXPECT_EQ(Run(spec), "/prog\n");
  tree_.Remove("root/prog");
  EXPECT_EQ(Run(spec), "/opt/prog\n");
  ASSERT_EQ(chmod(InRoot("/opt/prog").c_str(), 0644), 0);
  EXPECT_EQ(Run(spec), "/bin/prog\n");

  spec.command = {"./prog"};
  spec.cwd = "/bin";
  EXPECT_EQ(Run(spec), "/bin/prog\n");
}

TEST_F(NativeProgramTest, AProgramThatIsMissingOrNoneIsSaidSo) {
  TaskSpec spec = Script("");
  spec.command = {"/bin/no-such"};
  absl::Status status = Fail(spec);
  EXPECT_THAT(status,
              StatusIs(absl::StatusCode::kNotFound,
                       HasSubstr("exec /bin/no-such as user 0: No such file")));
  EXPECT_EQ(ReasonOf(status), LaunchErrorReason::kProgramNotFound);

  spec.command = {"no-such"};
  status = Fail(spec);
  EXPECT_THAT(
      std::string(status.message()),
      HasSubstr("exec /local/no-such as user 0 (nor /no-such, /bin/no-such, in "
                "the root): No such file"));
  EXPECT_EQ(ReasonOf(status), LaunchErrorReason::kProgramNotFound);

  tree_.Write("root/script", "#!/bin/no-shell\n");
  ASSERT_EQ(chmod(InRoot("/script").c_str(), 0755), 0);
  spec.command = {"/script"};
  status = Fail(spec);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kNotFound,
                               HasSubstr("is its interpreter missing?")));
  EXPECT_EQ(ReasonOf(status), LaunchErrorReason::kProgramNotExecutable);

  tree_.Write("root/data", "data");
  spec.command = {"/data"};
  ASSERT_EQ(chmod(InRoot("/data").c_str(), 0644), 0);
  status = Fail(spec);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kPermissionDenied,
                               HasSubstr("exec /data")));
  EXPECT_EQ(ReasonOf(status), LaunchErrorReason::kProgramNotExecutable);

  ASSERT_EQ(chmod(InRoot("/data").c_str(), 0755), 0);
  status = Fail(spec);
  EXPECT_THAT(std::string(status.message()), HasSubstr("Exec format error"));
  EXPECT_EQ(ReasonOf(status), LaunchErrorReason::kProgramNotExecutable);

  spec.command = {"/bin"};
  status = Fail(spec);
  EXPECT_THAT(std::string(status.message()), HasSubstr("exec /bin"));
  EXPECT_EQ(ReasonOf(status), LaunchErrorReason::kProgramNotExecutable);
}

}  // namespace
}  // namespace reeve
