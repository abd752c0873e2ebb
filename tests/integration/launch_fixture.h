#ifndef REEVE_TESTS_INTEGRATION_LAUNCH_FIXTURE_H_
#define REEVE_TESTS_INTEGRATION_LAUNCH_FIXTURE_H_

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "enforcement/exit_status.h"
#include "enforcement/launch/launch_request.h"
#include "enforcement/launch/launcher.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"

namespace reeve {

// What a test sees of this process' resources: the same before and after.
struct Footprint {
  int descriptors = 0;
  // Running or zombie.
  std::vector<pid_t> children;

  static Footprint Now();
  bool operator==(const Footprint& other) const {
    return descriptors == other.descriptors && children == other.children;
  }
};
void PrintTo(const Footprint& footprint, std::ostream* out);

// Launches real programs through the real shim, without cgroups unless the test
// adds them. Skips the test if it is not run as root. The state directory and
// the output of the task are in `tree_`.
class LaunchTest : public ::testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  // A request for `program` with a state directory "NAME", which is made, and
  // with output to the file "NAME.out".
  LaunchRequest Request(const std::string& program,
                        const std::vector<std::string>& args,
                        const std::string& name = "task");

  // Path of a program of tests/programs.
  static std::string Program(const std::string& name);

  // A copy of it in a place that every user can reach.
  std::string SharedProgram(const std::string& name);

  // Waits for the hang-up of the exit fifo, reaps the shim and reads the exit
  // status. kDeadlineExceeded after a minute.
  absl::StatusOr<ExitStatus> AwaitExit(const LaunchedTask& task,
                                       const std::string& name = "task");

  // Launch and AwaitExit.
  absl::StatusOr<ExitStatus> Run(LaunchRequest request,
                                 const std::string& name = "task");

  // The lines KEY=VALUE that the program "show" prints, when run so.
  std::map<std::string, std::string> Show(LaunchRequest request);

  // Names in the state directory, sorted.
  std::vector<std::string> StateFiles(const std::string& name = "task");

  FakeTree tree_;
  Launcher launcher_{LauncherOptions()};

  static Launcher::Options LauncherOptions();

 private:
  std::vector<std::string> shared_directories_;
};

// Waits until `condition` holds, for up to a minute; returns whether it does.
template <typename Condition>
bool Eventually(Condition condition);

// Whether there is such a process and it is no zombie.
bool IsRunning(pid_t pid);

// Sleeps a little, between two looks at something.
void Pause();

template <typename Condition>
bool Eventually(Condition condition) {
  for (int i = 0; i < 6000; ++i) {
    if (condition()) return true;
    Pause();
  }
  return false;
}

}  // namespace reeve

#endif  // REEVE_TESTS_INTEGRATION_LAUNCH_FIXTURE_H_
