#ifndef REEVE_ENFORCEMENT_PROCESS_PROCESS_LIMIT_ADVICE_H_
#define REEVE_ENFORCEMENT_PROCESS_PROCESS_LIMIT_ADVICE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace reeve {

// What is missing, or to be changed, where the kernel answers `error_number` to
// the value of a limit of process_limit_text.h; to be put behind errno's text:
// ": raising a hard limit needs CAP_SYS_RESOURCE". "" where nothing is known.
// Looks at the capabilities of the calling thread.
std::string ProcessLimitAdvice(absl::string_view file, absl::string_view value,
                               int error_number);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_PROCESS_PROCESS_LIMIT_ADVICE_H_
