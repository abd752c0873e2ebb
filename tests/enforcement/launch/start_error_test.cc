#include "enforcement/launch/start_error.h"

#include <sys/resource.h>

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

StartReport FailureAt(StartStage stage, int error_number, int32_t item = 0) {
  StartReport report = {};
  report.failed_stage = stage;
  report.error_number = error_number;
  report.item = item;
  return report;
}

absl::Status ErrorOf(StartStage stage, int error_number,
                     const std::string& program = "/no/such/program",
                     int32_t item = 0) {
  LaunchRequest request;
  request.program = program;
  request.other_programs = {"/usr/bin/x"};
  request.isolation.hostname = "box";
  RootStep step;
  step.kind = RootStepKind::kMountTree;
  step.target = "/data";
  step.text = "/srv/data";
  request.isolation.steps.push_back(std::move(step));
  request.cwd = "/srv";
  request.credentials = Credentials{1, 1, {}, "daemon", ""};
  return StartError(FailureAt(stage, error_number, item), request);
}

TEST(StartErrorTest, EveryStageIsDescribed) {
  for (int stage = 1; stage <= static_cast<int>(StartStage::kIdMapOfRoot);
       ++stage) {
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

TEST(StartErrorTest, ALandlockRuleIsNamedAsItWasGiven) {
  LaunchRequest request;
  RootStep step;
  step.kind = RootStepKind::kLandlockRule;
  step.target = "/srv";
  step.text = "rx";
  request.isolation.steps.push_back(std::move(step));

  EXPECT_THAT(StartError(FailureAt(StartStage::kRootStep, ENOENT), request),
              StatusIs(absl::StatusCode::kNotFound,
                       "landlock rule rx:/srv: No such file or directory"));
}

TEST(StartErrorTest, ExecNamesProgramAndUser) {
  const absl::Status status =
      ErrorOf(StartStage::kExec, EACCES, "/bin/x", kProgramIsThere);
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
  EXPECT_THAT(std::string(program.message()),
              HasSubstr("exec /no/such/program as user daemon (nor "
                        "/usr/bin/x, in the root): No such file"));

  const absl::Status interpreter =
      ErrorOf(StartStage::kExec, ENOENT, "/bin/sh", kProgramIsThere);
  EXPECT_EQ(ReasonOf(interpreter), LaunchErrorReason::kProgramNotExecutable);
  EXPECT_THAT(std::string(interpreter.message()),
              HasSubstr("interpreter missing?"));
}

TEST(StartErrorTest, TheProgramThatWasFoundIsNamed) {
  EXPECT_THAT(std::string(ErrorOf(StartStage::kExec, EACCES, "/bin/x",
                                  1 | kProgramIsThere)
                              .message()),
              HasSubstr("exec /usr/bin/x as user"));
}

TEST(StartErrorTest, AStepOfTheRootIsNamedWithItsPaths) {
  EXPECT_THAT(std::string(ErrorOf(StartStage::kRootStep, EROFS).message()),
              HasSubstr("mount /srv/data on /data of the root: Read-only file "
                        "system: it is missing"));
  EXPECT_THAT(std::string(ErrorOf(StartStage::kHostname, EPERM).message()),
              HasSubstr("set the host name box: "));
}

TEST(StartErrorTest, WorkingDirectoryOutsideOfTheRootIsSaid) {
  EXPECT_THAT(
      std::string(ErrorOf(StartStage::kWorkingDirectory, EXDEV).message()),
      HasSubstr("chdir /srv: Invalid cross-device link: it is outside"));
}

TEST(StartErrorTest, LimitsAreNamedWithTheirValue) {
  LaunchRequest request;
  request.nice = -3;
  request.oom_score_adj = -7;
  request.scheduling = SchedulingPolicy{SchedulingPolicy::Kind::kFifo, 3};
  request.rlimits = {{RLIMIT_CORE, Bound::Of(1), Bound::Unlimited()},
                     {RLIMIT_NOFILE, Bound::Of(10), Bound::Of(20)}};
  const auto message = [&request](StartStage stage, int resource = 0) {
    const absl::Status status =
        StartError(FailureAt(stage, EIO, resource), request);
    return std::string(status.message());
  };
  EXPECT_EQ(message(StartStage::kNice), "set nice to -3: Input/output error");
  EXPECT_EQ(message(StartStage::kOomScore),
            "set oom_score_adj to -7: Input/output error");
  EXPECT_EQ(message(StartStage::kSchedulingPolicy),
            "set sched to fifo:3: Input/output error");
  EXPECT_EQ(message(StartStage::kResourceLimits, RLIMIT_NOFILE),
            "set rlimit.nofile to 10:20: Input/output error");
  EXPECT_EQ(message(StartStage::kResourceLimits, RLIMIT_CORE),
            "set rlimit.core to 1:unlimited: Input/output error");
}

TEST(StartErrorTest, AValueThatDoesNotReadBackIsSaid) {
  EXPECT_THAT(std::string(ErrorOf(StartStage::kNice, EPROTO).message()),
              HasSubstr("the kernel made it another value"));
}

TEST(StartErrorTest, TooManyProcessesOfTheUserAreSaid) {
  EXPECT_THAT(std::string(ErrorOf(StartStage::kExec, EAGAIN).message()),
              HasSubstr("rlimit nproc"));
}

TEST(StartErrorTest, ErrorsOfOtherStepsAreNotTheProgramsFault) {
  EXPECT_EQ(ReasonOf(ErrorOf(StartStage::kWorkingDirectory, ENOENT)),
            LaunchErrorReason::kOther);
  EXPECT_EQ(ReasonOf(ErrorOf(StartStage::kExec, ENOMEM)),
            LaunchErrorReason::kOther);
}

}  // namespace
}  // namespace reeve
