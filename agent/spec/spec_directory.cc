#include "agent/spec/spec_directory.h"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "agent/spec/normal_spec.h"
#include "agent/spec/spec_file.h"
#include "base/file.h"
#include "base/utf8.h"

namespace reeve {
namespace {

constexpr size_t kMaxBytes = 256 << 10;

}  // namespace

bool IsSpecFileName(absl::string_view name) {
  if (name.empty() || name.front() == '.') return false;
  return IsYamlPath(name) || absl::EndsWith(name, ".json");
}

std::string IdOfSpecPath(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string name =
      slash == std::string::npos ? path : path.substr(slash + 1);
  return name.substr(0, name.rfind('.'));
}

absl::StatusOr<std::vector<std::string>> ListSpecFiles(
    const std::string& directory) {
  const std::unique_ptr<DIR, int (*)(DIR*)> dir(opendir(directory.c_str()),
                                                closedir);
  if (dir == nullptr) return ErrnoStatus(errno, directory);
  std::vector<std::string> names;
  while (true) {
    errno = 0;
    const dirent* const entry = readdir(dir.get());
    if (entry == nullptr) break;
    if (IsSpecFileName(entry->d_name)) names.emplace_back(entry->d_name);
  }
  if (errno != 0) return ErrnoStatus(errno, directory);
  std::sort(names.begin(), names.end());
  return names;
}

SpecFile LoadSpecFile(const std::string& path, const TemplateValues& values,
                      TrustedWriters writers) {
  SpecFile file;
  file.path = path;
  // It becomes the origin of the task, which is text.
  if (!IsUtf8(path)) {
    file.spec = absl::InvalidArgumentError(
        absl::StrCat(OneLine(path), ": give the file a name that is UTF-8"));
    return file;
  }
  const absl::StatusOr<std::string> text =
      ReadConfiguration(path, kMaxBytes, writers, &file.modified_at);
  if (!text.ok()) {
    // Its code must not say that the text is wrong.
    file.spec = absl::UnavailableError(
        absl::StrCat(path, ": cannot be read: ", text.status().message()));
    return file;
  }
  absl::StatusOr<v1::TaskSpec> spec =
      ParseSpecFile(path, *text, values, writers);
  if (!spec.ok()) {
    file.spec = spec.status();
    return file;
  }
  if (spec->id().empty()) spec->set_id(IdOfSpecPath(path));
  file.spec = NormalSpec(*spec);
  if (!file.spec.ok()) {
    file.spec = absl::InvalidArgumentError(
        absl::StrCat(path, ": ", file.spec.status().message()));
  }
  return file;
}

absl::Status CheckSpecDirectory(const std::string& path) {
  struct stat info;
  if (stat(path.c_str(), &info) != 0) return ErrnoStatus(errno, path);
  if (!S_ISDIR(info.st_mode)) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": no directory"));
  }
  absl::Status status = CheckWriters(info);
  if (status.ok()) return status;
  return absl::PermissionDeniedError(
      absl::StrCat(path, ": ", status.message()));
}

}  // namespace reeve
