#include "enforcement/spec/isolation.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

using Change = std::function<void(IsolationSpec*)>;

// Each asks for something that only the native executor does.
std::vector<std::pair<const char*, Change>> NativeChanges() {
  return {
      {"root", [](IsolationSpec* spec) { spec->root.directory = "/root"; }},
      {"pid", [](IsolationSpec* spec) { spec->pid = NamespaceMode::kPrivate; }},
      {"pid host",
       [](IsolationSpec* spec) { spec->pid = NamespaceMode::kHost; }},
      {"ipc", [](IsolationSpec* spec) { spec->ipc = NamespaceMode::kPrivate; }},
      {"cgroup",
       [](IsolationSpec* spec) { spec->cgroup = NamespaceMode::kHost; }},
      {"network", [](IsolationSpec* spec) { spec->network = "none"; }},
      {"hostname", [](IsolationSpec* spec) { spec->hostname = "box"; }},
      {"no init", [](IsolationSpec* spec) { spec->no_init = true; }},
      {"mounts",
       [](IsolationSpec* spec) {
         spec->mounts = {ParseMount("type=tmpfs,dst=/tmp").value()};
       }},
      {"new privileges",
       [](IsolationSpec* spec) { spec->allow_new_privileges = true; }},
      {"cap add",
       [](IsolationSpec* spec) { spec->add_capabilities = {"KILL"}; }},
      {"cap drop",
       [](IsolationSpec* spec) { spec->drop_capabilities = {"KILL"}; }},
      {"seccomp", [](IsolationSpec* spec) { spec->seccomp = "unconfined"; }},
      {"devices",
       [](IsolationSpec* spec) {
         spec->devices = {ParseDevice("/dev/fuse").value()};
       }},
      {"apparmor", [](IsolationSpec* spec) { spec->apparmor_profile = "web"; }},
      {"selinux",
       [](IsolationSpec* spec) { spec->selinux_label = "a:b:c:s0"; }},
  };
}

TEST(ResolvedTest, IdMapsAskForNativeWithARoot) {
  IsolationSpec isolation;
  isolation.uid_map = {{0, 100'000, 10}};
  EXPECT_TRUE(isolation.AsksForNative());
  EXPECT_THAT(
      ValidateIsolation(isolation),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("go together")));
  isolation.gid_map = isolation.uid_map;
  EXPECT_THAT(
      ValidateIsolation(isolation),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("give --rootfs")));
  isolation.root.directory = "/root";
  EXPECT_THAT(ValidateIsolation(isolation), IsOk());
  isolation.pid = NamespaceMode::kHost;
  EXPECT_THAT(
      ValidateIsolation(isolation),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("pid-mode host")));
}

TEST(ExecutorTest, HasANameEach) {
  for (const Executor executor :
       {Executor::kAsNeeded, Executor::kNone, Executor::kUniversal,
        Executor::kNative, Executor::kOci, Executor::kAuto}) {
    EXPECT_EQ(ParseExecutor(ExecutorText(executor)).value(), executor);
  }
  EXPECT_THAT(ParseExecutor("moon"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "isolation \"moon\": use none, universal, native, oci "
                       "or auto"));
}

TEST(NamespaceModeTest, HasANameEach) {
  for (const NamespaceMode mode :
       {NamespaceMode::kDefault, NamespaceMode::kPrivate,
        NamespaceMode::kHost}) {
    EXPECT_EQ(ParseNamespaceMode(NamespaceModeText(mode)).value(), mode);
  }
  EXPECT_THAT(ParseNamespaceMode("shared"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("use private or host")));
}

TEST(ResolvedTest, IsNativeIfAnythingOfItIsAskedFor) {
  EXPECT_EQ(IsolationSpec().Resolved(), Executor::kUniversal);
  EXPECT_FALSE(IsolationSpec().AsksForNative());
  for (const auto& [name, change] : NativeChanges()) {
    IsolationSpec spec;
    change(&spec);
    EXPECT_TRUE(spec.AsksForNative()) << name;
    EXPECT_EQ(spec.Resolved(), Executor::kNative) << name;
    EXPECT_THAT(ValidateIsolation(spec), IsOk()) << name;
  }
}

TEST(ResolvedTest, WhatIsNamedStays) {
  for (const Executor executor :
       {Executor::kNone, Executor::kUniversal, Executor::kNative,
        Executor::kOci, Executor::kAuto}) {
    IsolationSpec spec;
    spec.executor = executor;
    EXPECT_EQ(spec.Resolved(), executor);
  }
}

