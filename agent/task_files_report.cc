#include "agent/task_files_report.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/utf8.h"
#include "glog/logging.h"

namespace reeve {
namespace {

// Names may have any bytes, and what is told has to be text.
std::string NameOf(const std::string& path) {
  return OneLine(path.substr(path.rfind('/') + 1));
}

std::string ChangesText(const ApplyStep& step) {
  return absl::StrJoin(step.change.changes, ", ",
                       [](std::string* text, const FieldChange& change) {
                         absl::StrAppend(text, change.field);
                         if (change.from.empty()) return;
                         absl::StrAppend(text, " ", change.from, " -> ",
                                         change.to);
                       });
}

}  // namespace

void TaskFilesReport::OnApplied(const ApplyStep& step) {
  TaskEvent event;
  event.type = EventType::kTaskFileApplied;
  event.task = step.id;
  event.group = step.spec.group();
  event.attributes = {{"file", NameOf(step.file)},
                      {"action", ActionName(step.action)}};
  const std::string changes = ChangesText(step);
  if (!changes.empty()) event.attributes.emplace_back("changes", changes);
  LOG(INFO) << OneLine(step.file) << ": " << ActionName(step.action)
            << " of task " << step.id << (step.why.empty() ? "" : ": ")
            << step.why << (changes.empty() ? "" : ": ") << changes;
  events_.OnEvent(event);
}

void TaskFilesReport::OnFailed(const ApplyStep& step) {
  // It begins with the path.
  const std::string error = OneLine(step.status.message());
  LOG(WARNING) << "task file not applied: " << error;
  TaskEvent event;
  event.type = EventType::kTaskFileFailed;
  event.task = step.id;
  event.group = step.spec.group();
  event.attributes = {
      {"file", NameOf(step.file)}, {"reason", step.failure}, {"error", error}};
  events_.OnEvent(event);
}

void TaskFilesReport::OnFiles(const std::vector<TaskFileState>& files) {
  files_.clear();
  files_.reserve(files.size());
  for (const TaskFileState& file : files) {
    files_.push_back({NameOf(file.path), file.failure, file.id});
  }
}

void TaskFilesReport::OnLook(const absl::Status& status) {
  metrics_.SetTaskFiles({status.ok(), files_, has_failed_});
  if (status == look_) return;
  look_ = status;
  if (status.ok()) {
    LOG(INFO) << "task files are looked at again";
  } else {
    LOG(ERROR) << "task files are left as they are: " << status.message();
  }
}

}  // namespace reeve
