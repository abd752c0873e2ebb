#ifndef REEVE_TESTS_EXPORTERS_PROMETHEUS_SNAPSHOTS_H_
#define REEVE_TESTS_EXPORTERS_PROMETHEUS_SNAPSHOTS_H_

#include <cstddef>
#include <memory>
#include <string>

#include "collectors/extra_sample.h"
#include "collectors/snapshot.h"

namespace reeve {

// A task of which nothing is known but its names.
TaskSnapshot TaskNamed(const std::string& id, const std::string& group = "");

// A task with every value that the kernel tells on a v1, a v2 and a hybrid
// host (v1 controllers, and a twin in a v2 hierarchy without any).
TaskSnapshot TaskOnV1();
TaskSnapshot TaskOnV2();
TaskSnapshot TaskOnHybrid();

// Everything that the optional collectors tell.
ExtraSample AllExtra();

// The same task as one sees it with all optional collectors on.
TaskSnapshot WithExtra(TaskSnapshot task);

// A group with the values of a task.
TaskSnapshot GroupLike(const TaskSnapshot& task, const std::string& name);

// A snapshot, the 7th, with one task.
Snapshot SnapshotOf(TaskSnapshot task);
Snapshot SnapshotOfGroup(TaskSnapshot group);

// The `generation`th snapshot, with `count` different tasks like TaskOnV1(),
// and one group.
std::shared_ptr<const Snapshot> ManyTasks(size_t count, uint64_t generation);

}  // namespace reeve

#endif  // REEVE_TESTS_EXPORTERS_PROMETHEUS_SNAPSHOTS_H_
