#include "enforcement/launch/program.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/file.h"
#include "base/unique_fd.h"
#include "enforcement/launch/launch_error.h"

namespace reeve {
namespace {

constexpr absl::string_view kDefaultPath =
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
constexpr mode_t kReadAndExecute = 0555;
constexpr mode_t kAnyExecute = 0111;

absl::Status NotFound(absl::string_view message) {
  return WithReason(absl::NotFoundError(message),
                    LaunchErrorReason::kProgramNotFound);
}

absl::Status NotExecutable(absl::string_view message) {
  return WithReason(absl::FailedPreconditionError(message),
                    LaunchErrorReason::kProgramNotExecutable);
}

// What one place holds. kNotFound: nothing. Other errors: something that is no
// program, or cannot be looked at.
absl::Status CheckCandidate(const std::string& path, mode_t* mode) {
  struct stat file;
  if (stat(path.c_str(), &file) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) {
      return NotFound(absl::StrCat("program ", path, " not found"));
    }
    const int error = errno;
    return NotExecutable(
        absl::ErrnoToStatus(error, absl::StrCat("program ", path)).message());
  }
  if (S_ISDIR(file.st_mode)) {
    return NotExecutable(absl::StrCat("program ", path, " is a directory"));
  }
  if (!S_ISREG(file.st_mode)) {
    return NotExecutable(
        absl::StrCat("program ", path, " is not a regular file"));
  }
  *mode = file.st_mode;
  return absl::OkStatus();
}

std::string RealPath(const std::string& path) {
  char* const resolved = realpath(path.c_str(), nullptr);
  if (resolved == nullptr) return "";
  std::string result(resolved);
  free(resolved);
  return result;
}

// Remembers the first reason why a place that holds something was passed over:
// it says more than "not found".
class Search {
 public:
  bool Try(const std::string& path) {
    mode_t mode = 0;
    return Note(CheckCandidate(path, &mode));
  }

  bool TryExecutable(const std::string& path) {
    mode_t mode = 0;
    absl::Status status = CheckCandidate(path, &mode);
    if (status.ok() && (mode & kAnyExecute) == 0) {
      status = NotExecutable(absl::StrCat(
          "program ", path, " has no execute permission; chmod +x it"));
    }
    return Note(status);
  }

  // Whatever symbolic links say, the file must be inside of `root`.
  bool TryInside(const std::string& root, const std::string& path) {
    if (!Try(path)) return false;
    const std::string real_root = RealPath(root);
    const std::string prefix = real_root == "/" ? "/" : real_root + "/";
    if (!real_root.empty() && absl::StartsWith(RealPath(path), prefix)) {
      return true;
    }
    return Note(NotExecutable(absl::StrCat(
        "program ", path, " leads out of the task directory ", root)));
  }

  // The reason kept, or `otherwise`.
  absl::Status Failure(const absl::Status& otherwise) const {
    return reason_.ok() ? otherwise : reason_;
  }

 private:
  bool Note(const absl::Status& status) {
    if (status.ok()) return true;
    if (reason_.ok() && !absl::IsNotFound(status)) reason_ = status;
    return false;
  }

  absl::Status reason_;
};

absl::string_view PathOf(const std::vector<std::string>& env) {
  for (const std::string& variable : env) {
    if (absl::StartsWith(variable, "PATH=")) {
      return absl::string_view(variable).substr(5);
    }
  }
  return kDefaultPath;
}

std::string Absolute(absl::string_view path, const std::string& cwd) {
  if (absl::StartsWith(path, "/")) return std::string(path);
  if (path.empty()) return cwd;
  return absl::StrCat(cwd, absl::EndsWith(cwd, "/") ? "" : "/", path);
}

}  // namespace

absl::StatusOr<std::string> FindProgram(const std::string& name,
                                        const std::string& task_dir,
                                        const std::string& cwd,
                                        const std::vector<std::string>& env) {
  if (name.empty()) return NotFound("the program has no name");
  Search search;

  if (!task_dir.empty()) {
    for (const char* place : {"/local/", "/"}) {
      const std::string path = absl::StrCat(task_dir, place, name);
      if (search.TryInside(task_dir, path)) return path;
    }
  }

  if (absl::StrContains(name, '/')) {
    const std::string path = Absolute(name, cwd.empty() ? "/" : cwd);
    if (search.Try(path)) return path;
    return search.Failure(
        NotFound(absl::StrCat("program ", path, " not found")));
  }

  const absl::string_view directories = PathOf(env);
  for (const absl::string_view directory : absl::StrSplit(directories, ':')) {
    const std::string base = Absolute(directory, cwd.empty() ? "/" : cwd);
    const std::string path =
        absl::StrCat(base, absl::EndsWith(base, "/") ? "" : "/", name);
    if (search.TryExecutable(path)) return path;
  }
  return search.Failure(NotFound(
      absl::StrCat("program ", name, " not found in PATH ", directories)));
}

std::vector<std::string> ProgramPlaces(const std::string& name,
                                       const std::string& cwd,
                                       const std::vector<std::string>& env) {
  if (absl::StartsWith(name, "/")) return {name};
  std::vector<std::string> places = {absl::StrCat("/local/", name),
                                     absl::StrCat("/", name)};
  if (absl::StrContains(name, '/')) {
    places.push_back(Absolute(name, cwd));
    return places;
  }
  for (const absl::string_view directory : absl::StrSplit(PathOf(env), ':')) {
    const std::string base = Absolute(directory, cwd);
    places.push_back(
        absl::StrCat(base, absl::EndsWith(base, "/") ? "" : "/", name));
  }
  return places;
}

absl::Status MakeExecutable(const std::string& path) {
  const absl::StatusOr<UniqueFd> handle = OpenAt(AT_FDCWD, path, O_PATH);
  if (!handle.ok()) {
    return absl::IsNotFound(handle.status())
               ? NotFound(absl::StrCat("program ", path, " not found"))
               : NotExecutable(handle.status().message());
  }
  struct stat file;
  if (fstat(handle->get(), &file) != 0) {
    return ErrnoStatus(errno, absl::StrCat("stat ", path));
  }
  if (!S_ISREG(file.st_mode)) {
    return NotExecutable(
        absl::StrCat("program ", path, " is not a regular file"));
  }
  if ((file.st_mode & (S_ISUID | S_ISGID)) != 0) return absl::OkStatus();
  if ((file.st_mode & kReadAndExecute) == kReadAndExecute) {
    return absl::OkStatus();
  }
  // By descriptor, so that it is the file that was looked at.
  const std::string by_handle = absl::StrCat("/proc/self/fd/", handle->get());
  const mode_t mode = (file.st_mode & 07777) | kReadAndExecute;
  if (chmod(by_handle.c_str(), mode) == 0) return absl::OkStatus();
  const int error = errno;
  // Somebody may execute it: whether the task may, its execve() will tell.
  if ((file.st_mode & kAnyExecute) != 0) return absl::OkStatus();
  return NotExecutable(
      absl::ErrnoToStatus(error, absl::StrCat("make ", path, " executable"))
          .message());
}

}  // namespace reeve
