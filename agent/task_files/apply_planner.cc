#include "agent/task_files/apply_planner.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "agent/spec/launch_order.h"

namespace reeve {
namespace {

using Action = ApplyStep::Action;

ApplyStep Failed(const SpecFile& file, const char* failure,
                 absl::Status status) {
  ApplyStep step;
  step.file = file.path;
  if (file.spec.ok()) {
    step.id = file.spec->id();
    step.spec = *file.spec;
    status = absl::Status(status.code(),
                          absl::StrCat(file.path, ": ", status.message()));
  }
  step.failure = failure;
  step.status = std::move(status);
  return step;
}

// The files whose specs can be looked at together. The others get their step.
std::vector<const SpecFile*> TakeValid(const std::vector<SpecFile>& files,
                                       std::vector<ApplyStep>* steps) {
  std::map<std::string, std::vector<const SpecFile*>> by_id;
  for (const SpecFile& file : files) {
    if (file.spec.ok()) by_id[file.spec->id()].push_back(&file);
  }
  std::vector<const SpecFile*> valid;
  for (const SpecFile& file : files) {
    if (!file.spec.ok()) {
      const bool is_wrong = absl::IsInvalidArgument(file.spec.status());
      steps->push_back(Failed(file, is_wrong ? "invalid" : "unreadable",
                              file.spec.status()));
      continue;
    }
    const auto& same = by_id[file.spec->id()];
    if (same.size() == 1) {
      valid.push_back(&file);
      continue;
    }
    const SpecFile* const other = same[0] == &file ? same[1] : same[0];
    steps->push_back(
        Failed(file, "duplicate",
               absl::AlreadyExistsError(absl::StrCat(
                   "task ", file.spec->id(), " is ", other->path, "'s, too"))));
  }
  return valid;
}

// Sorted as they can be launched. Those that cannot get their step.
std::vector<const SpecFile*> TakeInOrder(
    const std::vector<const SpecFile*>& files,
    const std::set<std::string>& known, std::vector<ApplyStep>* steps) {
  std::vector<const v1::TaskSpec*> specs;
  specs.reserve(files.size());
  for (const SpecFile* file : files) specs.push_back(&*file->spec);
  LaunchOrder order = OrderLaunches(specs, known);
  for (auto& [index, status] : order.errors) {
    steps->push_back(Failed(*files[index], "order", std::move(status)));
  }
  std::vector<const SpecFile*> sorted;
  sorted.reserve(order.order.size());
  for (const size_t index : order.order) sorted.push_back(files[index]);
  return sorted;
}

std::string WhoMade(const KnownTask& task) {
  if (task.origin.empty()) return "was launched by hand";
  return absl::StrCat("is of ", task.origin);
}

// What makes the task there is one of the file. One that `is_stopping` was
// asked to end before.
ApplyStep PlanTask(const SpecFile& file, const KnownTask* task,
                   bool is_stopping, const CurrentSpec& current_spec,
                   const ApplyRules& rules) {
  ApplyStep step;
  step.file = file.path;
  step.id = file.spec->id();
  step.spec = *file.spec;
  if (task == nullptr) {
    step.action = Action::kLaunch;
    return step;
  }
  if (!absl::StartsWith(task->origin, rules.origin_prefix)) {
    return Failed(
        file, "conflict",
        absl::FailedPreconditionError(absl::StrCat(
            "task ", step.id, " ", WhoMade(*task), " and is left alone: ",
            task->has_exited ? "\"reeve rm " : "\"reeve stop ", step.id,
            "\" first, or give this one another id")));
  }
  const absl::StatusOr<v1::TaskSpec> current = current_spec(step.id);
  if (absl::IsNotFound(current.status())) {
    step.action = Action::kLaunch;
    return step;
  }
  if (!current.ok()) return Failed(file, "unreadable", current.status());
  step.change = PlanChange(&*current, step.spec);
  if (task->has_exited) {
    const bool is_changed = step.change.kind != ChangePlan::Kind::kNothing;
    if (!is_changed && !is_stopping && !rules.launches_exited &&
        !task->is_of_earlier_boot) {
      return step;
    }
    step.action = Action::kLaunch;
    step.why = "it has exited";
    step.replaces_exited = true;
    return step;
  }
  if (is_stopping) {
    step.action = Action::kRestart;
    step.why = "its stop was under way";
  } else if (step.change.kind == ChangePlan::Kind::kUpdate) {
    step.action = Action::kUpdate;
    step.change.update.set_id(step.id);
  } else if (step.change.kind == ChangePlan::Kind::kRestart) {
    step.action = Action::kRestart;
    step.why = absl::StrCat(step.change.reason, " changed");
  }
  return step;
}

// The path of the file that a task is of; empty for a task of another prefix.
std::string PathOf(const KnownTask& task, const ApplyRules& rules,
                   const ApplyHistory& history) {
  absl::string_view path = task.origin;
  if (!absl::ConsumePrefix(&path, rules.origin_prefix)) return "";
  const auto last = history.last_paths.find(task.id);
  return last == history.last_paths.end() ? std::string(path) : last->second;
}

// Files without a spec, and the tasks that must go on for their sake.
struct WrongFiles {
  std::set<std::string> paths;
  // Of files that were never applied: the ids that they have unless they say
  // others.
  std::set<std::string> likely_ids;

