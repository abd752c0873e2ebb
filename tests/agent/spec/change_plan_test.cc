#include "agent/spec/change_plan.h"

#include <functional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "agent/spec/normal_spec.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Kind = ChangePlan::Kind;

v1::TaskSpec Spec(const std::string& text) {
  v1::TaskSpec spec;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &spec));
  spec.set_id("web");
  if (spec.command().empty()) spec.add_command("true");
  const absl::StatusOr<v1::TaskSpec> normal = NormalSpec(spec);
  EXPECT_TRUE(normal.ok()) << normal.status();
  return normal.value_or(spec);
}

ChangePlan Plan(const std::string& current, const std::string& wanted) {
  const v1::TaskSpec before = Spec(current);
  return PlanChange(&before, Spec(wanted));
}

ChangePlan PlanLimits(const std::string& current, const std::string& wanted) {
  return Plan(absl::StrCat("limits {", current, "}"),
              absl::StrCat("limits {", wanted, "}"));
}

std::string Update(const ChangePlan& plan) {
  return plan.update.ShortDebugString();
}

std::string Changes(const ChangePlan& plan) {
  return absl::StrJoin(plan.changes, "; ",
                       [](std::string* text, const FieldChange& change) {
                         absl::StrAppend(text, change.field, ": ", change.from,
                                         " -> ", change.to);
                       });
}

TEST(PlanChangeTest, WithoutATaskThereIsALaunch) {
  const ChangePlan plan = PlanChange(nullptr, Spec(""));

  EXPECT_EQ(plan.kind, Kind::kLaunch);
  EXPECT_THAT(plan.changes, IsEmpty());
}

TEST(PlanChangeTest, TheSameIsNothing) {
  const std::string all =
      "command: 'sleep' env: 'A=b' limits { memory_bytes: 67108864 cpus: 0.5 "
      "pids: 5 io_max { device: '8:0' read_bps: 5 } rlimits { name: 'nofile' "
      "soft: 5 hard: 6 } } native { hostname: 'a' mounts { type: 'tmpfs' "
      "target: '/x' } } restart { when: RESTART_WHEN_ALWAYS }";

  const ChangePlan plan = Plan(all, all);

  EXPECT_EQ(plan.kind, Kind::kNothing);
  EXPECT_THAT(plan.changes, IsEmpty());
  EXPECT_EQ(Update(plan), "");
}

TEST(PlanChangeTest, WhatOnlyMattersAtALaunchIsNothing) {
  EXPECT_EQ(Plan("after: 'a'", "after: 'b'").kind, Kind::kNothing);
  EXPECT_EQ(Plan("origin: 'a'", "origin: 'b'").kind, Kind::kNothing);
}

TEST(PlanChangeTest, AutoIsWhateverTheTaskHas) {
  EXPECT_EQ(Plan("isolation: 'universal'", "isolation: 'auto'").kind,
            Kind::kNothing);
  EXPECT_EQ(Plan("isolation: 'native'", "isolation: 'auto'").kind,
            Kind::kNothing);
  EXPECT_EQ(Plan("", "isolation: 'universal'").kind, Kind::kNothing);
  EXPECT_EQ(Plan("isolation: 'native'", "").kind, Kind::kRestart);
}

class RestartTest : public ::testing::TestWithParam<const char*> {};

TEST_P(RestartTest, IsNeededForTheFieldInBothDirections) {
  const std::string field =
      std::string(GetParam())
          .substr(0, std::string(GetParam()).find_first_of(" :{"));
  for (const bool is_added : {true, false}) {
    const ChangePlan plan =
        is_added ? Plan("", GetParam()) : Plan(GetParam(), "");

    EXPECT_EQ(plan.kind, Kind::kRestart);
    EXPECT_EQ(plan.reason, field);
    EXPECT_EQ(Update(plan), "");
    ASSERT_EQ(plan.changes.size(), 1U);
    EXPECT_EQ(plan.changes[0].field, field);
  }
}

