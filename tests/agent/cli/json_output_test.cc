#include "agent/cli/json_output.h"

#include "agent/api/task_service.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

TEST(MessageToJsonTest, NamesFieldsAsTheProtoDoes) {
  v1::StatsResponse stats;
  stats.mutable_usage()->set_cpu_usage_nsec(5);
  stats.mutable_usage()->set_oom_kills(0);

  EXPECT_EQ(MessageToJson(stats, JsonLayout::kLine),
            "{\"usage\":{\"measured_by_processes\":[],"
            "\"cpu_usage_nsec\":\"5\",\"oom_kills\":\"0\"},\"pids\":{}}\n");
}

TEST(MessageToJsonTest, PrintsPlainFieldsOfZeroButNotAbsentOnes) {
  v1::WaitResponse wait;
  wait.mutable_exit();

  EXPECT_EQ(MessageToJson(wait, JsonLayout::kLine),
            "{\"exit\":{\"code\":0,\"signal\":0,\"oom_killed\":false,"
            "\"reason\":\"\"}}\n");
  EXPECT_EQ(MessageToJson(v1::ListResponse(), JsonLayout::kLine),
            "{\"tasks\":[]}\n");
}

TEST(MessageToJsonTest, IndentsOnRequest) {
  v1::VersionResponse version;
  version.set_version("1.2");

  EXPECT_EQ(MessageToJson(version, JsonLayout::kIndented),
            "{\n \"version\": \"1.2\",\n \"api\": \"\"\n}\n");
}

TEST(MessageFromJsonTest, TakesWhatMessageToJsonPrints) {
  v1::TaskSpec spec;
  spec.set_id("web");
  spec.add_command("sleep");
  spec.mutable_limits()->set_memory_bytes(1 << 20);
  v1::TaskSpec read;

  ASSERT_THAT(
      MessageFromJson(MessageToJson(spec, JsonLayout::kIndented), &read),
      IsOk());

  EXPECT_EQ(read.SerializeAsString(), spec.SerializeAsString());
}

TEST(MessageFromJsonTest, ErrorsAreOneLineWithoutTheTextAroundThem) {
  v1::TaskSpec spec;

  EXPECT_THAT(MessageFromJson("{\"id\": \"a\"\n \"group\": \"b\"}", &spec),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "line 2: Expected , or } after key:value pair"));
  EXPECT_THAT(
      MessageFromJson("{\"name\": \"a\"}", &spec),
      StatusIs(absl::StatusCode::kInvalidArgument, "name: Cannot find field"));
}

}  // namespace
}  // namespace reeve
