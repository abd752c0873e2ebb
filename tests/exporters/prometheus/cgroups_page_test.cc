#include "exporters/prometheus/cgroups_page.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/exporters/prometheus/snapshots.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::shared_ptr<const TaskSnapshot> CgroupNamed(const std::string& path,
                                                absl::Time made_at) {
  TaskSnapshot cgroup = TaskOnV2();
  TaskTarget target;
  target.id = path;
  target.started_at = made_at;
  target.info = {{"kind", "service"}, {"unit", "a.service"}};
  target.limits.memory_bytes = 1048576;
  cgroup.target = std::make_shared<const TaskTarget>(std::move(target));
  return std::make_shared<const TaskSnapshot>(std::move(cgroup));
}

std::shared_ptr<const CgroupsSnapshot> SomeCgroups(
    absl::Time made_at = absl::UnixEpoch()) {
  auto snapshot = std::make_shared<CgroupsSnapshot>();
  snapshot->cgroups = {CgroupNamed("/system.slice/a.service", made_at)};
  snapshot->measured = 1;
  snapshot->dropped = 3;
  CgroupPopulation unified;
  unified.hierarchy = "unified";
  unified.live = 9;
  unified.dying = 2;
  CgroupPopulation memory;
  memory.hierarchy = "memory";
  memory.all = 52;
  snapshot->populations = {memory, unified};
  return snapshot;
}

std::string PageOf(const std::shared_ptr<const CgroupsSnapshot>& snapshot,
                   TextFormat format = TextFormat::kPrometheus) {
  const CgroupsPage source([&snapshot] { return snapshot; });
  std::string page;
  source.Append(format, &page);
  return page;
}

TEST(CgroupsPageTest, IsEmptyBeforeTheFirstRound) {
  EXPECT_EQ(PageOf(nullptr), "");
}

TEST(CgroupsPageTest, IsAPartOfItsOwn) {
  const CgroupsPage source([] { return nullptr; });

  EXPECT_EQ(source.collector(), "cgroups");
}

TEST(CgroupsPageTest, EachCgroupHasTheFamiliesOfTasks) {
  const std::string page = PageOf(SomeCgroups());

  const std::string labels = R"({cgroup="/system.slice/a.service"} )";
  EXPECT_THAT(
      page,
      AllOf(HasSubstr(R"(reeve_cgroup_info{cgroup="/system.slice/a.service",)"
                      R"(kind="service",unit="a.service"} 1)"),
            HasSubstr("# TYPE reeve_cgroup_cpu_usage_seconds_total counter\n"),
            HasSubstr("\nreeve_cgroup_cpu_usage_seconds_total" + labels),
            HasSubstr("\nreeve_cgroup_memory_limit_bytes" + labels +
                      "1048576\n")));
  EXPECT_THAT(page, Not(HasSubstr("task")));
  EXPECT_THAT(page, Not(HasSubstr("start_time")));
}

TEST(CgroupsPageTest, TellsHowManyThereAre) {
  const std::string page = PageOf(SomeCgroups());

  EXPECT_THAT(
      page,
      AllOf(HasSubstr("reeve_cgroups{hierarchy=\"memory\",state=\"all\"} 52\n"
                      "reeve_cgroups{hierarchy=\"unified\",state=\"live\"} 9\n"
                      "reeve_cgroups{hierarchy=\"unified\",state=\"dying\"} "
                      "2\n"),
            HasSubstr("\nreeve_cgroups_dropped 3\n"),
            HasSubstr("\nreeve_cgroups_measured 1\n")));
}

TEST(CgroupsPageTest, WhatTheKernelDoesNotTellIsNoFamily) {
  EXPECT_THAT(PageOf(std::make_shared<const CgroupsSnapshot>()),
              Not(HasSubstr("reeve_cgroups ")));
}

TEST(CgroupsPageTest, OpenMetricsTellsSinceWhenTheyCount) {
  const std::string page =
      PageOf(SomeCgroups(absl::FromUnixSeconds(1'700'000'000)),
             TextFormat::kOpenMetrics);

  EXPECT_THAT(
      page, AllOf(HasSubstr("# TYPE reeve_cgroup info\n"),
                  HasSubstr("# UNIT reeve_cgroup_cpu_usage_seconds seconds\n"),
                  HasSubstr("reeve_cgroup_cpu_usage_seconds_created"
                            R"({cgroup="/system.slice/a.service"} 1700000000)"
                            "\n"),
                  HasSubstr("# TYPE reeve_cgroups gauge\n")));
  EXPECT_THAT(PageOf(SomeCgroups(), TextFormat::kOpenMetrics),
              Not(HasSubstr("_created")));
}

TEST(CgroupsPageTest, EveryFamilyThatIsDocumentedIsWritten) {
  const std::string page = PageOf(SomeCgroups());

  for (const HostFamily& family : CgroupCountFamilies()) {
    EXPECT_THAT(page, HasSubstr("# HELP " + std::string(family.name) + " "));
  }
}

}  // namespace
}  // namespace reeve