INSTANTIATE_TEST_SUITE_P(
    EachField, RestartTest,
    ::testing::Values("group: 'g'", "command: 'sleep'", "env: 'A=b'",
                      "cwd: '/tmp'", "task_dir: '/tmp'", "user: 'nobody'",
                      "stdin { path: '/a' }", "stdout { path: '/a' }",
                      "stderr { path: '/a' }", "exit_type: EXIT_TYPE_CGROUP",
                      "attachable: true", "log { to_state_dir: true }",
                      "restart { when: RESTART_WHEN_ALWAYS }",
                      "kill_on_agent_exit: true",
                      "start_timeout { seconds: 5 }",
                      "landlock { path: '/a' access: 'ro' }", "umask: 7"));

TEST(PlanChangeTest, AllReasonsAreNamed) {
  const ChangePlan plan =
      Plan("", "env: 'A=b' cwd: '/tmp' limits { pids: 5 nice: 3 }");

  EXPECT_EQ(plan.kind, Kind::kRestart);
  EXPECT_EQ(plan.reason, "env, cwd");
  EXPECT_EQ(Update(plan), "");
  EXPECT_EQ(Changes(plan),
            "env:  -> ; cwd:  -> ; limits.pids: unset -> 5; limits.nice: unset "
            "-> 3");
}

TEST(PlanChangeTest, WhatPoliciesGoByIsAnUpdateToo) {
  v1::TaskSpec current = Spec("");
  v1::TaskSpec wanted = current;
  wanted.set_priority(70);

  ChangePlan plan = PlanChange(&current, wanted);
  EXPECT_EQ(plan.kind, Kind::kUpdate);
  EXPECT_EQ(Update(plan), "priority: 70");
  EXPECT_EQ(Changes(plan), "priority: 50 -> 70");

  // What is left out is the default again.
  plan = PlanChange(&wanted, current);
  EXPECT_EQ(plan.kind, Kind::kUpdate);
  EXPECT_EQ(Update(plan), "priority: 50");
  wanted.set_priority(50);
  EXPECT_EQ(PlanChange(&wanted, current).kind, Kind::kNothing);
}

TEST(PlanChangeTest, HowItIsStoppedIsAnUpdateToo) {
  const std::string own = "stop_signal: 'TERM' stop_grace_usec: 30000000";

  ChangePlan plan = Plan("", own);
  EXPECT_EQ(plan.kind, Kind::kUpdate);
  EXPECT_EQ(Update(plan), "stop_signal: \"SIGTERM\" stop_grace_usec: 30000000");
  EXPECT_EQ(Changes(plan),
            "stop_signal: unset -> \"SIGTERM\"; stop_grace_usec: unset -> "
            "30000000");

  // What is left out is the default again.
  plan = Plan(own, "");
  EXPECT_EQ(plan.kind, Kind::kUpdate);
  EXPECT_EQ(Update(plan), "stop_signal: \"\" stop_grace_usec: 0");
  EXPECT_EQ(Plan(own, "stop_signal: '15' stop_grace_usec: 30000000").kind,
            Kind::kNothing);
  EXPECT_EQ(Plan("stop_signal: 'INT' stop_grace_usec: 10000000", "").kind,
            Kind::kNothing);
}

TEST(PlanChangeTest, AChangedLimitIsAnUpdateOfItAlone) {
  const ChangePlan plan =
      PlanLimits("pids: 5 cpu_shares: 512", "pids: 6 cpu_shares: 512");

  EXPECT_EQ(plan.kind, Kind::kUpdate);
  EXPECT_EQ(Update(plan), "limits { pids: 6 }");
  EXPECT_EQ(Changes(plan), "limits.pids: 5 -> 6");
}

struct LimitCase {
  const char* limit;
  // What lifts it; "" if nothing does.
  const char* lifted;
};

class LimitTest : public ::testing::TestWithParam<LimitCase> {};

TEST_P(LimitTest, IsSetLive) {
  const ChangePlan plan = PlanLimits("", GetParam().limit);

  EXPECT_EQ(plan.kind, Kind::kUpdate);
  // With what belongs to it, as the period to a quota.
  v1::UpdateRequest wanted;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
      absl::StrCat("limits {", GetParam().limit, "}"), &wanted));
  if (wanted.limits().has_cpus()) {
    wanted.mutable_limits()->set_cpu_period_usec(100000);
  }
  EXPECT_EQ(Update(plan), wanted.ShortDebugString());
}

