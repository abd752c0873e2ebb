#include "collectors/cgroup/v2/memory_stat.h"

#include <optional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::Optional;

TEST(ParseMemoryStatV2Test, TakesBytes) {
  // Shortened from Linux 6.1.
  const auto stat = ParseMemoryStatV2(
      "anon 15568896\n"
      "file 33112064\n"
      "kernel 4587520\n"
      "kernel_stack 98304\n"
      "shmem 9084928\n"
      "file_mapped 7573504\n"
      "file_dirty 0\n"
      "inactive_anon 15519744\n"
      "active_anon 12288\n"
      "inactive_file 20000768\n"
      "active_file 4026368\n"
      "slab 3506832\n");

  ASSERT_THAT(stat, IsOk());
  EXPECT_EQ(stat->anon, 15'568'896u);
  EXPECT_EQ(stat->file, 33'112'064u);
  EXPECT_THAT(stat->kernel, Optional(4'587'520u));
  EXPECT_EQ(stat->file_mapped, 7'573'504u);
  EXPECT_EQ(stat->inactive_file, 20'000'768u);
}

TEST(ParseMemoryStatV2Test, KernelMemoryIsAbsentBeforeLinux518) {
  const auto stat = ParseMemoryStatV2(
      "anon 1\nfile 2\nkernel_stack 98304\nfile_mapped 3\ninactive_file 4\n");

  ASSERT_THAT(stat, IsOk());
  EXPECT_EQ(stat->kernel, std::nullopt);
}

TEST(ParseMemoryStatV2Test, RefusesMalformedContents) {
  for (const char* contents :
       {"", "anon 1\n", "total_rss 1\ntotal_cache 1\n",
        "anon 1\nfile 2\nfile_mapped 3\n",
        "anon 1\nfile 2\nkernel -1\nfile_mapped 3\ninactive_file 4\n",
        "anon 1 kB\nfile 2\nfile_mapped 3\ninactive_file 4\n"}) {
    SCOPED_TRACE(contents);
    EXPECT_THAT(ParseMemoryStatV2(contents),
                StatusIs(absl::StatusCode::kDataLoss));
  }
}

}  // namespace
}  // namespace reeve
