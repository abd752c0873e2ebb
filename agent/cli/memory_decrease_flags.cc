#include "agent/cli/memory_decrease_flags.h"

#include <string>

#include "agent/cli/duration_proto.h"

namespace reeve {

void AddMemoryDecreaseFlags(
    FlagSet* flags, bool* force,
    const std::function<google::protobuf::Duration*()>& timeout) {
  flags->BeginGroup("A memory limit below what is in use");
  flags->AddValue("--reclaim-timeout", "DURATION",
                  "How long to try to take memory back before the limit is "
                  "refused; 1m at most [2s]",
                  [timeout](const std::string& text) {
                    return SetDuration(text, timeout());
                  });
  flags->AddSwitch("--force",
                   "Set it even then, so that the kernel kills (cgroup v2)",
                   force);
}

}  // namespace reeve
