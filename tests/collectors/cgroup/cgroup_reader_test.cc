#include "collectors/cgroup/cgroup_reader.h"

#include <cstdlib>
#include <functional>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace {

// How often memory was taken from the heap by this process.
size_t allocations = 0;

}  // namespace

void* operator new(size_t size) {
  ++allocations;
  void* const place = std::malloc(size);
  if (place == nullptr) std::abort();
  return place;
}
void operator delete(void* place) noexcept { std::free(place); }
void operator delete(void* place, size_t) noexcept { std::free(place); }

namespace reeve {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::UnorderedElementsAre;

constexpr char kMemoryStatV1[] =
    "hierarchical_memory_limit 10000\nhierarchical_memsw_limit 20000\ncache "
    "1\nrss 2\ntotal_cache 3000\ntotal_rss 2000\n"
    "total_mapped_file 1500\ntotal_swap 700\ntotal_inactive_file 400\n";

class CgroupReaderTest : public ::testing::Test {
 protected:
  static constexpr char kWeb[] = "/web";

  void WriteV1() {
    tree_.Write("cpuacct/web/cpuacct.usage", "9000000001\n");
    tree_.Write("cpuacct/web/cpuacct.usage_user", "6000000000\n");
    tree_.Write("cpuacct/web/cpuacct.usage_sys", "3000000000\n");
    tree_.Write("cpuacct/web/cpuacct.stat", "user 1\nsystem 2\n");
    tree_.Write("cpu/web/cpu.stat",
                "nr_periods 10\nnr_throttled 4\nthrottled_time 123456789\n"
                "nr_bursts 3\nburst_time 5000000\n");
    tree_.Write("memory/web/memory.usage_in_bytes", "5000\n");
    tree_.Write("memory/web/memory.max_usage_in_bytes", "8000\n");
    tree_.Write("memory/web/memory.kmem.usage_in_bytes", "300\n");
    tree_.Write("memory/web/memory.kmem.max_usage_in_bytes", "600\n");
    tree_.Write("memory/web/memory.stat", kMemoryStatV1);
    tree_.Write("memory/web/memory.oom_control",
                "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n");
    tree_.Write("memory/web/memory.failcnt", "9\n");
    tree_.Write("memory/web/memory.memsw.failcnt", "0\n");
    tree_.Write("pids/web/pids.current", "12\n");
    tree_.Write("pids/web/pids.events", "max 5\n");
  }

  void WriteV2() {
    tree_.Write("v2/web/cpu.stat",
                "usage_usec 9000000\nuser_usec 6000000\nsystem_usec 3000000\n"
                "nr_periods 10\nnr_throttled 4\nthrottled_usec 123456\n"
                "nr_bursts 3\nburst_usec 5000\n");
    tree_.Write("v2/web/memory.current", "5000\n");
    tree_.Write("v2/web/memory.peak", "8000\n");
    tree_.Write("v2/web/memory.swap.current", "700\n");
    tree_.Write("v2/web/memory.stat",
                "anon 2000\nfile 3000\nkernel 300\nfile_mapped 1500\n"
                "inactive_file 400\n");
    tree_.Write("v2/web/memory.events",
                "low 7\nhigh 8\nmax 9\noom 3\noom_kill 2\n");
    tree_.Write("v2/web/pids.current", "12\n");
    tree_.Write("v2/web/pids.events", "max 5\n");
  }

  CgroupHierarchy V1(const std::string& controller) const {
    return {CgroupVersion::kV1, tree_.Path(controller), {controller}};
  }

  CgroupHierarchy V2(std::vector<std::string> controllers) const {
    return {CgroupVersion::kV2, tree_.Path("v2"), std::move(controllers)};
  }

  CgroupDirs LocateV1() const {
    return LocateCgroup(
        CgroupMounts({V1("cpu"), V1("cpuacct"), V1("memory"), V1("pids")}),
        kWeb);
  }

