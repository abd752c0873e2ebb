#include "enforcement/cgroup/limit_update.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "enforcement/cgroup/limit_fault.h"
#include "enforcement/cgroup/limit_text.h"

namespace reeve {
namespace {

absl::StatusOr<LimitTexts> ReadAll(const std::vector<LimitFile>& wanted,
                                   const LimitFiles& files) {
  LimitTexts texts;
  for (const LimitFile& file : wanted) {
    absl::StatusOr<std::string> text = files.Read(file.controller, file.file);
    if (absl::IsNotFound(text.status())) continue;
    if (!text.ok()) return text.status();
    texts[file.file] = std::string(absl::StripAsciiWhitespace(*text));
  }
  return texts;
}

// Memory comes last, since it cannot always be put back: a task that was
// granted more for a moment may have taken it.
void PutMemoryLast(std::vector<PlannedLimit>& plan) {
  std::stable_partition(
      plan.begin(), plan.end(),
      [](const PlannedLimit& limit) { return limit.controller != "memory"; });
}

// What became of a limit, from the contents of its file.
LimitSetting SettingOf(const PlannedLimit& limit, absl::string_view contents) {
  return {limit.controller,
          limit.file,
          limit.requested,
          limit.value,
          LimitTextIn(limit.file, contents, limit.item),
          limit.item};
}

// `now` is what the file holds.
absl::StatusOr<std::string> Write(const PlannedLimit& limit,
                                  const std::string& now, LimitFiles& files,
                                  const MemoryDecreaseOptions* decrease,
                                  LimitUpdate& update) {
  uint64_t bytes = 0;
  if (decrease != nullptr && IsMemoryDecrease(limit.file, now, limit.value) &&
      absl::SimpleAtoi(limit.value, &bytes)) {
    return LowerMemoryLimit(limit.file, bytes, *decrease, files,
                            update.memory_decrease);
  }
  return files.Write(limit.controller, limit.file,
                     LimitTextFor(limit.item, limit.value));
}

absl::StatusOr<LimitSetting> ReadBack(
    const PlannedLimit& limit, const absl::StatusOr<std::string>& contents) {
  if (!contents.ok()) return contents.status();
  LimitSetting setting = SettingOf(limit, *contents);
  if (!SameLimit(limit.file, setting.read_back, limit.value)) {
    return absl::DataLossError(
        absl::StrCat("the kernel made it ", setting.read_back));
  }
  return setting;
}

// One failed update on its way to an error message.
class FailedUpdate {
 public:
  // `known` are the files whose contents are in `before`.
  FailedUpdate(const std::vector<PlannedLimit>& plan,
               const std::vector<LimitFile>& known, const LimitTexts& before,
               LimitFiles& files)
      : plan_(plan), known_(known), before_(before), files_(files) {}

  // `failed` is the index in the plan of the write that failed by `cause`.
  absl::Status RollBack(size_t failed, const absl::Status& cause) {
    std::vector<std::string> fates(plan_.size());
    for (size_t i = plan_.size(); i-- > 0;) {
      fates[i] = i > failed    ? "not tried"
                 : i == failed ? Undone(plan_[i], std::string(cause.message()))
                               : Undone(plan_[i], "");
    }
    std::vector<std::string> lines;
    for (size_t i = 0; i < plan_.size(); ++i) {
      lines.push_back(absl::StrCat(LimitName(plan_[i].file, plan_[i].item),
                                   ": wanted ", plan_[i].value, ", ", fates[i],
                                   ", in force ", InForce(plan_[i])));
    }
    for (const LimitFile& file : known_) UndoSideEffect(file, &lines);
    return WithLimitFault(
        absl::Status(cause.code(), absl::StrCat("limits not changed: ",
                                                absl::StrJoin(lines, "; "))),
        plan_[failed].controller);
  }

 private:
  // Puts the old value back if it is not there, and says what became of it.
  std::string Undone(const PlannedLimit& limit, std::string fate) {
    const std::string old =
        LimitTextIn(limit.file, before_.at(limit.file), limit.item);
    if (SameLimit(limit.file, InForce(limit), old)) {
      return fate.empty() ? "not needed" : fate;
    }
    absl::Status status = Restore(limit, old);
    const std::optional<std::string> same = SameAsNone(limit.file);
    if (!status.ok() && old.empty() && same.has_value()) {
      status = Restore(limit, *same);
    }
    if (!fate.empty()) fate += ", ";
    if (status.ok()) return fate + "put back";
    return absl::StrCat(fate, "not put back to ", old, ": ", status.message());
  }

  absl::Status Restore(const PlannedLimit& limit, const std::string& text) {
    return files_.Restore(limit.controller, limit.file,
                          LimitTextFor(limit.item, text));
  }

  // v2 takes no empty list for a cpuset that has processes: all that the parent
  // has is the same.
  std::optional<std::string> SameAsNone(const std::string& file) const {
    const auto parent = before_.find(absl::StrCat("../", file, ".effective"));
    if (parent == before_.end()) return std::nullopt;
    return parent->second;
  }

  // Puts back what the kernel changed beside what was written, as it does with
  // the shares of a task that becomes idle.
  void UndoSideEffect(const LimitFile& file, std::vector<std::string>* lines) {
    const auto old = before_.find(file.file);
    if (old == before_.end() || IsPlanned(file)) return;
    const absl::StatusOr<std::string> now =
        files_.Read(file.controller, file.file);
    if (!now.ok() || absl::StripAsciiWhitespace(*now) == old->second) return;
    const absl::Status status =
        files_.Write(file.controller, file.file, old->second).status();
    if (status.ok()) return;
    lines->push_back(absl::StrCat(file.file, ": not put back to ", old->second,
                                  ": ", status.message()));
  }

  bool IsPlanned(const LimitFile& file) const {
    return absl::c_any_of(plan_, [&file](const PlannedLimit& limit) {
      return limit.file == file.file;
    });
  }

  std::string InForce(const PlannedLimit& limit) const {
    const absl::StatusOr<std::string> now =
        files_.Read(limit.controller, limit.file);
    return now.ok() ? LimitTextIn(limit.file, *now, limit.item) : "unknown";
  }

  const std::vector<PlannedLimit>& plan_;
  const std::vector<LimitFile>& known_;
  const LimitTexts& before_;
  LimitFiles& files_;
};

}  // namespace

absl::StatusOr<LimitUpdate> UpdateLimits(
    const ResourceLimits& limits, const LimitVersions& versions,
    LimitFiles& files, const MemoryDecreaseOptions* decrease) {
  const std::vector<LimitFile> known = LimitFilesOf(limits, versions);
  const absl::StatusOr<LimitTexts> before = ReadAll(known, files);
  if (!before.ok()) return before.status();
  absl::StatusOr<std::vector<PlannedLimit>> plan =
      PlanLimits(limits, versions, *before);
  if (!plan.ok()) return plan.status();
  PutMemoryLast(*plan);

  LimitUpdate update;
  for (size_t i = 0; i < plan->size(); ++i) {
    const PlannedLimit& limit = (*plan)[i];
    if (!limit.needs_write) {
      update.settings.push_back(SettingOf(limit, before->at(limit.file)));
      continue;
    }
    absl::StatusOr<LimitSetting> setting = ReadBack(
        limit, Write(limit, before->at(limit.file), files, decrease, update));
    if (!setting.ok()) {
      return FailedUpdate(*plan, known, *before, files)
          .RollBack(i, setting.status());
    }
    update.written.push_back(*setting);
    update.settings.push_back(*std::move(setting));
  }
  return update;
}

}  // namespace reeve
