#include "collectors/cgroup/v1/memory_stat.h"

#include <optional>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::Optional;

// Shortened from Linux 6.18.
constexpr char kWithoutSwap[] =
    "cache 9412608\n"
    "rss 11145216\n"
    "rss_huge 0\n"
    "mapped_file 7573504\n"
    "inactive_file 1\n"
    "hierarchical_memory_limit 9223372036854771712\n"
    "total_cache 547745792\n"
    "total_rss 437870592\n"
    "total_rss_huge 2097152\n"
    "total_shmem 9084928\n"
    "total_mapped_file 33112064\n"
    "total_dirty 10788864\n"
    "total_inactive_anon 426594304\n"
    "total_active_anon 1601536\n"
    "total_inactive_file 324931584\n"
    "total_active_file 213729280\n"
    "total_unevictable 18698240\n";

TEST(ParseMemoryStatV1Test, TakesTheTotalsWithTheCgroupsBelow) {
  const auto stat =
      ParseMemoryStatV1("hierarchical_memsw_limit 67108864\n" +
                        std::string(kWithoutSwap) + "total_swap 4096\n");

  ASSERT_THAT(stat, IsOk());
  EXPECT_EQ(stat->total_cache, 547'745'792u);
  EXPECT_EQ(stat->total_rss, 437'870'592u);
  EXPECT_EQ(stat->total_mapped_file, 33'112'064u);
  EXPECT_EQ(stat->total_inactive_file, 324'931'584u);
  EXPECT_THAT(stat->total_swap, Optional(4096u));
  EXPECT_THAT(stat->hierarchical_memory_limit,
              Optional(9'223'372'036'854'771'712u));
  EXPECT_THAT(stat->hierarchical_memsw_limit, Optional(67'108'864u));
}

TEST(ParseMemoryStatV1Test, SwapIsAbsentNotZeroWhereItIsNotAccounted) {
  const auto stat = ParseMemoryStatV1(kWithoutSwap);

  ASSERT_THAT(stat, IsOk());
  EXPECT_EQ(stat->total_swap, std::nullopt);
  EXPECT_EQ(stat->hierarchical_memsw_limit, std::nullopt);
}

TEST(ParseMemoryStatV1Test, RefusesMalformedContents) {
  for (const char* contents :
       {"", "cache 1\nrss 1\nmapped_file 1\ninactive_file 1\n",
        "total_cache 1\ntotal_rss 1\ntotal_mapped_file 1\n",
        "total_cache 1\ntotal_rss 1\ntotal_mapped_file 1\n"
        "total_inactive_file \n",
        "total_cache 1\ntotal_rss -1\ntotal_mapped_file 1\n"
        "total_inactive_file 1\n"}) {
    SCOPED_TRACE(contents);
    EXPECT_THAT(ParseMemoryStatV1(contents),
                StatusIs(absl::StatusCode::kDataLoss));
  }
}

}  // namespace
}  // namespace reeve
