#include "agent/state/memory_high_records.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "agent/state/boot_id.h"
#include "agent/state/record_json.h"
#include "base/file.h"
#include "base/kernel_number.h"
#include "base/regular_file.h"
#include "base/unique_fd.h"
#include "enforcement/spec/cgroup_path.h"

namespace reeve {
namespace {

// Ids of tasks are unique, and those of groups begin with "@".
std::string NameOf(const std::string& cgroup) {
  return cgroup.substr(cgroup.rfind('/') + 1);
}

}  // namespace

absl::StatusOr<state::MemoryHighRecord> ParseMemoryHighRecord(
    absl::string_view json, absl::string_view name) {
  const std::string file = absl::StrCat("memory-high/", name);
  state::MemoryHighRecord record;
  const absl::Status status = RecordFromJson(json, file, &record);
  if (!status.ok()) return status;
  if (!IsCgroupPath(record.cgroup()) || NameOf(record.cgroup()) != name) {
    return absl::DataLossError(absl::StrCat(file, " is not of cgroup ", name));
  }
  if (!ParseKernelLimit(record.memory_high()).ok()) {
    return absl::DataLossError(
        absl::StrCat(file, " does not tell what memory.high was"));
  }
  return record;
}

std::string MemoryHighRecords::FolderIn(const std::string& state_dir) {
  return absl::StrCat(state_dir, "/memory-high");
}

absl::Status MemoryHighRecords::Write(const std::string& cgroup,
                                      const std::string& high) const {
  if (mkdir(folder_.c_str(), 0700) != 0 && errno != EEXIST) {
    return ErrnoStatus(errno, absl::StrCat("mkdir ", folder_));
  }
  const absl::StatusOr<UniqueFd> folder = OpenDirAt(AT_FDCWD, folder_);
  if (!folder.ok()) return folder.status();
  absl::StatusOr<std::string> boot_id = ReadBootId();
  if (!boot_id.ok()) return boot_id.status();
  state::MemoryHighRecord record;
  record.set_version(1);
  record.set_cgroup(cgroup);
  record.set_memory_high(high);
  record.set_boot_id(*std::move(boot_id));
  return ReplaceFileAt(folder->get(), NameOf(cgroup), RecordToJson(record),
                       0600);
}

absl::StatusOr<std::vector<std::string>> MemoryHighRecords::Names() const {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder_, error), end;
       !error && entry != end; entry.increment(error)) {
    std::string name = entry->path().filename();
    // A writing that was cut short: memory.high had not been lowered yet.
    if (name[0] != '.') names.push_back(std::move(name));
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return ErrnoStatus(error.value(), absl::StrCat("list ", folder_));
  }
  return names;
}

absl::StatusOr<state::MemoryHighRecord> MemoryHighRecords::Read(
    const std::string& name) const {
  const absl::StatusOr<std::string> json =
      ReadRegularFileAt(AT_FDCWD, PathOf(name));
  if (!json.ok()) return json.status();
  absl::StatusOr<state::MemoryHighRecord> record =
      ParseMemoryHighRecord(*json, name);
  if (!record.ok()) return record;
  const absl::StatusOr<std::string> boot_id = ReadBootId();
  if (!boot_id.ok()) return boot_id.status();
  if (record->boot_id() != *boot_id) {
    return absl::FailedPreconditionError(
        absl::StrCat(PathOf(name), " is from an earlier boot"));
  }
  return record;
}

absl::Status MemoryHighRecords::Remove(const std::string& cgroup) const {
  const std::string path = PathOf(cgroup);
  if (unlink(path.c_str()) == 0 || errno == ENOENT) return absl::OkStatus();
  return ErrnoStatus(errno, absl::StrCat("unlink ", path));
}

std::string MemoryHighRecords::PathOf(const std::string& cgroup) const {
  return absl::StrCat(folder_, "/", NameOf(cgroup));
}

}  // namespace reeve
