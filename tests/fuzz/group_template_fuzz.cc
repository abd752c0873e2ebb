// What the flags --collector.processes.group-by, include and exclude take.

#include <string>

#include "base/name_filter.h"
#include "collectors/processes/group_template.h"
#include "tests/fuzz/fuzz_check.h"

namespace reeve {
namespace {

void Check(const absl::Status& status) {
  FUZZ_CHECK(status.ok() || absl::IsInvalidArgument(status));
  FUZZ_CHECK(status.message().find('\n') == absl::string_view::npos);
}

void TryTemplate(absl::string_view text) {
  const auto parsed = GroupTemplate::Parse(text);
  Check(parsed.status());
  if (!parsed.ok()) return;
  ProcessTraits traits;
  std::string name;
  parsed->Name(traits, name);
  // A process always has a pid.
  FUZZ_CHECK(name.empty() != parsed->Uses(ProcessTrait::kPid));
  traits.comm = traits.exe_path = traits.user = "x";
  traits.cgroup = traits.task = "x";
  parsed->Name(traits, name);
  FUZZ_CHECK(!name.empty());
}

void TryFilter(absl::string_view text) {
  NameFilter filter;
  const absl::Status included = filter.SetInclude(text);
  Check(included);
  const bool is_included = filter.Wants("nginx");
  if (!included.ok()) FUZZ_CHECK(is_included);
  Check(filter.SetExclude(text));
  // Nothing can match and not match, but no expression at all is none.
  if (included.ok() && !text.empty()) FUZZ_CHECK(!filter.Wants("nginx"));
}

}  // namespace
}  // namespace reeve

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text = reeve::TextOf(data, size);
  reeve::TryTemplate(text);
  reeve::TryFilter(text);
  return 0;
}
