#include "collectors/host/mount_table.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> PlacesIn(absl::string_view mountinfo) {
  std::vector<std::string> places;
  for (const MountedFilesystem& one : ParseMountTable(mountinfo)) {
    places.push_back(one.mount_point);
  }
  return places;
}

TEST(ParseMountTableTest, TellsWhatIsMountedWhere) {
  const auto table = ParseMountTable(
      "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard\n"
      "28 27 0:40 / /srv\\040data rw - nfs4 server:/my\\040export rw\n");

  ASSERT_EQ(table.size(), 2u);
  EXPECT_EQ(table[0].mount_point, "/");
  EXPECT_EQ(table[0].source, "/dev/vda");
  EXPECT_EQ(table[0].type, "ext4");
  EXPECT_EQ(table[1].mount_point, "/srv data");
  EXPECT_EQ(table[1].source, "server:/my export");
}

TEST(ParseMountTableTest, FileSystemIsThereOnceWhereItWasMountedFirst) {
  EXPECT_THAT(PlacesIn("27 1 254:0 / / rw - ext4 /dev/vda rw\n"
                       "28 27 254:0 / /again rw - ext4 /dev/vda rw\n"
                       "29 27 254:0 /etc /bound rw - ext4 /dev/vda rw\n"),
              ElementsAre("/"));
}

TEST(ParseMountTableTest, WholeFileSystemIsBetterThanAPartOfIt) {
  EXPECT_THAT(PlacesIn("27 1 254:0 /part /part rw - ext4 /dev/vda rw\n"
                       "28 27 254:0 / /whole rw - ext4 /dev/vda rw\n"),
              ElementsAre("/whole"));
  EXPECT_THAT(PlacesIn("27 1 0:30 /@ / rw - btrfs /dev/vda rw\n"
                       "28 27 0:30 /@home /home rw - btrfs /dev/vda rw\n"),
              ElementsAre("/"));
}

TEST(ParseMountTableTest, WhatIsMountedOverIsHidden) {
  const auto table = ParseMountTable(
      "27 1 254:0 / /data rw - ext4 /dev/vda rw\n"
      "28 27 254:1 / /data rw - xfs /dev/vdb rw\n");

  ASSERT_EQ(table.size(), 1u);
  EXPECT_EQ(table[0].source, "/dev/vdb");
}

TEST(ParseMountTableTest, OtherLinesAreIgnored) {
  EXPECT_THAT(PlacesIn("nothing\n\n27 1 254:0 / / rw\n"), IsEmpty());
  EXPECT_THAT(PlacesIn(""), IsEmpty());
}

}  // namespace
}  // namespace reeve
