#include "enforcement/spec/task_spec.h"

#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr absl::StatusCode kInvalid = absl::StatusCode::kInvalidArgument;

TaskSpec ValidSpec() {
  TaskSpec spec;
  spec.id = "web";
  spec.command = {"/bin/true"};
  return spec;
}

TEST(IsValidTaskIdTest, TakesLettersDigitsAndTheThreeMarks) {
  for (const char* id : {"a", "0", "Web-1.2_x", "a..b"}) {
    EXPECT_TRUE(IsValidTaskId(id)) << id;
  }
  EXPECT_TRUE(IsValidTaskId(std::string(128, 'a')));
}

TEST(IsValidTaskIdTest, RefusesWhatCouldLeaveItsDirectoryOrHide) {
  for (const char* id : {"", ".", "..", "../a", "a/b", "/a", "-a", "_a", ".a",
                         "a b", "a\n", "ä"}) {
    EXPECT_FALSE(IsValidTaskId(id)) << id;
  }
  EXPECT_FALSE(IsValidTaskId(std::string(129, 'a')));
  EXPECT_FALSE(IsValidTaskId(absl::string_view("a\0b", 3)));
}

TEST(ValidateTaskSpecTest, TakesTheSmallestSpec) {
  EXPECT_THAT(ValidateTaskSpec(ValidSpec()), IsOk());
}

TEST(ValidateTaskSpecTest, TakesAFullSpec) {
  TaskSpec spec = ValidSpec();
  spec.group = "shop";
  spec.command = {"sleep", "", "5"};
  spec.env = {"A=1", "EMPTY=", "URL=a=b"};
  spec.cwd = "/srv";
  spec.task_dir = "/srv/web";
  spec.user = "www-data:adm";
  spec.stdout_path = "/dev/null";
  spec.limits.cpu_shares = 512;
  EXPECT_THAT(ValidateTaskSpec(spec), IsOk());
}

TEST(ValidateTaskSpecTest, ABadIdIsQuotedInOneLineWithTheRule) {
  TaskSpec spec = ValidSpec();
  spec.id = "../x\n";
  EXPECT_THAT(ValidateTaskSpec(spec),
              StatusIs(kInvalid, AllOf(HasSubstr("task id \"../x\\n\""),
                                       HasSubstr("give 1 to 128 letters"),
                                       Not(HasSubstr("\n")))));
}

TEST(ValidateTaskSpecTest, AGroupFollowsTheRuleOfIds) {
  TaskSpec spec = ValidSpec();
  spec.group = "a/b";
  EXPECT_THAT(ValidateTaskSpec(spec),
              StatusIs(kInvalid, HasSubstr("task group \"a/b\"")));
}

TEST(ValidateTaskSpecTest, ComesAfterOthersOnly) {
  TaskSpec spec = ValidSpec();
  spec.after = {"db"};
  EXPECT_THAT(ValidateTaskSpec(spec), IsOk());

  spec.after = {"db", "a/b"};
  EXPECT_THAT(
      ValidateTaskSpec(spec),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("after \"a/b\"")));
  spec.after = {spec.id};
  EXPECT_THAT(ValidateTaskSpec(spec),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("cannot be started after itself")));
}

TEST(ValidateTaskSpecTest, AnOriginIsALineOfBoundedLength) {
  TaskSpec spec = ValidSpec();
  spec.origin = "apply:/srv/web.yaml";
  EXPECT_THAT(ValidateTaskSpec(spec), IsOk());

  spec.origin = "apply:/srv/a\nb.yaml";
  EXPECT_THAT(ValidateTaskSpec(spec),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("control characters")));
  spec.origin = std::string(8193, 'a');
  EXPECT_THAT(ValidateTaskSpec(spec),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("at most 8192 bytes")));
}

TEST(ValidateTaskSpecTest, RefusesACommandWithoutAProgram) {
  TaskSpec spec = ValidSpec();
  spec.command = {};
  EXPECT_THAT(ValidateTaskSpec(spec),
              StatusIs(kInvalid, HasSubstr("name a program")));
  spec.command = {"", "x"};
  EXPECT_THAT(ValidateTaskSpec(spec),
              StatusIs(kInvalid, HasSubstr("name a program")));
}

TEST(ValidateTaskSpecTest, RefusesEnvironmentEntriesWithoutAName) {
  for (const char* entry : {"PATH", "", "=x"}) {
    TaskSpec spec = ValidSpec();
    spec.env = {"A=1", entry};
    EXPECT_THAT(ValidateTaskSpec(spec),
                StatusIs(kInvalid, HasSubstr("give NAME=VALUE")));
  }
}

TEST(ValidateTaskSpecTest, RefusesRelativePaths) {
  for (std::string TaskSpec::*field :
       {&TaskSpec::cwd, &TaskSpec::task_dir, &TaskSpec::stdin_path,
        &TaskSpec::stdout_path, &TaskSpec::stderr_path}) {
    TaskSpec spec = ValidSpec();
    spec.*field = "srv/x";
    EXPECT_THAT(ValidateTaskSpec(spec),
                StatusIs(kInvalid, AllOf(HasSubstr("\"srv/x\""),
                                         HasSubstr("absolute path"))));
  }
}

