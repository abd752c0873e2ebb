#include "agent/state/state_directory.h"

#include <dirent.h>
#include <fcntl.h>
#include <google/protobuf/util/json_util.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/file.h"

namespace reeve {
namespace {

constexpr char kLockFile[] = "lock";
constexpr char kRecordFile[] = "process.json";
constexpr char kBootIdFile[] = "bootid";
constexpr char kBootIdPath[] = "/proc/sys/kernel/random/boot_id";

absl::Status MakeDirectories(const std::string& path) {
  for (size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
    const std::string prefix = path.substr(0, slash);
    if (mkdir(prefix.c_str(), 0755) != 0 && errno != EEXIST) {
      return ErrnoStatus(errno, absl::StrCat("mkdir ", prefix));
    }
    if (slash == std::string::npos) return absl::OkStatus();
  }
}

// Takes the lock that says which agent owns the directory.
absl::StatusOr<UniqueFd> Lock(int dir_fd, const std::string& path) {
  absl::StatusOr<UniqueFd> lock =
      OpenAt(dir_fd, kLockFile, O_RDWR | O_CREAT | O_NOFOLLOW, 0644);
  if (!lock.ok()) return lock.status();

  if (flock(lock->get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) {
      return ErrnoStatus(errno, absl::StrCat("lock ", path, "/", kLockFile));
    }
    const absl::StatusOr<std::string> owner = ReadFileAt(dir_fd, kLockFile);
    return absl::FailedPreconditionError(absl::StrCat(
        path, " is in use by another agent (pid ",
        owner.ok() ? std::string(absl::StripSuffix(*owner, "\n")) : "unknown",
        "): stop it or give another --state-dir"));
  }
  const std::string pid = absl::StrCat(getpid(), "\n");
  if (ftruncate(lock->get(), 0) != 0 ||
      pwrite(lock->get(), pid.data(), pid.size(), 0) < 0) {
    return ErrnoStatus(errno, absl::StrCat("write ", path, "/", kLockFile));
  }
  return lock;
}

std::string ToJson(const state::TaskRecord& record) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string json;
  // Fails only for messages with Any or malformed timestamps: there are none.
  (void)google::protobuf::util::MessageToJsonString(record, &json, options);
  return json;
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

absl::Status RemoveTree(int parent_fd, const std::string& name) {
  const absl::StatusOr<UniqueFd> dir =
      OpenAt(parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  if (absl::IsNotFound(dir.status())) return absl::OkStatus();
  if (!dir.ok()) return dir.status();

  const absl::StatusOr<std::vector<std::string>> files = ListNames(dir->get());
  if (!files.ok()) return files.status();
  for (const std::string& file : *files) {
    if (unlinkat(dir->get(), file.c_str(), 0) != 0 && errno != ENOENT) {
      return ErrnoStatus(errno, absl::StrCat("unlink ", name, "/", file));
    }
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
  const absl::StatusOr<std::string> boot_id = ReadFile(kBootIdPath);
  if (!boot_id.ok()) return boot_id.status();
  absl::Status status = ReplaceFileAt(dir->get(), kBootIdFile, *boot_id, 0600);
  if (!status.ok()) return status;
  status = ReplaceFileAt(dir->get(), kRecordFile, ToJson(record), 0600);
  if (!status.ok()) return status;

  std::move(undo).Cancel();
  return dir;
}

absl::StatusOr<UniqueFd> StateDirectory::OpenTask(const std::string& id) const {
  return OpenAt(tasks_.get(), id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
}

absl::Status StateDirectory::RemoveTask(const std::string& id) const {
  return RemoveTree(tasks_.get(), id);
}

void StateDirectory::RemoveIfEmpty() const {
  if (rmdir(absl::StrCat(path_, "/tasks").c_str()) != 0) return;
  (void)unlink(absl::StrCat(path_, "/", kLockFile).c_str());
  (void)rmdir(path_.c_str());
}

absl::StatusOr<std::vector<std::string>> StateDirectory::TaskIds() const {
  return ListNames(tasks_.get());
}

absl::StatusOr<state::TaskRecord> ReadTaskRecord(int dir_fd) {
  const absl::StatusOr<std::string> json = ReadFileAt(dir_fd, kRecordFile);
  if (!json.ok()) return json.status();

  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;  // A newer agent may have written it.
  state::TaskRecord record;
  if (!google::protobuf::util::JsonStringToMessage(*json, &record, options)
           .ok()) {
    return absl::DataLossError(absl::StrCat(kRecordFile, " is not a record"));
  }
  return record;
}

absl::StatusOr<ProcessIdentity> ReadTaskProcess(int dir_fd) {
  const absl::StatusOr<std::string> pid = ReadFileAt(dir_fd, "pid");
  if (!pid.ok()) return pid.status();
  const absl::StatusOr<std::string> start = ReadFileAt(dir_fd, "starttime");
  if (!start.ok()) return start.status();

  ProcessIdentity process;
  if (!absl::SimpleAtoi(*pid, &process.pid) || process.pid <= 0 ||
      !absl::SimpleAtoi(*start, &process.start_time_ticks)) {
    return absl::DataLossError("pid or starttime is not a number");
  }
  return process;
}

bool IsFromThisBoot(int dir_fd) {
  const absl::StatusOr<std::string> stored = ReadFileAt(dir_fd, kBootIdFile);
  const absl::StatusOr<std::string> current = ReadFile(kBootIdPath);
  return stored.ok() && current.ok() && *stored == *current;
}

}  // namespace reeve
