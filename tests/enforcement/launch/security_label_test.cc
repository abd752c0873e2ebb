#include "enforcement/launch/security_label.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

IsolationSpec WithProfile(const char* profile) {
  IsolationSpec isolation;
  isolation.apparmor_profile = profile;
  return isolation;
}

IsolationSpec WithLabel(const char* label) {
  IsolationSpec isolation;
  isolation.selinux_label = label;
  return isolation;
}

TEST(LabelOfTest, IsEmptyIfNothingIsAskedFor) {
  FakeTree sysfs;
  EXPECT_EQ(LabelOf(IsolationSpec(), sysfs.Path("")).value(), "");
}

TEST(LabelOfTest, AProfileThatIsLoadedIsSetAtTheNextExec) {
  FakeTree sysfs;
  sysfs.Write("kernel/security/apparmor/profiles",
              "/usr/bin/man (enforce)\nweb (complain)\nweb//child (enforce)\n");

  EXPECT_EQ(LabelOf(WithProfile("web"), sysfs.Path("")).value(), "exec web");
  EXPECT_EQ(LabelOf(WithProfile("/usr/bin/man"), sysfs.Path("")).value(),
            "exec /usr/bin/man");
}

TEST(LabelOfTest, AProfileThatIsNotLoadedIsNamed) {
  FakeTree sysfs;
  sysfs.Write("kernel/security/apparmor/profiles", "webserver (enforce)\n");

  EXPECT_THAT(LabelOf(WithProfile("web"), sysfs.Path("")),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       "apparmor profile web is not loaded: load it with "
                       "apparmor_parser first"));
}

TEST(LabelOfTest, AHostWithoutAppArmorIsSaidSo) {
  FakeTree sysfs;
  EXPECT_THAT(LabelOf(WithProfile("web"), sysfs.Path("")),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("this host has no AppArmor")));
}

TEST(LabelOfTest, AContextIsSetAsItIs) {
  FakeTree sysfs;
  sysfs.Write("fs/selinux/enforce", "1");
  EXPECT_EQ(LabelOf(WithLabel("u:r:t:s0"), sysfs.Path("")).value(), "u:r:t:s0");
}

TEST(LabelOfTest, AHostWithoutSelinuxIsSaidSo) {
  FakeTree sysfs;
  EXPECT_THAT(LabelOf(WithLabel("u:r:t:s0"), sysfs.Path("")),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       "selinux label u:r:t:s0: this host has no SELinux: "
                       "leave the label out"));
}

}  // namespace
}  // namespace reeve
