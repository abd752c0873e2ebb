#include "agent/tasks/task_launch.h"

#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "enforcement/launch/native_support.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TaskSpec Shell() {
  TaskSpec spec;
  spec.id = "t";
  spec.command = {"/bin/sh", "-c", "true"};
  spec.isolation.executor = Executor::kUniversal;
  return spec;
}

absl::StatusOr<LaunchRequest> Resolve(LaunchPolicy policy,
                                      const TaskSpec& spec) {
  LaunchResolver resolver(std::move(policy), /*has_v1_cgroups=*/true);
  return resolver.ForTask(spec);
}

TEST(LaunchResolverTest, DeniedUsersAreRefused) {
  LaunchPolicy policy;
  policy.denied_uids = IdRanges::Parse("1-99").value();
  TaskSpec spec = Shell();
  spec.user = "50:1000";
  if (geteuid() == 0) {
    EXPECT_THAT(Resolve(policy, spec).status(),
                StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("50")));
  }
  spec.user.clear();
  policy.denied_uids = IdRanges::Parse(absl::StrCat(geteuid())).value();
  EXPECT_THAT(Resolve(policy, spec).status(),
              StatusIs(absl::StatusCode::kPermissionDenied,
                       HasSubstr(absl::StrCat(geteuid()))));
}

TEST(LaunchResolverTest, DeniedGroupsAreRefused) {
  LaunchPolicy policy;
  policy.denied_gids = IdRanges::Parse(absl::StrCat(getegid())).value();
  EXPECT_THAT(Resolve(policy, Shell()).status(),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST(LaunchResolverTest, DeniedVariablesAreLeftOut) {
  LaunchPolicy policy;
  policy.denied_env = EnvDenial::Parse("LD_*,SECRET").value();
  TaskSpec spec = Shell();
  spec.env = {"A=1", "LD_PRELOAD=/x.so", "SECRET=2", "SECRETS=3"};
  const absl::StatusOr<LaunchRequest> request = Resolve(policy, spec);
  ASSERT_THAT(request, IsOk());
  EXPECT_THAT(request->env, ElementsAre("A=1", "SECRETS=3"));
}

TEST(LaunchResolverTest, TheUmaskIsPassedOn) {
  TaskSpec spec = Shell();
  EXPECT_EQ(Resolve({}, spec)->umask, 022u);
  spec.umask = 077;
  EXPECT_EQ(Resolve({}, spec)->umask, 077u);
}

TEST(LaunchResolverTest, AutoIsTheMostThatCanBeHad) {
  const LaunchResolver resolver({}, /*has_v1_cgroups=*/true);
  IsolationSpec isolation;
  EXPECT_EQ(resolver.ChooseExecutor(isolation).value(), Executor::kUniversal);
  isolation.executor = Executor::kAuto;
  EXPECT_EQ(
      resolver.ChooseExecutor(isolation).value(),
      CheckNativeSupport().ok() ? Executor::kNative : Executor::kUniversal);
  isolation.executor = Executor::kNone;
  EXPECT_EQ(resolver.ChooseExecutor(isolation).value(), Executor::kNone);
}

}  // namespace
}  // namespace reeve
