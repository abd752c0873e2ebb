#ifndef REEVE_EXPORTERS_PROMETHEUS_FAMILY_DESCRIPTION_H_
#define REEVE_EXPORTERS_PROMETHEUS_FAMILY_DESCRIPTION_H_

#include <string>
#include <vector>

namespace reeve {

// What the documentation says of a metric family of the agent itself.
struct FamilyDescription {
  std::string name;
  std::string help;
  // counter, gauge or histogram.
  std::string type;
  // Each with its values where they are known beforehand: "state" or
  // "state=starting,running".
  std::vector<std::string> labels;
};

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_FAMILY_DESCRIPTION_H_
