#include "agent/api/native_convert.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

// Every field is another than its default.
IsolationSpec Everything() {
  IsolationSpec isolation;
  isolation.executor = Executor::kNative;
  isolation.root = {"/srv/root", true, true, "/srv/layer", true};
  isolation.pid = NamespaceMode::kPrivate;
  isolation.ipc = NamespaceMode::kHost;
  isolation.cgroup = NamespaceMode::kPrivate;
  isolation.network = "/run/netns/blue";
  isolation.hostname = "box";
  isolation.no_init = true;
  isolation.mounts = {
      ParseMount("type=bind,src=/a,dst=/b,ro,noexec,nosuid,nodev,"
                 "propagation=bidirectional")
          .value(),
      ParseMount("type=tmpfs,dst=/tmp,size=1M,mode=0").value()};
  isolation.uid_map = {{0, 100'000, 10}, {10, 5, 1}};
  isolation.gid_map = {{0, 200'000, 20}};
  isolation.allow_new_privileges = true;
  isolation.add_capabilities = {"NET_RAW", "KILL"};
  isolation.drop_capabilities = {"ALL"};
  isolation.seccomp = "{}";
  isolation.devices = {ParseDevice("/dev/fuse").value(),
                       ParseDevice("/dev/sda:/dev/disk:r").value()};
  isolation.apparmor_profile = "web";
  isolation.selinux_label = "a:b:c:s0";
  return isolation;
}

void ExpectSame(const IsolationSpec& one, const IsolationSpec& other) {
  EXPECT_EQ(one.executor, other.executor);
  EXPECT_EQ(one.root.directory, other.root.directory);
  EXPECT_EQ(one.root.read_only, other.root.read_only);
  EXPECT_EQ(one.root.overlay, other.root.overlay);
  EXPECT_EQ(one.root.overlay_directory, other.root.overlay_directory);
  EXPECT_EQ(one.root.no_pivot_root, other.root.no_pivot_root);
  EXPECT_EQ(one.pid, other.pid);
  EXPECT_EQ(one.ipc, other.ipc);
  EXPECT_EQ(one.cgroup, other.cgroup);
  EXPECT_EQ(one.network, other.network);
  EXPECT_EQ(one.hostname, other.hostname);
  EXPECT_EQ(one.no_init, other.no_init);
  ASSERT_EQ(one.mounts.size(), other.mounts.size());
  for (size_t i = 0; i < one.mounts.size(); ++i) {
    EXPECT_EQ(MountText(one.mounts[i]), MountText(other.mounts[i]));
  }
  EXPECT_EQ(KernelText(one.uid_map), KernelText(other.uid_map));
  EXPECT_EQ(KernelText(one.gid_map), KernelText(other.gid_map));
  EXPECT_EQ(one.allow_new_privileges, other.allow_new_privileges);
  EXPECT_EQ(one.add_capabilities, other.add_capabilities);
  EXPECT_EQ(one.drop_capabilities, other.drop_capabilities);
  EXPECT_EQ(one.seccomp, other.seccomp);
  ASSERT_EQ(one.devices.size(), other.devices.size());
  for (size_t i = 0; i < one.devices.size(); ++i) {
    EXPECT_EQ(DeviceText(one.devices[i]), DeviceText(other.devices[i]));
  }
  EXPECT_EQ(one.apparmor_profile, other.apparmor_profile);
  EXPECT_EQ(one.selinux_label, other.selinux_label);
}

TEST(NativeConvertTest, AllOfItSurvives) {
  v1::TaskSpec message;
  IsolationToProto(Everything(), &message);

  const absl::StatusOr<IsolationSpec> back = IsolationFromProto(message);

  ASSERT_THAT(back, IsOk());
  ExpectSame(*back, Everything());
}

TEST(NativeConvertTest, OfNothingOnlyTheExecutorIsSaid) {
  v1::TaskSpec message;
  IsolationToProto(IsolationSpec(), &message);
  EXPECT_EQ(message.ShortDebugString(), "isolation: \"universal\"");

  const absl::StatusOr<IsolationSpec> empty =
      IsolationFromProto(v1::TaskSpec());
  ASSERT_THAT(empty, IsOk());
  ExpectSame(*empty, IsolationSpec());
}

TEST(NativeConvertTest, ATmpfsWithoutAModeHasTheUsualOne) {
  v1::TaskSpec message;
  v1::Mount* const mount = message.mutable_native()->add_mounts();
  mount->set_type("tmpfs");
  mount->set_target("/tmp");

  EXPECT_EQ(IsolationFromProto(message)->mounts.at(0).mode, 01777u);
}

TEST(NativeConvertTest, ADeviceIsAtItsOwnPathAndForAllUses) {
  v1::TaskSpec message;
  message.mutable_native()->add_devices()->set_host_path("/dev/fuse");

  EXPECT_EQ(DeviceText(IsolationFromProto(message)->devices.at(0)),
            "/dev/fuse:rwm");
}

TEST(NativeConvertTest, ATextThatStandsForNothingIsRefused) {
  v1::TaskSpec message;
  message.set_isolation("moon");
  EXPECT_THAT(IsolationFromProto(message),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("moon")));

  message.Clear();
  message.mutable_native()->add_mounts()->set_target("/data");
  EXPECT_THAT(IsolationFromProto(message),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "mount on /data: type is bind or tmpfs"));

  message.mutable_native()->mutable_mounts(0)->set_type("bind");
  message.mutable_native()->mutable_mounts(0)->set_propagation("shared");
  EXPECT_THAT(IsolationFromProto(message),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("propagation \"shared\"")));

  message.Clear();
  message.mutable_native()->add_devices()->set_permissions("x");
  EXPECT_THAT(
      IsolationFromProto(message),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("r, w and m")));
}

}  // namespace
}  // namespace reeve