TEST_P(LimitTest, IsLiftedLiveOrByARestart) {
  const ChangePlan plan = PlanLimits(GetParam().limit, "");

  if (std::string(GetParam().lifted).empty()) {
    EXPECT_EQ(plan.kind, Kind::kRestart);
    return;
  }
  EXPECT_EQ(plan.kind, Kind::kUpdate);
  EXPECT_EQ(Update(plan), absl::StrCat("limits { ", GetParam().lifted, " }"));
}

TEST_P(LimitTest, OnceLiftedItIsAsIfItHadNeverBeen) {
  if (std::string(GetParam().lifted).empty()) return;

  EXPECT_EQ(PlanLimits(GetParam().lifted, "").kind, Kind::kNothing);
  EXPECT_EQ(PlanLimits("", GetParam().lifted).kind, Kind::kNothing);
}

INSTANTIATE_TEST_SUITE_P(
    EachLimit, LimitTest,
    ::testing::Values(
        LimitCase{"memory_bytes: 1048576", "memory_unlimited: true"},
        LimitCase{"memory_high_bytes: 1048576", "memory_high_unlimited: true"},
        LimitCase{"memory_low_bytes: 1048576", "memory_low_bytes: 0"},
        LimitCase{"memory_min_bytes: 1048576", "memory_min_bytes: 0"},
        LimitCase{"memory_oom_group: true", "memory_oom_group: false"},
        LimitCase{"cpu_shares: 512", "cpu_shares: 1024"},
        LimitCase{"cpus: 0.5", "cpus_unlimited: true"},
        LimitCase{"cpu_burst_usec: 500", "cpu_burst_usec: 0"},
        LimitCase{"cpu_idle: true", "cpu_idle: false"},
        LimitCase{"pids: 5", "pids_unlimited: true"},
        LimitCase{"cpuset_cpus: '0'", "cpuset_cpus: \"\""},
        LimitCase{"cpuset_mems: '0'", "cpuset_mems: \"\""},
        LimitCase{"reserved_cpus: 1", "reserved_cpus: 0"},
        LimitCase{"io_weight: 50", "io_weight: 100"},
        LimitCase{"io_max { device: '8:0' read_bps: 500 }",
                  "io_max { device: \"8:0\" read_bps: 0 }"},
        LimitCase{"hugetlb { page_size: '2MB' bytes: 2097152 }",
                  "hugetlb { page_size: \"2MB\" unlimited: true }"},
        LimitCase{"oom_score_adj: 5", ""}, LimitCase{"nice: 0", ""},
        LimitCase{"scheduling_policy: 'batch'", ""},
        LimitCase{"rlimits { name: 'nofile' soft: 5 hard: 5 }", ""}));

TEST(PlanChangeTest, MemoryAndSwapGoTogether) {
  const std::string both = "memory_bytes: 1048576 memory_swap_bytes: 4096";

  // An update of memory alone would turn swap off.
  EXPECT_EQ(
      Update(PlanLimits(both, "memory_bytes: 2097152 memory_swap_bytes: 4096")),
      "limits { memory_bytes: 2097152 memory_swap_bytes: 4096 }");
  EXPECT_EQ(Update(PlanLimits(both, "memory_bytes: 1048576")),
            "limits { memory_bytes: 1048576 }");
  EXPECT_EQ(Update(PlanLimits(both, "")), "limits { memory_unlimited: true }");
}

TEST(PlanChangeTest, APeriodGoesWithItsQuota) {
  EXPECT_EQ(Update(PlanLimits("cpus: 1", "cpus: 1 cpu_period_usec: 50000")),
            "limits { cpus: 1 cpu_period_usec: 50000 }");
  EXPECT_EQ(PlanLimits("cpus: 1 cpu_period_usec: 100000", "cpus: 1").kind,
            Kind::kNothing);
  EXPECT_EQ(Update(PlanLimits("cpus: 1 cpu_period_usec: 50000", "cpus: 1")),
            "limits { cpus: 1 cpu_period_usec: 100000 }");
}

