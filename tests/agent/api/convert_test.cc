#include "agent/api/convert.h"

#include <csignal>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> NamesOf(const CgroupDirs& dirs) {
  const auto by_controller = ByController(dirs);
  std::vector<std::string> names;
  names.reserve(by_controller.size());
  for (const auto& [controller, dir] : by_controller) {
    names.push_back(controller);
  }
  return names;
}

TEST(SpecToProtoTest, ARestartPolicyComesBackAsItWas) {
  TaskSpec spec;
  spec.restart.when = RestartWhen::kOnFailure;
  spec.restart.max_restarts = 4;
  spec.restart.backoff = absl::Milliseconds(250);
  spec.restart.max_backoff = absl::Seconds(90);
  spec.restart.reset_after = absl::Hours(1);

  const RestartPolicy back = SpecFromProto(ToProto(spec))->restart;

  EXPECT_EQ(back.when, spec.restart.when);
  EXPECT_EQ(back.max_restarts, spec.restart.max_restarts);
  EXPECT_EQ(back.backoff, spec.restart.backoff);
  EXPECT_EQ(back.max_backoff, spec.restart.max_backoff);
  EXPECT_EQ(back.reset_after, spec.restart.reset_after);
}

TEST(SpecToProtoTest, HowItStartsAndEndsComesBackAsItWas) {
  TaskSpec spec;
  spec.kill_on_agent_exit = true;
  spec.start_timeout = absl::Milliseconds(1500);

  const TaskSpec back = *SpecFromProto(ToProto(spec));

  EXPECT_TRUE(back.kill_on_agent_exit);
  EXPECT_EQ(back.start_timeout, absl::Milliseconds(1500));
  EXPECT_EQ(SpecFromProto(ToProto(TaskSpec()))->start_timeout, std::nullopt);
}

TEST(SpecToProtoTest, HowItIsStoppedComesBackUnderOneName) {
  TaskSpec spec;
  EXPECT_EQ(ToProto(spec).stop_signal(), "");
  EXPECT_EQ(ToProto(spec).stop_grace_usec(), 0u);
  EXPECT_TRUE(SpecFromProto(ToProto(spec))->stop == StopMethod());
  spec.stop = {SIGTERM, absl::Milliseconds(1500)};

  EXPECT_EQ(ToProto(spec).stop_signal(), "SIGTERM");
  EXPECT_EQ(ToProto(spec).stop_grace_usec(), 1'500'000u);
  EXPECT_TRUE(SpecFromProto(ToProto(spec))->stop == spec.stop);
  for (const char* name : {"TERM", "term", "SIGTERM", "15"}) {
    v1::TaskSpec message;
    message.set_stop_signal(name);
    EXPECT_EQ(ToProto(*SpecFromProto(message)).stop_signal(), "SIGTERM");
  }
}

TEST(SpecFromProtoTest, ASignalThatThereIsNotIsRefused) {
  v1::TaskSpec message;
  message.set_stop_signal("SIGNOPE");

  EXPECT_THAT(SpecFromProto(message),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("stop signal: unknown signal \"SIGNOPE\"")));
}

TEST(SpecToProtoTest, BoundsOfPoliciesComeBackAsTheyWere) {
  TaskSpec spec;
  EXPECT_TRUE(SpecFromProto(ToProto(spec))->policy_bounds == PolicyBounds());
  spec.policy_bounds.cpus_max = 1.5;
  spec.policy_bounds.memory_max_bytes = 1 << 20;
  spec.policy_bounds.priority = 0;

  EXPECT_TRUE(SpecFromProto(ToProto(spec))->policy_bounds ==
              spec.policy_bounds);
}

TEST(SpecToProtoTest, WhereItIsFromAndWhatItComesAfterComeBackAsTheyWere) {
  TaskSpec spec;
  spec.after = {"db", "cache"};
  spec.origin = "tasks-dir:/etc/web.yaml";

  const TaskSpec back = *SpecFromProto(ToProto(spec));

  EXPECT_EQ(back.after, spec.after);
  EXPECT_EQ(back.origin, spec.origin);
}

