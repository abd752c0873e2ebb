#include "agent/cli/limit_update_text.h"

#include "absl/strings/str_cat.h"
#include "base/quantity.h"

namespace reeve {

std::string MemoryDecreaseText(const v1::MemoryDecrease& decrease) {
  std::string text =
      absl::StrCat("reclaimed ", ShortSize(decrease.reclaimed_bytes()), "; ",
                   ShortSize(decrease.usage_after_bytes()), " in use");
  if (decrease.oom_kills() > 0) {
    absl::StrAppend(&text, "; the kernel killed ", decrease.oom_kills(),
                    decrease.oom_kills() == 1 ? " process" : " processes");
  }
  return text + "\n";
}

}  // namespace reeve
