#include "collectors/processes/usage_reader.h"

#include <unistd.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/unique_fd.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/collectors/processes/fake_process.h"
#include "tests/testing/fake_tree.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

ProcessUsage UsageOf(const FakeProcess& process) {
  const auto stat = ParsePidStat(process.Stat());
  EXPECT_TRUE(stat.ok());
  return UsageOf(*stat);
}

TEST(UsageOfTest, TurnsTicksAndPagesIntoOurUnits) {
  FakeProcess process;
  process.utime = 151;
  process.stime = 42;
  process.minflt = 943;
  process.majflt = 7;
  process.threads = 3;

  const ProcessUsage usage = UsageOf(process);

  EXPECT_EQ(usage.counters[kCpuUserNs], 1'510'000'000u);
  EXPECT_EQ(usage.counters[kCpuSystemNs], 420'000'000u);
  EXPECT_EQ(usage.counters[kMinorFaults], 943u);
  EXPECT_EQ(usage.counters[kMajorFaults], 7u);
  EXPECT_EQ(usage.gauges[kThreads], 3u);
  EXPECT_EQ(usage.gauges[kVirtualBytes], 4'571'136u);
  EXPECT_EQ(usage.gauges[kResidentBytes],
            100u * static_cast<uint64_t>(sysconf(_SC_PAGESIZE)));
  EXPECT_EQ(usage.counters[kReadBytes], std::nullopt);
  EXPECT_EQ(usage.gauges[kOpenFds], std::nullopt);
}

TEST(UsageOfTest, KnowsTheStatesOfTheKernel) {
  const std::pair<char, ProcessState> states[] = {
      {'R', kRunning}, {'S', kSleeping}, {'I', kSleeping},
      {'D', kBlocked}, {'T', kStopped},  {'t', kStopped},
      {'Z', kZombie},  {'X', kZombie},   {'P', kOtherState}};
  for (const auto& [letter, state] : states) {
    SCOPED_TRACE(letter);
    FakeProcess process;
    process.state = letter;
    EXPECT_EQ(UsageOf(process).state, state);
  }
}

class UsageReaderTest : public ::testing::Test {
 protected:
  UsageReaderTest() {
    proc_.Write("12/io", "rchar: 9\nread_bytes: 4096\nwrite_bytes: 8192\n");
    proc_.Write("12/fd/0", "");
    proc_.Write("12/fd/5", "");
    proc_.Write(
        "12/limits",
        "Limit\nMax open files            1024       4096      files\n");
    proc_.Write("12/status",
                "Name:\ta\nVmSwap:\t      64 kB\nThreads:\t1\n"
                "voluntary_ctxt_switches:\t150\n"
                "nonvoluntary_ctxt_switches:\t545\n");
  }

  ProcessUsage Read(UsageReader::Wanted wanted) {
    ProcessUsage usage;
    UsageReader(wanted).AddTo(
        usage, fd_.get(), 12,
        [this](absl::string_view collector, const absl::Status& why) {
          errors_.push_back(absl::StrCat(collector, ": ", why.message()));
        });
    return usage;
  }

  FakeTree proc_;
  const UniqueFd fd_ = proc_.OpenDir("");
  std::vector<std::string> errors_;
};

TEST_F(UsageReaderTest, ReadsNothingThatIsNotWanted) {
  proc_.Remove("12");

  EXPECT_EQ(Read({}).counters[kReadBytes], std::nullopt);
}

TEST_F(UsageReaderTest, ReadsWhatIsWanted) {
  const ProcessUsage usage = Read({true, true, true});

  EXPECT_EQ(usage.counters[kReadBytes], 4096u);
  EXPECT_EQ(usage.counters[kWriteBytes], 8192u);
  EXPECT_EQ(usage.gauges[kOpenFds], 2u);
  EXPECT_EQ(usage.gauges[kMaxFds], 1024u);
  EXPECT_EQ(usage.gauges[kSwapBytes], 65'536u);
  EXPECT_EQ(usage.counters[kVoluntarySwitches], 150u);
  EXPECT_EQ(usage.counters[kInvoluntarySwitches], 545u);
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(UsageReaderTest, ProcessThatEndsMeanwhileIsNoError) {
  proc_.Remove("12");

  const ProcessUsage usage = Read({true, true, true});

  EXPECT_EQ(usage.counters[kReadBytes], std::nullopt);
  EXPECT_EQ(usage.gauges[kOpenFds], std::nullopt);
  EXPECT_EQ(usage.gauges[kSwapBytes], std::nullopt);
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(UsageReaderTest, BadFileCostsItsOwnValues) {
  proc_.Write("12/io", "nothing\n");

  const ProcessUsage usage = Read({true, true, true});

  EXPECT_EQ(usage.counters[kReadBytes], std::nullopt);
  EXPECT_EQ(usage.gauges[kOpenFds], 2u);
  EXPECT_THAT(errors_, ElementsAre(HasSubstr("processes: parse 12/io")));
}

}  // namespace
}  // namespace reeve
