#include "collectors/sampler.h"

#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/system_clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/collectors/fake_host.h"
#include "tests/collectors/recording_observer.h"
#include "tests/collectors/sampler_fixture.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::Contains;
using ::testing::DoubleEq;
using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Optional;
using ::testing::SizeIs;

TEST_F(SamplerTest, PublishesASnapshotARound) {
  host_.SetTask("web", 0);
  host_.SetTask("db", 0);
  ASSERT_THAT(sampler_.Add(host_.Target("web")), IsOk());
  ASSERT_THAT(sampler_.Add(host_.Target("db")), IsOk());

  RunRound();
  EXPECT_THAT(Ids(RunRoundLater()), ElementsAre("db", "web"));

  const auto snapshot = store_.Latest();
  EXPECT_EQ(snapshot->generation, 2u);
  EXPECT_EQ(snapshot->taken_at, clock_.WallNow());
  EXPECT_EQ(snapshot->taken_at_monotonic, clock_.MonotonicNow());
  EXPECT_THAT(observer_.errors(), IsEmpty());
}

TEST_F(SamplerTest, DerivesPercentAndTicksFromTwoSamples) {
  host_.SetTask("web", 1'000'000);
  ASSERT_THAT(sampler_.Add(host_.Target("web")), IsOk());
  clock_.Advance(absl::Seconds(2));
  host_.SetTask("web", 2'000'000);

  const auto tasks = RunRound();

  ASSERT_THAT(tasks, SizeIs(1));
  EXPECT_THAT(tasks[0]->cpu_percent, Optional(DoubleEq(50)));
  EXPECT_THAT(tasks[0]->cpu_user_percent, Optional(DoubleEq(37.5)));
  EXPECT_THAT(tasks[0]->cpu_system_percent, Optional(DoubleEq(12.5)));
  EXPECT_THAT(tasks[0]->cpu_ticks_mhz, Optional(DoubleEq(1250)));
  EXPECT_THAT(tasks[0]->cpu_ticks_total, Optional(DoubleEq(5000)));
  EXPECT_EQ(tasks[0]->taken_at, clock_.WallNow());
}

TEST_F(SamplerTest, FirstSampleIsTakenWhenATaskIsAdded) {
  host_.SetTask("web", 7);
  ASSERT_THAT(sampler_.Add(host_.Target("web")), IsOk());

  const auto final_values = sampler_.TakeFinal("web");

  ASSERT_THAT(final_values, IsOk());
  EXPECT_THAT(final_values->cgroup.cpu_usage_ns, Optional(7000u));
  const auto tasks = RunRound();
  EXPECT_THAT(Ids(tasks), ElementsAre("web"));
  EXPECT_TRUE(tasks[0]->is_final);
}

TEST_F(SamplerTest, TaskOfFiveMillisecondsHasItsCpuTimeInTheFinalSample) {
  host_.SetTask("web", 0);
  ASSERT_THAT(sampler_.Add(host_.Target("web")), IsOk());
  clock_.Advance(absl::Milliseconds(5));
  host_.SetTask("web", 4000);

  const auto final_values = sampler_.TakeFinal("web");

  ASSERT_THAT(final_values, IsOk());
  EXPECT_TRUE(final_values->is_final);
  EXPECT_THAT(final_values->cgroup.cpu_usage_ns, Optional(4'000'000u));
  EXPECT_THAT(final_values->cpu_percent, Optional(DoubleNear(80, 1e-9)));
  ASSERT_NE(final_values->target, nullptr);
  EXPECT_EQ(final_values->target->id, "web");
}

TEST_F(SamplerTest, HistoryHasEachSampleAndTheLast) {
  host_.SetTask("web", 0);
  ASSERT_THAT(sampler_.Add(host_.Target("web")), IsOk());
  RunRoundLater();
  clock_.Advance(absl::Seconds(1));
  ASSERT_THAT(sampler_.SampleNow("web"), IsOk());
  ASSERT_THAT(sampler_.TakeFinal("web"), IsOk());

  const auto history = sampler_.HistoryAfter("web", absl::InfinitePast());

  ASSERT_THAT(history, IsOk());
  EXPECT_THAT(*history, SizeIs(3)) << "what was asked for between is not in it";
  EXPECT_EQ(history->back().unix_ms, absl::ToUnixMillis(clock_.WallNow()));
  EXPECT_EQ(history->back().memory_usage_kib, 4);
}

