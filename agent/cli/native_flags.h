#ifndef REEVE_AGENT_CLI_NATIVE_FLAGS_H_
#define REEVE_AGENT_CLI_NATIVE_FLAGS_H_

#include "agent/api/task_service.pb.h"
#include "agent/cli/flag_set.h"

namespace reeve {

// Those of the flags that have no value.
struct NativeSwitches {
  bool read_only = false;
  bool overlay = false;
  bool no_pivot_root = false;
  bool no_init = false;
  bool new_privileges = false;
};

// Adds the flags of the native executor, which set fields of `spec`. It and
// `switches` must outlive the parsing.
void AddNativeFlags(FlagSet* flags, v1::TaskSpec* spec,
                    NativeSwitches* switches);

// After the parsing: sets in `spec` what was switched on.
void ApplyNativeSwitches(const NativeSwitches& switches, v1::TaskSpec* spec);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_NATIVE_FLAGS_H_
