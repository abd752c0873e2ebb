#include "agent/doctor/landlock_check.h"

#include "absl/strings/str_cat.h"
#include "enforcement/launch/landlock.h"

namespace reeve {

Finding CheckLandlock(int abi) {
  const std::string check = "landlock";
  if (CheckLandlockAbi(abi).ok()) {
    return {check, Verdict::kOk, absl::StrCat("version ", abi), ""};
  }
  if (abi == 0) {
    return {check, Verdict::kWarn, "refused: the kernel has none",
            "use Linux 6.2 or later, with landlock in lsm="};
  }
  return {check, Verdict::kWarn,
          absl::StrCat("refused: version ", abi,
                       " does not keep files from being cut short"),
          "use Linux 6.2 or later"};
}

}  // namespace reeve
