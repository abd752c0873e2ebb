#ifndef REEVE_TESTS_COLLECTORS_SAMPLER_FIXTURE_H_
#define REEVE_TESTS_COLLECTORS_SAMPLER_FIXTURE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "collectors/sampler.h"
#include "gtest/gtest.h"
#include "tests/collectors/fake_host.h"
#include "tests/collectors/recording_observer.h"
#include "tests/testing/fake_clock.h"

namespace reeve {

inline SamplerOptions OptionsFor(const FakeHost& host) {
  SamplerOptions options;
  options.procfs = host.procfs();
  options.sysfs = host.sysfs();
  return options;
}

// Rounds are run by the test, and time moves only when told.
class SamplerTest : public ::testing::Test {
 protected:
  // What the next round publishes.
  std::vector<std::shared_ptr<const TaskSnapshot>> RunRound() {
    sampler_.RunRound({});
    return store_.Latest()->tasks;
  }

  // The same a second later.
  std::vector<std::shared_ptr<const TaskSnapshot>> RunRoundLater() {
    clock_.Advance(absl::Seconds(1));
    return RunRound();
  }

  static std::vector<std::string> Ids(
      const std::vector<std::shared_ptr<const TaskSnapshot>>& tasks) {
    std::vector<std::string> ids;
    ids.reserve(tasks.size());
    for (const auto& task : tasks) ids.push_back(task->target->id);
    return ids;
  }

  FakeHost host_;
  FakeClock clock_;
  SnapshotStore store_;
  RecordingObserver observer_;
  Sampler sampler_{OptionsFor(host_), clock_, store_, observer_};
};

}  // namespace reeve

#endif  // REEVE_TESTS_COLLECTORS_SAMPLER_FIXTURE_H_
