#include "agent/doctor/probe_cgroup.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace reeve {
namespace {

// A process that has just been reaped may still hold its cgroup for a moment.
constexpr int kRemovalAttempts = 20;
constexpr absl::Duration kRemovalPause = absl::Milliseconds(5);

}  // namespace

absl::StatusOr<ProbeCgroup> ProbeCgroup::Make(const std::string& directory) {
  std::string path = absl::StrCat(directory, "/reeve-doctor-", getpid());
  if (mkdir(path.c_str(), 0755) != 0) {
    return absl::ErrnoToStatus(errno,
                               absl::StrCat("make a cgroup in ", directory));
  }
  return ProbeCgroup(std::move(path));
}

ProbeCgroup::ProbeCgroup(std::string path) : path_(std::move(path)) {}

ProbeCgroup::ProbeCgroup(ProbeCgroup&& other) noexcept
    : path_(std::exchange(other.path_, "")) {}

ProbeCgroup::~ProbeCgroup() {
  if (path_.empty()) return;
  for (int i = 0; i < kRemovalAttempts; ++i) {
    if (rmdir(path_.c_str()) == 0 || errno != EBUSY) return;
    absl::SleepFor(kRemovalPause);
  }
}

}  // namespace reeve
