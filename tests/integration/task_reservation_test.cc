// CPUs that one task has to itself while others share the rest, by what the
// kernel lets their processes run on.

#include <unistd.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/process_view.h"
#include "tests/integration/reservation_fixture.h"
#include "tests/testing/runfiles.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Optional;

using TaskReservationTest = ReservationTest;

TEST_F(TaskReservationTest, ATaskHasItsCpusAloneAndTheOthersShareTheRest) {
  const auto first = Run("first");
  const auto own = Run("own", Reserved(1));
  const auto later = Run("later");

  EXPECT_EQ(CpusOf("own"), last_);
  EXPECT_EQ(CpusOf("first"), rest_);
  EXPECT_EQ(CpusOf("later"), rest_);
  EXPECT_EQ(RequestOf("own"), "1 reserved");
  EXPECT_EQ(RequestOf("first"), "pool");
  EXPECT_EQ(RequestOf("later"), "pool");
  EXPECT_THAT(own->Limits().reserved_cpu_count, Optional(1));
  EXPECT_THAT(own->Limits().cpuset_cpus, Optional(last_));
  EXPECT_THAT(first->Limits().cpuset_cpus, Optional(rest_));
  EXPECT_FALSE(first->Limits().reserved_cpu_count.has_value());
}

TEST_F(TaskReservationTest, ANewTaskIsInThePoolBeforeItsFirstInstruction) {
  Run("own", Reserved(1));
  const std::string seen = tree_.Path("seen");
  const auto task = Launch(
      "new",
      {"/bin/sh", "-c",
       absl::StrCat("grep Cpus_allowed_list /proc/self/status >", seen)});
  ASSERT_THAT(task, IsOk());
  ASSERT_TRUE((*task)->WaitForExit(kPatience).has_value());

  const absl::StatusOr<std::string> text = ReadFile(seen);

  ASSERT_THAT(text, IsOk());
  EXPECT_EQ(absl::StripAsciiWhitespace(*text),
            absl::StrCat("Cpus_allowed_list:\t", rest_));
}

TEST_F(TaskReservationTest, AReservingTaskIsOnItsCpusFromItsFirstInstruction) {
  Run("other");
  const std::string seen = tree_.Path("seen");
  const auto task =
      Launch("own",
             {"/bin/sh", "-c",
              absl::StrCat("grep Cpus_allowed_list /proc/self/status >", seen)},
             Reserved(1));
  ASSERT_THAT(task, IsOk());
  ASSERT_TRUE((*task)->WaitForExit(kPatience).has_value());

  EXPECT_THAT(ReadFile(seen), IsOkAndHolds(HasSubstr("\t" + last_ + "\n")));
  EXPECT_EQ(AwaitCpusOf("other", all_), all_);
}

TEST_F(TaskReservationTest, TheEndOfATaskGivesItsCpusBack) {
  const auto other = Run("other");
  Run("own", Reserved(1));
  ASSERT_EQ(CpusOf("other"), rest_);

  Stop("own");

  EXPECT_EQ(AwaitCpusOf("other", all_), all_);
  EXPECT_EQ(AwaitRequestOf("other", "all"), "all");
  EXPECT_FALSE(other->Limits().cpuset_cpus.has_value());
  Run("new");
  EXPECT_EQ(CpusOf("new"), all_);
  EXPECT_EQ(RequestOf("new"), "");
  // As if nobody had ever had them.
  Run("own-again", Reserved(1));
  EXPECT_EQ(CpusOf("own-again"), last_);
}

TEST_F(TaskReservationTest, ALaunchThatFailsGivesItsCpusBack) {
  Run("other");

  EXPECT_THAT(Launch("own", {RunfilePath("tests/integration/not-a-program")},
                     Reserved(1)),
              Not(IsOk()));

  EXPECT_EQ(AwaitCpusOf("other", all_), all_);
  Run("chosen", Chosen(last_));
  EXPECT_EQ(CpusOf("chosen"), last_);
}

TEST_F(TaskReservationTest, ACpuIsAlwaysLeftToTheOthers) {
  Run("other");

  EXPECT_THAT(Launch("own", {"/bin/sleep", "1000"}, Reserved(count_)),
              StatusIs(absl::StatusCode::kResourceExhausted,
                       HasSubstr(absl::StrCat(count_, " reserved CPUs"))));

  EXPECT_EQ(CpusOf("other"), all_);
  EXPECT_EQ(RequestOf("other"), "");
  EXPECT_THAT(supervisor().Find("own"), Not(IsOk()));
}