TEST(ValidateTaskSpecTest, RefusesNulBytes) {
  const std::string nul("/a\0b=", 5);
  for (std::string TaskSpec::*field :
       {&TaskSpec::cwd, &TaskSpec::task_dir, &TaskSpec::user,
        &TaskSpec::stdout_path}) {
    TaskSpec spec = ValidSpec();
    spec.*field = nul;
    EXPECT_THAT(ValidateTaskSpec(spec), StatusIs(kInvalid, HasSubstr("NUL")));
  }
  TaskSpec spec = ValidSpec();
  spec.command.push_back(nul);
  EXPECT_THAT(ValidateTaskSpec(spec), StatusIs(kInvalid, HasSubstr("NUL")));
  spec = ValidSpec();
  spec.env = {nul};
  EXPECT_THAT(ValidateTaskSpec(spec), StatusIs(kInvalid, HasSubstr("NUL")));
}

TEST(ValidateTaskSpecTest, RefusesHalfAUser) {
  for (const char* user : {":", ":adm", "root:"}) {
    TaskSpec spec = ValidSpec();
    spec.user = user;
    EXPECT_THAT(ValidateTaskSpec(spec),
                StatusIs(kInvalid, HasSubstr("USER:GROUP")));
  }
}

TEST(ValidateTaskSpecTest, RefusesBadLimits) {
  TaskSpec spec = ValidSpec();
  spec.limits.cpu_shares = 1;
  EXPECT_THAT(ValidateTaskSpec(spec),
              StatusIs(kInvalid, HasSubstr("CPU shares of 1")));
}

TEST(ValidateTaskSpecTest, TakesLogsThatHaveAFile) {
  TaskSpec spec = ValidSpec();
  spec.stdout_path = "/var/log/web";
  spec.log.max_size = 4096;
  spec.log.max_files = 100;
  EXPECT_THAT(ValidateTaskSpec(spec), IsOk());

  spec = ValidSpec();
  spec.log.to_state_dir = true;
  spec.log.max_files = 1;
  EXPECT_THAT(ValidateTaskSpec(spec), IsOk());
}

TEST(ValidateTaskSpecTest, RefusesLogsThatMakeNoSense) {
  TaskSpec spec = ValidSpec();
  spec.log.max_size = 8192;
  EXPECT_THAT(ValidateTaskSpec(spec),
              StatusIs(kInvalid, HasSubstr("give stdout or stderr a file")));
  spec.stdout_path = "/dev/null";
  EXPECT_THAT(ValidateTaskSpec(spec), StatusIs(kInvalid));

  spec.stdout_path = "/var/log/web";
  spec.log.max_size = 4095;
  EXPECT_THAT(ValidateTaskSpec(spec), StatusIs(kInvalid, HasSubstr("4096")));

  spec.log.max_size = 4096;
  spec.log.max_files = 101;
  EXPECT_THAT(ValidateTaskSpec(spec), StatusIs(kInvalid, HasSubstr("100")));

  spec.log.max_size = 0;
  spec.log.max_files = 3;
  EXPECT_THAT(ValidateTaskSpec(spec),
              StatusIs(kInvalid, HasSubstr("give the size")));
}

TEST(ValidateTaskSpecTest, ATerminalHasNoOtherStreams) {
  TaskSpec spec = ValidSpec();
  spec.tty = true;
  EXPECT_THAT(ValidateTaskSpec(spec), IsOk());

  spec.stderr_path = "/var/log/web";
  EXPECT_THAT(ValidateTaskSpec(spec), StatusIs(kInvalid, HasSubstr("stderr")));
  spec.stderr_path = "";
  spec.stdin_path = "/in";
  EXPECT_THAT(ValidateTaskSpec(spec), StatusIs(kInvalid, HasSubstr("stdin")));
}

TEST(ValidateTaskSpecTest, AStartTimeoutIsAboveZeroAndBounded) {
  TaskSpec spec;
  spec.id = "t";
  spec.command = {"true"};
  spec.start_timeout = absl::Seconds(1);
  EXPECT_THAT(ValidateTaskSpec(spec), IsOk());

  spec.start_timeout = absl::ZeroDuration();
  EXPECT_FALSE(ValidateTaskSpec(spec).ok());
  spec.start_timeout = absl::Hours(2);
  EXPECT_FALSE(ValidateTaskSpec(spec).ok());
}

TEST(ValidateTaskSpecTest, TheGraceOfAStopIsBounded) {
  TaskSpec spec;
  spec.id = "t";
  spec.command = {"true"};
  spec.stop.grace = absl::Hours(25);

  EXPECT_THAT(ValidateTaskSpec(spec),
              StatusIs(kInvalid, HasSubstr("stop grace")));
}

}  // namespace
}  // namespace reeve
