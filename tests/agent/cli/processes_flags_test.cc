#include "agent/cli/processes_flags.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ProcessesFlagsTest : public ::testing::Test {
 protected:
  absl::Status Parse(const std::vector<std::string>& args) {
    FlagSet flags("agent", "Summary.");
    AddProcessesFlags(&flags, &settings_);
    const auto outcome = flags.Parse(args);
    if (!outcome.ok()) return outcome.status();
    return CheckProcessesFlags(settings_);
  }

  ProcessesSettings settings_;
};

TEST_F(ProcessesFlagsTest, IsOffUnlessTurnedOn) {
  ASSERT_THAT(Parse({}), IsOk());

  EXPECT_FALSE(settings_.enabled);
}

TEST_F(ProcessesFlagsTest, AllAreTaken) {
  ASSERT_THAT(
      Parse({"--collector.processes", "--collector.processes.interval=1s",
             "--collector.processes.group-by", "{{.Comm}};{{.User}}",
             "--collector.processes.include=a.*",
             "--collector.processes.exclude=ab",
             "--collector.processes.kernel-threads",
             "--collector.processes.per-pid", "--collector.processes.top=10",
             "--collector.processes.max-series=500", "--collector.processes.io",
             "--collector.processes.fds", "--collector.processes.status"}),
      IsOk());

  EXPECT_TRUE(settings_.enabled);
  EXPECT_EQ(settings_.interval, absl::Seconds(1));
  EXPECT_EQ(settings_.max_series, 500u);
  const ProcessesOptions& options = settings_.options;
  EXPECT_TRUE(options.group_by.Uses(ProcessTrait::kUser));
  EXPECT_TRUE(options.filter.Wants("ax"));
  EXPECT_FALSE(options.filter.Wants("ab"));
  EXPECT_FALSE(options.filter.Wants("b"));
  EXPECT_TRUE(options.kernel_threads);
  EXPECT_TRUE(options.per_pid);
  EXPECT_EQ(options.top, 10u);
  EXPECT_TRUE(options.io);
  EXPECT_TRUE(options.fds);
  EXPECT_TRUE(options.status);
}

TEST_F(ProcessesFlagsTest, CanBeTurnedOffAgain) {
  ASSERT_THAT(
      Parse({"--collector.processes", "--collector.processes.per-pid",
             "--no-collector.processes.per-pid", "--no-collector.processes"}),
      IsOk());

  EXPECT_FALSE(settings_.enabled);
  EXPECT_FALSE(settings_.options.per_pid);
}

TEST_F(ProcessesFlagsTest, WrongValuesAreRefusedInOneLine) {
  for (const char* flag :
       {"group-by=exee", "group-by={{.Name}}", "group-by=", "include=(",
        "exclude=[", "interval=5", "interval=1ms", "interval=-1s", "top=x",
        "top=-1", "max-series=99", "max-series=1e5"}) {
    SCOPED_TRACE(flag);
    const absl::Status status =
        Parse({"--collector.processes",
               std::string("--collector.processes.") + flag});

    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument,
                                 HasSubstr("--collector.processes.")));
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("\n")));
  }
}

TEST_F(ProcessesFlagsTest, DetailsNeedTheCollector) {
  for (const char* flag :
       {"per-pid", "io", "fds", "status", "kernel-threads", "top=5",
        "group-by=exe", "include=a", "interval=1s", "max-series=1000"}) {
    SCOPED_TRACE(flag);
    settings_ = ProcessesSettings();
    EXPECT_THAT(Parse({std::string("--collector.processes.") + flag}),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         HasSubstr(" needs --collector.processes")));
  }
}

}  // namespace
}  // namespace reeve
