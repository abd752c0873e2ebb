#include "enforcement/cgroup/cpuset_parent.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "base/file.h"

namespace reeve {
namespace {

constexpr char kCpuset[] = "cpuset";

// What is in effect, by the version's own name for it.
struct EffectiveFiles {
  const char* cpus;
  const char* mems;
};

EffectiveFiles FilesOf(CgroupVersion version) {
  return version == CgroupVersion::kV1
             ? EffectiveFiles{"cpuset.effective_cpus", "cpuset.effective_mems"}
             : EffectiveFiles{"cpuset.cpus.effective", "cpuset.mems.effective"};
}

absl::StatusOr<CpuList> ReadList(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadFile(path);
  if (!text.ok()) return text.status();
  return ParseCpuList(absl::StripAsciiWhitespace(*text));
}

// kNotFound if the cgroup has no cpuset, or an empty one.
absl::StatusOr<AvailableCpuset> ReadEffective(const std::string& directory,
                                              CgroupVersion version) {
  const EffectiveFiles files = FilesOf(version);
  absl::StatusOr<CpuList> cpus =
      ReadList(absl::StrCat(directory, "/", files.cpus));
  if (!cpus.ok()) return cpus.status();
  absl::StatusOr<CpuList> mems =
      ReadList(absl::StrCat(directory, "/", files.mems));
  if (!mems.ok()) return mems.status();
  if (cpus->empty() || mems->empty()) {
    return absl::NotFoundError(absl::StrCat(directory, ": an empty cpuset"));
  }
  return AvailableCpuset{*std::move(cpus), *std::move(mems)};
}

// "/a/b" of "/a/b/c", "" of "/a".
absl::string_view ParentOf(absl::string_view cgroup) {
  return cgroup.substr(0, cgroup.rfind('/'));
}

}  // namespace

absl::StatusOr<AvailableCpuset> AvailableIn(const CgroupMounts& mounts,
                                            const std::string& parent) {
  const CgroupHierarchy* hierarchy = mounts.Find(kCpuset);
  if (hierarchy == nullptr) {
    return absl::UnavailableError(
        "this host has the cgroup controller cpuset in no mounted hierarchy");
  }
  absl::string_view cgroup = parent == "/" ? "" : absl::string_view(parent);
  while (true) {
    absl::StatusOr<AvailableCpuset> available = ReadEffective(
        absl::StrCat(hierarchy->mount_point, cgroup), hierarchy->version);
    if (!absl::IsNotFound(available.status()) || cgroup.empty()) {
      return available;
    }
    cgroup = ParentOf(cgroup);
  }
}

absl::Status InheritCpuset(const CgroupMounts& mounts,
                           CgroupController& controller,
                           const std::string& cgroup) {
  const CgroupHierarchy* hierarchy = mounts.Find(kCpuset);
  if (hierarchy == nullptr || hierarchy->version == CgroupVersion::kV2) {
    return absl::OkStatus();
  }
  std::string path;
  for (absl::string_view name :
       absl::StrSplit(cgroup, '/', absl::SkipEmpty())) {
    const absl::StatusOr<AvailableCpuset> parent = AvailableIn(mounts, path);
    if (!parent.ok()) return parent.status();
    absl::StrAppend(&path, "/", name);
    const absl::StatusOr<AvailableCpuset> own = ReadEffective(
        absl::StrCat(hierarchy->mount_point, path), hierarchy->version);
    if (own.ok()) continue;
    if (!absl::IsNotFound(own.status())) return own.status();
    absl::Status status = controller.Set(
        path, {{kCpuset, "cpuset.cpus", FormatCpuList(parent->cpus)},
               {kCpuset, "cpuset.mems", FormatCpuList(parent->mems)}});
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace reeve
