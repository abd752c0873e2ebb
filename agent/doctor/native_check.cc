#include "agent/doctor/native_check.h"

#include <string>

#include "absl/strings/str_cat.h"

namespace reeve {

Finding CheckIsolation(const absl::Status& support) {
  const std::string check = "isolation";
  if (support.ok()) {
    return {check, Verdict::kOk, "auto is native, which can be had", ""};
  }
  return {check, Verdict::kWarn, "auto is universal: native is refused",
          std::string(support.message())};
}

}  // namespace reeve
