#include "enforcement/spec/mount_spec.h"

#include <linux/limits.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(ParseMountTest, ABindHasASourceAndATarget) {
  const MountSpec mount = ParseMount("type=bind,src=/a,dst=/b").value();

  EXPECT_EQ(mount.kind, MountKind::kBind);
  EXPECT_EQ(mount.source, "/a");
  EXPECT_EQ(mount.target, "/b");
  EXPECT_FALSE(mount.read_only);
  EXPECT_FALSE(mount.no_exec);
  EXPECT_FALSE(mount.no_suid);
  EXPECT_FALSE(mount.no_dev);
  EXPECT_EQ(mount.propagation, Propagation::kPrivate);
}

TEST(ParseMountTest, OptionsMayComeInAnyOrderAndByTheirLongNames) {
  const MountSpec mount =
      ParseMount(
          "ro,nodev,target=/b,noexec,propagation=host-to-task,source=/a,nosuid,"
          "type=bind")
          .value();

  EXPECT_EQ(mount.source, "/a");
  EXPECT_EQ(mount.target, "/b");
  EXPECT_TRUE(mount.read_only);
  EXPECT_TRUE(mount.no_exec);
  EXPECT_TRUE(mount.no_suid);
  EXPECT_TRUE(mount.no_dev);
  EXPECT_EQ(mount.propagation, Propagation::kHostToTask);
}

TEST(ParseMountTest, ATmpfsHasSizeAndMode) {
  const MountSpec plain = ParseMount("type=tmpfs,dst=/tmp").value();
  EXPECT_EQ(plain.kind, MountKind::kTmpfs);
  EXPECT_EQ(plain.size, 0u);
  EXPECT_EQ(plain.mode, 01777u);

  const MountSpec other =
      ParseMount("type=tmpfs,dst=/tmp,size=64M,mode=0750").value();
  EXPECT_EQ(other.size, 64u << 20);
  EXPECT_EQ(other.mode, 0750u);
}

TEST(ParseMountTest, WhatIsWrongIsNamed) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "there is no \"\""},
      {"type=bind,src=/a,dst=/b,", "there is no \"\""},
      {"type=overlay,dst=/b", "type is bind or tmpfs"},
      {"type=,dst=/b", "type has no value"},
      {"type=bind,src=/a", "the target is an absolute path"},
      {"type=bind,dst=/b", "the source is an absolute path"},
      {"type=bind,src=a,dst=/b", "the source is an absolute path"},
      {"type=bind,src=/a/../c,dst=/b", "the source is an absolute path"},
      {"type=bind,src=/a,dst=b", "the target is an absolute path"},
      {"type=bind,src=/a,dst=/", "the target is an absolute path"},
      {"type=bind,src=/a,dst=/b/./c", "the target is an absolute path"},
      {"type=bind,src=/a,dst=/b,size=1M", "only a tmpfs has a size"},
      {"type=bind,src=/a,dst=/b,rw", "there is no \"rw\""},
      {"type=bind,src=/a,dst=/b,ro=yes", "there is no \"ro\""},
      {"type=bind,src=/a,dst=/b,propagation=shared",
       "use private, host-to-task or bidirectional"},
      {"type=tmpfs,src=/a,dst=/b", "a tmpfs has no source"},
      {"type=tmpfs,dst=/b,mode=888", "mode is an octal number"},
      {"type=tmpfs,dst=/b,mode=17777", "mode is an octal number"},
      {"type=tmpfs,dst=/b,mode=0o7", "mode is an octal number"},
      {"type=tmpfs,dst=/b,size=lots", "lots"},
      {"type=tmpfs,dst=/b,propagation=host-to-task",
       "the host has no part in a tmpfs"},
      {std::string("type=bind,src=/a\0b,dst=/b", 25), "the source is"},
      {"type=bind,src=/a\n,dst=b", "the target is"},
      {"a\nb=", "a\\nb has no value"},
      {"size=1\n", "1\\n: "},
  };
  for (const auto& [text, message] : cases) {
    const auto mount = ParseMount(text);
    EXPECT_THAT(mount,
                StatusIs(absl::StatusCode::kInvalidArgument,
                         AllOf(HasSubstr("mount \""), HasSubstr(message))))
        << text;
    EXPECT_EQ(mount.status().message().find('\n'), std::string::npos);
  }
}

TEST(MountTextTest, IsWhatParseMountTakes) {
  for (const char* text :
       {"type=bind,src=/a,dst=/b",
        "type=bind,src=/a,dst=/b,ro,noexec,nosuid,"
        "nodev,propagation=bidirectional",
        "type=tmpfs,dst=/tmp,mode=1777",
        "type=tmpfs,dst=/tmp,ro,noexec,size=1048576,mode=700"}) {
    EXPECT_EQ(MountText(ParseMount(text).value()), text);
  }
}

TEST(PropagationTest, HasANameEach) {
  for (const Propagation propagation :
       {Propagation::kPrivate, Propagation::kHostToTask,
        Propagation::kBidirectional}) {
    EXPECT_EQ(ParsePropagation(PropagationText(propagation)).value(),
              propagation);
  }
  EXPECT_EQ(ParsePropagation("").value(), Propagation::kPrivate);
}

TEST(ValidateMountsTest, ATargetCanBeMountedOnce) {
  const MountSpec one = ParseMount("type=bind,src=/a,dst=/b").value();
  MountSpec other = one;
  other.target = "/b/c";
  EXPECT_THAT(ValidateMounts({one, other}), IsOk());

  other.target = "/b";
  EXPECT_THAT(ValidateMounts({one, other}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("something else is mounted there already")));
}

TEST(ValidateMountsTest, ThereAreNotTooMany) {
  std::vector<MountSpec> mounts(kMaxMounts);
  for (size_t i = 0; i < mounts.size(); ++i) {
    mounts[i].source = "/a";
    mounts[i].target = absl::StrCat("/b", i);
  }
  EXPECT_THAT(ValidateMounts(mounts), IsOk());

  mounts.push_back(mounts.front());
  EXPECT_THAT(ValidateMounts(mounts),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("257 mounts: give 256 at most")));
}

TEST(ValidateMountsTest, AModeThatNoTextGivesIsRefused) {
  MountSpec mount = ParseMount("type=tmpfs,dst=/tmp").value();
  mount.mode = 010000;
  EXPECT_THAT(ValidateMounts({mount}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("mode is at most 7777")));
}

TEST(IsPlainPathTest, HasOneSpellingOfEachPath) {
  for (const char* path : {"/", "/a", "/a/b", "/a b", "/...", "/.a"}) {
    EXPECT_TRUE(IsPlainPath(path)) << path;
  }
  for (const char* path :
       {"", "a", "//", "/a/", "/a//b", "/.", "/..", "/a/.", "/a/../b"}) {
    EXPECT_FALSE(IsPlainPath(path)) << path;
  }
  EXPECT_FALSE(IsPlainPath(absl::string_view("/a\0", 3)));
  EXPECT_TRUE(IsPlainPath("/" + std::string(PATH_MAX - 2, 'a')));
  EXPECT_FALSE(IsPlainPath("/" + std::string(PATH_MAX - 1, 'a')));
}

}  // namespace
}  // namespace reeve