  CgroupDirs LocateHybrid() const {
    return LocateCgroup(CgroupMounts({V1("cpu"), V1("cpuacct"), V1("memory"),
                                      V1("pids"), V2({})}),
                        kWeb);
  }

  CgroupDirs LocateV2() const {
    return LocateCgroup(CgroupMounts({V2({"cpu", "memory", "pids"})}), kWeb);
  }

  // Opens and reads once; errors end up in errors_.
  CgroupSample ReadOnce(const CgroupDirs& dirs) {
    CgroupSample sample;
    absl::StatusOr<CgroupReader> reader = CgroupReader::Open(dirs, clock_);
    EXPECT_THAT(reader, IsOk());
    if (!reader.ok()) return sample;
    EXPECT_THAT(Read(*reader, sample), IsOk());
    return sample;
  }

  absl::Status Read(CgroupReader& reader, CgroupSample& sample) {
    return reader.Read(buffer_, record_, sample);
  }
  absl::Status ReadChanges(CgroupReader& reader, CgroupSample& sample) {
    return reader.ReadChanges(buffer_, record_, sample);
  }

  FakeTree tree_;
  FakeClock clock_;
  ReadBuffer buffer_;
  std::vector<std::string> errors_;
  const std::function<void(absl::string_view, const absl::Status&)> record_ =
      [this](absl::string_view collector, const absl::Status& status) {
        errors_.push_back(absl::StrCat(collector, ": ", status.message()));
      };
};

// What WriteV1() and WriteV2() both tell, whatever the files and their units.
void ExpectTheCommonValues(const CgroupSample& sample) {
  EXPECT_NE(sample.inode, 0u);
  EXPECT_THAT(sample.cpu_user_ns, Optional(6'000'000'000u));
  EXPECT_THAT(sample.cpu_system_ns, Optional(3'000'000'000u));
  EXPECT_THAT(sample.cpu_periods, Optional(10u));
  EXPECT_THAT(sample.cpu_throttled_periods, Optional(4u));
  EXPECT_THAT(sample.cpu_burst_periods, Optional(3u));
  EXPECT_THAT(sample.cpu_burst_ns, Optional(5'000'000u));
  EXPECT_THAT(sample.memory_usage_bytes, Optional(5000u));
  EXPECT_THAT(sample.memory_working_set_bytes, Optional(4600u));
  EXPECT_THAT(sample.memory_anon_bytes, Optional(2000u));
  EXPECT_THAT(sample.memory_file_bytes, Optional(3000u));
  EXPECT_THAT(sample.memory_mapped_file_bytes, Optional(1500u));
  EXPECT_THAT(sample.memory_swap_bytes, Optional(700u));
  EXPECT_THAT(sample.memory_peak_bytes, Optional(8000u));
  EXPECT_THAT(sample.memory_kernel_bytes, Optional(300u));
  EXPECT_THAT(sample.memory_max_events, Optional(9u));
  EXPECT_THAT(sample.oom_kills, Optional(2u));
  EXPECT_THAT(sample.threads, Optional(12u));
  EXPECT_THAT(sample.fork_failures, Optional(5u));
}

TEST_F(CgroupReaderTest, ReadsEverythingOnV1) {
  WriteV1();

  const CgroupSample sample = ReadOnce(LocateV1());

  EXPECT_THAT(errors_, IsEmpty());
  EXPECT_EQ(sample.taken_at, clock_.MonotonicNow());
  ExpectTheCommonValues(sample);
  EXPECT_THAT(sample.cpu_usage_ns, Optional(9'000'000'001u));
  EXPECT_THAT(sample.cpu_throttled_ns, Optional(123'456'789u));
  EXPECT_THAT(sample.memory_kernel_peak_bytes, Optional(600u));
  EXPECT_EQ(sample.memory_low_events, std::nullopt);
  EXPECT_EQ(sample.memory_high_events, std::nullopt);
  EXPECT_EQ(sample.memory_oom_events, std::nullopt);
}

TEST_F(CgroupReaderTest, ReadsTheSameValuesOnV2) {
  WriteV2();

  const CgroupSample sample = ReadOnce(LocateV2());

  EXPECT_THAT(errors_, IsEmpty());
  ExpectTheCommonValues(sample);
  EXPECT_THAT(sample.cpu_usage_ns, Optional(9'000'000'000u));
  EXPECT_THAT(sample.cpu_throttled_ns, Optional(123'456'000u));
  EXPECT_EQ(sample.memory_kernel_peak_bytes, std::nullopt);
  EXPECT_THAT(sample.memory_low_events, Optional(7u));
  EXPECT_THAT(sample.memory_high_events, Optional(8u));
  EXPECT_THAT(sample.memory_oom_events, Optional(3u));
}

// Of the kernels that count there only old ones have no such file, too.
TEST_F(CgroupReaderTest, LimitHitsThatV1DoesNotCountAreAbsent) {
  WriteV1();
  tree_.Remove("memory/web/memory.memsw.failcnt");
  tree_.Write("memory/web/memory.stat",
              absl::StrReplaceAll(kMemoryStatV1, {{"20000", "10000"}}));

  const CgroupSample sample = ReadOnce(LocateV1());

  EXPECT_THAT(errors_, IsEmpty());
  EXPECT_EQ(sample.memory_max_events, std::nullopt);
  EXPECT_THAT(sample.oom_kills, Optional(2u));
}

TEST_F(CgroupReaderTest, HybridTakesCpuTimeFromTheTwinAndThrottlingFromV1) {
  WriteV1();
  tree_.Write("v2/web/cpu.stat",
              "usage_usec 77\nuser_usec 44\nsystem_usec 33\nnice_usec 0\n");

  const CgroupSample sample = ReadOnce(LocateHybrid());

  EXPECT_THAT(errors_, IsEmpty());
  EXPECT_THAT(sample.cpu_usage_ns, Optional(77'000u));
  EXPECT_THAT(sample.cpu_user_ns, Optional(44'000u));
  EXPECT_THAT(sample.cpu_system_ns, Optional(33'000u));
  EXPECT_THAT(sample.cpu_throttled_ns, Optional(123'456'789u));
  EXPECT_THAT(sample.memory_usage_bytes, Optional(5000u));
}

TEST_F(CgroupReaderTest, HybridWithoutATwinTakesCpuTimeFromV1) {
  WriteV1();
  tree_.MakeDir("v2");

  const CgroupSample sample = ReadOnce(LocateHybrid());

  EXPECT_THAT(errors_, IsEmpty());
  EXPECT_THAT(sample.cpu_usage_ns, Optional(9'000'000'001u));
  EXPECT_THAT(sample.cpu_user_ns, Optional(6'000'000'000u));
}

TEST_F(CgroupReaderTest, OldV1KernelsCountUserAndSystemInTicks) {
  WriteV1();
  tree_.Remove("cpuacct/web/cpuacct.usage_user");
  tree_.Remove("cpuacct/web/cpuacct.usage_sys");

  const CgroupSample sample = ReadOnce(LocateV1());

  EXPECT_THAT(errors_, IsEmpty());
  EXPECT_THAT(sample.cpu_usage_ns, Optional(9'000'000'001u));
  EXPECT_THAT(sample.cpu_user_ns, Optional(10'000'000u));
  EXPECT_THAT(sample.cpu_system_ns, Optional(20'000'000u));
}

TEST_F(CgroupReaderTest, WhatTheKernelDoesNotTellIsAbsent) {
  tree_.Write("v2/web/cpu.stat", "usage_usec 5\nuser_usec 3\nsystem_usec 2\n");
  tree_.Write("v2/web/memory.current", "5000\n");

  const CgroupSample sample = ReadOnce(LocateV2());

  EXPECT_THAT(errors_, IsEmpty());
  EXPECT_THAT(sample.cpu_usage_ns, Optional(5000u));
  EXPECT_EQ(sample.cpu_periods, std::nullopt);
  EXPECT_THAT(sample.memory_usage_bytes, Optional(5000u));
  EXPECT_EQ(sample.memory_working_set_bytes, std::nullopt);
  EXPECT_EQ(sample.memory_peak_bytes, std::nullopt);
  EXPECT_EQ(sample.memory_swap_bytes, std::nullopt);
  EXPECT_EQ(sample.oom_kills, std::nullopt);
  EXPECT_EQ(sample.threads, std::nullopt);
}

TEST_F(CgroupReaderTest, BadFileCostsItsOwnValuesOnly) {
  WriteV2();
  tree_.Write("v2/web/memory.stat", "anon lots\n");
  tree_.Write("v2/web/pids.current", "");

  const CgroupSample sample = ReadOnce(LocateV2());

  EXPECT_THAT(errors_,
              UnorderedElementsAre(
                  HasSubstr("memory: parse memory.stat: anon"),
                  HasSubstr("pids: parse pids.current: not a number")));
  EXPECT_EQ(sample.memory_anon_bytes, std::nullopt);
  EXPECT_EQ(sample.threads, std::nullopt);
  EXPECT_THAT(sample.memory_usage_bytes, Optional(5000u));
  EXPECT_THAT(sample.cpu_usage_ns, Optional(9'000'000'000u));
  EXPECT_THAT(sample.fork_failures, Optional(5u));
}

TEST_F(CgroupReaderTest, WorkingSetIsNeverBelowZero) {
  WriteV2();
  tree_.Write("v2/web/memory.current", "399\n");

  EXPECT_THAT(ReadOnce(LocateV2()).memory_working_set_bytes, Optional(0u));
}

TEST_F(CgroupReaderTest, MissingCgroupIsNotFound) {
  tree_.MakeDir("v2");

  EXPECT_THAT(
      CgroupReader::Open(LocateV2(), clock_),
      StatusIs(absl::StatusCode::kNotFound, HasSubstr(tree_.Path("v2/web"))));
}

TEST_F(CgroupReaderTest, HostWithoutCgroupsIsNotFound) {
  EXPECT_THAT(CgroupReader::Open(CgroupDirs(), clock_),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("no hierarchy")));
}

TEST_F(CgroupReaderTest, SeesNewValuesAtEachRead) {
  WriteV2();
  absl::StatusOr<CgroupReader> reader = CgroupReader::Open(LocateV2(), clock_);
  ASSERT_THAT(reader, IsOk());
  CgroupSample first;
  CgroupSample second;
  ASSERT_THAT(Read(*reader, first), IsOk());

  tree_.Write("v2/web/pids.current", "13\n");
  clock_.Advance(absl::Seconds(1));
  ASSERT_THAT(Read(*reader, second), IsOk());

  EXPECT_THAT(second.threads, Optional(13u));
  EXPECT_EQ(second.inode, first.inode);
  EXPECT_EQ(second.taken_at - first.taken_at, absl::Seconds(1));
}

TEST_F(CgroupReaderTest, ChangesOfATaskThatSleepsAreItsUsage) {
  WriteV2();
  absl::StatusOr<CgroupReader> reader = CgroupReader::Open(LocateV2(), clock_);
  ASSERT_THAT(reader, IsOk());
  CgroupSample sample;
  ASSERT_THAT(Read(*reader, sample), IsOk());
  tree_.Write("v2/web/memory.current", "4000\n");
  tree_.Write("v2/web/memory.events",
              "low 8\nhigh 9\nmax 10\noom 4\noom_kill 3\n");

  for (int i = 0; i < 9; ++i) {
    ASSERT_THAT(ReadChanges(*reader, sample), IsOk());
    EXPECT_THAT(sample.memory_usage_bytes, Optional(4000u));
    EXPECT_THAT(sample.memory_low_events, Optional(7u));
    EXPECT_THAT(sample.memory_high_events, Optional(8u));
    EXPECT_THAT(sample.memory_max_events, Optional(9u));
    EXPECT_THAT(sample.memory_oom_events, Optional(3u));
    EXPECT_THAT(sample.oom_kills, Optional(2u));
    EXPECT_THAT(sample.memory_peak_bytes, Optional(8000u));
    EXPECT_THAT(sample.fork_failures, Optional(5u));
    EXPECT_THAT(sample.cpu_throttled_periods, Optional(4u));
  }
  ASSERT_THAT(ReadChanges(*reader, sample), IsOk());
  EXPECT_THAT(sample.memory_low_events, Optional(8u));
  EXPECT_THAT(sample.memory_high_events, Optional(9u));
  EXPECT_THAT(sample.memory_max_events, Optional(10u));
  EXPECT_THAT(sample.memory_oom_events, Optional(4u));
  EXPECT_THAT(sample.oom_kills, Optional(3u));
}

TEST_F(CgroupReaderTest, KindsOfMemoryOfATaskThatSleepsAreReadIfItsTotalMoves) {
  WriteV2();
  absl::StatusOr<CgroupReader> reader = CgroupReader::Open(LocateV2(), clock_);
  ASSERT_THAT(reader, IsOk());
  CgroupSample sample;
  ASSERT_THAT(Read(*reader, sample), IsOk());
  tree_.Write("v2/web/memory.stat",
              "anon 1000\nfile 3000\nkernel 300\nfile_mapped 1500\n"
              "inactive_file 400\n");

  ASSERT_THAT(ReadChanges(*reader, sample), IsOk());
  EXPECT_THAT(sample.memory_anon_bytes, Optional(2000u));
  EXPECT_THAT(sample.memory_swap_bytes, Optional(700u));
  EXPECT_THAT(sample.memory_working_set_bytes, Optional(4600u));

  // Reclaim took some of it.
  tree_.Write("v2/web/memory.current", "4000\n");
  ASSERT_THAT(ReadChanges(*reader, sample), IsOk());
  EXPECT_THAT(sample.memory_anon_bytes, Optional(1000u));
}

TEST_F(CgroupReaderTest, ChangesOfATaskThatHasRunAreAll) {
  WriteV1();
  absl::StatusOr<CgroupReader> reader = CgroupReader::Open(LocateV1(), clock_);
  ASSERT_THAT(reader, IsOk());
  CgroupSample sample;
  ASSERT_THAT(Read(*reader, sample), IsOk());
  tree_.Write("cpuacct/web/cpuacct.usage", "9000000002\n");
  tree_.Write("memory/web/memory.oom_control", "oom_kill 3\n");
  tree_.Write("memory/web/memory.failcnt", "10\n");
  tree_.Write("memory/web/memory.max_usage_in_bytes", "8001\n");
  tree_.Write("memory/web/memory.kmem.max_usage_in_bytes", "601\n");
  tree_.Write("pids/web/pids.events", "max 6\n");
  tree_.Write("cpu/web/cpu.stat",
              "nr_periods 11\nnr_throttled 5\nthrottled_time 9\n");

  ASSERT_THAT(ReadChanges(*reader, sample), IsOk());

  EXPECT_THAT(sample.memory_max_events, Optional(10u));
  EXPECT_THAT(sample.oom_kills, Optional(3u));
  EXPECT_THAT(sample.memory_peak_bytes, Optional(8001u));
  EXPECT_THAT(sample.memory_kernel_peak_bytes, Optional(601u));
  EXPECT_THAT(sample.fork_failures, Optional(6u));
  EXPECT_THAT(sample.cpu_throttled_periods, Optional(5u));
}

TEST_F(CgroupReaderTest, QuickReadingsAreOfWhatChangesFast) {
  for (const bool is_v1 : {true, false}) {
    SCOPED_TRACE(is_v1);
    is_v1 ? WriteV1() : WriteV2();
    absl::StatusOr<CgroupReader> reader =
        CgroupReader::Open(is_v1 ? LocateV1() : LocateV2(), clock_);
    ASSERT_THAT(reader, IsOk());
    CgroupSample before;
    ASSERT_THAT(Read(*reader, before), IsOk());
    tree_.Write("cpuacct/web/cpuacct.usage", "9000000002\n");
    tree_.Write("cpu/web/cpu.stat",
                "nr_periods 11\nnr_throttled 5\nthrottled_time 9\n");
    tree_.Write("memory/web/memory.usage_in_bytes", "4000\n");
    tree_.Write("memory/web/memory.stat", "garbage\n");
    tree_.Write("memory/web/memory.max_usage_in_bytes", "garbage\n");
    tree_.Write("pids/web/pids.current", "44\n");
    tree_.Write("v2/web/cpu.stat",
                "usage_usec 9000001\nuser_usec 5\nsystem_usec 6\n"
                "nr_periods 11\nnr_throttled 5\nthrottled_usec 9\n");
    tree_.Write("v2/web/memory.current", "4000\n");
    tree_.Write("v2/web/memory.stat", "garbage\n");
    tree_.Write("v2/web/memory.events", "garbage\n");
    tree_.Write("v2/web/pids.current", "44\n");

    CgroupSample sample;
    ASSERT_THAT(reader->ReadQuick(buffer_, record_, sample), IsOk());

    EXPECT_GT(*sample.cpu_usage_ns, *before.cpu_usage_ns);
    EXPECT_THAT(sample.cpu_throttled_periods, Optional(5u));
    EXPECT_THAT(sample.memory_usage_bytes, Optional(4000u));
    EXPECT_THAT(sample.threads, Optional(44u));
    EXPECT_EQ(sample.memory_anon_bytes, before.memory_anon_bytes);
    EXPECT_EQ(sample.memory_working_set_bytes, before.memory_working_set_bytes);
    EXPECT_EQ(sample.memory_peak_bytes, before.memory_peak_bytes);
    EXPECT_EQ(sample.oom_kills, before.oom_kills);
    EXPECT_TRUE(before.memory_anon_bytes.has_value());
    EXPECT_THAT(errors_, IsEmpty());
  }
}

TEST_F(CgroupReaderTest, WhatQuickReadingsSawIsLookedAtByTheNextOther) {
  WriteV2();
  absl::StatusOr<CgroupReader> reader = CgroupReader::Open(LocateV2(), clock_);
  ASSERT_THAT(reader, IsOk());
  CgroupSample sample;
  ASSERT_THAT(Read(*reader, sample), IsOk());
  tree_.Write("v2/web/memory.current", "4000\n");
  tree_.Write("v2/web/memory.stat",
              "anon 1000\nfile 3000\nkernel 300\nfile_mapped 1500\n"
              "inactive_file 400\n");
  ASSERT_THAT(reader->ReadQuick(buffer_, record_, sample), IsOk());
  EXPECT_THAT(sample.memory_anon_bytes, Optional(2000u));

  ASSERT_THAT(ReadChanges(*reader, sample), IsOk());

  EXPECT_THAT(sample.memory_anon_bytes, Optional(1000u));
}

TEST_F(CgroupReaderTest, AllOfATaskThatSleepsIsReadOnRequest) {
  WriteV2();
  absl::StatusOr<CgroupReader> reader = CgroupReader::Open(LocateV2(), clock_);
  ASSERT_THAT(reader, IsOk());
  CgroupSample sample;
  ASSERT_THAT(Read(*reader, sample), IsOk());
  tree_.Write("v2/web/memory.events", "oom_kill 3\n");

  ASSERT_THAT(Read(*reader, sample), IsOk());

  EXPECT_THAT(sample.oom_kills, Optional(3u));
}

TEST_F(CgroupReaderTest, AllocatesNothingInASteadyState) {
  WriteV1();
  absl::StatusOr<CgroupReader> reader = CgroupReader::Open(LocateV1(), clock_);
  ASSERT_THAT(reader, IsOk());
  CgroupSample sample;
  ASSERT_THAT(Read(*reader, sample), IsOk());

  const size_t before = allocations;
  const absl::Status status = Read(*reader, sample);
  const size_t after = allocations;

  EXPECT_THAT(status, IsOk());
  EXPECT_EQ(after, before);
}

}  // namespace
}  // namespace reeve
