#include "exporters/prometheus/filesystem_metrics.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/exporters/prometheus/host_samples.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string PageOf(const FilesystemSample& sample) {
  std::string page;
  AppendHostMetrics(FilesystemMetrics(), sample, TextFormat::kPrometheus,
                    &page);
  return page;
}

TEST(FilesystemMetricsTest, OneThatAnswersHasItsValues) {
  const std::string page = PageOf(SomeFilesystems());

  for (const char* series : {
           "\nreeve_host_filesystem_size_bytes{mountpoint=\"/\"} 1000\n",
           "\nreeve_host_filesystem_free_bytes{mountpoint=\"/\"} 600\n",
           "\nreeve_host_filesystem_available_bytes{mountpoint=\"/\"} 500\n",
           "\nreeve_host_filesystem_inodes{mountpoint=\"/\"} 50\n",
           "\nreeve_host_filesystem_inodes_free{mountpoint=\"/\"} 40\n",
           "\nreeve_host_filesystem_read_only{mountpoint=\"/\"} 0\n",
           "\nreeve_host_filesystem_read_only{mountpoint=\"/data\"} 1\n",
           "\nreeve_host_filesystem_unresponsive{mountpoint=\"/\"} 0\n",
       }) {
    EXPECT_THAT(page, HasSubstr(series));
  }
  EXPECT_THAT(page, HasSubstr("\nreeve_host_filesystem_info{mountpoint=\"/\","
                              "device=\"/dev/vda\",fstype=\"ext4\"} 1\n"));
  EXPECT_THAT(page, Not(HasSubstr("inodes{mountpoint=\"/data\"}")));
}

TEST(FilesystemMetricsTest, OneThatHangsSaysThatAlone) {
  const std::string page = PageOf(SomeFilesystems());

  EXPECT_THAT(page, HasSubstr("_unresponsive{mountpoint=\"/dead\"} 1\n"));
  EXPECT_THAT(page, HasSubstr("_info{mountpoint=\"/dead\""));
  EXPECT_THAT(page, Not(HasSubstr("_bytes{mountpoint=\"/dead\"")));
  EXPECT_THAT(page, Not(HasSubstr("_read_only{mountpoint=\"/dead\"")));
  EXPECT_THAT(page, HasSubstr("_unresponsive{mountpoint=\"/secret\"} 0\n"));
  EXPECT_THAT(page, Not(HasSubstr("_bytes{mountpoint=\"/secret\"")));
}

TEST(FilesystemMetricsTest, WithoutFileSystemsThereIsNothing) {
  EXPECT_EQ(PageOf({}), "");
}

}  // namespace
}  // namespace reeve
