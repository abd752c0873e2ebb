#include "collectors/collector_set.h"

#include "absl/algorithm/container.h"

namespace reeve {
namespace {

constexpr OptionalCollector kCollectors[] = {
    {"descriptors", "Open file descriptors of tasks",
     &CollectorSet::descriptors},
    {"hugetlb", "Huge pages that tasks use, by their size",
     &CollectorSet::hugetlb},
    {"io", "What tasks read from and write to which block devices",
     &CollectorSet::io},
    {"memory-stat",
     "What the memory of tasks is used for, page faults, refaults",
     &CollectorSet::memory_stat},
    {"network", "Traffic of tasks that have a network namespace of their own",
     &CollectorSet::network},
    {"peaks", "Highest CPU and memory usage of tasks between two scrapes",
     &CollectorSet::peaks},
    {"pressure", "Time that tasks waited for CPU, memory and I/O (PSI)",
     &CollectorSet::pressure},
    {"process-states", "Processes of tasks that run, sleep, are zombies …",
     &CollectorSet::process_states},
    {"schedstat", "Time that threads of tasks waited for a CPU to run on",
     &CollectorSet::schedstat},
};

}  // namespace

bool CollectorSet::ReadsMore() const {
  return absl::c_any_of(kCollectors, [this](const OptionalCollector& one) {
    return this->*one.enabled && one.enabled != &CollectorSet::peaks;
  });
}

absl::Span<const OptionalCollector> OptionalCollectors() { return kCollectors; }

}  // namespace reeve
