#include "collectors/procfs/open_files_limit.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

TEST(ParseOpenFilesLimitTest, TakesTheSoftLimit) {
  const auto limit = ParseOpenFilesLimit(
      "Limit                     Soft Limit           Hard Limit           "
      "Units     \n"
      "Max processes             63093                63093                "
      "processes \n"
      "Max open files            1024                 524288               "
      "files     \n"
      "Max locked memory         8388608              8388608              "
      "bytes     \n");

  ASSERT_THAT(limit, IsOk());
  EXPECT_EQ(*limit, 1024u);
}

TEST(ParseOpenFilesLimitTest, UnlimitedIsAbsent) {
  const auto limit = ParseOpenFilesLimit(
      "Limit\nMax open files            unlimited            unlimited  files");

  ASSERT_THAT(limit, IsOk());
  EXPECT_EQ(*limit, std::nullopt);
}

TEST(ParseOpenFilesLimitTest, RefusesMalformedContents) {
  for (const char* contents :
       {"", "\n", "Limit\n", "\nMax open files", "\nMax open files \n",
        "\nMax open files many 1 files", "\nMax open files -1 1 files"}) {
    SCOPED_TRACE(contents);
    EXPECT_THAT(ParseOpenFilesLimit(contents),
                StatusIs(absl::StatusCode::kDataLoss));
  }
}

}  // namespace
}  // namespace reeve
