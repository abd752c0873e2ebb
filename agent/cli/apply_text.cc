#include "agent/cli/apply_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/utf8.h"

namespace reeve {
namespace {

std::string LimitsText(const ChangePlan& plan) {
  return absl::StrJoin(plan.changes, ", ",
                       [](std::string* text, const FieldChange& change) {
                         absl::StrAppend(text, change.field, ": ", change.from,
                                         " -> ", change.to);
                       });
}

}  // namespace

std::string ApplyLine(const ApplyStep& step) {
  std::string line = absl::StrCat(step.id, ": ",
                                  step.action == ApplyStep::Action::kNone
                                      ? "unchanged"
                                      : ActionName(step.action));
  if (step.action == ApplyStep::Action::kUpdate) {
    absl::StrAppend(&line, " ", LimitsText(step.change));
  } else if (!step.why.empty()) {
    absl::StrAppend(&line, ": ", step.why);
  }
  return line + "\n";
}

v1::ApplyStepReport ToReport(const ApplyStep& step) {
  v1::ApplyStepReport report;
  report.set_id(step.id);
  report.set_file(OneLine(step.file));
  report.set_action(ActionName(step.action));
  report.set_why(step.why);
  for (const FieldChange& change : step.change.changes) {
    v1::FieldChangeReport* const added = report.add_changes();
    added->set_field(change.field);
    added->set_from(change.from);
    added->set_to(change.to);
  }
  report.set_error(OneLine(step.status.message()));
  return report;
}

}  // namespace reeve
