#include "collectors/cgroups/cgroup_identity.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

struct Case {
  // "ID" stands for a container's id, "UID" for a pod's.
  std::string path;
  // kind|unit|slice|scope|container_id|pod_id|runtime
  std::string identity;
};

constexpr char kId[] =
    "4f2a8c0b9d3e1f5a6b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c";
constexpr char kUid[] = "8dbc1f5e-2c8a-4b7c-9a53-5d1d9e3f7a10";
constexpr char kUidWithUnderscores[] = "8dbc1f5e_2c8a_4b7c_9a53_5d1d9e3f7a10";

std::string WithIds(const std::string& text) {
  return absl::StrReplaceAll(
      text, {{"U_ID", kUidWithUnderscores}, {"UID", kUid}, {"ID", kId}});
}

std::string TextOf(const CgroupIdentity& identity) {
  return absl::StrCat(identity.kind, "|", identity.unit, "|", identity.slice,
                      "|", identity.scope, "|", identity.container_id, "|",
                      identity.pod_id, "|", identity.runtime);
}

void ExpectThese(const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    const std::string path = WithIds(one.path);
    EXPECT_EQ(TextOf(IdentifyCgroup(path)), WithIds(one.identity)) << path;
  }
}

TEST(IdentifyCgroupTest, UnitsOfSystemd) {
  ExpectThese({
      {"/", "root||||||"},
      {"/system.slice", "slice||system.slice||||"},
      {"/system.slice/nginx.service", "service|nginx.service|system.slice||||"},
      {"/system.slice/dev-disk\\x2dby.service",
       "service|dev-disk\\x2dby.service|system.slice||||"},
      {"/system.slice/system-getty.slice/getty@tty1.service",
       "service|getty@tty1.service|system-getty.slice||||"},
      {"/user.slice/user-1000.slice/session-3.scope",
       "scope|session-3.scope|user-1000.slice|session-3.scope|||"},
      {"/user.slice/user-1000.slice/user@1000.service/app.slice/a.service",
       "service|a.service|app.slice||||"},
      {"/init.scope", "scope|init.scope||init.scope|||"},
  });
}

TEST(IdentifyCgroupTest, WhatIsInsideOfAUnitHasTheUnit) {
  ExpectThese({
      {"/system.slice/nginx.service/workers",
       "other|nginx.service|system.slice||||"},
      {"/system.slice/docker-ID.scope/init",
       "other|docker-ID.scope|system.slice|docker-ID.scope|ID||docker"},
      {"/batch/job", "other||||||"},
  });
}

TEST(IdentifyCgroupTest, Docker) {
  ExpectThese({
      {"/docker", "other||||||"},
      {"/docker/ID", "container||||ID||docker"},
      {"/docker/ID/docker/ID", "container||||ID||docker"},
      {"/system.slice/docker-ID.scope",
       "container|docker-ID.scope|system.slice|docker-ID.scope|ID||docker"},
      {"/system.slice/docker.service",
       "service|docker.service|system.slice||||"},
      {"/docker/short", "other||||||"},
      {"/system.slice/docker-short.scope",
       "scope|docker-short.scope|system.slice|docker-short.scope|||"},
  });
}

TEST(IdentifyCgroupTest, Podman) {
  ExpectThese({
      {"/machine.slice/libpod-ID.scope",
       "container|libpod-ID.scope|machine.slice|libpod-ID.scope|ID||podman"},
      {"/machine.slice/libpod-conmon-ID.scope",
       "monitor|libpod-conmon-ID.scope|machine.slice|libpod-conmon-ID.scope|ID|"
       "|podman"},
      {"/libpod_parent/libpod-ID", "container||||ID||podman"},
      {"/machine.slice/machine-libpod_pod_ID.slice",
       "pod||machine-libpod_pod_ID.slice|||ID|podman"},
      {"/machine.slice/machine-libpod_pod_ID.slice/libpod-ID.scope/container",
       "other|libpod-ID.scope|machine-libpod_pod_ID.slice|libpod-ID.scope|ID|"
       "ID|podman"},
  });
}

