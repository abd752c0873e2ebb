// Random updates of a running task, with the kernel as judge: whatever is asked
// for, what the agent says afterwards is what the kernel's files say, and an
// update that fails has changed nothing. The same updates in every run;
// REEVE_SEED makes others.

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/config.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "base/file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/limit_case.h"
#include "tests/integration/limit_cases.h"
#include "tests/integration/limit_host.h"
#include "tests/integration/supervisor_fixture.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::IsEmpty;

constexpr int kWarmUp = 200;
constexpr uint64_t kMostGrowthPages = 256;

// Fewer where each takes twenty times as long: an emulated machine.
bool IsSlow() { return std::getenv("REEVE_VM") != nullptr; }

uint64_t Seed() {
  uint64_t seed = 20'230'610;
  const char* const given = std::getenv("REEVE_SEED");
  EXPECT_TRUE(given == nullptr || absl::SimpleAtoi(given, &seed)) << given;
  std::cout << "REEVE_SEED=" << seed << std::endl;
  return seed;
}

// The second field of /proc/self/statm without the third, in pages: those of
// files come and go as the kernel likes.
uint64_t AnonymousPages() {
  const absl::StatusOr<std::string> text = ReadFile("/proc/self/statm");
  EXPECT_THAT(text, IsOk());
  const std::vector<std::string> words =
      absl::StrSplit(text.value_or("0 0 0"), ' ');
  uint64_t resident = 0;
  uint64_t of_files = 0;
  EXPECT_TRUE(absl::SimpleAtoi(words[1], &resident));
  EXPECT_TRUE(absl::SimpleAtoi(words[2], &of_files));
  return resident - of_files;
}

// What sanitizers keep of freed memory is none of ours.
constexpr bool MemoryIsOurs() {
#if defined(ABSL_HAVE_ADDRESS_SANITIZER) || defined(ABSL_HAVE_THREAD_SANITIZER)
  return false;
#else
  return true;
#endif
}

class LimitPropertyTest : public TaskSupervisorTest {
 protected:
  void Start() {
    host_.emplace(LimitHost::Find(world_->mounts()));
    cases_ = AllLimitCases(*host_);
    const auto task = Launch("t", {"/bin/sleep", "10000"});
    ASSERT_THAT(task, IsOk());
    task_ = *task;
    before_.emplace(Look());
  }

  // Updates, and compares what came of it with the kernel's files and with what
  // they said before. Returns whether it succeeded.
  bool UpdateAndJudge(const ResourceLimits& limits) {
    const absl::Status status =
        world_->supervisor().Update("t", limits).status();
    const KernelTexts now = Look();
    if (!status.ok()) {
      EXPECT_THAT(Changes(cases_, *before_, now), IsEmpty())
          << "by an update that failed: " << status;
    }
    ExpectReported(now);
    for (const LimitCase& limit : cases_) {
      if (status.ok()) ExpectAsAsked(limit, limits, now);
    }
    before_.emplace(now);
    return status.ok();
  }

  KernelTexts Look() const {
    return ReadKernel(cases_, world_->mounts(), parent_ + "/t",
                      task_->Status().process.pid);
  }

  void ExpectReported(const KernelTexts& kernel) const {
    const LimitReport report = {task_->Limits(), task_->LimitSettings()};
    for (const LimitCase& limit : cases_) {
      const double in_force = limit.in_force(kernel);
      const double reported = limit.reported(report).value_or(in_force);
      EXPECT_TRUE(limit.same(in_force, reported))
          << limit.name << ": in force " << in_force << ", reported "
          << reported;
    }
    for (const LimitSetting& setting : report.settings) {
      if (setting.controller == "process") continue;
      if (!setting.item.empty()) {
        const std::string line = kernel.Line(setting.file, setting.item);
        // No line is no limit.
        if (line.empty()) continue;
        EXPECT_EQ(setting.read_back, line) << setting.file;
        continue;
      }
      // Of a weight only that is told, without its name.
      const std::string weight = kernel.Line(setting.file, "default");
      EXPECT_EQ(setting.read_back,
                weight.empty() ? kernel.Text(setting.file) : weight)
          << setting.file;
    }
  }

  std::shared_ptr<Task> task_;
  std::optional<LimitHost> host_;
  std::vector<LimitCase> cases_;

 private:
  // After an update that succeeded.
  void ExpectAsAsked(const LimitCase& limit, const ResourceLimits& limits,
                     const KernelTexts& now) const {
    const double in_force = limit.in_force(now);
    const std::optional<double> wanted = limit.wanted(limits);
    if (wanted.has_value()) {
      EXPECT_TRUE(limit.same(in_force, *wanted))
          << limit.name << ": in force " << in_force << ", wanted " << *wanted;
      return;
    }
    // The kernel forgets the weight of a task that becomes idle.
    if (std::string(limit.name) == "cpu-shares" && limits.cpu_idle) return;
    EXPECT_EQ(in_force, limit.in_force(*before_))
        << limit.name << " was not asked for";
  }

  std::optional<KernelTexts> before_;
};

TEST_F(LimitPropertyTest, WhatIsReportedIsWhatTheKernelSays) {
  ASSERT_NO_FATAL_FAILURE(Start());
  Random random(Seed());
  const int updates = IsSlow() ? 400 : 10'000;
  int succeeded = 0;
  size_t files_before = 0;
  uint64_t pages_before = 0;

  for (int i = 0; i < updates && !HasFailure(); ++i) {
    if (i == kWarmUp) {
      files_before = CountOpenFiles();
      pages_before = AnonymousPages();
    }
    SCOPED_TRACE(i);
    if (UpdateAndJudge(RandomLimits(cases_, random))) ++succeeded;
  }

  EXPECT_EQ(task_->Status().state, TaskState::kRunning);
  EXPECT_EQ(CountOpenFiles(), files_before);
  if (MemoryIsOurs()) {
    EXPECT_LE(AnonymousPages(), pages_before + kMostGrowthPages);
  }
  // Neither kind is rare.
  EXPECT_GE(succeeded, updates / 10);
  EXPECT_LE(succeeded, updates - updates / 10);
}

TEST_F(LimitPropertyTest, AnAgentThatComesBackReportsTheSame) {
  ASSERT_NO_FATAL_FAILURE(Start());
  Random random(Seed());
  const int restarts = IsSlow() ? 4 : 20;
  for (int i = 0; i < restarts && !HasFailure(); ++i) {
    for (int k = 0; k < 20; ++k) UpdateAndJudge(RandomLimits(cases_, random));

    task_.reset();
    RestartAgent();

    const auto found = world_->supervisor().Find("t");
    ASSERT_THAT(found, IsOk());
    task_ = *found;
    ExpectReported(Look());
  }
}

}  // namespace
}  // namespace reeve
