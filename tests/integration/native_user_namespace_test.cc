// Tasks whose ids are others than the host's.

#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/native_fixture.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

constexpr uint32_t kFirst = 100'000;
constexpr uint32_t kCount = 65'536;

class NativeUserNamespaceTest : public NativeTest {
 protected:
  void SetUp() override {
    NativeTest::SetUp();
    if (IsSkipped()) return;
    const std::string told = Run(Mapped("echo well"));
    if (absl::StrContains(told, "which not every file system can")) {
      GTEST_SKIP() << "the file system of this root cannot map ids";
    }
    ASSERT_EQ(told, "well\n");
  }

  TaskSpec Mapped(const std::string& script) const {
    TaskSpec spec = Script(script);
    spec.isolation.uid_map = {{0, kFirst, kCount}};
    spec.isolation.gid_map = {{0, kFirst, kCount}};
    return spec;
  }

  // What the host says of a field of the task's status.
  std::string HostField(const std::string& name) {
    const std::string status =
        ReadFile(absl::StrCat("/proc/", MainPid(), "/status")).value();
    const size_t begin = status.find(absl::StrCat("\n", name, ":\t"));
    if (begin == std::string::npos) return "";
    const size_t value = begin + name.size() + 3;
    return status.substr(value, status.find('\n', value) - value);
  }
};

TEST_F(NativeUserNamespaceTest, ItsRootIsNobodyOfTheHosts) {
  EXPECT_EQ(Run(Mapped("id -u; cat /proc/self/uid_map")),
            absl::StrCat("0\n         0     100000      65536\n"));

  ASSERT_THAT(Start([this] {
                TaskSpec spec = Mapped("exec sleep 1000");
                spec.user = "1000:1001";
                return spec;
              }()),
              IsOk());
  EXPECT_EQ(HostField("Uid"), "101000\t101000\t101000\t101000");
  EXPECT_EQ(HostField("Gid"), "101001\t101001\t101001\t101001");
  EXPECT_NE(NamespaceOf(MainPid(), "user"), NamespaceOf(getpid(), "user"));
}

TEST_F(NativeUserNamespaceTest, FilesOfTheRootKeepTheirOwners) {
  tree_.Write("root/own", "text");
  ASSERT_EQ(chmod(InRoot("/own").c_str(), 0600), 0);
  ASSERT_EQ(chmod(InRoot("/").c_str(), 0755), 0);
  TaskSpec spec = Mapped("stat -c %u /own; cat /own; touch /made; pwd");
  spec.cwd = "/home/web";
  EXPECT_EQ(Run(spec), "0\ntext/home/web\n");

  struct stat info;
  ASSERT_EQ(stat(InRoot("/made").c_str(), &info), 0);
  EXPECT_EQ(info.st_uid, 0u);
  ASSERT_EQ(stat(InRoot("/home/web").c_str(), &info), 0);
  EXPECT_EQ(info.st_uid, 0u);
}

TEST_F(NativeUserNamespaceTest, WhatIsTheHostsIsNotItsToChange) {
  tree_.Write("host/file", "host");
  ASSERT_EQ(chmod(tree_.Path("host").c_str(), 0755), 0);
  ASSERT_EQ(chmod(tree_.Path("host/file").c_str(), 0644), 0);
  TaskSpec spec = Mapped(
      "cat /mnt/file; echo task > /mnt/file; touch /mnt/other; chmod 777 "
      "/mnt/file; mknod /disk b 7 0; : > /dev/null; echo end");
  MountSpec mount;
  mount.source = tree_.Path("host");
  mount.target = "/mnt";
  spec.isolation.mounts = {mount};
  const std::string told = Run(spec);

  EXPECT_THAT(told, HasSubstr("host"));
  EXPECT_THAT(told, HasSubstr("end\n"));
  EXPECT_THAT(told, HasSubstr("Permission denied"));
  EXPECT_EQ(tree_.Read("host/file"), "host");
  EXPECT_FALSE(tree_.Exists("host/other"));
  struct stat info;
  EXPECT_NE(stat(InRoot("/disk").c_str(), &info), 0);
}

TEST_F(NativeUserNamespaceTest, ACommandIsInItToo) {
  ASSERT_THAT(Start(Mapped("exec sleep 1000")), IsOk());
  EXPECT_EQ(ExecScript("readlink /proc/self/ns/user; id -u; touch /by-exec"),
            absl::StrCat(NamespaceOf(MainPid(), "user"), "\n0\n"));
  struct stat info;
  ASSERT_EQ(stat(InRoot("/by-exec").c_str(), &info), 0);
  EXPECT_EQ(info.st_uid, 0u);
  EXPECT_THAT(Stop(), IsOk());
}

TEST_F(NativeUserNamespaceTest, HasANetworkOfItsOwnOrTheHosts) {
  TaskSpec spec = Mapped("ip link | wc -l; ls -d /sys/class/net/lo");
  spec.isolation.network = "none";
  EXPECT_THAT(Run(spec), HasSubstr("/sys/class/net/lo\n"));
  spec.isolation.network = "";
  spec.command.back() = "ls -d /sys/class/net/lo; ls /sys/fs/cgroup";
  // Without the cgroups that the host has below it.
  EXPECT_EQ(Run(spec), "/sys/class/net/lo\n");
}

TEST_F(NativeUserNamespaceTest, WhatCannotBeIsRefused) {
  const auto refused = [this](auto change) {
    TaskSpec spec = Mapped("echo ran");
    change(&spec);
    return std::string(Fail(std::move(spec)).message());
  };
  EXPECT_THAT(refused([](TaskSpec* spec) { spec->isolation.gid_map.clear(); }),
              HasSubstr("go together"));
  EXPECT_THAT(refused([](TaskSpec* spec) { spec->user = "70000"; }),
              HasSubstr("not in the id maps"));
  EXPECT_THAT(refused([](TaskSpec* spec) { spec->isolation.no_init = true; }),
              HasSubstr("leave no-init"));
  EXPECT_THAT(
      refused([](TaskSpec* spec) { spec->isolation.root.overlay = true; }),
      HasSubstr("without an overlay"));
  EXPECT_THAT(
      refused([](TaskSpec* spec) { spec->isolation.network = "/run/x"; }),
      HasSubstr("cannot join a network"));
}

}  // namespace
}  // namespace reeve