  // Whether one of them may be the file of task `id`, that was made from
  // `path`.
  bool MayWant(const std::string& id, const std::string& path) const {
    if (paths.count(path) != 0 || likely_ids.count(id) != 0) return true;
    // A file that gives its task another name than its own: nobody knows what
    // the wrong ones say.
    return !likely_ids.empty() && IdOfSpecPath(path) != id;
  }
};

// Tasks that a file of the directory made and that no file wants.
std::vector<ApplyStep> PlanStops(const std::vector<KnownTask>& tasks,
                                 const std::set<std::string>& wanted,
                                 const WrongFiles& wrong_files,
                                 const ApplyRules& rules,
                                 const ApplyHistory& history) {
  std::vector<ApplyStep> stops;
  if (rules.owns_directory == nullptr) return stops;
  // Each of them is looked for on disk.
  std::map<std::string, bool> is_owned;
  for (const KnownTask& task : tasks) {
    if (wanted.count(task.id) != 0) continue;
    std::string path = PathOf(task, rules, history);
    const size_t slash = path.rfind('/');
    if (slash == std::string::npos) continue;
    const std::string directory = path.substr(0, slash);
    const auto [owned, is_new] = is_owned.emplace(directory, false);
    if (is_new) owned->second = rules.owns_directory(directory);
    if (!owned->second || wrong_files.MayWant(task.id, path)) continue;
    ApplyStep step;
    step.file = std::move(path);
    step.id = task.id;
    step.action = Action::kStop;
    step.why = "no file wants it";
    stops.push_back(std::move(step));
  }
  return stops;
}

}  // namespace

std::vector<ApplyStep> PlanSteps(const std::vector<SpecFile>& files,
                                 const std::vector<KnownTask>& tasks,
                                 const CurrentSpec& current_spec,
                                 const ApplyRules& rules,
                                 const ApplyHistory& history) {
  std::map<std::string, const KnownTask*> by_id;
  std::set<std::string> known;
  for (const KnownTask& task : tasks) {
    by_id[task.id] = &task;
    if (rules.knows_all_tasks) known.insert(task.id);
  }
  // One that is wrong now is there all the same, for those that come after it.
  for (const SpecFile& file : files) {
    const auto last = history.last_ids.find(file.path);
    if (file.spec.ok()) {
      known.insert(file.spec->id());
    } else if (last != history.last_ids.end()) {
      known.insert(last->second);
    } else {
      known.insert(IdOfSpecPath(file.path));
    }
  }

  std::vector<ApplyStep> steps;
  const std::vector<const SpecFile*> sorted =
      TakeInOrder(TakeValid(files, &steps), known, &steps);
  std::set<std::string> wanted;
  WrongFiles wrong_files;
  for (const ApplyStep& wrong : steps) {
    wrong_files.paths.insert(wrong.file);
    if (!wrong.id.empty()) wanted.insert(wrong.id);
    const auto last = history.last_ids.find(wrong.file);
    if (last != history.last_ids.end()) {
      wanted.insert(last->second);
    } else if (wrong.id.empty()) {
      wrong_files.likely_ids.insert(IdOfSpecPath(wrong.file));
    }
  }
  for (const SpecFile* file : sorted) wanted.insert(file->spec->id());

  for (ApplyStep& stop :
       PlanStops(tasks, wanted, wrong_files, rules, history)) {
    steps.push_back(std::move(stop));
  }
  for (const SpecFile* file : sorted) {
    if (history.settled.count(file->path) != 0) continue;
    const auto task = by_id.find(file->spec->id());
    steps.push_back(PlanTask(
        *file, task == by_id.end() ? nullptr : task->second,
        history.stopping.count(file->spec->id()) != 0, current_spec, rules));
  }
  return steps;
}

}  // namespace reeve
