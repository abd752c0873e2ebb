#include "agent/state/group_records.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "agent/state/record_json.h"
#include "base/file.h"
#include "base/regular_file.h"
#include "enforcement/spec/cgroup_path.h"
#include "enforcement/spec/task_spec.h"

namespace reeve {

absl::StatusOr<state::GroupRecord> ParseGroupRecord(absl::string_view json,
                                                    absl::string_view group) {
  const std::string file = absl::StrCat("groups/", group);
  state::GroupRecord record;
  const absl::Status status = RecordFromJson(json, file, &record);
  if (!status.ok()) return status;
  if (record.group() != group) {
    return absl::DataLossError(absl::StrCat(file, " is of another group"));
  }
  if (!IsCgroupPath(record.cgroup_parent())) {
    return absl::DataLossError(
        absl::StrCat(file, " names no parent of the group's cgroup"));
  }
  return record;
}

GroupRecords::GroupRecords(UniqueFd folder) : folder_(std::move(folder)) {}

absl::StatusOr<GroupRecords> GroupRecords::Open(const std::string& state_dir) {
  const std::string folder = absl::StrCat(state_dir, "/groups");
  if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return ErrnoStatus(errno, absl::StrCat("mkdir ", folder));
  }
  absl::StatusOr<UniqueFd> fd = OpenDirAt(AT_FDCWD, folder);
  if (!fd.ok()) return fd.status();
  return GroupRecords(*std::move(fd));
}

absl::Status GroupRecords::Write(const state::GroupRecord& record) const {
  return ReplaceFileAt(folder_.get(), record.group(), RecordToJson(record),
                       0600);
}

absl::StatusOr<state::GroupRecord> GroupRecords::Read(
    const std::string& group) const {
  const absl::StatusOr<std::string> json =
      ReadRegularFileAt(folder_.get(), group);
  if (!json.ok()) return json.status();
  return ParseGroupRecord(*json, group);
}

absl::Status GroupRecords::Remove(const std::string& group) const {
  if (unlinkat(folder_.get(), group.c_str(), 0) == 0 || errno == ENOENT) {
    return absl::OkStatus();
  }
  return ErrnoStatus(errno, absl::StrCat("unlink groups/", group));
}

absl::StatusOr<std::vector<std::string>> GroupRecords::Names() const {
  absl::StatusOr<UniqueFd> fd =
      OpenAt(folder_.get(), ".", O_RDONLY | O_DIRECTORY);
  if (!fd.ok()) return fd.status();
  const std::unique_ptr<DIR, int (*)(DIR*)> dir(fdopendir(fd->get()), closedir);
  if (dir == nullptr) return ErrnoStatus(errno, "fdopendir");
  (void)fd->Release();  // closedir() closes it.

  std::vector<std::string> names;
  while (const dirent* entry = readdir(dir.get())) {
    // A writing that was cut short has left a name that no group can have.
    if (ValidateGroupName(entry->d_name).ok()) {
      names.emplace_back(entry->d_name);
    }
  }
  return names;
}

}  // namespace reeve
