#include "agent/task_files/task_files.h"

#include <pthread.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "agent/spec/template_values.h"

namespace reeve {
namespace {

// A file that is written to all the time is looked at all the same.
constexpr absl::Duration kLongestWrite = absl::Seconds(10);
// Where nobody tells when a file is closed: for how long it must not change.
constexpr absl::Duration kSettled = absl::Seconds(1);
constexpr absl::Duration kSoon = absl::Seconds(1);

std::string WithoutSlash(const std::string& directory) {
  absl::string_view path = directory;
  while (absl::ConsumeSuffix(&path, "/")) {
  }
  return std::string(path);
}

absl::StatusOr<TemplateValues> ReadValues(const TaskFilesOptions& options) {
  if (options.env_file.empty()) return TemplateValues();
  return ReadTemplateValues(options.env_file, TrustedWriters::kOwner);
}

}  // namespace

absl::Status TaskFiles::Check(const TaskFilesOptions& options) {
  absl::Status status = CheckSpecDirectory(options.directory);
  if (!status.ok()) {
    return absl::Status(status.code(),
                        absl::StrCat("--tasks-dir: ", status.message()));
  }
  status = ReadValues(options).status();
  if (status.ok()) return status;
  return absl::Status(status.code(),
                      absl::StrCat("--tasks-env-file: ", status.message()));
}

TaskFiles::TaskFiles(TaskFilesOptions options, const std::string& state_dir,
                     std::unique_ptr<v1::TaskService::StubInterface> stub,
                     TaskFilesObserver& observer, const Clock& clock)
    : options_(std::move(options)),
      directory_(WithoutSlash(options_.directory)),
      stub_(std::move(stub)),
      observer_(observer),
      clock_(clock),
      host_(*stub_),
      reconciler_(directory_, AppliedFilesStore(state_dir), host_, observer,
                  clock),
      watch_(directory_),
      thread_([this] { Run(); }) {}

TaskFiles::~TaskFiles() {
  is_stopping_ = true;
  host_.Cancel();
  watch_.Wake();
  thread_.join();
}

void TaskFiles::Run() {
  pthread_setname_np(pthread_self(), "reeve-files");
  while (!is_stopping_) {
    is_watching_ = watch_.Begin();
    const absl::Status status = Look();
    // What was cancelled on the way out is no error.
    if (is_stopping_) return;
    observer_.OnLook(status);
    watch_.Wait(has_unsettled_ ? std::min(options_.rescan_interval, kSoon)
                               : options_.rescan_interval);
  }
}

absl::Status TaskFiles::Look() {
  const absl::StatusOr<std::vector<SpecFile>> files = Load();
  if (!files.ok()) return files.status();
  return reconciler_.Reconcile(*files);
}

absl::StatusOr<std::vector<SpecFile>> TaskFiles::Load() {
  const absl::Status usable =
      CheckSpecDirectory(directory_.empty() ? "/" : directory_);
  if (!usable.ok()) return usable;
  const absl::StatusOr<TemplateValues> values = ReadValues(options_);
  if (!values.ok()) return values.status();
  const absl::StatusOr<std::vector<std::string>> names =
      ListSpecFiles(directory_);
  if (!names.ok()) return names.status();

  std::vector<SpecFile> files;
  files.reserve(names->size());
  std::map<std::string, SpecFile> whole;
  has_unsettled_ = false;
  for (const std::string& name : *names) {
    SpecFile file = LoadSpecFile(absl::StrCat(directory_, "/", name), *values,
                                 TrustedWriters::kOwner);
    if (IsUnsettled(name, file)) {
      has_unsettled_ = true;
      // A new one is waited for, another is as it was.
      const auto before = whole_.find(name);
      if (before == whole_.end()) continue;
      file = std::move(before->second);
    }
    files.push_back(file);
    whole[name] = std::move(file);
  }
  whole_ = std::move(whole);
  return files;
}

bool TaskFiles::IsUnsettled(const std::string& name, const SpecFile& file) {
  const absl::Duration age = absl::Now() - file.modified_at;
  const bool is_young = age >= absl::ZeroDuration() && age < kSettled;
  const bool is_changing =
      is_watching_ ? watch_.being_written().count(name) != 0 : is_young;
  if (!is_changing) {
    unsettled_since_.erase(name);
    return false;
  }
  const absl::Duration now = clock_.MonotonicNow();
  const auto since = unsettled_since_.emplace(name, now).first;
  return now - since->second < kLongestWrite;
}

}  // namespace reeve
