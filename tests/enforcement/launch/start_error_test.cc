#include "enforcement/launch/start_error.h"

#include <cerrno>
#include <string>

#include "absl/status/status.h"
#include "enforcement/launch/launch_error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

absl::Status ErrorOf(StartStage stage, int error_number,
                     const std::string& program = "/no/such/program") {
  LaunchRequest request;
  request.program = program;
  request.cwd = "/srv";
  request.credentials = Credentials{1, 1, {}, "daemon", ""};
  return StartError({stage, error_number, 0, 0, 0}, request);
}

TEST(StartErrorTest, EveryStageIsDescribed) {
  for (int stage = 1; stage <= static_cast<int>(StartStage::kNice); ++stage) {
    const absl::Status status = ErrorOf(static_cast<StartStage>(stage), EIO);
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("step ")));
    EXPECT_THAT(std::string(status.message()),
                HasSubstr(": Input/output error"));
  }
}

TEST(StartErrorTest, StageOfANewerShimIsNumbered) {
  EXPECT_THAT(std::string(ErrorOf(StartStage{99}, EIO).message()),
              HasSubstr("step 99: Input/output error"));
}

TEST(StartErrorTest, ExecNamesProgramAndUser) {
  const absl::Status status = ErrorOf(StartStage::kExec, EACCES, "/bin/x");
  EXPECT_THAT(status,
              StatusIs(absl::StatusCode::kPermissionDenied,
                       HasSubstr("exec /bin/x as user daemon: Permission "
                                 "denied")));
  EXPECT_EQ(ReasonOf(status), LaunchErrorReason::kProgramNotExecutable);
}

TEST(StartErrorTest, MissingProgramAndMissingInterpreterDiffer) {
  const absl::Status program = ErrorOf(StartStage::kExec, ENOENT);
  EXPECT_EQ(ReasonOf(program), LaunchErrorReason::kProgramNotFound);
  EXPECT_THAT(std::string(program.message()), Not(HasSubstr("interpreter")));

  const absl::Status interpreter =
      ErrorOf(StartStage::kExec, ENOENT, "/bin/sh");
  EXPECT_EQ(ReasonOf(interpreter), LaunchErrorReason::kProgramNotExecutable);
  EXPECT_THAT(std::string(interpreter.message()),
              HasSubstr("interpreter missing?"));
}

TEST(StartErrorTest, WorkingDirectoryOutsideOfTheRootIsSaid) {
  EXPECT_THAT(
      std::string(ErrorOf(StartStage::kWorkingDirectory, EXDEV).message()),
      HasSubstr("chdir /srv: Invalid cross-device link: it is outside"));
}

TEST(StartErrorTest, ErrorsOfOtherStepsAreNotTheProgramsFault) {
  EXPECT_EQ(ReasonOf(ErrorOf(StartStage::kWorkingDirectory, ENOENT)),
            LaunchErrorReason::kOther);
  EXPECT_EQ(ReasonOf(ErrorOf(StartStage::kExec, ENOMEM)),
            LaunchErrorReason::kOther);
}

}  // namespace
}  // namespace reeve