TEST(IdentifyCgroupTest, KubernetesWithSystemd) {
  const std::string pod =
      "/kubepods.slice/kubepods-burstable.slice/"
      "kubepods-burstable-podU_ID.slice";
  const std::string slice = "kubepods-burstable-podU_ID.slice";
  ExpectThese({
      {"/kubepods.slice/kubepods-burstable.slice",
       "slice||kubepods-burstable.slice||||"},
      {pod, absl::StrCat("pod||", slice, "|||UID|")},
      {"/kubepods.slice/kubepods-podU_ID.slice",
       "pod||kubepods-podU_ID.slice|||UID|"},
      {pod + "/cri-containerd-ID.scope",
       absl::StrCat("container|cri-containerd-ID.scope|", slice,
                    "|cri-containerd-ID.scope|ID|UID|containerd")},
      {pod + "/crio-ID.scope", absl::StrCat("container|crio-ID.scope|", slice,
                                            "|crio-ID.scope|ID|UID|cri-o")},
      {pod + "/crio-conmon-ID.scope",
       absl::StrCat("monitor|crio-conmon-ID.scope|", slice,
                    "|crio-conmon-ID.scope|ID|UID|cri-o")},
      {pod + "/docker-ID.scope",
       absl::StrCat("container|docker-ID.scope|", slice,
                    "|docker-ID.scope|ID|UID|docker")},
      // Of a pod that kubelet itself was told of, by its manifest's hash.
      {"/kubepods.slice/kubepods-pod0123456789abcdef0123456789abcdef.slice",
       "pod||kubepods-pod0123456789abcdef0123456789abcdef.slice|||"
       "0123456789abcdef0123456789abcdef|"},
  });
}

TEST(IdentifyCgroupTest, KubernetesWithoutSystemd) {
  ExpectThese({
      {"/kubepods", "other||||||"},
      {"/kubepods/burstable", "other||||||"},
      {"/kubepods/burstable/podUID", "pod|||||UID|"},
      {"/kubepods/podUID/ID", "container||||ID|UID|"},
      {"/kubelet/kubepods/besteffort/podUID/ID", "container||||ID|UID|"},
      {"/elsewhere/podUID", "other||||||"},
      {"/system.slice/containerd.service/"
       "kubepods-burstable-podU_ID.slice:cri-containerd:ID",
       "container|containerd.service|system.slice||ID|UID|containerd"},
  });
}

TEST(IdentifyCgroupTest, OtherContainersAndMachines) {
  ExpectThese({
      {"/lxc", "other||||||"},
      {"/lxc/web", "container||||web||lxc"},
      {"/lxc.payload.web", "container||||web||lxc"},
      {"/lxc.payload.web/system.slice/a.service",
       "service|a.service|system.slice||web||lxc"},
      {"/lxc.monitor.web", "monitor||||web||lxc"},
      {"/system.slice/nerdctl-ID.scope",
       "container|nerdctl-ID.scope|system.slice|nerdctl-ID.scope|ID||"
       "containerd"},
      {"/machine.slice/systemd-nspawn@my\\x2dbox.service",
       "machine|systemd-nspawn@my\\x2dbox.service|machine.slice||my-box||"
       "systemd-nspawn"},
      {"/machine.slice/machine-my\\x2dbox.scope",
       "machine|machine-my\\x2dbox.scope|machine.slice|"
       "machine-my\\x2dbox.scope|my-box||"},
      {"/machine.slice/machine-qemu\\x2d3\\x2dvm.scope/libvirt",
       "other|machine-qemu\\x2d3\\x2dvm.scope|machine.slice|"
       "machine-qemu\\x2d3\\x2dvm.scope|qemu-3-vm||qemu"},
  });
}

TEST(IdentifyCgroupTest, OddPathsAreOther) {
  ExpectThese({
      {"", "root||||||"},
      {"//", "root||||||"},
      {"relative", "other||||||"},
      {"/a:b:c", "other||||||"},
      {"/machine-.scope", "scope|machine-.scope||machine-.scope|||"},
      {"/systemd-nspawn@.service", "service|systemd-nspawn@.service|||||"},
  });
}

}  // namespace
}  // namespace reeve
