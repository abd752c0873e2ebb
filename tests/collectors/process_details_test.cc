#include "collectors/process_details.h"

#include <functional>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/unique_fd.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::Eq;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Optional;

ProcessSnapshot Process(pid_t pid, char state, uint64_t threads = 1,
                        uint64_t start = 100) {
  ProcessSnapshot process;
  process.identity = {pid, start};
  process.state = state;
  process.threads = threads;
  return process;
}

class ProcessDetailsTest : public ::testing::Test {
 protected:
  void SetWait(pid_t pid, pid_t thread, uint64_t wait_ns) {
    proc_.Write(absl::StrCat(pid, "/task/", thread, "/schedstat"),
                absl::StrCat("5 ", wait_ns, " 1\n"));
  }

  ExtraSample Look(ProcessDetails& details,
                   const std::vector<ProcessSnapshot>& processes) {
    details.Look(processes, buffer_, record_);
    ExtraSample sample;
    details.Fill(sample);
    return sample;
  }

  static CollectorSet Only(bool CollectorSet::*collector) {
    CollectorSet set;
    set.*collector = true;
    return set;
  }

  FakeTree proc_;
  const UniqueFd procfs_ = proc_.OpenDir("");
  ReadBuffer buffer_;
  std::vector<std::string> errors_;
  const std::function<void(absl::string_view, const absl::Status&)> record_ =
      [this](absl::string_view collector, const absl::Status& status) {
        errors_.push_back(absl::StrCat(collector, ": ", status.message()));
      };
};

TEST_F(ProcessDetailsTest, WhatIsOffIsAbsent) {
  ProcessDetails details(CollectorSet(), procfs_.get());

  const ExtraSample sample = Look(details, {Process(7, 'R')});

  EXPECT_FALSE(sample.process_states.has_value());
  EXPECT_FALSE(sample.open_descriptors.has_value());
  EXPECT_FALSE(sample.run_queue_wait_ns.has_value());
}

TEST_F(ProcessDetailsTest, BeforeTheFirstLookThereIsNothing) {
  const ProcessDetails details(Only(&CollectorSet::process_states),
                               procfs_.get());
  ExtraSample sample;

  details.Fill(sample);

  EXPECT_FALSE(sample.process_states.has_value());
}

TEST_F(ProcessDetailsTest, ProcessesAreCountedByState) {
  ProcessDetails details(Only(&CollectorSet::process_states), procfs_.get());

  const ExtraSample sample =
      Look(details, {Process(1, 'R'), Process(2, 'S'), Process(3, 'I'),
                     Process(4, 'D'), Process(5, 'T'), Process(6, 't'),
                     Process(7, 'Z'), Process(8, 'P'), Process(9, 'R')});

  ASSERT_TRUE(sample.process_states.has_value());
  EXPECT_EQ((*sample.process_states)[kRunning], 2u);
  EXPECT_EQ((*sample.process_states)[kSleeping], 2u);
  EXPECT_EQ((*sample.process_states)[kBlocked], 1u);
  EXPECT_EQ((*sample.process_states)[kStopped], 2u);
  EXPECT_EQ((*sample.process_states)[kZombie], 1u);
  EXPECT_EQ((*sample.process_states)[kOtherState], 1u);
  EXPECT_EQ((*Look(details, {}).process_states)[kRunning], 0u);
}

TEST_F(ProcessDetailsTest, DescriptorsOfAllProcessesAreAddedUp) {
  ProcessDetails details(Only(&CollectorSet::descriptors), procfs_.get());
  for (const char* fd : {"1/fd/0", "1/fd/1", "2/fd/0"}) proc_.Write(fd, "");

  const ExtraSample sample =
      Look(details, {Process(1, 'S'), Process(2, 'S'), Process(3, 'S')});

  EXPECT_THAT(sample.open_descriptors, Optional(3u))
      << "the third process has ended";
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(ProcessDetailsTest, DescriptorsThatCannotBeCountedAreAbsent) {
  ProcessDetails details(Only(&CollectorSet::descriptors), procfs_.get());
  proc_.Write("1/fd/0", "");
  proc_.Write("2/fd", "no directory");

  const ExtraSample sample = Look(details, {Process(1, 'S'), Process(2, 'S')});

  EXPECT_THAT(sample.open_descriptors, Eq(std::nullopt));
  EXPECT_THAT(errors_, ElementsAre(HasSubstr("descriptors: open 2/fd")));
}

TEST_F(ProcessDetailsTest, WaitsOfAllThreadsAreAddedUp) {
  ProcessDetails details(Only(&CollectorSet::schedstat), procfs_.get());
  SetWait(1, 1, 100);
  SetWait(2, 2, 10);
  SetWait(2, 3, 1);

  EXPECT_THAT(
      Look(details, {Process(1, 'S'), Process(2, 'S', 2)}).run_queue_wait_ns,
      Optional(111u));
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(ProcessDetailsTest, WaitsGoOnWhenProcessesEnd) {
  ProcessDetails details(Only(&CollectorSet::schedstat), procfs_.get());
  SetWait(1, 1, 100);
  SetWait(2, 2, 10);
  Look(details, {Process(1, 'S'), Process(2, 'S')});

  proc_.Remove("1");
  SetWait(2, 2, 15);
  EXPECT_THAT(Look(details, {Process(2, 'S')}).run_queue_wait_ns,
              Optional(115u));
  // Its number is given out again.
  SetWait(1, 1, 120);
  EXPECT_THAT(Look(details, {Process(1, 'S', 1, 200), Process(2, 'S')})
                  .run_queue_wait_ns,
              Optional(235u));
  EXPECT_THAT(Look(details, {}).run_queue_wait_ns, Optional(235u));
}

TEST_F(ProcessDetailsTest, ThreadWithTheNumberOfAnotherBeginsAnew) {
  ProcessDetails details(Only(&CollectorSet::schedstat), procfs_.get());
  SetWait(2, 3, 50);
  Look(details, {Process(2, 'S', 2)});

  SetWait(2, 3, 20);

  EXPECT_THAT(Look(details, {Process(2, 'S', 2)}).run_queue_wait_ns,
              Optional(70u));
}

TEST_F(ProcessDetailsTest, KernelThatCountsNoWaitsTellsNone) {
  ProcessDetails details(Only(&CollectorSet::schedstat), procfs_.get());
  proc_.MakeDir("1/task/1");

  EXPECT_THAT(Look(details, {Process(1, 'S')}).run_queue_wait_ns,
              Eq(std::nullopt));
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(ProcessDetailsTest, WaitsThatCannotBeUnderstoodAreAnError) {
  ProcessDetails details(Only(&CollectorSet::schedstat), procfs_.get());
  proc_.Write("1/task/1/schedstat", "x\n");

  Look(details, {Process(1, 'S')});

  EXPECT_THAT(errors_, ElementsAre(HasSubstr("schedstat: parse 1/task/1/")));
}

}  // namespace
}  // namespace reeve
