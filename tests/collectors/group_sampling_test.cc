// Groups beside their tasks.
#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/collectors/sampler_fixture.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::DoubleEq;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::SizeIs;

class GroupSamplingTest : public SamplerTest {
 protected:
  TaskTarget Group(const std::string& name) const {
    TaskTarget target = host_.Target("@" + name);
    target.group = name;
    target.is_group = true;
    return target;
  }

  TaskTarget Member(const std::string& id, const std::string& group) const {
    TaskTarget target = host_.Target(id);
    target.group = group;
    return target;
  }

  std::vector<std::shared_ptr<const TaskSnapshot>> GroupsNow() {
    RunRoundLater();
    return store_.Latest()->groups;
  }
};

TEST_F(GroupSamplingTest, AGroupIsMeasuredBesideTheTasks) {
  host_.SetTask("web", 0);
  host_.SetTask("@web", 0, 8192);
  ASSERT_THAT(sampler_.Add(Member("web", "web")), IsOk());
  ASSERT_THAT(sampler_.Add(Group("web")), IsOk());
  host_.SetTask("@web", 500'000, 8192);

  const auto tasks = RunRoundLater();
  const auto groups = store_.Latest()->groups;

  EXPECT_THAT(Ids(tasks), ElementsAre("web"));
  ASSERT_THAT(Ids(groups), ElementsAre("@web"));
  EXPECT_THAT(groups[0]->cpu_percent, Optional(DoubleEq(50)));
  EXPECT_THAT(groups[0]->cgroup.memory_usage_bytes, Optional(8192u));
}

TEST_F(GroupSamplingTest, NobodyLooksForProcessesOfAGroup) {
  host_.SetTask("@web", 0);
  host_.SetProcess(7, 100, 0, 0);
  host_.SetProcesses("@web", {7});
  ASSERT_THAT(sampler_.Add(Group("web")), IsOk());

  EXPECT_THAT(*GroupsNow()[0]->processes, IsEmpty());
  EXPECT_THAT(*sampler_.SampleNow("@web")->processes, IsEmpty());
}

TEST_F(GroupSamplingTest, TheLastValuesOfAGroupGoOnceTheyWereScraped) {
  host_.SetTask("@web", 5);
  ASSERT_THAT(sampler_.Add(Group("web")), IsOk());
  ASSERT_THAT(sampler_.TakeFinal("@web"), IsOk());

  EXPECT_THAT(GroupsNow(), SizeIs(1));
  store_.MarkScraped(store_.Latest()->generation);
  EXPECT_THAT(GroupsNow(), IsEmpty());
}

TEST_F(GroupSamplingTest, KillsInTasksThatAreGoneStillCountForTheirGroup) {
  for (const char* id : {"@shop", "web", "db", "alone"}) host_.SetTask(id, 5);
  ASSERT_THAT(sampler_.Add(Group("shop")), IsOk());
  ASSERT_THAT(sampler_.Add(Member("web", "shop")), IsOk());
  ASSERT_THAT(sampler_.Add(Member("db", "shop")), IsOk());
  ASSERT_THAT(sampler_.Add(host_.Target("alone")), IsOk());
  host_.SetOomKills("web", 1);
  host_.SetOomKills("db", 2);
  host_.SetOomKills("alone", 4);

  ASSERT_THAT(sampler_.TakeFinal("web"), IsOk());
  EXPECT_THAT(GroupsNow()[0]->cgroup.oom_kills, Optional(1u));
  // The task that sleeps is read whole at every tenth round.
  for (int round = 0; round < 10; ++round) RunRoundLater();
  store_.MarkScraped(store_.Latest()->generation);
  const auto tasks = RunRoundLater();

  EXPECT_THAT(Ids(tasks), ElementsAre("alone", "db"));
  EXPECT_THAT(store_.Latest()->groups[0]->cgroup.oom_kills, Optional(3u));
}

TEST_F(GroupSamplingTest, AGroupThatIsMadeAgainCountsFromZero) {
  host_.SetTask("@shop", 5);
  host_.SetTask("web", 5);
  ASSERT_THAT(sampler_.Add(Group("shop")), IsOk());
  ASSERT_THAT(sampler_.Add(Member("web", "shop")), IsOk());
  host_.SetOomKills("web", 1);
  ASSERT_THAT(sampler_.TakeFinal("web"), IsOk());
  ASSERT_THAT(sampler_.TakeFinal("@shop"), IsOk());
  EXPECT_THAT(GroupsNow()[0]->cgroup.oom_kills, Optional(1u));

  ASSERT_THAT(sampler_.Add(Group("shop")), IsOk());

  EXPECT_THAT(GroupsNow()[0]->cgroup.oom_kills, Optional(0u));
  store_.MarkScraped(store_.Latest()->generation);
  EXPECT_THAT(GroupsNow()[0]->cgroup.oom_kills, Optional(0u));
}

}  // namespace
}  // namespace reeve
