#ifndef REEVE_EXPORTERS_PROMETHEUS_COLLECTOR_ROUND_METRICS_H_
#define REEVE_EXPORTERS_PROMETHEUS_COLLECTOR_ROUND_METRICS_H_

#include <string>
#include <vector>

#include "collectors/background_rounds.h"
#include "exporters/prometheus/family_description.h"
#include "exporters/prometheus/text_format.h"

namespace reeve {

// Adds what the collectors beside the sampler cost to `page`; nothing if there
// is none.
void AppendCollectorRounds(const std::vector<CollectorRounds>& collectors,
                           TextFormat format, std::string* page);

// The families of AppendCollectorRounds(), sorted by name.
std::vector<FamilyDescription> DescribeCollectorRounds();

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_COLLECTOR_ROUND_METRICS_H_