TEST_F(TaskReservationTest, CpusOfAnotherCannotBeChosen) {
  Run("own", Reserved(1));
  Run("other");

  EXPECT_THAT(Launch("greedy", {"/bin/sleep", "1000"}, Chosen(last_)),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("reserved for task own")));
  EXPECT_THAT(supervisor().Update("other", Chosen(all_)),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("reserved for task own")));
  EXPECT_EQ(CpusOf("other"), rest_);
  EXPECT_EQ(RequestOf("other"), "pool");

  // What is not reserved can.
  EXPECT_THAT(supervisor().Update("other", Chosen(rest_)), IsOk());
  EXPECT_EQ(RequestOf("other"), rest_);
  Stop("own");
  Run("new");
  EXPECT_EQ(AwaitCpusOf("new", all_), all_);
  EXPECT_EQ(CpusOf("other"), rest_);
}

TEST_F(TaskReservationTest, CpusThatATaskHasChosenAreNotReserved) {
  Run("chosen", Chosen(last_));
  const auto own = Run("own", Reserved(1));

  EXPECT_THAT(own->Limits().cpuset_cpus, Optional(Not(HasSubstr(last_))));
  EXPECT_EQ(CpusOf("chosen"), last_);
  Stop("own");
  ASSERT_THAT(supervisor().Update("chosen", Chosen(all_)), IsOk());
  EXPECT_THAT(
      Launch("own-again", {"/bin/sleep", "1000"}, Reserved(1)),
      StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("chosen")));
}

TEST_F(TaskReservationTest, ARunningTaskReservesAndGivesBack) {
  const auto own = Run("own");
  Run("other");

  ASSERT_THAT(supervisor().Update("own", Reserved(1)), IsOk());
  EXPECT_EQ(CpusOf("own"), last_);
  EXPECT_EQ(CpusOf("other"), rest_);

  ASSERT_THAT(supervisor().Update("own", Reserved(0)), IsOk());
  EXPECT_EQ(CpusOf("own"), all_);
  EXPECT_EQ(CpusOf("other"), all_);
  EXPECT_FALSE(own->Limits().cpuset_cpus.has_value());

  // A choice takes the place of a reservation, and the other way round.
  ASSERT_THAT(supervisor().Update("own", Reserved(1)), IsOk());
  ASSERT_THAT(supervisor().Update("own", Chosen(last_)), IsOk());
  EXPECT_EQ(RequestOf("own"), last_);
  EXPECT_EQ(CpusOf("other"), all_);
  ASSERT_THAT(supervisor().Update("own", Reserved(1)), IsOk());
  EXPECT_EQ(RequestOf("own"), "1 reserved");
  EXPECT_EQ(CpusOf("other"), rest_);
}

TEST_F(TaskReservationTest, AReservationGrowsAndShrinks) {
  if (count_ < 3) GTEST_SKIP() << "this host has two CPUs only";
  Run("own", Reserved(1));
  Run("other");

  ASSERT_THAT(supervisor().Update("own", Reserved(count_ - 1)), IsOk());
  EXPECT_THAT(CpusOf("own"), HasSubstr(last_));
  EXPECT_EQ(CpusOf("other"), "0");

  ASSERT_THAT(supervisor().Update("own", Reserved(1)), IsOk());
  EXPECT_EQ(CpusOf("own"), last_);
  EXPECT_EQ(CpusOf("other"), rest_);
}

TEST_F(TaskReservationTest, NothingToGiveBackMakesNothing) {
  Run("other");
  ASSERT_THAT(supervisor().Update("other", Reserved(0)), IsOk());
  EXPECT_EQ(RequestOf("other"), "");
}

TEST_F(TaskReservationTest, AnUpdateThatFailsLeavesEveryTaskWhereItWas) {
  Run("own");
  Run("other");
  ResourceLimits limits = Reserved(1);
  limits.cpu_burst_usec = 1000;  // Without a quota.

  EXPECT_THAT(supervisor().Update("own", limits),
              StatusIs(absl::StatusCode::kInvalidArgument));

  EXPECT_EQ(CpusOf("own"), all_);
  EXPECT_EQ(CpusOf("other"), all_);
  // Nor is it taken for one that has reserved.
  Run("chosen", Chosen(last_));
  EXPECT_EQ(CpusOf("chosen"), last_);
}

TEST_F(TaskReservationTest, AChoiceBesideAReservationIsRefused) {
  ResourceLimits limits = Reserved(1);
  limits.cpuset_cpus = last_;
  EXPECT_THAT(
      Launch("own", {"/bin/sleep", "1000"}, limits),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("one of them")));
}

TEST_F(TaskReservationTest, APausedTaskGoesToThePoolAndStaysPaused) {
  Run("other");
  ASSERT_THAT(supervisor().Pause("other"), IsOk());

  Run("own", Reserved(1));

  EXPECT_EQ((*supervisor().Find("other"))->Status().state, TaskState::kPaused);
  ASSERT_THAT(supervisor().Resume("other"), IsOk());
  EXPECT_EQ(CpusOf("other"), rest_);
}