TEST_F(SamplerTest, HistoryGoesWithTheFinalValues) {
  host_.SetTask("web", 0);
  ASSERT_THAT(sampler_.Add(host_.Target("web")), IsOk());
  ASSERT_THAT(sampler_.TakeFinal("web"), IsOk());
  RunRound();
  EXPECT_THAT(sampler_.HistoryAfter("web", absl::InfinitePast()), IsOk());

  store_.MarkScraped(1);
  RunRoundLater();

  EXPECT_THAT(sampler_.HistoryAfter("web", absl::InfinitePast()),
              StatusIs(absl::StatusCode::kNotFound, "no task web is measured"));
}

TEST_F(SamplerTest, TaskWithoutACgroupIsNotFound) {
  host_.tree().MakeDir("cgroup");

  EXPECT_THAT(sampler_.Add(host_.Target("web")),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("no cgroup at")));
  EXPECT_THAT(RunRound(), IsEmpty());
}

TEST_F(SamplerTest, KnownIdIsRefusedUntilItsTaskHasEnded) {
  host_.SetTask("web", 5);
  ASSERT_THAT(sampler_.Add(host_.Target("web")), IsOk());

  EXPECT_THAT(
      sampler_.Add(host_.Target("web")),
      StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("task web")));
  ASSERT_THAT(sampler_.TakeFinal("web"), IsOk());
  EXPECT_THAT(sampler_.Add(host_.Target("web")), IsOk());

  const auto tasks = RunRound();
  EXPECT_THAT(Ids(tasks), ElementsAre("web"));
  EXPECT_FALSE(tasks[0]->is_final);
}

TEST_F(SamplerTest, LastValuesThatNobodyScrapesAreBounded) {
  SamplerOptions options = OptionsFor(host_);
  options.max_final = 2;
  SnapshotStore store;
  Sampler sampler(options, clock_, store, observer_);
  const auto ids_of_next_round = [&] {
    clock_.Advance(absl::Seconds(1));
    sampler.RunRound({});
    return Ids(store.Latest()->tasks);
  };
  const auto run = [&](const std::string& id) {
    host_.SetTask(id, 5);
    EXPECT_THAT(sampler.Add(host_.Target(id)), IsOk());
    EXPECT_THAT(sampler.TakeFinal(id), IsOk());
  };
  run("z");
  EXPECT_THAT(ids_of_next_round(), ElementsAre("z"));
  for (const char* id : {"a", "b", "c"}) run(id);

  EXPECT_THAT(ids_of_next_round(), ElementsAre("a", "b", "c", "z"))
      << "each is shown once";
  run("d");
  EXPECT_THAT(ids_of_next_round(),
              ::testing::AllOf(SizeIs(3), Contains("d"), Not(Contains("z"))))
      << "those that ended first go first";
}

TEST_F(SamplerTest, ProcessesThatACgroupDoesNotListAreFoundBelowTheirRoots) {
  host_.SetTask("web", 0);
  ASSERT_THAT(sampler_.Add(host_.Target("web")), IsOk());
  host_.SetProcess(7, 100, 5, 5);
  host_.tree().Write("proc/7/task/7/children", "");
  EXPECT_THAT(*sampler_.SampleNow("web")->processes, IsEmpty());

  sampler_.SetProcesses("web", {7, 100}, {});
  sampler_.SetProcesses("never heard of", {7, 100}, {});

  EXPECT_THAT(*sampler_.SampleNow("web")->processes, SizeIs(1));
  EXPECT_THAT(observer_.errors(), IsEmpty());
}

