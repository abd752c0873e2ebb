#include "collectors/cgroup/memory_breakdown.h"

#include <optional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::Optional;

constexpr char kV1[] =
    "cache 1\nrss 1\nrss_huge 1\nshmem 1\nmapped_file 1\ndirty 1\nwriteback 1\n"
    "pgfault 1\npgmajfault 1\ninactive_anon 1\n"
    "hierarchical_memory_limit 9223372036854771712\n"
    "total_cache 20480\ntotal_rss 8192\ntotal_rss_huge 2097152\n"
    "total_shmem 4096\ntotal_mapped_file 12288\ntotal_dirty 512\n"
    "total_writeback 1024\ntotal_workingset_refault_anon 3\n"
    "total_workingset_refault_file 4\ntotal_swap 0\ntotal_swapcached 0\n"
    "total_pgpgin 5\ntotal_pgpgout 6\ntotal_pgfault 100\ntotal_pgmajfault 7\n"
    "total_inactive_anon 11\ntotal_active_anon 12\ntotal_inactive_file 13\n"
    "total_active_file 14\ntotal_unevictable 15\n";

constexpr char kV2[] =
    "anon 8192\nfile 20480\nkernel 300\nkernel_stack 16384\npagetables 5000\n"
    "sec_pagetables 0\npercpu 600\nsock 700\nvmalloc 800\nshmem 4096\n"
    "zswap 0\nzswapped 0\nfile_mapped 12288\nfile_dirty 512\n"
    "file_writeback 1024\nswapcached 0\nanon_thp 2097152\nfile_thp 0\n"
    "shmem_thp 0\ninactive_anon 11\nactive_anon 12\ninactive_file 13\n"
    "active_file 14\nunevictable 15\nslab_reclaimable 16\n"
    "slab_unreclaimable 17\nslab 33\nworkingset_refault_anon 3\n"
    "workingset_refault_file 4\nworkingset_activate_anon 0\npgscan 0\n"
    "pgsteal 0\npgfault 100\npgmajfault 7\n";

// What both tell.
void ExpectTheCommonValues(const MemoryBreakdown& memory) {
  EXPECT_THAT(memory.anon_thp_bytes, Optional(2097152u));
  EXPECT_THAT(memory.shmem_bytes, Optional(4096u));
  EXPECT_THAT(memory.file_mapped_bytes, Optional(12288u));
  EXPECT_THAT(memory.file_dirty_bytes, Optional(512u));
  EXPECT_THAT(memory.file_writeback_bytes, Optional(1024u));
  EXPECT_THAT(memory.inactive_anon_bytes, Optional(11u));
  EXPECT_THAT(memory.active_anon_bytes, Optional(12u));
  EXPECT_THAT(memory.inactive_file_bytes, Optional(13u));
  EXPECT_THAT(memory.active_file_bytes, Optional(14u));
  EXPECT_THAT(memory.unevictable_bytes, Optional(15u));
  EXPECT_THAT(memory.minor_faults, Optional(93u));
  EXPECT_THAT(memory.major_faults, Optional(7u));
  EXPECT_THAT(memory.anon_refaults, Optional(3u));
  EXPECT_THAT(memory.file_refaults, Optional(4u));
}

TEST(ParseMemoryBreakdownTest, V1TellsOfTheCgroupsBelowInItsTotals) {
  const auto memory = ParseMemoryBreakdown(CgroupVersion::kV1, kV1);

  ASSERT_THAT(memory, IsOk());
  ExpectTheCommonValues(*memory);
  EXPECT_EQ(memory->kernel_stack_bytes, std::nullopt);
  EXPECT_EQ(memory->slab_reclaimable_bytes, std::nullopt);
}

TEST(ParseMemoryBreakdownTest, V2TellsOfKernelMemoryToo) {
  const auto memory = ParseMemoryBreakdown(CgroupVersion::kV2, kV2);

  ASSERT_THAT(memory, IsOk());
  ExpectTheCommonValues(*memory);
  EXPECT_THAT(memory->kernel_stack_bytes, Optional(16384u));
  EXPECT_THAT(memory->pagetables_bytes, Optional(5000u));
  EXPECT_THAT(memory->percpu_bytes, Optional(600u));
  EXPECT_THAT(memory->sock_bytes, Optional(700u));
  EXPECT_THAT(memory->vmalloc_bytes, Optional(800u));
  EXPECT_THAT(memory->slab_reclaimable_bytes, Optional(16u));
  EXPECT_THAT(memory->slab_unreclaimable_bytes, Optional(17u));
}

TEST(ParseMemoryBreakdownTest, WhatTheKernelDoesNotTellIsAbsent) {
  const auto memory =
      ParseMemoryBreakdown(CgroupVersion::kV2, "anon 1\nfile 2\npgfault 5\n");

  ASSERT_THAT(memory, IsOk());
  EXPECT_EQ(memory->shmem_bytes, std::nullopt);
  EXPECT_EQ(memory->minor_faults, std::nullopt);
}

TEST(ParseMemoryBreakdownTest, MinorFaultsAreNeverBelowZero) {
  const auto memory =
      ParseMemoryBreakdown(CgroupVersion::kV2, "pgfault 5\npgmajfault 6\n");

  ASSERT_THAT(memory, IsOk());
  EXPECT_THAT(memory->minor_faults, Optional(0u));
}

TEST(ParseMemoryBreakdownTest, RefusesWhatIsNotANumber) {
  EXPECT_THAT(ParseMemoryBreakdown(CgroupVersion::kV2, "shmem much\n"),
              StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(ParseMemoryBreakdown(CgroupVersion::kV1, "total_dirty -1\n"),
              StatusIs(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace reeve
