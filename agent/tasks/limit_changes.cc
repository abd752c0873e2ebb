#include "agent/tasks/limit_changes.h"

#include <string>

#include "absl/strings/str_cat.h"

namespace reeve {
namespace {

std::string ValueIn(const std::vector<LimitSetting>& settings,
                    const LimitSetting& wanted) {
  for (const LimitSetting& setting : settings) {
    if (setting.controller == wanted.controller &&
        setting.file == wanted.file && setting.item == wanted.item) {
      return setting.read_back;
    }
  }
  return "unset";
}

}  // namespace

EventAttributes LimitChanges(const std::vector<LimitSetting>& before,
                             const std::vector<LimitSetting>& written) {
  EventAttributes changes;
  for (const LimitSetting& setting : written) {
    changes.emplace_back(
        setting.item.empty() ? setting.file
                             : absl::StrCat(setting.file, " ", setting.item),
        absl::StrCat(ValueIn(before, setting), " -> ", setting.read_back));
  }
  return changes;
}

}  // namespace reeve
