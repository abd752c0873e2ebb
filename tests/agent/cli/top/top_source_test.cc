#include "agent/cli/top/top_source.h"

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/agent/cli/fake_agent.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::DoubleEq;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::SizeIs;

class TopSourceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (kWhyNoCalls != nullptr) GTEST_SKIP() << kWhyNoCalls;
    v1::TaskSummary* task = agent_.service().list_response.add_tasks();
    task->set_id("web");
    task->mutable_usage()->set_cpu_periods(10);
    task->mutable_usage()->set_cpu_throttled_periods(4);
  }

  FakeTree proc_;
  FakeAgent agent_;
  TopSource source_{{agent_.socket(), true}, proc_.Path("")};
};

TEST_F(TopSourceTest, ListsTasksAndNothingMore) {
  agent_.service().list_groups_response.add_groups()->set_group("shop");

  const auto sample = source_.Take({absl::FromUnixSeconds(5), false, ""});

  ASSERT_THAT(sample, IsOk());
  EXPECT_EQ(sample->taken_at, absl::FromUnixSeconds(5));
  ASSERT_THAT(sample->tasks, SizeIs(1));
  EXPECT_THAT(sample->tasks[0].throttled_percent, Optional(DoubleEq(40)));
  EXPECT_THAT(sample->groups, IsEmpty());
  EXPECT_EQ(agent_.service().inspect_request.id(), "");
}

TEST_F(TopSourceTest, GroupsAndProcessesIfTheyAreWanted) {
  agent_.service().list_groups_response.add_groups()->set_group("shop");
  v1::ProcessUsage& process =
      (*agent_.service().inspect_response.mutable_pids())[42];
  process.set_comm("sh");
  process.set_cpu_user_nsec(1'000'000'000);
  process.set_cpu_system_nsec(500'000'000);

  const auto sample = source_.Take({absl::Now(), true, "web"});

  ASSERT_THAT(sample, IsOk());
  EXPECT_EQ(agent_.service().inspect_request.id(), "web");
  ASSERT_THAT(sample->groups, SizeIs(1));
  ASSERT_THAT(sample->processes, SizeIs(1));
  EXPECT_EQ(sample->processes[0].pid, 42);
  EXPECT_EQ(sample->processes[0].cpu_time, absl::Milliseconds(1500));
}

TEST_F(TopSourceTest, AnErrorIsThatOfTheAgent) {
  agent_.service().status =
      grpc::Status(grpc::StatusCode::PERMISSION_DENIED, "not you");

  EXPECT_THAT(source_.Take({absl::Now(), false, ""}),
              StatusIs(absl::StatusCode::kPermissionDenied, "not you"));

  agent_.service().status = grpc::Status::OK;
  EXPECT_THAT(source_.Take({absl::Now(), false, ""}), IsOk());
}

TEST_F(TopSourceTest, AnAgentThatIsNotThereIsNamed) {
  TopSource source({proc_.Path("none.sock"), true}, proc_.Path(""));

  EXPECT_THAT(source.Take({absl::Now(), false, ""}),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("none.sock")));
}

TEST_F(TopSourceTest, TheHostIsReadFromProc) {
  proc_.Write("meminfo", "MemTotal: 8 kB\nMemAvailable: 2 kB\n");
  proc_.Write("loadavg", "1.00 2.00 3.00 1/80 11206\n");

  const auto sample = source_.Take({absl::Now(), false, ""});

  ASSERT_THAT(sample, IsOk());
  ASSERT_TRUE(sample->host.load.memory.has_value());
  EXPECT_EQ(sample->host.load.memory->total_bytes, 8192);
  EXPECT_TRUE(sample->host.load.load.has_value());
}

}  // namespace
}  // namespace reeve