TEST(CompareLimitsTest, AFirstLimitOfAnUpdateHasTheDefaultPeriod) {
  v1::Limits updated;
  updated.set_cpus(1);
  v1::Limits wanted = updated;
  wanted.set_cpu_period_usec(100'000);

  EXPECT_TRUE(CompareLimits(updated, wanted).changes.empty());
  wanted.set_cpu_period_usec(50'000);
  EXPECT_EQ(CompareLimits(updated, wanted).changes.size(), 1u);
}

TEST(PlanChangeTest, WhatExcludesEachOtherIsNotAskedForTogether) {
  EXPECT_EQ(Update(PlanLimits("cpu_shares: 512", "cpu_idle: true")),
            "limits { cpu_idle: true }");
  EXPECT_EQ(Update(PlanLimits("cpu_idle: true", "cpu_shares: 512")),
            "limits { cpu_shares: 512 cpu_idle: false }");
  EXPECT_EQ(Update(PlanLimits("cpuset_cpus: '0'", "reserved_cpus: 1")),
            "limits { reserved_cpus: 1 }");
  EXPECT_EQ(Update(PlanLimits("reserved_cpus: 1", "cpuset_cpus: '0'")),
            "limits { cpuset_cpus: \"0\" }");
}

TEST(PlanChangeTest, DevicesAreComparedOneByOne) {
  const ChangePlan plan = PlanLimits(
      "io_max { device: '8:0' read_bps: 500 write_bps: 600 } "
      "io_max { device: '8:16' read_iops: 7 }",
      "io_max { device: '8:32' read_iops: 9 } "
      "io_max { device: '8:0' read_bps: 500 write_iops: 8 }");

  EXPECT_EQ(plan.kind, Kind::kUpdate);
  EXPECT_EQ(Update(plan),
            "limits { io_max { device: \"8:0\" read_bps: 500 write_bps: 0 "
            "write_iops: 8 } io_max { device: \"8:32\" read_iops: 9 } "
            "io_max { device: \"8:16\" read_iops: 0 } }");
  EXPECT_EQ(Changes(plan),
            "limits.io_max[8:0]: read_bps=500,write_bps=600 -> "
            "read_bps=500,write_iops=8; limits.io_max[8:32]: unset -> "
            "read_iops=9; limits.io_max[8:16]: read_iops=7 -> unset");
}

TEST(PlanChangeTest, ADeviceIsTheSameByAnyOfItsNames) {
  const auto plan = [](const std::string& wanted) {
    const v1::TaskSpec before =
        Spec("limits { io_max { device: '/dev/sda' read_bps: 500 } }");
    const v1::TaskSpec after =
        Spec(absl::StrCat("limits { io_max { device: ", wanted, " } }"));
    return PlanChange(&before, after, [](const std::string& device) {
      return device == "8:0" ? "/dev/sda" : device;
    });
  };

  EXPECT_EQ(plan("'8:0' read_bps: 500").kind, Kind::kNothing);
  // By the name that the task has, so that it has it once.
  EXPECT_EQ(Update(plan("'8:0' write_bps: 6")),
            "limits { io_max { device: \"/dev/sda\" read_bps: 0 write_bps: 6 } "
            "}");
  EXPECT_EQ(Update(plan("'8:16' read_bps: 500")),
            "limits { io_max { device: \"8:16\" read_bps: 500 } io_max { "
            "device: \"/dev/sda\" read_bps: 0 } }");
}

TEST(PlanChangeTest, AResourceLimitIsChangedLive) {
  EXPECT_EQ(Update(PlanLimits("rlimits { name: 'nofile' soft: 5 hard: 5 }",
                              "rlimits { name: 'nofile' soft: 6 hard: 6 }")),
            "limits { rlimits { name: \"nofile\" soft: 6 hard: 6 } }");
}

TEST(PlanChangeTest, TheOrderOfListsOfLimitsIsNoChange) {
  EXPECT_EQ(PlanLimits("rlimits { name: 'nofile' } rlimits { name: 'core' }",
                       "rlimits { name: 'core' } rlimits { name: 'nofile' }")
                .kind,
            Kind::kNothing);
}

TEST(PlanChangeTest, SizesAreShownAsPeopleWriteThem) {
  EXPECT_EQ(
      Changes(PlanLimits("memory_bytes: 67108864", "memory_bytes: 100000")),
      "limits.memory_bytes: 64M -> 100000");
  EXPECT_EQ(Changes(PlanLimits("", "memory_high_bytes: 2147483648")),
            "limits.memory_high_bytes: unset -> 2G");
}

}  // namespace
}  // namespace reeve
