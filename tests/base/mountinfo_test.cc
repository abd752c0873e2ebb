#include "base/mountinfo.h"

#include "gtest/gtest.h"

namespace reeve {
namespace {

TEST(ParseMountinfoLineTest, ReadsWhatIsMountedWhere) {
  const auto mount = ParseMountinfoLine(
      R"(36 35 98:0 /mnt1 /mnt\0402 rw,noatime master:1 shared:2 - ext3 /dev/root rw,errors=continue)");

  ASSERT_TRUE(mount.has_value());
  EXPECT_EQ(mount->device, "98:0");
  EXPECT_EQ(mount->root, "/mnt1");
  EXPECT_EQ(mount->mount_point, R"(/mnt\0402)");
  EXPECT_EQ(mount->options, "rw,noatime");
  EXPECT_EQ(mount->type, "ext3");
  EXPECT_EQ(mount->source, "/dev/root");
  EXPECT_EQ(mount->super_options, "rw,errors=continue");
}

TEST(ParseMountinfoLineTest, SourceMayBeEmpty) {
  const auto mount = ParseMountinfoLine("36 35 0:5 / /mnt rw - tmpfs  rw");

  ASSERT_TRUE(mount.has_value());
  EXPECT_EQ(mount->type, "tmpfs");
  EXPECT_EQ(mount->source, "");
  EXPECT_EQ(mount->super_options, "rw");
}

TEST(ParseMountinfoLineTest, RefusesWhatIsNone) {
  for (const char* line : {
           "",
           "36 35 98:0 / /mnt rw",
           "36 35 98:0 / /mnt - ext3 /dev/root rw",
           "36 35 98:0 / /mnt rw - ext3 /dev/root",
           "36 35 98:0 / mnt rw - ext3 /dev/root rw",
           " - ",
       }) {
    EXPECT_FALSE(ParseMountinfoLine(line).has_value()) << line;
  }
}

TEST(UnescapeMountPathTest, UndoesWhatTheKernelEscapes) {
  EXPECT_EQ(UnescapeMountPath(R"(/a\040b\011c\012d\134e)"), "/a b\tc\nd\\e");
  EXPECT_EQ(UnescapeMountPath(R"(/a\04)"), R"(/a\04)");
  EXPECT_EQ(UnescapeMountPath(R"(/a\x40)"), R"(/a\x40)");
}

}  // namespace
}  // namespace reeve
