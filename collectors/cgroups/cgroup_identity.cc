#include "collectors/cgroups/cgroup_identity.h"

#include <cstddef>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace reeve {
namespace {

// One name of a path, and the one before.
struct Step {
  absl::string_view name;
  absl::string_view before;
  // Some name before has to do with Kubernetes.
  bool is_in_kubernetes;
};

struct ContainerPrefix {
  absl::string_view prefix;
  absl::string_view runtime;
  absl::string_view kind;
};

// What runtimes have before the id, in the name of a scope or of a directory.
constexpr ContainerPrefix kContainers[] = {
    {"cri-containerd-", "containerd", "container"},
    {"crio-", "cri-o", "container"},
    {"crio-conmon-", "cri-o", "monitor"},
    {"docker-", "docker", "container"},
    {"libpod-", "podman", "container"},
    {"libpod-conmon-", "podman", "monitor"},
    {"nerdctl-", "containerd", "container"},
};

bool IsLowerHex(char c) {
  return absl::ascii_isdigit(static_cast<unsigned char>(c)) ||
         (c >= 'a' && c <= 'f');
}

bool IsContainerId(absl::string_view text) {
  return text.size() == 64 && absl::c_all_of(text, IsLowerHex);
}

// The uid of a pod: a UUID, with "_" where systemd's slices have a meaning for
// "-", or the hash of a static pod's manifest.
bool IsPodUid(absl::string_view text) {
  return text.size() >= 32 && text.size() <= 36 &&
         absl::c_all_of(text, [](char c) {
           return IsLowerHex(c) || c == '-' || c == '_';
         });
}

std::string PodId(absl::string_view uid) {
  return absl::StrReplaceAll(uid, {{"_", "-"}});
}

// systemd writes what a name may not have as \xHH.
std::string UnescapeUnit(absl::string_view text) {
  constexpr size_t kEscape = 4;
  std::string out;
  while (!text.empty()) {
    unsigned value = 0;
    const bool is_escape = text.size() >= kEscape &&
                           absl::StartsWith(text, "\\x") &&
                           IsLowerHex(text[2]) && IsLowerHex(text[3]);
    if (!is_escape) {
      out.push_back(text.front());
      text.remove_prefix(1);
      continue;
    }
    for (const char c : text.substr(2, 2)) {
      value =
          value * 16 + static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    out.push_back(static_cast<char>(value));
    text.remove_prefix(kEscape);
  }
  return out;
}

void SetContainer(absl::string_view kind, absl::string_view id,
                  absl::string_view runtime, CgroupIdentity& identity) {
  identity.kind = std::string(kind);
  identity.container_id = std::string(id);
  identity.runtime = std::string(runtime);
}

// PREFIX-ID, as docker-4f2…, of a scope or not.
bool IsPrefixedContainer(absl::string_view name, CgroupIdentity& identity) {
  for (const ContainerPrefix& known : kContainers) {
    absl::string_view id = name;
    if (!absl::ConsumePrefix(&id, known.prefix) || !IsContainerId(id)) continue;
    SetContainer(known.kind, id, known.runtime, identity);
    return true;
  }
  return false;
}

// kubepods-burstable-podUID.slice, and the same without ".slice".
bool IsPodSlice(absl::string_view name, CgroupIdentity& identity) {
  absl::ConsumeSuffix(&name, ".slice");
  const size_t at = name.rfind("-pod");
  if (at == absl::string_view::npos) return false;
  const absl::string_view uid = name.substr(at + 4);
  if (!absl::StrContains(name.substr(0, at), "kubepods") || !IsPodUid(uid)) {
    return false;
  }
  identity.pod_id = PodId(uid);
  return true;
}

// Podman's, below machine.slice or a user's: machine-libpod_pod_ID.slice.
bool IsPodmanPod(absl::string_view name, CgroupIdentity& identity) {
  constexpr absl::string_view kMark = "-libpod_pod_";
  absl::ConsumeSuffix(&name, ".slice");
  const size_t at = name.find(kMark);
  if (at == absl::string_view::npos) return false;
  const absl::string_view id = name.substr(at + kMark.size());
  if (!IsContainerId(id)) return false;
  identity.pod_id = std::string(id);
  identity.runtime = "podman";
  return true;
}

void IdentifySlice(absl::string_view name, CgroupIdentity& identity) {
  identity.slice = std::string(name);
  const bool is_pod = IsPodSlice(name, identity) || IsPodmanPod(name, identity);
  identity.kind = is_pod ? "pod" : "slice";
}

void IdentifyService(absl::string_view name, CgroupIdentity& identity) {
  identity.unit = std::string(name);
  identity.kind = "service";
  absl::ConsumeSuffix(&name, ".service");
  if (absl::ConsumePrefix(&name, "systemd-nspawn@") && !name.empty()) {
    SetContainer("machine", UnescapeUnit(name), "systemd-nspawn", identity);
  }
}

void IdentifyScope(absl::string_view name, CgroupIdentity& identity) {
  identity.unit = std::string(name);
  identity.scope = std::string(name);
  identity.kind = "scope";
  absl::ConsumeSuffix(&name, ".scope");
  if (IsPrefixedContainer(name, identity)) return;
  if (absl::ConsumePrefix(&name, "machine-") && !name.empty()) {
    // libvirt has the kind of machine in its name, nspawn does not.
    const std::string machine = UnescapeUnit(name);
    SetContainer("machine", machine,
                 absl::StartsWith(machine, "qemu-") ? "qemu" : "", identity);
  }
}

// kubepods-burstable-podUID.slice:cri-containerd:ID, which containerd makes of
// a systemd path where it does not use systemd.
bool IsColonContainer(absl::string_view name, CgroupIdentity& identity) {
  const std::vector<absl::string_view> parts = absl::StrSplit(name, ':');
  if (parts.size() != 3 || !IsContainerId(parts[2])) return false;
  IsPodSlice(parts[0], identity);
  absl::string_view runtime;
  if (parts[1] == "cri-containerd") runtime = "containerd";
  SetContainer("container", parts[2], runtime, identity);
  return true;
}

bool IsLxcContainer(const Step& step, CgroupIdentity& identity) {
  absl::string_view name = step.name;
  if (step.before == "lxc" || absl::ConsumePrefix(&name, "lxc.payload.")) {
    SetContainer("container", name, "lxc", identity);
    return true;
  }
  if (absl::ConsumePrefix(&name, "lxc.monitor.")) {
    SetContainer("monitor", name, "lxc", identity);
    return true;
  }
  return false;
}

// Directories that are no units of systemd.
void IdentifyDirectory(const Step& step, CgroupIdentity& identity) {
  absl::string_view name = step.name;
  if (IsContainerId(name)) {
    // Kubernetes' name does not say by whom it was made.
    SetContainer("container", name, step.before == "docker" ? "docker" : "",
                 identity);
    return;
  }
  if (IsPrefixedContainer(name, identity) || IsColonContainer(name, identity) ||
      IsLxcContainer(step, identity)) {
    return;
  }
  identity.kind = "other";
  if (step.is_in_kubernetes && absl::ConsumePrefix(&name, "pod") &&
      IsPodUid(name)) {
    identity.kind = "pod";
    identity.pod_id = PodId(name);
  }
}

void Identify(const Step& step, CgroupIdentity& identity) {
  if (absl::EndsWith(step.name, ".slice")) {
    IdentifySlice(step.name, identity);
  } else if (absl::EndsWith(step.name, ".service")) {
    IdentifyService(step.name, identity);
  } else if (absl::EndsWith(step.name, ".scope")) {
    IdentifyScope(step.name, identity);
  } else {
    IdentifyDirectory(step, identity);
  }
}

}  // namespace

CgroupIdentity IdentifyCgroup(absl::string_view path) {
  CgroupIdentity identity;
  identity.kind = "root";
  Step step = {"", "", false};
  for (const absl::string_view name :
       absl::StrSplit(path, '/', absl::SkipEmpty())) {
    step.before = step.name;
    step.name = name;
    Identify(step, identity);
    step.is_in_kubernetes |= absl::StrContains(name, "kubepods");
  }
  return identity;
}

}  // namespace reeve
