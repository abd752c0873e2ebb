#include "agent/cli/limit_settings_text.h"

#include "agent/cli/table.h"

namespace reeve {

std::string LimitSettingsText(
    const google::protobuf::RepeatedPtrField<v1::LimitSetting>& settings) {
  Table table(
      {{"CONTROLLER"}, {"FILE"}, {"REQUESTED"}, {"APPLIED"}, {"READ BACK"}});
  for (const v1::LimitSetting& setting : settings) {
    table.AddRow({setting.controller(), setting.file(), setting.requested(),
                  setting.applied(), setting.read_back()});
  }
  return table.Render();
}

}  // namespace reeve
