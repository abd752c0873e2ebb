#include "agent/state/applied_files.h"

#include <fcntl.h>

#include "agent/state/applied_files_record.pb.h"
#include "agent/state/boot_id.h"
#include "agent/state/record_json.h"
#include "base/file.h"
#include "base/regular_file.h"
#include "base/unique_fd.h"

namespace reeve {
namespace {

constexpr char kFile[] = "applied-files.json";

}  // namespace

absl::Status AppliedFilesStore::Write(const AppliedFiles& applied) const {
  const absl::StatusOr<UniqueFd> folder = OpenDirAt(AT_FDCWD, state_dir_);
  if (!folder.ok()) return folder.status();
  absl::StatusOr<std::string> boot_id = ReadBootId();
  if (!boot_id.ok()) return boot_id.status();
  state::AppliedFilesRecord record;
  record.set_version(1);
  record.set_boot_id(*std::move(boot_id));
  for (const auto& [path, file] : applied.by_path) {
    state::AppliedFile* const added = record.add_files();
    added->set_path(path);
    added->set_id(file.id);
    added->set_digest(file.digest);
  }
  for (const std::string& id : applied.stopping) record.add_stopping(id);
  return ReplaceFileAt(folder->get(), kFile, RecordToJson(record), 0600);
}

absl::StatusOr<AppliedFiles> AppliedFilesStore::Read() const {
  const absl::StatusOr<UniqueFd> folder = OpenDirAt(AT_FDCWD, state_dir_);
  if (!folder.ok()) return folder.status();
  const absl::StatusOr<std::string> json =
      ReadRegularFileAt(folder->get(), kFile);
  if (!json.ok()) return json.status();
  state::AppliedFilesRecord record;
  const absl::Status status = RecordFromJson(*json, kFile, &record);
  if (!status.ok()) return status;
  const absl::StatusOr<std::string> boot_id = ReadBootId();
  if (!boot_id.ok()) return boot_id.status();
  const bool is_of_this_boot = record.boot_id() == *boot_id;
  AppliedFiles applied;
  for (const state::AppliedFile& file : record.files()) {
    applied.by_path[file.path()] = {file.id(),
                                    is_of_this_boot ? file.digest() : ""};
  }
  if (is_of_this_boot) {
    applied.stopping.insert(record.stopping().begin(), record.stopping().end());
  }
  return applied;
}

}  // namespace reeve
