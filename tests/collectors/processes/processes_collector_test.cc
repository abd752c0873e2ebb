#include "collectors/processes/processes_collector.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/collectors/processes/fake_process.h"
#include "tests/collectors/recording_observer.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

FakeProcess Named(pid_t pid, const std::string& comm = "prog") {
  FakeProcess process;
  process.pid = pid;
  process.comm = comm;
  return process;
}

class ProcessesCollectorTest : public ::testing::Test {
 protected:
  ProcessesCollectorTest() {
    proc_.Write("stat", "cpu 1 2 3\nbtime 1700000000\n");
    options_.procfs = proc_.Path("");
    options_.per_pid = true;
  }

  void Write(const FakeProcess& process) {
    process.WriteTo(proc_);
    proc_.Write(absl::StrCat(process.pid, "/cgroup"), "0::/\n");
  }

  void SetGroupBy(absl::string_view text) {
    auto parsed = GroupTemplate::Parse(text);
    ASSERT_THAT(parsed, IsOk());
    options_.group_by = *std::move(parsed);
  }

  // The next round.
  const ProcessesSnapshot& Collect() {
    if (collector_ == nullptr) {
      auto opened = ProcessesCollector::Open(
          options_, clock_, observer_,
          [](absl::string_view path) { return std::string(path.substr(1)); });
      EXPECT_THAT(opened, IsOk());
      collector_ = *std::move(opened);
    }
    collector_->Collect();
    clock_.Advance(absl::Seconds(5));
    latest_ = collector_->Latest();
    return *latest_;
  }

  static std::vector<std::string> NamesOf(const ProcessesSnapshot& snapshot) {
    std::vector<std::string> names;
    for (const auto& group : snapshot.groups) names.push_back(group.name);
    return names;
  }

  static std::vector<pid_t> PidsOf(const ProcessesSnapshot& snapshot) {
    std::vector<pid_t> pids;
    for (const auto& process : snapshot.processes) pids.push_back(process.pid);
    return pids;
  }

  FakeTree proc_;
  FakeClock clock_;
  RecordingObserver observer_;
  ProcessesOptions options_;
  std::unique_ptr<ProcessesCollector> collector_;
  std::shared_ptr<const ProcessesSnapshot> latest_;
};

TEST_F(ProcessesCollectorTest, ProcessHasWhatItsFilesSay) {
  FakeProcess process;
  process.pid = 12;
  process.comm = "a (b) c\nd";
  process.utime = 151;
  process.starttime = 1050;
  Write(process);
  proc_.Write("12/cgroup", "0::/web\n");

  const ProcessesSnapshot& snapshot = Collect();

  ASSERT_THAT(PidsOf(snapshot), ElementsAre(12));
  const ProcessRow& row = snapshot.processes[0];
  EXPECT_EQ(row.comm, "a (b) c\nd");
  EXPECT_EQ(row.task, "web");
  EXPECT_EQ(row.started_at, absl::FromUnixMillis(1'700'000'010'500));
  EXPECT_EQ(row.usage.counters[kCpuUserNs], 1'510'000'000u);
  ASSERT_THAT(NamesOf(snapshot), ElementsAre("a (b) c\nd"));
  EXPECT_EQ(snapshot.groups[0].oldest_started_at, row.started_at);
  EXPECT_THAT(observer_.errors(), IsEmpty());
}

TEST_F(ProcessesCollectorTest, NothingIsKnownBeforeTheFirstRound) {
  const auto opened =
      ProcessesCollector::Open(options_, clock_, observer_, nullptr);

  ASSERT_THAT(opened, IsOk());
  EXPECT_EQ((*opened)->Latest(), nullptr);
  EXPECT_EQ((*opened)->name(), "processes");
}

TEST_F(ProcessesCollectorTest, MissingProcfsFailsToOpen) {
  options_.procfs = "/nowhere";

  EXPECT_THAT(ProcessesCollector::Open(options_, clock_, observer_, nullptr),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("/nowhere")));
}

TEST_F(ProcessesCollectorTest, ProcessIsGoneInTheRoundAfterItsEnd) {
  Write(Named(12));
  Write(Named(13, "other"));
  Collect();
  proc_.Remove("12");

  const ProcessesSnapshot& snapshot = Collect();

  EXPECT_THAT(PidsOf(snapshot), ElementsAre(13));
  ASSERT_THAT(NamesOf(snapshot), ElementsAre("other", "prog"));
  EXPECT_EQ(snapshot.groups[1].processes, 0u);
}

