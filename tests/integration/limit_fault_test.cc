// Each write of an update made to fail in turn, in front of the kernel's real
// files: the limits are those from before.

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "collectors/cgroup/cgroup_mounts.h"
#include "enforcement/cgroup/cgroup_dir_fds.h"
#include "enforcement/cgroup/host_limits.h"
#include "enforcement/cgroup/limit_files.h"
#include "enforcement/cgroup/limit_planner.h"
#include "enforcement/cgroup/limit_update.h"
#include "enforcement/spec/resource_limits.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/limit_case.h"
#include "tests/integration/limit_cases.h"
#include "tests/integration/limit_host.h"
#include "tests/integration/task_cgroup_fixture.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr uint64_t kSeed = 20'230'610;
constexpr int kUpdates = 200;

// The kernel's files, but for one write that fails: before it reaches the
// kernel, or after the kernel has taken it.
class FailingFiles final : public LimitFiles {
 public:
  FailingFiles(LimitFiles& files, size_t failing, bool is_taken)
      : files_(files), failing_(failing), is_taken_(is_taken) {}

  absl::StatusOr<std::string> Read(const std::string& controller,
                                   const std::string& file) const override {
    return files_.Read(controller, file);
  }
  absl::StatusOr<std::string> Write(const std::string& controller,
                                    const std::string& file,
                                    const std::string& value) override {
    const bool fails = writes_++ == failing_;
    if (fails && !is_taken_) return absl::InternalError("made to fail");
    absl::StatusOr<std::string> written = files_.Write(controller, file, value);
    if (fails && written.ok()) return absl::InternalError("made to fail");
    return written;
  }

  // Whether the write that is to fail has been tried.
  bool HasFailed() const { return writes_ > failing_; }

 private:
  LimitFiles& files_;
  const size_t failing_;
  const bool is_taken_;
  size_t writes_ = 0;
};

class LimitFaultTest : public TaskCgroupTest {
 protected:
  void SetUp() override {
    TaskCgroupTest::SetUp();
    if (IsSkipped()) return;
    host_.emplace(LimitHost::Find(*mounts_));
    cases_ = CgroupLimitCases(*host_);
    // What every task has, and what it has only when it is asked for.
    everything_.cpuset_cpus = "";
    everything_.cpuset_mems = "";
    if (host_->disk != nullptr) {
      everything_.io_max.emplace_back().device = host_->DiskNumber();
      everything_.io_max.back().read_bps = Bound::Unlimited();
    }
    if (mounts_->Find("cpuset") == nullptr) {
      everything_.cpuset_cpus.reset();
      everything_.cpuset_mems.reset();
    }
    if (VersionOf("io") == std::nullopt && VersionOf("blkio") == std::nullopt) {
      everything_.io_max.clear();
    }
  }

  std::optional<CgroupVersion> VersionOf(const char* controller) const {
    const CgroupHierarchy* const hierarchy = mounts_->Find(controller);
    if (hierarchy == nullptr) return std::nullopt;
    return hierarchy->version;
  }

  LimitVersions VersionsOf(const CgroupDirFds& dirs) const {
    LimitVersions versions = dirs.versions();
    if (everything_.has_cpuset()) versions.cpuset = VersionOf("cpuset");
    if (everything_.has_io()) {
      versions.io = VersionOf("io");
      if (!versions.io.has_value()) versions.io = VersionOf("blkio");
    }
    return versions;
  }

  // Brings `limits` into force at last, unless they are invalid; returns how
  // many writes were made to fail before.
  size_t FailEachWrite(const ResourceLimits& limits, CgroupDirFds& dirs,
                       const std::string& cgroup, bool is_taken) {
    for (size_t failing = 0;; ++failing) {
      const KernelTexts before = Look(cgroup);
      FailingFiles files(dirs, failing, is_taken);
      const absl::Status status =
          UpdateLimits(limits, versions_, files).status();
      if (!files.HasFailed()) return failing;
      EXPECT_THAT(status, StatusIs(absl::StatusCode::kInternal,
                                   HasSubstr("made to fail")));
      EXPECT_THAT(Changes(cases_, before, Look(cgroup)), IsEmpty())
          << "after write " << failing << " failed: " << status;
      if (HasFailure()) return failing;
    }
  }

  KernelTexts Look(const std::string& cgroup) const {
    return ReadKernel(cases_, *mounts_, cgroup, /*pid=*/0);
  }

  std::optional<LimitHost> host_;
  std::vector<LimitCase> cases_;
  ResourceLimits everything_;
  LimitVersions versions_;
};

TEST_F(LimitFaultTest, WhicheverWriteFailsTheKernelsFilesAreAsBefore) {
  const auto cgroup = Create("web", everything_);
  ASSERT_NE(cgroup, nullptr);
  const auto child = Start(*cgroup, Sleep);
  const absl::StatusOr<std::unique_ptr<CgroupDirFds>> dirs =
      CgroupDirFds::Open(*mounts_, cgroup->path());
  ASSERT_THAT(dirs, IsOk());
  versions_ = VersionsOf(**dirs);
  Random random(kSeed);

  size_t failures = 0;
  for (int i = 0; i < kUpdates && !HasFailure(); ++i) {
    SCOPED_TRACE(i);
    const ResourceLimits limits = RandomLimits(cases_, random);
    if (!ValidateLimits(limits).ok()) continue;
    if (!ResolveLimits(limits, *mounts_, parent_).ok()) continue;
    failures += FailEachWrite(limits, **dirs, cgroup->path(), random.OneIn(2));
  }

  EXPECT_GE(failures, static_cast<size_t>(kUpdates) / 4);
}

}  // namespace
}  // namespace reeve
