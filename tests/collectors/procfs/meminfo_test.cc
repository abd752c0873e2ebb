#include "collectors/procfs/meminfo.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::Eq;
using ::testing::Optional;

constexpr uint64_t kKib = 1024;

TEST(ParseMeminfoTest, ReadsBytesAndCounts) {
  const auto meminfo = ParseMeminfo(
      "MemTotal:       24684096 kB\n"
      "MemFree:        22811428 kB\n"
      "MemAvailable:   23428104 kB\n"
      "Buffers:           12256 kB\n"
      "Cached:           776268 kB\n"
      "SwapCached:            9 kB\n"
      "Active(anon):       1572 kB\n"
      "SwapTotal:          2048 kB\n"
      "SwapFree:           1024 kB\n"
      "Dirty:             38988 kB\n"
      "Writeback:             4 kB\n"
      "AnonPages:        620468 kB\n"
      "Shmem:              8788 kB\n"
      "KReclaimable:          1 kB\n"
      "SReclaimable:      98508 kB\n"
      "SUnreclaim:        26052 kB\n"
      "WritebackTmp:          7 kB\n"
      "HugePages_Total:       8\n"
      "HugePages_Free:        3\n"
      "Hugepagesize:       2048 kB\n");

  ASSERT_THAT(meminfo, IsOk());
  EXPECT_THAT(meminfo->total_bytes, Optional(24684096 * kKib));
  EXPECT_THAT(meminfo->free_bytes, Optional(22811428 * kKib));
  EXPECT_THAT(meminfo->available_bytes, Optional(23428104 * kKib));
  EXPECT_THAT(meminfo->buffers_bytes, Optional(12256 * kKib));
  EXPECT_THAT(meminfo->cached_bytes, Optional(776268 * kKib));
  EXPECT_THAT(meminfo->swap_total_bytes, Optional(2048 * kKib));
  EXPECT_THAT(meminfo->swap_free_bytes, Optional(1024 * kKib));
  EXPECT_THAT(meminfo->dirty_bytes, Optional(38988 * kKib));
  EXPECT_THAT(meminfo->writeback_bytes, Optional(4 * kKib));
  EXPECT_THAT(meminfo->anon_bytes, Optional(620468 * kKib));
  EXPECT_THAT(meminfo->shmem_bytes, Optional(8788 * kKib));
  EXPECT_THAT(meminfo->slab_reclaimable_bytes, Optional(98508 * kKib));
  EXPECT_THAT(meminfo->slab_unreclaimable_bytes, Optional(26052 * kKib));
  EXPECT_THAT(meminfo->huge_pages, Optional(8u));
  EXPECT_THAT(meminfo->huge_pages_free, Optional(3u));
  EXPECT_THAT(meminfo->huge_page_bytes, Optional(2048 * kKib));
}

TEST(ParseMeminfoTest, WhatIsNotThereIsAbsent) {
  const auto meminfo = ParseMeminfo("MemTotal: 5 kB\nSomething else\n");

  ASSERT_THAT(meminfo, IsOk());
  EXPECT_THAT(meminfo->total_bytes, Optional(5 * kKib));
  EXPECT_THAT(meminfo->available_bytes, Eq(std::nullopt));
  EXPECT_THAT(meminfo->huge_pages, Eq(std::nullopt));
}

TEST(ParseMeminfoTest, WhatIsNotWantedMayHoldAnything) {
  EXPECT_THAT(ParseMeminfo("NewKey: many pages\nMemTotalX: x\n"), IsOk());
}

TEST(ParseMeminfoTest, RefusesWhatIsNoNumber) {
  for (const char* contents :
       {"MemTotal: x kB\n", "MemTotal:\n", "MemTotal: 5 MB\n",
        "MemTotal: 5 kB more\n", "MemTotal: -5 kB\n",
        "MemTotal: 18014398509481984 kB\n"}) {
    EXPECT_THAT(ParseMeminfo(contents), StatusIs(absl::StatusCode::kDataLoss))
        << contents;
  }
}

}  // namespace
}  // namespace reeve
