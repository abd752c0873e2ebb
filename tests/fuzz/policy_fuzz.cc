// A file of --policy.

#include "agent/policy/policy_file.h"
#include "agent/policy/policy_text.h"
#include "tests/fuzz/fuzz_check.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::StatusOr<reeve::Policy> policy =
      reeve::ParsePolicy(reeve::TextOf(data, size));
  if (!policy.ok()) {
    FUZZ_CHECK(!policy.status().message().empty());
    FUZZ_CHECK(policy.status().message().find('\n') == std::string::npos);
    return 0;
  }
  FUZZ_CHECK(policy->rules.size() <= 100);
  for (const reeve::PolicyRule& rule : policy->rules) {
    FUZZ_CHECK(!rule.name.empty());
    FUZZ_CHECK(rule.line > 0);
    FUZZ_CHECK(rule.hold > absl::ZeroDuration());
    FUZZ_CHECK(rule.max_per_minute > 0);
    FUZZ_CHECK(rule.throttled > 0 && rule.throttled <= 1);
    FUZZ_CHECK(rule.usage_below > 0 && rule.usage_below <= 1);
    FUZZ_CHECK(rule.memory > 0 && rule.memory <= 1);
    // A step goes somewhere.
    FUZZ_CHECK(rule.step.Up(1) > 1 && rule.step.Down(1) < 1);
    FUZZ_CHECK(reeve::RuleText(rule).find('\n') == std::string::npos);
  }
  return 0;
}
