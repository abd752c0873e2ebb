// A task spec as YAML: from the text, with values in it, to what a launch makes
// of it.

#include "agent/spec/change_plan.h"
#include "agent/spec/normal_spec.h"
#include "agent/spec/spec_template.h"
#include "agent/spec/yaml_spec.h"
#include "base/yaml.h"
#include "tests/fuzz/fuzz_check.h"

namespace {

bool IsOneLine(const absl::Status& status) {
  return !status.message().empty() &&
         status.message().find('\n') == absl::string_view::npos;
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  absl::StatusOr<reeve::YamlNode> root =
      reeve::ParseYaml(reeve::TextOf(data, size));
  if (!root.ok()) return 0;
  const reeve::TemplateValues values = {{"A", "64M"}, {"B", ""}};
  if (!reeve::ExpandTemplates(values, &*root).ok()) return 0;
  const absl::StatusOr<reeve::v1::TaskSpec> spec = reeve::SpecFromYaml(*root);
  if (!spec.ok()) {
    FUZZ_CHECK(IsOneLine(spec.status()));
    return 0;
  }
  const absl::StatusOr<reeve::v1::TaskSpec> normal = reeve::NormalSpec(*spec);
  if (!normal.ok()) return 0;
  // What a task has needs no change to become what it is.
  const absl::StatusOr<reeve::v1::TaskSpec> again = reeve::NormalSpec(*normal);
  FUZZ_CHECK(again.ok());
  FUZZ_CHECK(reeve::PlanChange(&*normal, *again).kind ==
             reeve::ChangePlan::Kind::kNothing);
  // Its limits can be lifted, in whatever way.
  reeve::v1::TaskSpec without = *normal;
  without.clear_limits();
  const absl::StatusOr<reeve::v1::TaskSpec> bare = reeve::NormalSpec(without);
  if (!bare.ok()) return 0;
  const reeve::ChangePlan plan = reeve::PlanChange(&*normal, *bare);
  FUZZ_CHECK(plan.kind != reeve::ChangePlan::Kind::kLaunch);
  return 0;
}
