#include "agent/state/state_directory.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "agent/state/boot_id.h"
#include "agent/state/memory_high_records.h"
#include "agent/state/process_identity_text.h"
#include "agent/state/record_json.h"
#include "agent/state/task_record_json.h"
#include "base/file.h"
#include "base/regular_file.h"
#include "enforcement/spec/task_spec.h"

namespace reeve {
namespace {

constexpr char kRecordFile[] = "process.json";
constexpr char kLimitsFile[] = "limits.json";
constexpr char kBootIdFile[] = "bootid";

absl::Status MakeDirectories(const std::string& path) {
  for (size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
    const std::string prefix = path.substr(0, slash);
    if (mkdir(prefix.c_str(), 0755) != 0 && errno != EEXIST) {
      return ErrnoStatus(errno, absl::StrCat("mkdir ", prefix));
    }
    if (slash == std::string::npos) return absl::OkStatus();
  }
}

// For whoever finds the directory locked.
absl::Status WriteOwnPid(int dir_fd, const std::string& path) {
  const absl::StatusOr<UniqueFd> file =
      OpenAt(dir_fd, kStateLockFile, O_WRONLY | O_TRUNC | O_NOFOLLOW);
  if (!file.ok()) return file.status();
  const std::string pid = absl::StrCat(getpid(), "\n");
  if (write(file->get(), pid.data(), pid.size()) < 0) {
    return ErrnoStatus(errno,
                       absl::StrCat("write ", path, "/", kStateLockFile));
  }
  return absl::OkStatus();
}

// Takes the lock that says which agent owns the directory. Nothing is held open
// for writing: an administrator can make the file system read-only at any time.
absl::StatusOr<UniqueFd> Lock(int dir_fd, const std::string& path) {
  absl::StatusOr<UniqueFd> lock =
      OpenAt(dir_fd, kStateLockFile, O_RDONLY | O_CREAT | O_NOFOLLOW, 0644);
  if (!lock.ok()) return lock.status();

  if (flock(lock->get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) {
      return ErrnoStatus(errno,
                         absl::StrCat("lock ", path, "/", kStateLockFile));
    }
    const absl::StatusOr<std::string> owner =
        ReadRegularFileAt(dir_fd, kStateLockFile);
    return absl::FailedPreconditionError(absl::StrCat(
        path, " is in use by another agent (pid ",
        owner.ok() ? std::string(absl::StripSuffix(*owner, "\n")) : "unknown",
        "): stop it, take over with --take-over, or give another "
        "--state-dir"));
  }
  const absl::Status written = WriteOwnPid(dir_fd, path);
  if (!written.ok()) return written;
  return lock;
}

// Names in a directory, without "." and "..".
absl::StatusOr<std::vector<std::string>> ListNames(int dir_fd) {
  absl::StatusOr<UniqueFd> fd = OpenAt(dir_fd, ".", O_RDONLY | O_DIRECTORY);
  if (!fd.ok()) return fd.status();
  const std::unique_ptr<DIR, int (*)(DIR*)> dir(fdopendir(fd->get()), closedir);
  if (dir == nullptr) return ErrnoStatus(errno, "fdopendir");
  (void)fd->Release();  // closedir() closes it.

  std::vector<std::string> names;
  while (const dirent* entry = readdir(dir.get())) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  return names;
}

absl::Status RemoveTree(int parent_fd, const std::string& name);

// Whatever it is: links are not followed.
absl::Status RemoveEntry(int dir_fd, const std::string& name) {
  if (unlinkat(dir_fd, name.c_str(), 0) == 0 || errno == ENOENT) {
    return absl::OkStatus();
  }
  if (errno == EISDIR) return RemoveTree(dir_fd, name);
  return ErrnoStatus(errno, absl::StrCat("unlink ", name));
}

absl::Status RemoveTree(int parent_fd, const std::string& name) {
  const absl::StatusOr<UniqueFd> dir =
      OpenAt(parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  if (absl::IsNotFound(dir.status())) return absl::OkStatus();
  if (!dir.ok()) return dir.status();

  const absl::StatusOr<std::vector<std::string>> entries =
      ListNames(dir->get());
  if (!entries.ok()) return entries.status();
  for (const std::string& entry : *entries) {
    absl::Status status = RemoveEntry(dir->get(), entry);
    if (!status.ok()) return status;
  }
  if (unlinkat(parent_fd, name.c_str(), AT_REMOVEDIR) != 0 && errno != ENOENT) {
    return ErrnoStatus(errno, absl::StrCat("rmdir ", name));
  }
  return absl::OkStatus();
}

}  // namespace

StateDirectory::StateDirectory(std::string path, UniqueFd lock, UniqueFd tasks)
    : path_(std::move(path)),
      lock_(std::move(lock)),
      tasks_(std::move(tasks)) {}

absl::StatusOr<StateDirectory> StateDirectory::Open(const std::string& path) {
  if (path.empty() || path[0] != '/') {
    return absl::InvalidArgumentError(absl::StrCat(
        "state directory \"", path, "\" must be an absolute path"));
  }
  absl::Status status = MakeDirectories(path);
  if (!status.ok()) return status;
  const absl::StatusOr<UniqueFd> dir = OpenDirAt(AT_FDCWD, path);
  if (!dir.ok()) return dir.status();
  absl::StatusOr<UniqueFd> lock = Lock(dir->get(), path);
  if (!lock.ok()) return lock.status();

  // Environments hold secrets: only the agent's user looks into a task's files.
  if (mkdirat(dir->get(), "tasks", 0700) != 0 && errno != EEXIST) {
    return ErrnoStatus(errno, absl::StrCat("mkdir ", path, "/tasks"));
  }
  absl::StatusOr<UniqueFd> tasks = OpenDirAt(dir->get(), "tasks");
  if (!tasks.ok()) return tasks.status();
  return StateDirectory(path, *std::move(lock), *std::move(tasks));
}

absl::StatusOr<UniqueFd> StateDirectory::CreateTask(
    const std::string& id, const state::TaskRecord& record) const {
  if (mkdirat(tasks_.get(), id.c_str(), 0700) != 0) {
    return ErrnoStatus(errno, absl::StrCat("mkdir ", path_, "/tasks/", id));
  }
  absl::Cleanup undo = [this, &id] { (void)RemoveTask(id); };

  absl::StatusOr<UniqueFd> dir = OpenTask(id);
  if (!dir.ok()) return dir.status();
  const absl::StatusOr<std::string> boot_id = ReadBootId();
  if (!boot_id.ok()) return boot_id.status();
  absl::Status status = ReplaceFileAt(dir->get(), kBootIdFile, *boot_id, 0600);
  if (!status.ok()) return status;
  status = WriteTaskRecord(dir->get(), record);
  if (!status.ok()) return status;

  std::move(undo).Cancel();
  return dir;
}

absl::StatusOr<UniqueFd> StateDirectory::OpenTask(const std::string& id) const {
  return OpenAt(tasks_.get(), id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
}

absl::Status StateDirectory::CheckTask(const std::string& id) const {
  const auto refuse = [this, &id](absl::string_view why) {
    return absl::FailedPreconditionError(
        absl::StrCat(path_, "/tasks/", absl::CHexEscape(id), why));
  };
  if (!IsValidTaskId(id)) return refuse(" has a name that no task has");
  struct stat info;
  if (fstatat(tasks_.get(), id.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
    return ErrnoStatus(errno, absl::StrCat("stat ", path_, "/tasks/", id));
  }
  if (!S_ISDIR(info.st_mode)) return refuse(" is no directory");
  return absl::OkStatus();
}

absl::Status StateDirectory::RemoveTask(const std::string& id) const {
  return RemoveTree(tasks_.get(), id);
}

void StateDirectory::RemoveIfEmpty() const {
  if (rmdir(absl::StrCat(path_, "/tasks").c_str()) != 0) return;
  (void)rmdir(absl::StrCat(path_, "/groups").c_str());
  (void)rmdir(MemoryHighRecords::FolderIn(path_).c_str());
  (void)unlink(absl::StrCat(path_, "/", kStateLockFile).c_str());
  (void)rmdir(path_.c_str());
}

absl::StatusOr<std::vector<std::string>> StateDirectory::TaskIds() const {
  return ListNames(tasks_.get());
}

absl::StatusOr<state::TaskRecord> ReadTaskRecord(int dir_fd,
                                                 absl::string_view id) {
  const absl::StatusOr<std::string> json =
      ReadRegularFileAt(dir_fd, kRecordFile);
  if (!json.ok()) return json.status();
  return ParseTaskRecord(*json, id);
}

absl::Status WriteTaskRecord(int dir_fd, const state::TaskRecord& record) {
  return ReplaceFileAt(dir_fd, kRecordFile, RecordToJson(record), 0600);
}

absl::Status WriteTaskLimits(int dir_fd, const v1::Limits& limits) {
  return ReplaceFileAt(dir_fd, kLimitsFile, RecordToJson(limits), 0600);
}

absl::StatusOr<v1::Limits> ReadTaskLimits(int dir_fd) {
  const absl::StatusOr<std::string> json =
      ReadRegularFileAt(dir_fd, kLimitsFile);
  if (!json.ok()) return json.status();
  return ParseTaskLimits(*json);
}

absl::Status WriteTaskProcess(int dir_fd, const ProcessIdentity& process) {
  absl::Status status = ReplaceFileAt(
      dir_fd, "starttime", absl::StrCat(process.start_time_ticks, "\n"), 0600);
  if (!status.ok()) return status;
  return ReplaceFileAt(dir_fd, "pid", absl::StrCat(process.pid, "\n"), 0600);
}

absl::StatusOr<ProcessIdentity> ReadTaskProcess(int dir_fd) {
  const absl::StatusOr<std::string> pid = ReadRegularFileAt(dir_fd, "pid");
  if (!pid.ok()) return pid.status();
  const absl::StatusOr<std::string> start =
      ReadRegularFileAt(dir_fd, "starttime");
  if (!start.ok()) return start.status();
  return ParseProcessIdentity(*pid, *start);
}

absl::StatusOr<bool> IsFromThisBoot(int dir_fd) {
  const absl::StatusOr<std::string> stored =
      ReadRegularFileAt(dir_fd, kBootIdFile);
  if (absl::IsResourceExhausted(stored.status())) return stored.status();
  const absl::StatusOr<std::string> current = ReadBootId();
  if (!current.ok()) return current.status();
  return stored.ok() && *stored == *current;
}

}  // namespace reeve
