// A seccomp profile as JSON, up to the filter that is made of it.

#include <linux/seccomp.h>

#include "enforcement/launch/seccomp_filter.h"
#include "enforcement/launch/seccomp_profile.h"
#include "tests/fuzz/fuzz_check.h"
#include "tests/testing/seccomp_machine.h"

namespace reeve {
namespace {

void CheckRule(const SeccompRule& rule) {
  FUZZ_CHECK(!rule.names.empty());
  FUZZ_CHECK(rule.arguments.size() <= kMaxSeccompArguments);
  for (const SeccompArgument& argument : rule.arguments) {
    FUZZ_CHECK(argument.index <= 5);
  }
}

void CheckFilter(const SeccompFilter& filter) {
  FUZZ_CHECK(!filter.program.empty() && filter.program.size() <= BPF_MAXINSNS);
  FUZZ_CHECK(RunSeccompFilter(filter.program, seccomp_data()).has_value());
}

void CheckOneLine(const absl::Status& status) {
  FUZZ_CHECK(status.code() == absl::StatusCode::kInvalidArgument);
  FUZZ_CHECK(status.message().find('\n') == absl::string_view::npos);
}

void Parse(absl::string_view json) {
  const absl::StatusOr<SeccompProfile> profile = ParseSeccompProfile(json);
  if (!profile.ok()) {
    CheckOneLine(profile.status());
    return;
  }
  FUZZ_CHECK(profile->rules.size() <= kMaxSeccompRules);
  for (const SeccompRule& rule : profile->rules) CheckRule(rule);
  const absl::StatusOr<SeccompFilter> filter =
      CompileSeccompProfile(*profile, 0, KernelVersion(6, 1));
  if (filter.ok()) {
    CheckFilter(*filter);
  } else {
    CheckOneLine(filter.status());
  }
}

}  // namespace
}  // namespace reeve

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  reeve::Parse(reeve::TextOf(data, size));
  return 0;
}
