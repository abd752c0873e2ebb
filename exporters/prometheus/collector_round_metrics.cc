#include "exporters/prometheus/collector_round_metrics.h"

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace reeve {
namespace {

struct Family {
  absl::string_view name;
  absl::string_view help;
  absl::string_view type;
  absl::string_view unit;
  void (*append_value)(const CollectorRounds& rounds, std::string* page);
};

void AppendDuration(absl::Duration duration, std::string* page) {
  AppendSeconds(static_cast<uint64_t>(absl::ToInt64Nanoseconds(duration)),
                page);
}

// Sorted by name.
constexpr Family kFamilies[] = {
    {"reeve_collector_age_seconds",
     "Time since the last round of the collector that came to its end began: "
     "how old its values are. It grows while a round hangs.",
     "gauge", "seconds",
     [](const CollectorRounds& rounds, std::string* page) {
       AppendDuration(rounds.age, page);
     }},
    {"reeve_collector_cpu_seconds_total",
     "CPU time that the collector's rounds used.", "counter", "seconds",
     [](const CollectorRounds& rounds, std::string* page) {
       AppendDuration(rounds.cpu_time, page);
     }},
    {"reeve_collector_duration_seconds_total",
     "How long the collector's rounds took, all together.", "counter",
     "seconds",
     [](const CollectorRounds& rounds, std::string* page) {
       AppendDuration(rounds.duration, page);
     }},
    {"reeve_collector_rounds_missed_total",
     "Rounds of the collector that were left out because an earlier one took "
     "too long.",
     "counter", "",
     [](const CollectorRounds& rounds, std::string* page) {
       AppendNumber(rounds.missed, page);
     }},
    {"reeve_collector_rounds_total",
     "Rounds of the collector that came to their end.", "counter", "",
     [](const CollectorRounds& rounds, std::string* page) {
       AppendNumber(rounds.rounds, page);
     }},
};

}  // namespace

void AppendCollectorRounds(const std::vector<CollectorRounds>& collectors,
                           TextFormat format, std::string* page) {
  if (collectors.empty()) return;
  for (const Family& family : kFamilies) {
    AppendFamilyHeader({family.name, family.help, family.type, family.unit},
                       format, page);
    for (const CollectorRounds& rounds : collectors) {
      page->append(family.name.data(), family.name.size());
      page->push_back('{');
      AppendLabel("collector", rounds.collector, page);
      page->append("} ");
      family.append_value(rounds, page);
      page->push_back('\n');
    }
  }
}

std::vector<FamilyDescription> DescribeCollectorRounds() {
  std::vector<FamilyDescription> descriptions;
  for (const Family& family : kFamilies) {
    descriptions.push_back({std::string(family.name),
                            std::string(family.help),
                            std::string(family.type),
                            {"collector"}});
  }
  return descriptions;
}

}  // namespace reeve
