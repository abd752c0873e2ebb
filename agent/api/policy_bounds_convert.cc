#include "agent/api/policy_bounds_convert.h"

namespace reeve {

PolicyBounds PolicyBoundsFromProto(const v1::TaskSpec& spec) {
  PolicyBounds bounds;
  if (spec.has_cpus_max()) bounds.cpus_max = spec.cpus_max();
  if (spec.has_memory_max_bytes()) {
    bounds.memory_max_bytes = spec.memory_max_bytes();
  }
  if (spec.has_priority()) bounds.priority = spec.priority();
  return bounds;
}

void PolicyBoundsToProto(const PolicyBounds& bounds, v1::TaskSpec* spec) {
  spec->clear_cpus_max();
  spec->clear_memory_max_bytes();
  if (bounds.cpus_max.has_value()) spec->set_cpus_max(*bounds.cpus_max);
  if (bounds.memory_max_bytes.has_value()) {
    spec->set_memory_max_bytes(*bounds.memory_max_bytes);
  }
  spec->set_priority(bounds.priority);
}

PolicyBoundsChange PolicyBoundsChangeFromProto(
    const v1::UpdateRequest& request) {
  PolicyBoundsChange change;
  if (request.has_cpus_max()) change.cpus_max = request.cpus_max();
  if (request.has_memory_max_bytes()) {
    change.memory_max_bytes = request.memory_max_bytes();
  }
  if (request.has_priority()) change.priority = request.priority();
  return change;
}

}  // namespace reeve
