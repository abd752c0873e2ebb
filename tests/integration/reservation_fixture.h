#ifndef REEVE_TESTS_INTEGRATION_RESERVATION_FIXTURE_H_
#define REEVE_TESTS_INTEGRATION_RESERVATION_FIXTURE_H_

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/cpuset_host.h"
#include "tests/integration/process_view.h"
#include "tests/integration/supervisor_fixture.h"

namespace reeve {

// Tasks that reserve CPUs beside others, on a machine with two CPUs at least.
class ReservationTest : public TaskSupervisorTest {
 protected:
  // Long, since a machine may be emulated.
  static constexpr absl::Duration kPatience = absl::Seconds(60);

  void SetUp() override {
    TaskSupervisorTest::SetUp();
    if (IsSkipped()) return;
    const CpusetHost host = LookForCpusets(world_->mounts(), parent_);
    if (!host.why_not.empty()) GTEST_SKIP() << host.why_not;
    count_ = static_cast<uint32_t>(host.cpus.size());
    all_ = host.all();
    last_ = host.last();
    rest_ = host.all_but_last();
  }

  TaskSupervisor& supervisor() { return world_->supervisor(); }

  // A task that runs until it is stopped.
  std::shared_ptr<Task> Run(const std::string& id, ResourceLimits limits = {},
                            const std::string& group = "") {
    TaskSpec spec;
    spec.id = id;
    spec.group = group;
    spec.command = {"/bin/sleep", "1000"};
    spec.limits = std::move(limits);
    absl::StatusOr<std::shared_ptr<Task>> task =
        supervisor().Launch(std::move(spec), {}, false);
    EXPECT_THAT(task, IsOk());
    return task.ok() ? *task : nullptr;
  }

  void Stop(const std::string& id) {
    EXPECT_THAT(supervisor().Stop(id, "", absl::ZeroDuration()), IsOk());
  }

  // CPUs that the kernel lets a task run on.
  std::string CpusOf(const std::string& id) {
    const absl::StatusOr<std::shared_ptr<Task>> task = supervisor().Find(id);
    EXPECT_THAT(task, IsOk());
    return task.ok() ? AffinityOf((*task)->Status().process.pid) : "";
  }

  // What is free is given back a moment after the end of a task.
  std::string AwaitCpusOf(const std::string& id, const std::string& cpus) {
    const absl::Time give_up_at = absl::Now() + kPatience;
    while (CpusOf(id) != cpus && absl::Now() < give_up_at) {
      absl::SleepFor(absl::Milliseconds(5));
    }
    return CpusOf(id);
  }

  // What was requested of the task's CPUs, as it is shown; "" for nothing.
  static std::string RequestOf(const Task& task) {
    for (const LimitSetting& setting : task.LimitSettings()) {
      if (setting.file == "cpuset.cpus") return setting.requested;
    }
    return "";
  }
  std::string RequestOf(const std::string& id) {
    return RequestOf(**supervisor().Find(id));
  }

  // What is shown follows what the kernel has been told.
  std::string AwaitRequestOf(const std::string& id,
                             const std::string& requested) {
    const absl::Time give_up_at = absl::Now() + kPatience;
    while (RequestOf(id) != requested && absl::Now() < give_up_at) {
      absl::SleepFor(absl::Milliseconds(5));
    }
    return RequestOf(id);
  }

  bool IsV1(absl::string_view controller) {
    return world_->mounts().Find(controller)->version == CgroupVersion::kV1;
  }

  uint32_t count_ = 0;
  // Lists of CPUs: what there is, the one that is reserved first, and what is
  // the pool then.
  std::string all_;
  std::string last_;
  std::string rest_;
};

}  // namespace reeve

#endif  // REEVE_TESTS_INTEGRATION_RESERVATION_FIXTURE_H_