TEST_F(TaskReservationTest, WithoutAReservationNoTaskHasACpuset) {
  const auto task = Run("other");
  const CgroupHierarchy& hierarchy = *world_->mounts().Find("cpuset");
  if (IsV1("cpuset")) {
    const std::string cpuset =
        absl::StrCat(hierarchy.mount_point, task->cgroup()->path());
    EXPECT_NE(access(cpuset.c_str(), F_OK), 0);
    return;
  }
  EXPECT_THAT(ReadFile(absl::StrCat(hierarchy.mount_point, parent_,
                                    "/cgroup.subtree_control")),
              IsOkAndHolds(Not(HasSubstr("cpuset"))));
}

TEST_F(TaskReservationTest, TasksOfAGroupShareThePoolToo) {
  Run("one", {}, "shop");
  Run("own", Reserved(1), "shop");
  Run("two", {}, "shop");
  Run("other");

  EXPECT_EQ(CpusOf("own"), last_);
  for (const char* id : {"one", "two", "other"}) {
    EXPECT_EQ(CpusOf(id), rest_) << id;
  }
  Stop("own");
  EXPECT_EQ(AwaitCpusOf("two", all_), all_);
  EXPECT_EQ(AwaitCpusOf("one", all_), all_);
  Stop("one");
  Stop("two");
}

TEST_F(TaskReservationTest, ACpusetOfAGroupGoesWithReservations) {
  if (IsV1("cpuset")) GTEST_SKIP() << "no group has a cpuset on cgroup v1";
  Run("own", Reserved(1));
  Run("member", {}, "shop");

  EXPECT_THAT(supervisor().SetGroup("shop", Chosen(all_)),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("reserved for task own")));
  ASSERT_THAT(supervisor().SetGroup("shop", Chosen("0")), IsOk());
  EXPECT_EQ(CpusOf("member"), "0");
  Stop("own");
  // The group's cpuset is the members' all.
  EXPECT_EQ(AwaitCpusOf("member", "0"), "0");

  // What a group has chosen is not reserved by others.
  ASSERT_THAT(supervisor().SetGroup("shop", Chosen(last_)), IsOk());
  const auto again = Run("own-again", Reserved(1));
  EXPECT_THAT(again->Limits().cpuset_cpus, Optional(Not(HasSubstr(last_))));
  EXPECT_EQ(AwaitCpusOf("member", last_), last_);

  // A member reserves of what its group has, which must keep it.
  Stop("own-again");
  EXPECT_THAT(supervisor().Update("member", Reserved(1)),
              StatusIs(absl::StatusCode::kResourceExhausted));
  ASSERT_THAT(supervisor().SetGroup("shop", Chosen(all_)), IsOk());
  ASSERT_THAT(supervisor().Update("member", Reserved(1)), IsOk());
  EXPECT_EQ(CpusOf("member"), last_);
  EXPECT_THAT(supervisor().SetGroup("shop", Chosen("0")),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("task member of the group")));
  EXPECT_THAT(supervisor().SetGroup("shop", Chosen(last_)),
              StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_EQ(CpusOf("member"), last_);
  Stop("member");
  EXPECT_THAT(supervisor().RemoveGroup("shop"), IsOk());
}

// Tasks come and go while one reserves and gives back, again and again.
TEST_F(TaskReservationTest, NobodyIsLeftOutsideThePool) {
  const auto own = Run("own");
  std::atomic<bool> is_done{false};
  std::vector<std::thread> launchers;
  for (const char* name : {"a", "b"}) {
    launchers.emplace_back([this, name, &is_done] {
      while (!is_done) {
        EXPECT_THAT(Launch(name, {"/bin/sleep", "1000"}), IsOk());
        EXPECT_THAT(supervisor().Stop(name, "", absl::ZeroDuration()), IsOk());
        EXPECT_THAT(supervisor().Remove(name), IsOk());
      }
    });
  }
  for (int i = 0; i < 20; ++i) {
    EXPECT_THAT(supervisor().Update("own", Reserved(1)), IsOk());
    for (const auto& task : supervisor().List()) {
      if (task == own || task->Status().state != TaskState::kRunning) continue;
      const std::string cpus = AffinityOf(task->Status().process.pid);
      EXPECT_TRUE(cpus == rest_ || task->HasEnded())
          << task->id() << " runs on " << cpus;
    }
    EXPECT_EQ(CpusOf("own"), last_);
    EXPECT_THAT(supervisor().Update("own", Reserved(0)), IsOk());
  }
  is_done = true;
  for (std::thread& launcher : launchers) launcher.join();
  EXPECT_EQ(CpusOf("own"), all_);
}

}  // namespace
}  // namespace reeve
