#include "agent/doctor/host_check.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

TEST(CheckKernelTest, KnowsWhatEachVersionLacks) {
  EXPECT_EQ(CheckKernel("6.1.0-18-amd64").verdict, Verdict::kOk);
  EXPECT_EQ(CheckKernel("5.7.0").verdict, Verdict::kOk);
  EXPECT_EQ(CheckKernel("5.10.0").verdict, Verdict::kOk);
  EXPECT_EQ(CheckKernel("5.4.0").verdict, Verdict::kWarn);
  EXPECT_EQ(CheckKernel("4.19.0").verdict, Verdict::kFail);
  EXPECT_EQ(CheckKernel("plan9").verdict, Verdict::kWarn);
  EXPECT_EQ(CheckKernel("").verdict, Verdict::kWarn);
}

TEST(CheckPrivilegesTest, RootWithAllCapabilitiesIsOk) {
  EXPECT_EQ(
      CheckPrivileges("Uid:\t0\t0\t0\t0\nCapEff:\t000001ffffffffff\n").verdict,
      Verdict::kOk);
}

TEST(CheckPrivilegesTest, NamesMissingCapabilities) {
  const Finding finding =
      CheckPrivileges("Uid:\t0\t0\t0\t0\nCapEff:\t000001fffeffffff\n");

  EXPECT_EQ(finding.verdict, Verdict::kWarn);
  EXPECT_EQ(finding.detail,
            "root, without CAP_SYS_RESOURCE (resource limits above the hard "
            "ones, a lower oom_score_adj)");
}

TEST(CheckPrivilegesTest, NamesTheEffectiveUser) {
  const Finding finding =
      CheckPrivileges("Uid:\t0\t1000\t0\t0\nCapEff:\t0000000000000000\n");

  EXPECT_EQ(finding.verdict, Verdict::kWarn);
  EXPECT_THAT(finding.detail, HasSubstr("user 1000, not root, without "
                                        "CAP_SYS_ADMIN"));
  EXPECT_THAT(finding.remedy, HasSubstr("root"));
}

TEST(CheckPrivilegesTest, AnUnreadableStatusIsNotKnown) {
  EXPECT_EQ(CheckPrivileges("").verdict, Verdict::kWarn);
  EXPECT_EQ(CheckPrivileges("Uid:\t0\t0\t0\t0\nCapEff:\tzz\n").verdict,
            Verdict::kWarn);
}

TEST(CheckOpenFilesTest, WarnsWhereAThousandTasksDoNotFit) {
  EXPECT_EQ(CheckOpenFiles(1024, 65536).verdict, Verdict::kOk);

  const Finding few = CheckOpenFiles(1024, 1024);
  EXPECT_EQ(few.verdict, Verdict::kWarn);
  EXPECT_THAT(few.detail, HasSubstr("enough for 51 tasks"));
}

TEST(CheckStateDirTest, TakesADirectoryThatIsThereOrCanBeMade) {
  FakeTree tree;

  EXPECT_EQ(CheckStateDir(tree.Path("")).verdict, Verdict::kOk);
  const Finding missing = CheckStateDir(tree.Path("a/b"));
  EXPECT_EQ(missing.verdict, Verdict::kOk);
  EXPECT_THAT(missing.detail, HasSubstr("can be made"));
  EXPECT_FALSE(tree.Exists("a"));
}

TEST(CheckStateDirTest, FailsWhereNothingCanBeWritten) {
  // Not even root can make files there.
  EXPECT_EQ(CheckStateDir("/proc/1/reeve").verdict, Verdict::kFail);
}

}  // namespace
}  // namespace reeve
