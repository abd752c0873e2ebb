#include "collectors/cgroups/cgroups_collector.h"

#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "collectors/cgroups/cgroup_sampler.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/collectors/recording_observer.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::Contains;
using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::Pair;
using ::testing::SizeIs;

constexpr absl::Duration kInterval = absl::Seconds(5);

class CgroupsCollectorTest : public ::testing::Test {
 protected:
  CgroupsCollectorTest() { options_.procfs = tree_.Path("proc"); }

  // Over a hierarchy of cgroup v2.
  void StartOnV2() {
    tree_.MakeDir("v2");
    Start({{CgroupVersion::kV2, tree_.Path("v2"), {"cpu", "memory", "pids"}}});
  }

  void Start(std::vector<CgroupHierarchy> hierarchies) {
    collector_ = std::make_unique<CgroupsCollector>(
        CgroupMounts(std::move(hierarchies)), options_, clock_, observer_);
  }

  // Makes or changes a cgroup in the v2 hierarchy.
  void SetV2(const std::string& path, uint64_t cpu_usec,
             uint64_t memory_bytes = 4096) {
    const std::string dir = absl::StrCat("v2", path);
    tree_.Write(dir + "/cpu.stat",
                absl::StrCat("usage_usec ", cpu_usec, "\nuser_usec ", cpu_usec,
                             "\nsystem_usec 0\n"));
    tree_.Write(dir + "/memory.current", absl::StrCat(memory_bytes, "\n"));
    tree_.Write(dir + "/pids.current", "1\n");
  }

  // Removes a cgroup and makes it again, as another.
  void MakeAnewV2(const std::string& path, uint64_t cpu_usec) {
    SetV2(path + ".new", cpu_usec);
    tree_.Remove("v2" + path);
    ASSERT_EQ(std::rename(tree_.Path("v2" + path + ".new").c_str(),
                          tree_.Path("v2" + path).c_str()),
              0);
  }

  // The cgroups after one more round, by path.
  std::map<std::string, std::shared_ptr<const TaskSnapshot>> Round() {
    clock_.Advance(kInterval);
    collector_->Collect();
    std::map<std::string, std::shared_ptr<const TaskSnapshot>> cgroups;
    for (const auto& one : collector_->Latest()->cgroups) {
      cgroups[one->target->id] = one;
    }
    return cgroups;
  }

  std::vector<std::string> Paths() {
    std::vector<std::string> paths;
    for (const auto& [path, cgroup] : Round()) paths.push_back(path);
    return paths;
  }

  FakeTree tree_;
  FakeClock clock_;
  RecordingObserver observer_;
  CgroupsCollectorOptions options_;
  std::unique_ptr<CgroupsCollector> collector_;
};