TEST(ValidateIsolationTest, WhatIsNativeIsRefusedOfOtherExecutors) {
  for (const auto& [name, change] : NativeChanges()) {
    IsolationSpec spec;
    change(&spec);
    for (const Executor executor : {Executor::kNone, Executor::kUniversal}) {
      spec.executor = executor;
      EXPECT_THAT(
          ValidateIsolation(spec),
          StatusIs(absl::StatusCode::kInvalidArgument,
                   HasSubstr(absl::StrCat("isolation ", ExecutorText(executor),
                                          " has no root"))))
          << name;
    }
    for (const Executor executor : {Executor::kNative, Executor::kAuto}) {
      spec.executor = executor;
      EXPECT_THAT(ValidateIsolation(spec), IsOk()) << name;
    }
  }
}

TEST(ValidateIsolationTest, OciIsNotThere) {
  IsolationSpec spec;
  spec.executor = Executor::kOci;
  EXPECT_THAT(ValidateIsolation(spec),
              StatusIs(absl::StatusCode::kUnimplemented,
                       HasSubstr("isolation oci is not built in: use native")));
}

TEST(ValidateIsolationTest, WhatIsWrongIsNamed) {
  const std::vector<std::pair<std::string, Change>> cases = {
      {"rootfs \"relative\": give an absolute path",
       [](IsolationSpec* spec) { spec->root.directory = "relative"; }},
      {"rootfs \"/a/../b\"",
       [](IsolationSpec* spec) { spec->root.directory = "/a/../b"; }},
      {"are about a root directory: give one",
       [](IsolationSpec* spec) { spec->root.read_only = true; }},
      {"are about a root directory: give one",
       [](IsolationSpec* spec) { spec->root.overlay = true; }},
      {"are about a root directory: give one",
       [](IsolationSpec* spec) { spec->root.no_pivot_root = true; }},
      {"overlay directory \"/layer\": ask for an overlay too",
       [](IsolationSpec* spec) {
         spec->root.directory = "/root";
         spec->root.overlay_directory = "/layer";
       }},
      {"overlay directory \"layer\": give an absolute path",
       [](IsolationSpec* spec) {
         spec->root.directory = "/root";
         spec->root.overlay = true;
         spec->root.overlay_directory = "layer";
       }},
      {"network \"bridge\": use host, none",
       [](IsolationSpec* spec) { spec->network = "bridge"; }},
      {"hostname \"a_b\": use up to 64",
       [](IsolationSpec* spec) { spec->hostname = "a_b"; }},
      {"use up to 64 letters",
       [](IsolationSpec* spec) { spec->hostname = std::string(65, 'a'); }},
      {"mount \"", [](IsolationSpec* spec) { spec->mounts.resize(1); }},
      {"device \"", [](IsolationSpec* spec) { spec->devices.resize(1); }},
      {"65 capabilities: give 64 at most",
       [](IsolationSpec* spec) { spec->add_capabilities.resize(65); }},
      {"65 capabilities: give 64 at most",
       [](IsolationSpec* spec) { spec->drop_capabilities.resize(65); }},
      {"the seccomp profile is larger than 1 MiB",
       [](IsolationSpec* spec) { spec->seccomp.resize((1 << 20) + 1); }},
      {"apparmor profile \"a\\nb\"",
       [](IsolationSpec* spec) { spec->apparmor_profile = "a\nb"; }},
      {"selinux label \"",
       [](IsolationSpec* spec) { spec->selinux_label.resize(4096, 'a'); }},
      {"no-init is about a private pid namespace",
       [](IsolationSpec* spec) {
         spec->no_init = true;
         spec->pid = NamespaceMode::kHost;
       }},
  };
  for (const auto& [message, change] : cases) {
    IsolationSpec spec;
    change(&spec);
    EXPECT_THAT(
        ValidateIsolation(spec),
        StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(message)));
  }
}

TEST(ValidateIsolationTest, WhatIsAtItsBoundIsTaken) {
  IsolationSpec spec;
  spec.root.directory = "/";
  spec.root.overlay = true;
  spec.root.overlay_directory = "/layer,with:all";
  spec.network = "/run/netns/blue";
  spec.hostname = std::string(64, 'a');
  spec.add_capabilities.resize(64);
  spec.seccomp.resize(1 << 20);
  spec.selinux_label.resize(4095, 'a');
  EXPECT_THAT(ValidateIsolation(spec), IsOk());
}

}  // namespace
}  // namespace reeve
