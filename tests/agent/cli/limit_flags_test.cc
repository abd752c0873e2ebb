#include "agent/cli/limit_flags.h"

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

absl::StatusOr<v1::Limits> Parse(const std::vector<std::string>& args,
                                 v1::Limits limits = v1::Limits()) {
  FlagSet flags("test", "Test.");
  AddLimitFlags(&flags, [&limits] { return &limits; });
  const absl::StatusOr<FlagSet::Outcome> outcome = flags.Parse(args);
  if (!outcome.ok()) return outcome.status();
  return limits;
}

TEST(LimitFlagsTest, LimitsThatAreNotGivenAreLeftAlone) {
  EXPECT_EQ(Parse({})->ByteSizeLong(), 0u);

  const v1::Limits limits = *Parse({"--pids", "64"});

  EXPECT_EQ(limits.ShortDebugString(), "pids: 64");
}

TEST(LimitFlagsTest, AmountsAreSetInTheUnitsOfTheApi) {
  const v1::Limits limits =
      *Parse({"--memory", "1.5G", "--cpu-shares", "512", "--cpus", "0.5",
              "--cpu-period", "50ms", "--pids", "64"});

  EXPECT_EQ(limits.ShortDebugString(),
            "memory_bytes: 1610612736 cpu_shares: 512 cpus: 0.5 "
            "cpu_period_usec: 50000 pids: 64");
}

TEST(LimitFlagsTest, MemoryHasMoreLimitsThanOne) {
  EXPECT_EQ(
      Parse({"--memory-high", "48K", "--memory-low", "32K", "--memory-min",
             "16K", "--memory-swap", "0", "--oom-group", "yes"})
          ->ShortDebugString(),
      "memory_high_bytes: 49152 memory_low_bytes: 32768 "
      "memory_min_bytes: 16384 memory_oom_group: true "
      "memory_swap_bytes: 0");
  EXPECT_EQ(Parse({"--memory-high", "max", "--memory-swap", "max",
                   "--oom-group", "no"})
                ->ShortDebugString(),
            "memory_high_unlimited: true memory_oom_group: false "
            "memory_swap_unlimited: true");
}

TEST(LimitFlagsTest, CpuTimeHasMoreLimitsThanOne) {
  EXPECT_EQ(
      Parse({"--cpu-burst", "20ms", "--cpu-idle", "yes"})->ShortDebugString(),
      "cpu_burst_usec: 20000 cpu_idle: true");
}

TEST(LimitFlagsTest, CpusDevicesAndHugePagesAreLimitedToo) {
  EXPECT_EQ(Parse({"--cpuset", "0-1,3", "--cpuset-mems", "0", "--io-weight",
                   "200", "--io-max", "8:0,rbps=1K", "--io-max", "8:16,wiops=7",
                   "--hugetlb", "2MB=2M"})
                ->ShortDebugString(),
            R"(cpuset_cpus: "0-1,3" cpuset_mems: "0" io_weight: 200 )"
            R"(io_max { device: "8:0" read_bps: 1024 } )"
            R"(io_max { device: "8:16" write_iops: 7 } )"
            R"(hugetlb { page_size: "2MB" bytes: 2097152 })");
  EXPECT_EQ(Parse({"--cpuset", "", "--cpuset-mems="})->ShortDebugString(),
            R"(cpuset_cpus: "" cpuset_mems: "")");
}

TEST(LimitFlagsTest, ReservedCpusAreANumber) {
  EXPECT_EQ(Parse({"--reserve-cpus", "2"})->ShortDebugString(),
            "reserved_cpus: 2");
  EXPECT_EQ(Parse({"--reserve-cpus=0"})->ShortDebugString(),
            "reserved_cpus: 0");
  // None of these becomes another number.
  EXPECT_EQ(Parse({"--reserve-cpus", "4294967297"})->ShortDebugString(),
            "reserved_cpus: 4294967295");
}

TEST(LimitFlagsTest, MaxAndUnlimitedAreNoLimit) {
  EXPECT_EQ(Parse({"--memory", "max", "--cpus", "unlimited", "--pids", "max"})
                ->ShortDebugString(),
            "memory_unlimited: true cpus_unlimited: true pids_unlimited: true");
}

TEST(LimitFlagsTest, AFlagReplacesTheLimitThatWasThere) {
  v1::Limits bounded;
  bounded.set_memory_bytes(1);
  bounded.set_cpus(1);
  bounded.set_pids(1);
  v1::Limits unbounded;
  unbounded.set_memory_unlimited(true);
  unbounded.set_cpus_unlimited(true);
  unbounded.set_pids_unlimited(true);

  EXPECT_EQ(
      Parse({"--memory", "max", "--cpus", "max", "--pids", "max"}, bounded)
          ->ShortDebugString(),
      unbounded.ShortDebugString());
  EXPECT_EQ(Parse({"--memory", "1", "--cpus", "1", "--pids", "1"}, unbounded)
                ->ShortDebugString(),
            bounded.ShortDebugString());
}

TEST(LimitFlagsTest, RefusesWhatIsNoAmountNamingTheFlag) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"--memory", "12Q"},      {"--memory", "-1"},
      {"--memory", ""},         {"--cpu-shares", "x"},
      {"--cpu-shares", "max"},  {"--cpus", "-1"},
      {"--cpus", "nan"},        {"--cpus", "0"},
      {"--cpu-period", "100"},  {"--memory-low", "max"},
      {"--memory-swap", "-1"},  {"--oom-group", "1"},
      {"--cpu-period", "-1s"},  {"--pids", "1.5"},
      {"--pids", "-1"},         {"--cpuset", "0-"},
      {"--cpuset-mems", "x"},   {"--io-weight", "-1"},
      {"--reserve-cpus", "-1"}, {"--reserve-cpus", "all"},
      {"--reserve-cpus", ""},
  };
  for (const auto& [flag, value] : cases) {
    EXPECT_THAT(Parse({flag, value}),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         HasSubstr(flag + " " +
                                   (value.empty() ? "\"\"" : value) + ": ")));
  }
}

}  // namespace
}  // namespace reeve