TEST_F(CgroupsCollectorTest, MeasuresWhatIsInTheFiles) {
  SetV2("/system.slice/a.service", 2'000'000, 8192);
  tree_.Write("v2/system.slice/a.service/memory.max", "1048576\n");
  StartOnV2();
  Round();
  SetV2("/system.slice/a.service", 4'500'000, 12288);

  const auto cgroup = Round()["/system.slice/a.service"];

  ASSERT_NE(cgroup, nullptr);
  EXPECT_THAT(cgroup->cgroup.cpu_usage_ns, Optional(4'500'000'000u));
  EXPECT_THAT(cgroup->cpu_percent, Optional(DoubleNear(50, 1e-9)));
  EXPECT_THAT(cgroup->cgroup.memory_usage_bytes, Optional(12288u));
  EXPECT_THAT(cgroup->cgroup.threads, Optional(1u));
  EXPECT_THAT(cgroup->target->limits.memory_bytes, Optional(1048576u));
  EXPECT_THAT(cgroup->target->info, Contains(Pair("kind", "service")));
  EXPECT_THAT(cgroup->target->info, Contains(Pair("unit", "a.service")));
  EXPECT_THAT(observer_.errors(), IsEmpty());
}

TEST_F(CgroupsCollectorTest, NothingBeforeTheFirstRound) {
  StartOnV2();

  EXPECT_EQ(collector_->Latest(), nullptr);
}

TEST_F(CgroupsCollectorTest, FollowsWhatIsMadeAndRemoved) {
  SetV2("/a", 1);
  StartOnV2();
  EXPECT_THAT(Paths(), ElementsAre("/", "/a"));
  SetV2("/a/b", 1);
  EXPECT_THAT(Paths(), ElementsAre("/", "/a", "/a/b"));
  tree_.Remove("v2/a");
  EXPECT_THAT(Paths(), ElementsAre("/"));
  EXPECT_EQ(collector_->Latest()->measured, 1u);
  EXPECT_THAT(observer_.errors(), IsEmpty());
}

TEST_F(CgroupsCollectorTest, TellsWhenThoseWereMadeThatItSaw) {
  SetV2("/old", 1);
  StartOnV2();
  Round();
  SetV2("/young", 1);

  auto cgroups = Round();

  EXPECT_EQ(cgroups["/old"]->target->started_at, absl::UnixEpoch());
  EXPECT_EQ(cgroups["/young"]->target->started_at, clock_.WallNow());
}

TEST_F(CgroupsCollectorTest, OneThatWasMadeAnewStartsAnew) {
  SetV2("/a", 9'000'000);
  StartOnV2();
  Round();
  MakeAnewV2("/a", 1'000'000);

  auto cgroup = Round()["/a"];
  ASSERT_NE(cgroup, nullptr);
  EXPECT_THAT(cgroup->cgroup.cpu_usage_ns, Optional(1'000'000'000u));
  EXPECT_EQ(cgroup->cpu_percent, std::nullopt);
  EXPECT_EQ(cgroup->target->started_at, clock_.WallNow());

  // Also if it has used more by now than the one before.
  MakeAnewV2("/a", 90'000'000);
  EXPECT_EQ(Round()["/a"]->cpu_percent, std::nullopt);
}

// As if it was made anew after the walk, or somebody wrote to cpuacct.usage.
TEST_F(CgroupsCollectorTest, CountersOfOneCgroupNeverGoBack) {
  SetV2("/a", 9'000'000);
  StartOnV2();
  Round();
  SetV2("/a", 1'000'000);
  auto cgroup = Round()["/a"];
  EXPECT_THAT(cgroup->cgroup.cpu_usage_ns, Optional(9'000'000'000u));
  EXPECT_EQ(cgroup->cpu_percent, std::nullopt);
  SetV2("/a", 2'000'000);

  EXPECT_THAT(Round()["/a"]->cgroup.cpu_usage_ns, Optional(10'000'000'000u));
}

TEST_F(CgroupsCollectorTest, SleepingOneIsReadWholeNowAndThen) {
  SetV2("/a", 5, 4096);
  StartOnV2();
  Round();
  SetV2("/a", 5, 8192);

  uint32_t rounds = 1;
  while (Round()["/a"]->cgroup.memory_usage_bytes != 8192u) ++rounds;

  EXPECT_LE(rounds, CgroupsCollector::kSkippedOfFew + 1);
  EXPECT_THAT(Round()["/a"]->cpu_percent, Optional(0.0));
}

TEST_F(CgroupsCollectorTest, SleepingOneCostsNoMemoryInARound) {
  SetV2("/a", 5);
  StartOnV2();
  std::vector<std::shared_ptr<const TaskSnapshot>> seen;
  for (int i = 0; i < 3; ++i) Round();
  int same = 0;
  for (int i = 0; i < 12; ++i) {
    seen.push_back(Round()["/a"]);
    if (i > 0 && seen[seen.size() - 2] == seen.back()) ++same;
  }

  EXPECT_GE(same, 9);
}

TEST_F(CgroupsCollectorTest, LimitThatChangesIsSeenInTime) {
  SetV2("/a", 5);
  StartOnV2();
  Round();
  tree_.Write("v2/a/pids.max", "64\n");

  uint32_t rounds = 1;
  while (!Round()["/a"]->target->limits.threads.has_value()) {
    ASSERT_LE(++rounds, CgroupSampler::kLimitsEvery);
  }

  EXPECT_THAT(Round()["/a"]->target->limits.threads, Optional(64u));
}

TEST_F(CgroupsCollectorTest, MeasuresWhatTheFilterWants) {
  ASSERT_THAT(options_.filter.SetInclude("/a(/.*)?"), IsOk());
  ASSERT_THAT(options_.filter.SetExclude(".*/secret"), IsOk());
  for (const char* path : {"/a", "/a/b", "/a/secret", "/c"}) SetV2(path, 1);
  StartOnV2();

  EXPECT_THAT(Paths(), ElementsAre("/a", "/a/b"));
  EXPECT_EQ(collector_->Latest()->dropped, 0u);
}

TEST_F(CgroupsCollectorTest, CgroupsOfTasksAreLeftToTasks) {
  options_.own_parent = "/reeve";
  for (const char* path : {"/reeve/web", "/reeve2", "/x/reeve"}) SetV2(path, 1);
  StartOnV2();

  EXPECT_THAT(Paths(), ElementsAre("/", "/reeve2", "/x", "/x/reeve"));
}

TEST_F(CgroupsCollectorTest, RootAsParentOfTasksHidesNothing) {
  options_.own_parent = "/";
  SetV2("/a", 1);
  StartOnV2();

  EXPECT_THAT(Paths(), ElementsAre("/", "/a"));
}

TEST_F(CgroupsCollectorTest, OfTooManyThoseNearTheRootAreMeasured) {
  options_.max_cgroups = 3;
  for (const char* path : {"/a/deep/er", "/b", "/c"}) SetV2(path, 1);
  StartOnV2();

  EXPECT_THAT(Paths(), ElementsAre("/", "/a", "/b"));
  EXPECT_EQ(collector_->Latest()->measured, 3u);
  EXPECT_EQ(collector_->Latest()->dropped, 3u);

  // Who is measured stays so, and who waits takes the place of who goes.
  SetV2("/aa", 1);
  tree_.Remove("v2/b");
  EXPECT_THAT(Paths(), ElementsAre("/", "/a", "/aa"));
  EXPECT_EQ(collector_->Latest()->dropped, 3u);
  tree_.Remove("v2/c");
  EXPECT_THAT(Paths(), ElementsAre("/", "/a", "/aa"));
  EXPECT_EQ(collector_->Latest()->dropped, 2u);
}

TEST_F(CgroupsCollectorTest, OneThatWaitedIsAsOldAsBefore) {
  options_.max_cgroups = 2;
  SetV2("/a", 1);
  SetV2("/b", 1);
  StartOnV2();
  Round();
  tree_.Remove("v2/a");

  const auto cgroup = Round()["/b"];

  ASSERT_NE(cgroup, nullptr);
  EXPECT_EQ(cgroup->target->started_at, absl::UnixEpoch());
}

TEST_F(CgroupsCollectorTest, BadFileIsToldAndCostsItsOwnValue) {
  SetV2("/a", 1'000);
  tree_.Write("v2/a/memory.current", "lots\n");
  StartOnV2();

  const auto cgroup = Round()["/a"];

  EXPECT_THAT(cgroup->cgroup.cpu_usage_ns, Optional(1'000'000u));
  EXPECT_EQ(cgroup->cgroup.memory_usage_bytes, std::nullopt);
  EXPECT_THAT(observer_.errors(),
              ElementsAre(HasSubstr("memory: parse memory.current")));
}

TEST_F(CgroupsCollectorTest, HierarchyThatIsGoneIsToldAndItsCgroupsAreNot) {
  SetV2("/a", 1'000);
  StartOnV2();
  Round();
  tree_.Remove("v2");

  EXPECT_THAT(Paths(), IsEmpty());
  EXPECT_THAT(observer_.errors(), Contains(HasSubstr("cgroups: stat")));
}

TEST_F(CgroupsCollectorTest, OnV1AllHierarchiesTellOfOneCgroup) {
  tree_.Write("cpu/a/cpuacct.usage", "3000\n");
  tree_.Write("cpu/a/cpuacct.usage_user", "2000\n");
  tree_.Write("cpu/a/cpuacct.usage_sys", "1000\n");
  tree_.Write("cpu/a/cpu.stat",
              "nr_periods 4\nnr_throttled 1\nthrottled_time 7\n");
  tree_.Write("cpu/a/cpu.cfs_quota_us", "50000\n");
  tree_.Write("cpu/a/cpu.cfs_period_us", "100000\n");
  tree_.Write("memory/a/memory.usage_in_bytes", "4096\n");
  tree_.Write("memory/only/memory.usage_in_bytes", "12288\n");
  tree_.Write("proc/cgroups", "cpu\t1\t2\t1\nmemory\t2\t9\t1\n");
  Start({{CgroupVersion::kV1, tree_.Path("cpu"), {"cpu", "cpuacct"}},
         {CgroupVersion::kV1, tree_.Path("memory"), {"memory"}}});

  auto cgroups = Round();

  ASSERT_NE(cgroups["/a"], nullptr);
  const CgroupSample& a = cgroups["/a"]->cgroup;
  EXPECT_THAT(a.cpu_usage_ns, Optional(3000u));
  EXPECT_THAT(a.cpu_user_ns, Optional(2000u));
  EXPECT_THAT(a.cpu_throttled_periods, Optional(1u));
  EXPECT_THAT(a.memory_usage_bytes, Optional(4096u));
  EXPECT_THAT(cgroups["/a"]->target->limits.cpu_cores, Optional(0.5));
  ASSERT_NE(cgroups["/only"], nullptr);
  EXPECT_EQ(cgroups["/only"]->cgroup.cpu_usage_ns, std::nullopt);
  EXPECT_THAT(cgroups["/only"]->cgroup.memory_usage_bytes, Optional(12288u));
  ASSERT_THAT(collector_->Latest()->populations, SizeIs(2));
  EXPECT_THAT(collector_->Latest()->populations[1].all, Optional(9u));
  EXPECT_THAT(observer_.errors(), IsEmpty());
}

TEST_F(CgroupsCollectorTest, OnHybridHostsOneMayGetAHierarchyLater) {
  tree_.Write("memory/a/memory.usage_in_bytes", "4096\n");
  tree_.MakeDir("v2");
  Start({{CgroupVersion::kV1, tree_.Path("memory"), {"memory"}},
         {CgroupVersion::kV2, tree_.Path("v2"), {}}});
  EXPECT_EQ(Round()["/a"]->cgroup.cpu_usage_ns, std::nullopt);

  tree_.Write("v2/a/cpu.stat", "usage_usec 5\nuser_usec 5\nsystem_usec 0\n");

  const auto cgroup = Round()["/a"];
  EXPECT_THAT(cgroup->cgroup.cpu_usage_ns, Optional(5000u));
  EXPECT_THAT(cgroup->cgroup.memory_usage_bytes, Optional(4096u));
  EXPECT_EQ(cgroup->target->started_at, absl::UnixEpoch())
      << "it is the same cgroup";

  tree_.Remove("memory/a");
  EXPECT_EQ(Round()["/a"]->cgroup.memory_usage_bytes, std::nullopt);
  EXPECT_THAT(observer_.errors(), IsEmpty());
}

}  // namespace
}  // namespace reeve
