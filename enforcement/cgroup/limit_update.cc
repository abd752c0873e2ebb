#include "enforcement/cgroup/limit_update.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "enforcement/cgroup/limit_text.h"

namespace reeve {
namespace {

std::string Stripped(absl::string_view text) {
  return std::string(absl::StripAsciiWhitespace(text));
}

absl::StatusOr<LimitTexts> ReadAll(const std::vector<LimitFile>& wanted,
                                   const LimitFiles& files) {
  LimitTexts texts;
  for (const LimitFile& file : wanted) {
    absl::StatusOr<std::string> text = files.Read(file.controller, file.file);
    if (absl::IsNotFound(text.status())) continue;
    if (!text.ok()) return text.status();
    texts[file.file] = Stripped(*text);
  }
  return texts;
}

// What the kernel answered with errno's text alone is sometimes a riddle.
absl::Status Explain(const PlannedLimit& limit, const absl::Status& status) {
  // EBUSY of a v1 memory limit that reclaim could not get down to. (v2 takes
  // the limit and kills.)
  if (absl::StartsWith(limit.file, "memory.") &&
      absl::IsFailedPrecondition(status)) {
    return absl::FailedPreconditionError(
        absl::StrCat(status.message(), ": more memory is in use than that"));
  }
  return status;
}

absl::StatusOr<LimitSetting> WriteAndReadBack(const PlannedLimit& limit,
                                              LimitFiles& files) {
  const absl::StatusOr<std::string> read_back =
      files.Write(limit.controller, limit.file, limit.value);
  if (!read_back.ok()) return Explain(limit, read_back.status());
  if (!SameLimit(limit.file, *read_back, limit.value)) {
    return absl::DataLossError(
        absl::StrCat("the kernel made it ", Stripped(*read_back)));
  }
  return LimitSetting{limit.controller, limit.file, limit.requested,
                      limit.value, Stripped(*read_back)};
}

// One failed update on its way to an error message.
class FailedUpdate {
 public:
  FailedUpdate(const std::vector<PlannedLimit>& plan, const LimitTexts& before,
               LimitFiles& files)
      : plan_(plan), before_(before), files_(files) {}

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
      lines.push_back(absl::StrCat(plan_[i].file, ": wanted ", plan_[i].value,
                                   ", ", fates[i], ", in force ",
                                   InForce(plan_[i])));
    }
    return absl::Status(cause.code(), absl::StrCat("limits not changed: ",
                                                   absl::StrJoin(lines, "; ")));
  }

 private:
  // Puts the old value back if it is not there, and says what became of it.
  std::string Undone(const PlannedLimit& limit, std::string fate) {
    const std::string& old = before_.at(limit.file);
    if (SameLimit(limit.file, InForce(limit), old)) {
      return fate.empty() ? "not needed" : fate;
    }
    const absl::Status status =
        files_.Write(limit.controller, limit.file, old).status();
    if (!fate.empty()) fate += ", ";
    if (status.ok()) return fate + "put back";
    return absl::StrCat(fate, "not put back to ", old, ": ", status.message());
  }

  std::string InForce(const PlannedLimit& limit) const {
    const absl::StatusOr<std::string> now =
        files_.Read(limit.controller, limit.file);
    return now.ok() ? Stripped(*now) : "unknown";
  }

  const std::vector<PlannedLimit>& plan_;
  const LimitTexts& before_;
  LimitFiles& files_;
};

}  // namespace

absl::StatusOr<LimitUpdate> UpdateLimits(const ResourceLimits& limits,
                                         const LimitVersions& versions,
                                         LimitFiles& files) {
  const absl::StatusOr<LimitTexts> before =
      ReadAll(LimitFilesOf(limits, versions), files);
  if (!before.ok()) return before.status();
  const absl::StatusOr<std::vector<PlannedLimit>> plan =
      PlanLimits(limits, versions, *before);
  if (!plan.ok()) return plan.status();

  LimitUpdate update;
  for (size_t i = 0; i < plan->size(); ++i) {
    const PlannedLimit& limit = (*plan)[i];
    if (!limit.needs_write) {
      update.settings.push_back({limit.controller, limit.file, limit.requested,
                                 limit.value, before->at(limit.file)});
      continue;
    }
    absl::StatusOr<LimitSetting> setting = WriteAndReadBack(limit, files);
    if (!setting.ok()) {
      return FailedUpdate(*plan, *before, files).RollBack(i, setting.status());
    }
    update.written.push_back(*setting);
    update.settings.push_back(*std::move(setting));
  }
  return update;
}

}  // namespace reeve