TEST_F(ProcessesCollectorTest, PidThatIsGivenOutAgainIsAnotherProcess) {
  FakeProcess process;
  process.pid = 12;
  process.utime = 500;
  Write(process);
  Collect();
  process.starttime = 2000;
  process.utime = 3;
  process.comm = "next";
  Write(process);

  const ProcessesSnapshot& snapshot = Collect();

  ASSERT_THAT(PidsOf(snapshot), ElementsAre(12));
  EXPECT_EQ(snapshot.processes[0].comm, "next");
  EXPECT_EQ(snapshot.processes[0].started_at,
            absl::FromUnixSeconds(1'700'000'020));
  EXPECT_EQ(snapshot.processes[0].usage.counters[kCpuUserNs], 30'000'000u);
  ASSERT_THAT(NamesOf(snapshot), ElementsAre("next", "prog"));
  EXPECT_EQ(snapshot.groups[0].counters[kCpuUserNs], 30'000'000u);
  EXPECT_EQ(snapshot.groups[1].counters[kCpuUserNs], 5'000'000'000u);
}

TEST_F(ProcessesCollectorTest, CounterOfAGroupGrowsByAReusedPidOfTheSameName) {
  FakeProcess process;
  process.pid = 12;
  process.utime = 500;
  Write(process);
  Collect();
  process.starttime = 2000;
  process.utime = 400;
  Write(process);

  EXPECT_EQ(Collect().groups[0].counters[kCpuUserNs], 9'000'000'000u);
}

TEST_F(ProcessesCollectorTest, ProcessThatExecutesAnotherProgramChangesGroup) {
  FakeProcess process;
  process.pid = 12;
  process.comm = "bash";
  process.utime = 10;
  Write(process);
  Collect();
  process.comm = "nginx";
  process.utime = 15;
  Write(process);

  const ProcessesSnapshot& snapshot = Collect();

  ASSERT_THAT(NamesOf(snapshot), ElementsAre("bash", "nginx"));
  EXPECT_EQ(snapshot.groups[0].processes, 0u);
  EXPECT_EQ(snapshot.groups[0].counters[kCpuUserNs], 100'000'000u);
  EXPECT_EQ(snapshot.groups[1].processes, 1u);
  EXPECT_EQ(snapshot.groups[1].counters[kCpuUserNs], 50'000'000u);
}

TEST_F(ProcessesCollectorTest, CgroupOfAProcessIsReadAgainAfterAWhile) {
  SetGroupBy("cgroup");
  Write(Named(12));
  Collect();
  proc_.Write("12/cgroup", "0::/web\n");
  EXPECT_THAT(NamesOf(Collect()), ElementsAre("/"));
  clock_.Advance(options_.traits_lifetime);

  const ProcessesSnapshot& snapshot = Collect();

  ASSERT_THAT(NamesOf(snapshot), ElementsAre("/", "/web"));
  EXPECT_EQ(snapshot.groups[1].processes, 1u);
}

TEST_F(ProcessesCollectorTest, ProcessThatHasEndedStaysInItsGroup) {
  SetGroupBy("exe");
  FakeProcess process;
  process.pid = 12;
  Write(process);
  proc_.MakeLink("12/exe", "/usr/sbin/nginx");
  Collect();
  proc_.Remove("12/exe");
  process.state = 'Z';
  process.rss_pages = 0;
  Write(process);
  clock_.Advance(options_.traits_lifetime * 2);

  const ProcessesSnapshot& snapshot = Collect();

  ASSERT_THAT(NamesOf(snapshot), ElementsAre("nginx"));
  EXPECT_EQ(snapshot.groups[0].states[kZombie], 1u);
}

TEST_F(ProcessesCollectorTest, ThreadsOfTheKernelAreLeftOutUnlessAskedFor) {
  FakeProcess thread = Named(2, "kthreadd");
  thread.flags = 0x208040;
  Write(thread);
  Write(Named(12));

  EXPECT_THAT(PidsOf(Collect()), ElementsAre(12));

  collector_ = nullptr;
  options_.kernel_threads = true;
  EXPECT_THAT(PidsOf(Collect()), ElementsAre(2, 12));
}

TEST_F(ProcessesCollectorTest, ProcessThatIsInNoGroupIsNowhere) {
  SetGroupBy("task");
  Write(Named(12));
  Write(Named(13));
  proc_.Write("13/cgroup", "0::/web\n");

  const ProcessesSnapshot& snapshot = Collect();

  EXPECT_THAT(NamesOf(snapshot), ElementsAre("web"));
  EXPECT_THAT(PidsOf(snapshot), ElementsAre(13));
}

TEST_F(ProcessesCollectorTest, FilterGoesByTheNameOfTheGroup) {
  ASSERT_THAT(options_.filter.SetExclude("bash"), IsOk());
  FakeProcess process;
  process.pid = 12;
  process.comm = "bash";
  process.utime = 100;
  Write(process);
  Write(Named(13, "nginx"));

  EXPECT_THAT(PidsOf(Collect()), ElementsAre(13));

  // What it used before is not the new group's.
  process.comm = "worker";
  process.utime = 103;
  Write(process);
  const ProcessesSnapshot& snapshot = Collect();
  ASSERT_THAT(NamesOf(snapshot), ElementsAre("nginx", "worker"));
  EXPECT_EQ(snapshot.groups[1].counters[kCpuUserNs], 30'000'000u);
}

TEST_F(ProcessesCollectorTest, TopGoesByTheLastInterval) {
  options_.top = 1;
  FakeProcess veteran;
  veteran.pid = 12;
  veteran.utime = 9000;
  FakeProcess busy;
  busy.pid = 13;
  FakeProcess large;
  large.pid = 14;
  large.rss_pages = 5000;
  Write(veteran);
  Write(busy);
  Write(large);
  EXPECT_THAT(PidsOf(Collect()), ElementsAre(12, 14));
  busy.utime = 100;
  Write(busy);

  const ProcessesSnapshot& snapshot = Collect();

  EXPECT_THAT(PidsOf(snapshot), ElementsAre(13, 14));
  EXPECT_EQ(snapshot.omitted.top, 1u);
  EXPECT_EQ(snapshot.groups[0].processes, 3u);
}

TEST_F(ProcessesCollectorTest, WhatIsBeyondTheMaximaIsCounted) {
  options_.max_processes = 2;
  options_.max_groups = 1;
  Write(Named(12, "a"));
  Write(Named(13, "b"));
  Write(Named(14, "c"));

  const ProcessesSnapshot& snapshot = Collect();

  EXPECT_EQ(snapshot.processes.size(), 2u);
  EXPECT_EQ(snapshot.groups.size(), 1u);
  EXPECT_EQ(snapshot.omitted.process_series, 1u);
  EXPECT_EQ(snapshot.omitted.group_series, 2u);
}

TEST_F(ProcessesCollectorTest, GroupGetsAPlaceThatBecomesFree) {
  options_.max_groups = 1;
  Write(Named(12, "a"));
  Write(Named(13, "b"));
  Collect();
  const bool a_was_first = latest_->groups[0].name == "a";
  proc_.Remove(a_was_first ? "12" : "13");
  Collect();

  const ProcessesSnapshot& snapshot = Collect();

  EXPECT_THAT(NamesOf(snapshot), ElementsAre(a_was_first ? "b" : "a"));
  EXPECT_EQ(snapshot.omitted.group_series, 0u);
}

TEST_F(ProcessesCollectorTest, ProcessesHaveNoSeriesUnlessAskedFor) {
  options_.per_pid = false;
  Write(Named(12));

  const ProcessesSnapshot& snapshot = Collect();

  EXPECT_THAT(snapshot.processes, IsEmpty());
  EXPECT_EQ(snapshot.groups[0].processes, 1u);
}

TEST_F(ProcessesCollectorTest, BadFileIsToldAndTheProcessIsStillCounted) {
  FakeProcess process;
  process.pid = 12;
  process.utime = 100;
  Write(process);
  Collect();
  proc_.Write("12/stat", "12 12 12\n");

  const ProcessesSnapshot& snapshot = Collect();

  EXPECT_THAT(observer_.errors(),
              ElementsAre(HasSubstr("processes: parse 12/stat")));
  EXPECT_EQ(snapshot.groups[0].processes, 1u);
  EXPECT_EQ(snapshot.groups[0].counters[kCpuUserNs], 1'000'000'000u);
  process.utime = 101;
  Write(process);
  EXPECT_EQ(Collect().groups[0].counters[kCpuUserNs], 1'010'000'000u);
}

TEST_F(ProcessesCollectorTest, ProcessThatNobodyHasReadIsNotCounted) {
  proc_.Write("12/stat", "12 12 12\n");

  const ProcessesSnapshot& snapshot = Collect();

  EXPECT_THAT(PidsOf(snapshot), IsEmpty());
  EXPECT_THAT(NamesOf(snapshot), IsEmpty());
  EXPECT_EQ(observer_.errors().size(), 1u);
}

TEST_F(ProcessesCollectorTest, DearFilesAreReadIfAskedFor) {
  options_.io = true;
  Write(Named(12));
  proc_.Write("12/io", "read_bytes: 4096\nwrite_bytes: 0\n");

  EXPECT_EQ(Collect().groups[0].counters[kReadBytes], 4096u);
}

}  // namespace
}  // namespace reeve
