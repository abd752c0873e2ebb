#include "agent/state/task_record_json.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

// A record of task "web" with more in its spec.
std::string RecordWith(const std::string& in_spec,
                       const std::string& parent = "/reeve") {
  return absl::StrCat(R"({"version": 1, "spec": {"id": "web")", in_spec,
                      R"(}, "cgroup_parent": ")", parent, R"("})");
}

constexpr char kCommand[] = R"(, "command": ["/bin/true"])";

TEST(ParseTaskRecordTest, TakesTheRecordOfItsTask) {
  const auto record = ParseTaskRecord(RecordWith(kCommand), "web");

  ASSERT_THAT(record, IsOk());
  EXPECT_EQ(record->spec().command(0), "/bin/true");
  EXPECT_EQ(record->cgroup_parent(), "/reeve");
}

TEST(ParseTaskRecordTest, RefusesThatOfAnotherTask) {
  EXPECT_THAT(
      ParseTaskRecord(RecordWith(kCommand), "db"),
      StatusIs(absl::StatusCode::kDataLoss, HasSubstr("it is of task web")));
}

TEST(ParseTaskRecordTest, RefusesWhatIsNotAllOfARecord) {
  const std::string whole = RecordWith(kCommand);
  for (size_t size = 0; size < whole.size(); ++size) {
    SCOPED_TRACE(size);
    EXPECT_THAT(ParseTaskRecord(whole.substr(0, size), "web"),
                StatusIs(absl::StatusCode::kDataLoss));
  }
  for (const char* text : {"{}", "[]", "null", "\0\0\0\0", "7"}) {
    EXPECT_THAT(ParseTaskRecord(text, "web"),
                StatusIs(absl::StatusCode::kDataLoss))
        << text;
  }
}

TEST(ParseTaskRecordTest, RefusesWhatWouldBeDoneToOtherCgroups) {
  for (const char* parent : {"", "reeve", "/reeve/../system.slice", "//"}) {
    EXPECT_THAT(ParseTaskRecord(RecordWith(kCommand, parent), "web"),
                StatusIs(absl::StatusCode::kDataLoss, HasSubstr("parent")))
        << parent;
  }
}

TEST(ParseTaskRecordTest, RefusesWhatCannotBeStartedAgain) {
  for (const char* spec :
       {"", R"(, "command": [])",
        R"(, "command": ["a"], "restart": {"when": "RESTART_WHEN_ALWAYS",
            "backoff": "0s"})"}) {
    SCOPED_TRACE(spec);
    EXPECT_THAT(ParseTaskRecord(RecordWith(spec), "web"),
                StatusIs(absl::StatusCode::kDataLoss));
  }
}

// Another version of the agent may have other rules for them.
TEST(ParseTaskRecordTest, LimitsAreNoReasonToLoseATask) {
  EXPECT_THAT(ParseTaskRecord(RecordWith(absl::StrCat(
                                  kCommand, R"(, "limits": {"pids": "0"})")),
                              "web"),
              IsOk());
}

}  // namespace
}  // namespace reeve