TEST(SpecToProtoTest, PathRulesComeBackAsTheyWere) {
  TaskSpec spec;
  spec.landlock = {ParsePathRule("ro:/usr").value(),
                   ParsePathRule("wc:/data").value()};

  const TaskSpec back = *SpecFromProto(ToProto(spec));

  ASSERT_EQ(back.landlock.size(), 2u);
  EXPECT_EQ(back.landlock[0].path, "/usr");
  EXPECT_EQ(PathAccessText(back.landlock[0]), "rx");
  EXPECT_EQ(back.landlock[1].path, "/data");
  EXPECT_EQ(PathAccessText(back.landlock[1]), "wc");
}

TEST(SpecFromProtoTest, APathRuleWithAnUnknownAccessIsRefused) {
  v1::TaskSpec message;
  message.add_landlock()->set_path("/usr");
  EXPECT_THAT(SpecFromProto(message), IsOk()) << "refused as a whole later";
  message.mutable_landlock(0)->set_access("rz");
  EXPECT_THAT(SpecFromProto(message),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(SpecFromProtoTest, APeriodThatIsLeftOutIsTheDefault) {
  v1::TaskSpec message;
  message.mutable_limits()->set_cpus(0.5);
  EXPECT_EQ(SpecFromProto(message)->limits.cpu_quota->period_usec, 100'000u);

  message.mutable_limits()->set_cpu_period_usec(50'000);
  EXPECT_EQ(SpecFromProto(message)->limits.cpu_quota->period_usec, 50'000u);
}

TEST(SpecToProtoTest, WithoutARestartPolicyThereIsNone) {
  const v1::TaskSpec message = ToProto(TaskSpec());

  EXPECT_FALSE(message.has_restart());
  EXPECT_FALSE(SpecFromProto(message)->restart.enabled());
}

TEST(UsageToProtoTest, TellsHowOftenMemoryWasShort) {
  TaskSnapshot task;
  task.cgroup.memory_low_events = 1;
  task.cgroup.memory_high_events = 2;
  task.cgroup.memory_max_events = 3;
  task.cgroup.memory_oom_events = 4;

  const v1::Usage usage = UsageToProto(task);

  EXPECT_EQ(usage.memory_low_events(), 1u);
  EXPECT_EQ(usage.memory_high_events(), 2u);
  EXPECT_EQ(usage.memory_max_events(), 3u);
  EXPECT_EQ(usage.memory_oom_events(), 4u);
}

TEST(UsageToProtoTest, WhatWasNotMeasuredIsNotSet) {
  const v1::Usage usage = UsageToProto(TaskSnapshot());

  EXPECT_FALSE(usage.has_memory_low_events());
  EXPECT_FALSE(usage.has_memory_high_events());
  EXPECT_FALSE(usage.has_memory_max_events());
  EXPECT_FALSE(usage.has_memory_oom_events());
}

TEST(ByControllerTest, ATasksRareControllersAreNamedAsTheirHierarchyDoes) {
  CgroupDirs dirs;
  dirs.cpuset = CgroupDir{CgroupVersion::kV1, "/v1/cpuset/a"};
  dirs.io = CgroupDir{CgroupVersion::kV1, "/v1/blkio/a"};
  dirs.hugetlb = CgroupDir{CgroupVersion::kV2, "/v2/a"};

  EXPECT_THAT(NamesOf(dirs), ElementsAre("cpuset", "blkio", "hugetlb"));
  dirs.io->version = CgroupVersion::kV2;
  EXPECT_THAT(NamesOf(dirs), ElementsAre("cpuset", "io", "hugetlb"));
}

TEST(ExitStatusToProtoTest, AReasonOfAnyBytesIsText) {
  ExitStatus exit;
  exit.reason = "open \xFF: no such file";

  EXPECT_EQ(ToProto(exit).reason(), "open \\xff: no such file");
}

}  // namespace
}  // namespace reeve