TEST_F(SamplerTest, DroppedTaskIsAsIfItHadNeverBeen) {
  host_.SetTask("web", 5);
  ASSERT_THAT(sampler_.Add(host_.Target("web")), IsOk());

  sampler_.Drop("web");
  sampler_.Drop("never heard of");

  EXPECT_THAT(RunRound(), IsEmpty());
  EXPECT_THAT(sampler_.SampleNow("web"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("web")));
  EXPECT_THAT(sampler_.TakeFinal("web"), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(SamplerTest, FinalValuesStayUntilASnapshotWithThemWasScraped) {
  host_.SetTask("web", 5);
  ASSERT_THAT(sampler_.Add(host_.Target("web")), IsOk());
  RunRound();
  ASSERT_THAT(sampler_.TakeFinal("web"), IsOk());
  // A scrape of the last snapshot without them does not count.
  store_.MarkScraped(store_.Latest()->generation);

  EXPECT_THAT(RunRoundLater(), SizeIs(1));
  EXPECT_THAT(RunRoundLater(), SizeIs(1));
  store_.MarkScraped(store_.Latest()->generation);
  EXPECT_THAT(RunRoundLater(), IsEmpty());
  EXPECT_THAT(sampler_.SampleNow("web"), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(SamplerTest, FinalValuesGoAfterAMinuteIfNobodyScrapes) {
  host_.SetTask("web", 5);
  ASSERT_THAT(sampler_.Add(host_.Target("web")), IsOk());
  ASSERT_THAT(sampler_.TakeFinal("web"), IsOk());
  RunRound();

  clock_.Advance(absl::Seconds(59));
  EXPECT_THAT(RunRound(), SizeIs(1));
  EXPECT_THAT(RunRoundLater(), IsEmpty());
}

TEST_F(SamplerTest, FinalValuesDoNotChangeAnyMore) {
  host_.SetTask("web", 5);
  ASSERT_THAT(sampler_.Add(host_.Target("web")), IsOk());
  ASSERT_THAT(sampler_.TakeFinal("web"), IsOk());
  host_.SetTask("web", 9);

  EXPECT_THAT(RunRoundLater()[0]->cgroup.cpu_usage_ns, Optional(5000u));
  EXPECT_THAT(sampler_.SampleNow("web")->cgroup.cpu_usage_ns, Optional(5000u));
  EXPECT_THAT(sampler_.TakeFinal("web")->cgroup.cpu_usage_ns, Optional(5000u));
}

TEST_F(SamplerTest, RemovedCgroupEndsItsTaskQuietlyWithTheLastValues) {
  host_.SetTask("web", 5);
  host_.SetTask("db", 5);
  host_.PrepareRemoval("web");
  ASSERT_THAT(sampler_.Add(host_.Target("web")), IsOk());
  ASSERT_THAT(sampler_.Add(host_.Target("db")), IsOk());
  host_.SetTask("web", 9);

  host_.RemoveTask();
  const auto tasks = RunRoundLater();

  ASSERT_THAT(Ids(tasks), ElementsAre("db", "web"));
  EXPECT_FALSE(tasks[0]->is_final);
  EXPECT_TRUE(tasks[1]->is_final);
  EXPECT_THAT(tasks[1]->cgroup.cpu_usage_ns, Optional(5000u));
  EXPECT_THAT(observer_.errors(), IsEmpty());
  EXPECT_THAT(sampler_.TakeFinal("web"), IsOk());
}

TEST_F(SamplerTest, LastValuesAreTheFinalOnesIfTheCgroupIsGoneFirst) {
  host_.SetTask("web", 5);
  host_.PrepareRemoval("web");
  ASSERT_THAT(sampler_.Add(host_.Target("web")), IsOk());
  host_.RemoveTask();

  const auto final_values = sampler_.TakeFinal("web");

  ASSERT_THAT(final_values, IsOk());
  EXPECT_TRUE(final_values->is_final);
  EXPECT_THAT(final_values->cgroup.cpu_usage_ns, Optional(5000u));
}

TEST_F(SamplerTest, BadFileOfOneTaskIsToldAndDisturbsNobody) {
  host_.SetTask("web", 5);
  host_.SetTask("db", 5);
  ASSERT_THAT(sampler_.Add(host_.Target("web")), IsOk());
  ASSERT_THAT(sampler_.Add(host_.Target("db")), IsOk());
  host_.SetTask("db", 6);
  host_.tree().Write("cgroup/web/cpu.stat", "usage_usec much\n");

  const auto tasks = RunRoundLater();

  ASSERT_THAT(tasks, SizeIs(2));
  EXPECT_THAT(tasks[0]->cgroup.cpu_usage_ns, Optional(6000u));
  EXPECT_EQ(tasks[1]->cgroup.cpu_usage_ns, std::nullopt);
  EXPECT_EQ(tasks[1]->cpu_percent, std::nullopt);
  EXPECT_THAT(tasks[1]->cgroup.memory_usage_bytes, Optional(4096u));
  EXPECT_THAT(observer_.errors(),
              ElementsAre(HasSubstr("cpu: parse cpu.stat: usage_usec")));
}

TEST_F(SamplerTest, CountersStayMonotoneOverAResetAndThePercentageIsAbsent) {
  host_.SetTask("web", 8000);
  ASSERT_THAT(sampler_.Add(host_.Target("web")), IsOk());
  host_.SetTask("web", 2000);

  const auto at_reset = RunRoundLater();
  host_.SetTask("web", 12'000);
  const auto after = RunRoundLater();

  EXPECT_EQ(at_reset[0]->cpu_percent, std::nullopt);
  EXPECT_EQ(at_reset[0]->cpu_ticks_mhz, std::nullopt);
  EXPECT_THAT(at_reset[0]->cgroup.cpu_usage_ns, Optional(8'000'000u));
  EXPECT_THAT(after[0]->cpu_percent, Optional(DoubleNear(1, 1e-9)));
  EXPECT_THAT(after[0]->cgroup.cpu_usage_ns, Optional(18'000'000u));
  EXPECT_THAT(after[0]->cpu_ticks_total, Optional(DoubleEq(45)));
}

TEST_F(SamplerTest, SteppedWallClockDoesNotChangePercentages) {
  host_.SetTask("web", 0);
  ASSERT_THAT(sampler_.Add(host_.Target("web")), IsOk());
  host_.SetTask("web", 500'000);
  clock_.StepWallClock(-absl::Hours(1));

  EXPECT_THAT(RunRoundLater()[0]->cpu_percent, Optional(DoubleEq(50)));
}

TEST_F(SamplerTest, LimitsAreReplacedInTheNextSnapshot) {
  host_.SetTask("web", 0);
  TaskTarget target = host_.Target("web");
  target.limits.memory_bytes = 1 << 20;
  ASSERT_THAT(sampler_.Add(std::move(target)), IsOk());
  const auto before = RunRound();

  LimitValues limits;
  limits.cpu_cores = 0.5;
  sampler_.SetLimits("web", limits);
  sampler_.SetLimits("never heard of", limits);
  const auto after = RunRoundLater();

  EXPECT_THAT(before[0]->target->limits.memory_bytes, Optional(1u << 20));
  EXPECT_EQ(after[0]->target->limits.memory_bytes, std::nullopt);
  EXPECT_THAT(after[0]->target->limits.cpu_cores, Optional(DoubleEq(0.5)));
  EXPECT_EQ(after[0]->target->id, "web");
}

TEST_F(SamplerTest, ProcessesAreLookedAtInTheFirstRoundAndThenRarely) {
  host_.SetTask("web", 0);
  host_.SetProcess(7, 100, 0, 0);
  host_.SetProcesses("web", {7});
  ASSERT_THAT(sampler_.Add(host_.Target("web")), IsOk());
  const auto first = RunRound();
  host_.SetProcess(8, 100, 0, 0);
  host_.SetProcesses("web", {7, 8});

  // After five seconds both are known, whenever the second look was.
  int looks = 0;
  auto last = first[0]->processes;
  for (int second = 0; second < 10; ++second) {
    const auto now = RunRoundLater()[0]->processes;
    if (now != last) ++looks;
    last = now;
  }

  ASSERT_NE(first[0]->processes, nullptr);
  EXPECT_THAT(*first[0]->processes, SizeIs(1));
  EXPECT_THAT(*last, SizeIs(2));
  EXPECT_GE(looks, 2);
  EXPECT_LE(looks, 3);
}

TEST_F(SamplerTest, EndedTaskShowsNoProcesses) {
  host_.SetTask("web", 0);
  host_.SetProcess(7, 100, 0, 0);
  host_.SetProcesses("web", {7});
  ASSERT_THAT(sampler_.Add(host_.Target("web")), IsOk());
  RunRound();

  const auto final_values = sampler_.TakeFinal("web");

  ASSERT_THAT(final_values, IsOk());
  ASSERT_NE(final_values->processes, nullptr);
  EXPECT_THAT(*final_values->processes, IsEmpty());
}

TEST_F(SamplerTest, SampleNowReadsCgroupAndProcessesOutsideTheRounds) {
  host_.SetTask("web", 0);
  ASSERT_THAT(sampler_.Add(host_.Target("web")), IsOk());
  RunRound();
  host_.SetTask("web", 250'000, 777);
  host_.SetProcess(7, 100, 0, 0);
  host_.SetProcesses("web", {7});
  clock_.Advance(absl::Milliseconds(500));

  const auto now = sampler_.SampleNow("web");
  clock_.Advance(absl::Milliseconds(500));
  const auto next = RunRound();

  ASSERT_THAT(now, IsOk());
  EXPECT_THAT(now->cgroup.memory_usage_bytes, Optional(777u));
  EXPECT_THAT(now->cpu_percent, Optional(DoubleEq(50)));
  ASSERT_NE(now->processes, nullptr);
  EXPECT_THAT(*now->processes, SizeIs(1));
  ASSERT_NE(now->target, nullptr);
  EXPECT_EQ(now->target->id, "web");
  // As if nobody had asked in between.
  EXPECT_THAT(next[0]->cpu_percent, Optional(DoubleEq(25)));
}

TEST_F(SamplerTest, RoundTellsWhatItCost) {
  host_.SetTask("web", 0);
  host_.SetTask("db", 0);
  ASSERT_THAT(sampler_.Add(host_.Target("web")), IsOk());
  ASSERT_THAT(sampler_.Add(host_.Target("db")), IsOk());
  ASSERT_THAT(sampler_.TakeFinal("db"), IsOk());

  sampler_.RunRound({absl::Milliseconds(3), 2});

  const std::vector<RecordingObserver::Round> rounds = observer_.rounds();
  ASSERT_THAT(rounds, SizeIs(1));
  EXPECT_EQ(rounds[0].tasks, 1u);
  EXPECT_EQ(rounds[0].missed, 2u);
}

TEST(SamplerConstructorTest, HostWithoutProcfsIsStillMeasured) {
  FakeHost host;
  host.SetTask("web", 5);
  FakeClock clock;
  SnapshotStore store;
  RecordingObserver observer;
  SamplerOptions options;
  options.procfs = "/nowhere";
  options.sysfs = "/nowhere";

  Sampler sampler(options, clock, store, observer);
  ASSERT_THAT(sampler.Add(host.Target("web")), IsOk());
  sampler.RunRound({});

  EXPECT_THAT(observer.errors(), SizeIs(2));
  ASSERT_THAT(store.Latest()->tasks, SizeIs(1));
  const TaskSnapshot& task = *store.Latest()->tasks[0];
  EXPECT_THAT(task.cgroup.cpu_usage_ns, Optional(5000u));
  EXPECT_EQ(task.cpu_ticks_total, std::nullopt);
  ASSERT_NE(task.processes, nullptr);
  EXPECT_THAT(*task.processes, IsEmpty());
}

TEST(SamplerThreadTest, RoundsFollowEachOtherUntilItIsStopped) {
  FakeHost host;
  const SystemClock clock;
  SnapshotStore store;
  RecordingObserver observer;
  SamplerOptions options = OptionsFor(host);
  options.interval = absl::Milliseconds(5);
  Sampler sampler(options, clock, store, observer);

  sampler.Start();
  while (store.Latest() == nullptr || store.Latest()->generation < 3) {
    absl::SleepFor(absl::Milliseconds(1));
  }
  sampler.Stop();
  const uint64_t generation = store.Latest()->generation;
  absl::SleepFor(absl::Milliseconds(20));

  EXPECT_EQ(store.Latest()->generation, generation);
  EXPECT_EQ(observer.rounds().size(), generation);
}

TEST(SamplerThreadTest, TasksComeAndGoWhileRoundsRun) {
  FakeHost host;
  const SystemClock clock;
  SnapshotStore store;
  RecordingObserver observer;
  SamplerOptions options = OptionsFor(host);
  options.interval = absl::Milliseconds(1);
  for (int i = 0; i < 8; ++i) host.SetTask(absl::StrCat("t", i), 5);
  Sampler sampler(options, clock, store, observer);
  sampler.Start();

  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&sampler, &host, &store, i] {
      for (int n = 0; n < 50; ++n) {
        const std::string id = absl::StrCat("t", i * 2 + n % 2);
        EXPECT_THAT(sampler.Add(host.Target(id)), IsOk());
        EXPECT_THAT(sampler.SampleNow(id), IsOk());
        sampler.SetLimits(id, LimitValues());
        EXPECT_THAT(sampler.HistoryAfter(id, absl::InfinitePast()), IsOk());
        EXPECT_THAT(sampler.TakeFinal(id), IsOk());
        const auto snapshot = store.Latest();
        if (snapshot != nullptr) store.MarkScraped(snapshot->generation);
        if (n % 3 == 0) sampler.Drop(id);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  sampler.Stop();

  EXPECT_THAT(observer.errors(), IsEmpty());
}

}  // namespace
}  // namespace reeve
