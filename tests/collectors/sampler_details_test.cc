// What is measured beyond what always is, and how often.
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/collectors/sampler_fixture.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::DoubleEq;
using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Optional;

TEST_F(SamplerTest, DetailsOfFastSamplesAreReadOnceAnInterval) {
  SamplerOptions options = OptionsFor(host_);
  options.interval = absl::Milliseconds(100);
  options.detail_interval = absl::Seconds(1);
  Sampler sampler(options, clock_, store_, observer_);
  const auto use = [this](uint64_t i) {
    host_.SetTask("web", 1000 * i, 4096 * i);
    host_.tree().Write("cgroup/web/memory.stat",
                       absl::StrCat("anon ", 4096 * i,
                                    "\nfile 1\nfile_mapped 1\n"
                                    "inactive_file 1\n"));
  };
  use(0);
  ASSERT_THAT(sampler.Add(host_.Target("web")), IsOk());

  std::vector<uint64_t> kinds;
  for (uint64_t i = 1; i <= 40; ++i) {
    clock_.Advance(options.interval);
    use(i);
    sampler.RunRound({});
    const TaskSnapshot& task = *store_.Latest()->tasks.at(0);
    EXPECT_THAT(task.cgroup.cpu_usage_ns, Optional(1'000'000 * i));
    EXPECT_THAT(task.cgroup.memory_usage_bytes, Optional(4096 * i));
    kinds.push_back(*task.cgroup.memory_anon_bytes);
  }

  // What memory is used for is as it was up to nine rounds before.
  for (size_t i = 10; i < kinds.size(); ++i) {
    EXPECT_NE(kinds[i], kinds[i - 10]);
  }
  const std::set<uint64_t> different(kinds.begin(), kinds.end());
  EXPECT_LE(different.size(), 5);
}

TEST_F(SamplerTest, PeaksAreAbsentUnlessAskedFor) {
  host_.SetTask("web", 0);
  ASSERT_THAT(sampler_.Add(host_.Target("web")), IsOk());

  EXPECT_EQ(RunRoundLater()[0]->recent_peaks.memory_bytes, std::nullopt);
}

TEST_F(SamplerTest, PeaksAreTheHighestOfAMinute) {
  SamplerOptions options = OptionsFor(host_);
  options.collectors.peaks = true;
  Sampler sampler(options, clock_, store_, observer_);
  host_.SetTask("web", 0);
  ASSERT_THAT(sampler.Add(host_.Target("web")), IsOk());
  const auto run_second = [&](uint64_t cpu_us) {
    clock_.Advance(absl::Seconds(1));
    host_.SetTask("web", cpu_us);
    sampler.RunRound({});
    return store_.Latest()->tasks.at(0)->recent_peaks;
  };

  EXPECT_THAT(run_second(100'000).cpu_percent, Optional(DoubleNear(10, 1e-9)));
  EXPECT_THAT(run_second(900'000).cpu_percent, Optional(DoubleNear(80, 1e-9)));
  for (int i = 0; i < 60; ++i) {
    EXPECT_THAT(run_second(900'000).cpu_percent,
                Optional(DoubleNear(80, 1e-9)));
  }
  EXPECT_THAT(run_second(900'000).cpu_percent, Optional(DoubleEq(0)));
  // What is asked for between is of no interval of its own.
  clock_.Advance(absl::Milliseconds(1));
  host_.SetTask("web", 901'000);
  const auto between = sampler.SampleNow("web");
  ASSERT_THAT(between, IsOk());
  EXPECT_THAT(between->recent_peaks.cpu_percent, Optional(DoubleEq(0)));
  EXPECT_TRUE(between->recent_peaks.memory_bytes.has_value());
}

class OptionalCollectorsTest : public SamplerTest {
 protected:
  OptionalCollectorsTest() {
    SamplerOptions options = OptionsFor(host_);
    options.collectors.pressure = true;
    pressing_ = std::make_unique<Sampler>(options, clock_, store_, observer_);
    host_.SetTask("web", 5);
    SetPressure("total=7");
  }

  void SetPressure(const std::string& total) {
    host_.tree().Write("cgroup/web/cpu.pressure",
                       absl::StrCat("some avg10=0.00 ", total, "\n"));
  }

  std::optional<uint64_t> CpuWaiting() {
    pressing_->RunRound({});
    return store_.Latest()->tasks.at(0)->extra->cpu_pressure.waiting_ns;
  }

  std::unique_ptr<Sampler> pressing_;
};

TEST_F(OptionalCollectorsTest, ReadNothingIfTheyAreOff) {
  SetPressure("what nobody reads");
  ASSERT_THAT(sampler_.Add(host_.Target("web")), IsOk());

  const auto tasks = RunRound();

  EXPECT_EQ(tasks.at(0)->extra, nullptr);
  EXPECT_THAT(observer_.errors(), IsEmpty());
}

TEST_F(OptionalCollectorsTest, AreInEachSampleAndTheLast) {
  ASSERT_THAT(pressing_->Add(host_.Target("web")), IsOk());
  EXPECT_THAT(CpuWaiting(), Optional(7000u));
  SetPressure("total=8");
  EXPECT_THAT(CpuWaiting(), Optional(8000u));
  SetPressure("total=9");
  EXPECT_THAT(pressing_->SampleNow("web")->extra->cpu_pressure.waiting_ns,
              Optional(9000u));
  SetPressure("total=10");
  EXPECT_THAT(pressing_->TakeFinal("web")->extra->cpu_pressure.waiting_ns,
              Optional(10'000u));
  EXPECT_THAT(CpuWaiting(), Optional(10'000u));
}

TEST_F(OptionalCollectorsTest, CountersStayMonotoneOverAReset) {
  ASSERT_THAT(pressing_->Add(host_.Target("web")), IsOk());
  SetPressure("total=2");
  EXPECT_THAT(CpuWaiting(), Optional(7000u));
  SetPressure("total=5");
  EXPECT_THAT(CpuWaiting(), Optional(10'000u));
}

TEST_F(OptionalCollectorsTest, BadFileIsToldAndCostsNothingElse) {
  SetPressure("total=much");
  ASSERT_THAT(pressing_->Add(host_.Target("web")), IsOk());

  EXPECT_EQ(CpuWaiting(), std::nullopt);
  EXPECT_THAT(store_.Latest()->tasks.at(0)->cgroup.cpu_usage_ns,
              Optional(5000u));
  EXPECT_THAT(observer_.errors(),
              ElementsAre(HasSubstr("pressure: parse cpu.pressure"),
                          HasSubstr("pressure: parse cpu.pressure")));
}

}  // namespace
}  // namespace reeve
