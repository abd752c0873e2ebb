// What another agent makes of reserved CPUs: those that it finds done, and what
// one that was killed at any moment has left half done.

#include <memory>
#include <string>

#include "agent/api/limits_convert.h"
#include "agent/state/state_directory.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "enforcement/cgroup/libcgroup_controller.h"
#include "enforcement/cgroup/task_cgroup.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/process_view.h"
#include "tests/integration/reservation_fixture.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;
using ::testing::Optional;

class ReservationRecoveryTest : public ReservationTest {
 protected:
  // Ends the agent, and starts another on what `meanwhile` has made of its
  // leavings.
  template <typename Meanwhile>
  void RestartAfter(const Meanwhile& meanwhile) {
    world_.reset();
    meanwhile();
    world_.emplace(tree_.Path("state"), parent_);
  }

  // What an agent that gets no further has written down of a task.
  void WriteDown(const std::string& id, const ResourceLimits& limits) {
    const absl::StatusOr<StateDirectory> state =
        StateDirectory::Open(tree_.Path("state"));
    ASSERT_THAT(state, IsOk());
    const absl::StatusOr<UniqueFd> dir = state->OpenTask(id);
    ASSERT_THAT(dir, IsOk());
    ASSERT_THAT(WriteTaskLimits(dir->get(), ToProto(limits)), IsOk());
  }

  // Where an agent that gets no further has left a task.
  void PutOn(const std::string& id, const std::string& cpus) {
    const absl::StatusOr<CgroupMounts> mounts = CgroupMounts::Discover();
    ASSERT_THAT(mounts, IsOk());
    LibcgroupController controller(*mounts);
    const absl::StatusOr<std::unique_ptr<TaskCgroup>> cgroup =
        TaskCgroup::Open(controller, *mounts, parent_, id);
    ASSERT_THAT(cgroup, IsOk());
    ASSERT_THAT((*cgroup)->Update(Chosen(cpus)), IsOk());
  }
};

TEST_F(ReservationRecoveryTest, AReservationOutlivesTheAgent) {
  Run("own", Reserved(1));
  Run("updated");
  Run("other");
  ASSERT_THAT(supervisor().Update("own", Reserved(0)), IsOk());
  ASSERT_THAT(supervisor().Update("updated", Reserved(1)), IsOk());

  RestartAgent();

  EXPECT_EQ(CpusOf("updated"), last_);
  EXPECT_EQ(CpusOf("own"), rest_);
  EXPECT_EQ(CpusOf("other"), rest_);
  EXPECT_EQ(RequestOf("updated"), "1 reserved");
  EXPECT_EQ(RequestOf("other"), "pool");
  EXPECT_THAT((*supervisor().Find("updated"))->Limits().reserved_cpu_count,
              Optional(1));
  // The table is there again.
  EXPECT_THAT(Launch("greedy", {"/bin/sleep", "1000"}, Chosen(last_)),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("reserved for task updated")));
  Run("new");
  EXPECT_EQ(CpusOf("new"), rest_);

  Stop("updated");
  for (const char* id : {"own", "other", "new"}) {
    EXPECT_EQ(AwaitCpusOf(id, all_), all_) << id;
  }
}

TEST_F(ReservationRecoveryTest, ItHasTheSameCpusAsBefore) {
  if (count_ < 3) GTEST_SKIP() << "this host has two CPUs only";
  Run("first", Reserved(1));
  Run("second", Reserved(1));
  Stop("first");
  const std::string before = CpusOf("second");
  ASSERT_NE(before, last_);

  RestartAgent();

  EXPECT_EQ(CpusOf("second"), before);
}

TEST_F(ReservationRecoveryTest, ATaskThatEndsMeanwhileGivesItsCpusBack) {
  const auto own = Run("own", Reserved(1));
  Run("other");

  RestartAfter([&own] { ASSERT_THAT(own->cgroup()->Kill(kPatience), IsOk()); });

  EXPECT_EQ(AwaitCpusOf("other", all_), all_);
  EXPECT_EQ(AwaitRequestOf("other", "all"), "all");
  Run("chosen", Chosen(last_));
  EXPECT_EQ(CpusOf("chosen"), last_);
}

TEST_F(ReservationRecoveryTest, OthersThatWereNotMovedYetAre) {
  Run("own", Reserved(1));
  Run("other");

  RestartAfter([this] { PutOn("other", all_); });

  EXPECT_EQ(CpusOf("own"), last_);
  EXPECT_EQ(CpusOf("other"), rest_);
}

TEST_F(ReservationRecoveryTest, AReservationThatWasOnlyWrittenDownIsFinished) {
  Run("own");
  Run("other");

  RestartAfter([this] {
    WriteDown("own", Reserved(1));
    PutOn("other", rest_);
  });

  EXPECT_EQ(CpusOf("own"), last_);
  EXPECT_EQ(CpusOf("other"), rest_);
  EXPECT_EQ(RequestOf("own"), "1 reserved");
}

TEST_F(ReservationRecoveryTest, OneThatWasNotWrittenDownYetIsUndone) {
  Run("own");
  Run("other");

  RestartAfter([this] { PutOn("other", rest_); });

  EXPECT_EQ(CpusOf("own"), all_);
  EXPECT_EQ(CpusOf("other"), all_);
}

TEST_F(ReservationRecoveryTest, OneThatWasHalfGivenBackIsGivenBack) {
  Run("own", Reserved(1));
  Run("other");

  RestartAfter([this] { WriteDown("own", Reserved(0)); });

  EXPECT_EQ(CpusOf("own"), all_);
  EXPECT_EQ(CpusOf("other"), all_);
}

TEST_F(ReservationRecoveryTest, WhatCannotBeHadAnyMoreIsLostAndNotKept) {
  Run("own");
  Run("other");

  RestartAfter([this] { WriteDown("own", Reserved(count_)); });

  EXPECT_EQ(CpusOf("own"), all_);
  EXPECT_EQ(CpusOf("other"), all_);
  Run("chosen", Chosen(last_));
  EXPECT_EQ(CpusOf("chosen"), last_);
  Stop("chosen");
  RestartAgent();
  Run("new", Reserved(1));
  EXPECT_EQ(CpusOf("new"), last_);
  EXPECT_EQ(CpusOf("own"), rest_);
}

TEST_F(ReservationRecoveryTest, AChoiceIsNotTakenForTheAgents) {
  Run("chosen", Chosen(last_));
  ResourceLimits none = Chosen(last_);
  none.reserved_cpus = 0;
  Run("both", none);

  RestartAgent();

  EXPECT_EQ(CpusOf("chosen"), last_);
  EXPECT_EQ(CpusOf("both"), last_);
  EXPECT_EQ(RequestOf("chosen"), last_);
  EXPECT_EQ(RequestOf("both"), last_);
}

TEST_F(ReservationRecoveryTest, MembersOfGroupsAreTakenOverToo) {
  Run("own", Reserved(1), "shop");
  Run("member", {}, "shop");

  RestartAgent();

  EXPECT_EQ(CpusOf("own"), last_);
  EXPECT_EQ(CpusOf("member"), rest_);
  Stop("own");
  EXPECT_EQ(AwaitCpusOf("member", all_), all_);
  Stop("member");
}

}  // namespace
}  // namespace reeve
