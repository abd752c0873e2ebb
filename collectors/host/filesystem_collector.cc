#include "collectors/host/filesystem_collector.h"

#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "collectors/host/mount_table.h"

namespace reeve {

const char kDefaultFilesystemTypeExclude[] =
    "autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|efivarfs|"
    "fuse\\.(lxcfs|portal|gvfsd-fuse)|fusectl|hugetlbfs|iso9660|mqueue|nsfs|"
    "overlay|proc|pstore|ramfs|rootfs|rpc_pipefs|securityfs|selinuxfs|squashfs|"
    "sysfs|tmpfs|tracefs|udf";

FilesystemFilter DefaultFilesystemFilter() {
  return {*NamePattern::Compile(kDefaultFilesystemTypeExclude), NamePattern()};
}

FilesystemCollector::FilesystemCollector(
    const std::string& procfs, FilesystemFilter filter,
    std::shared_ptr<Latest<FilesystemSample>> latest,
    CollectorObserver& observer, PatientStatfs::Ask ask,
    absl::Duration patience)
    : mountinfo_(absl::StrCat(procfs, "/self/mountinfo")),
      filter_(std::move(filter)),
      statfs_(std::move(ask), patience),
      latest_(std::move(latest)),
      observer_(observer) {}

void FilesystemCollector::Collect() {
  auto sample = std::make_shared<FilesystemSample>();
  // Opened each time: a round is rare.
  const absl::StatusOr<std::string> mountinfo = ReadFile(mountinfo_);
  if (!mountinfo.ok()) {
    observer_.OnError(kFilesystemCollector, mountinfo.status());
    latest_->Publish(std::move(sample));
    return;
  }
  for (MountedFilesystem& mounted : ParseMountTable(*mountinfo)) {
    if (filter_.type_exclude.Matches(mounted.type) ||
        filter_.mount_exclude.Matches(mounted.mount_point)) {
      continue;
    }
    Filesystem filesystem;
    filesystem.mount_point = std::move(mounted.mount_point);
    filesystem.source = std::move(mounted.source);
    filesystem.type = std::move(mounted.type);
    Measure(filesystem);
    sample->push_back(std::move(filesystem));
  }
  latest_->Publish(std::move(sample));
}

void FilesystemCollector::Measure(Filesystem& filesystem) {
  const auto usage = statfs_.Read(filesystem.mount_point);
  if (!usage.has_value()) {
    filesystem.is_stuck = true;
  } else if (usage->ok()) {
    filesystem.usage = **usage;
  } else if (!absl::IsNotFound(usage->status())) {
    observer_.OnError(kFilesystemCollector, usage->status());
  }
}

}  // namespace reeve
