#include "agent/state/group_records.h"

#include <sys/stat.h>

#include <string>
#include <utility>

#include "agent/state/record_json.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class GroupRecordsTest : public ::testing::Test {
 protected:
  GroupRecords Open() {
    tree_.MakeDir("state");
    absl::StatusOr<GroupRecords> records =
        GroupRecords::Open(tree_.Path("state"));
    EXPECT_THAT(records, IsOk());
    return *std::move(records);
  }

  static state::GroupRecord RecordOf(const std::string& group) {
    state::GroupRecord record;
    record.set_group(group);
    record.set_cgroup_parent("/reeve");
    record.mutable_limits()->set_memory_bytes(4096);
    return record;
  }

  FakeTree tree_;
};

TEST_F(GroupRecordsTest, AnotherAgentReadsWhatWasWritten) {
  ASSERT_THAT(Open().Write(RecordOf("shop")), IsOk());
  ASSERT_THAT(Open().Write(RecordOf("batch.low")), IsOk());

  const GroupRecords records = Open();

  EXPECT_THAT(records.Names(),
              IsOkAndHolds(UnorderedElementsAre("shop", "batch.low")));
  const auto record = records.Read("shop");
  ASSERT_THAT(record, IsOk());
  EXPECT_EQ(record->limits().memory_bytes(), 4096u);
}

TEST_F(GroupRecordsTest, ARecordIsReplacedAndRemoved) {
  const GroupRecords records = Open();
  state::GroupRecord record = RecordOf("shop");
  ASSERT_THAT(records.Write(record), IsOk());
  record.mutable_limits()->set_memory_bytes(8192);
  ASSERT_THAT(records.Write(record), IsOk());
  EXPECT_EQ(records.Read("shop")->limits().memory_bytes(), 8192u);

  EXPECT_THAT(records.Remove("shop"), IsOk());
  EXPECT_THAT(records.Remove("shop"), IsOk());

  EXPECT_THAT(records.Names(), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(records.Read("shop"), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(GroupRecordsTest, AWritingThatWasCutShortIsNoRecord) {
  const GroupRecords records = Open();
  tree_.Write("state/groups/.shop.tmp", "{\"version\":");
  tree_.Write("state/groups/half", "{\"version\":");
  tree_.Write("state/groups/renamed", "{\"group\":\"shop\"}");

  EXPECT_THAT(records.Names(),
              IsOkAndHolds(UnorderedElementsAre("half", "renamed")));
  EXPECT_THAT(records.Read("half"), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(records.Read("renamed"),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("another")));
}

TEST_F(GroupRecordsTest, AGroupIsNotMadeBesideTheCgroupsOfTheAgent) {
  const GroupRecords records = Open();
  for (const char* parent : {"", "reeve", "/reeve/..", "/reeve/"}) {
    SCOPED_TRACE(parent);
    state::GroupRecord record = RecordOf("shop");
    record.set_cgroup_parent(parent);
    ASSERT_THAT(records.Write(record), IsOk());
    EXPECT_THAT(records.Read("shop"),
                StatusIs(absl::StatusCode::kDataLoss, HasSubstr("parent")));
  }
}

TEST_F(GroupRecordsTest, WhatIsNoFileIsNoRecord) {
  const GroupRecords records = Open();
  ASSERT_EQ(mkfifo(tree_.Path("state/groups/fifo").c_str(), 0600), 0);
  tree_.MakeDir("state/groups/directory");
  tree_.Write("elsewhere", RecordToJson(RecordOf("link")));
  tree_.MakeLink("state/groups/link", tree_.Path("elsewhere"));

  for (const char* group : {"fifo", "directory", "link"}) {
    EXPECT_THAT(records.Read(group), StatusIs(absl::StatusCode::kDataLoss,
                                              HasSubstr("no regular file")));
  }
}

TEST_F(GroupRecordsTest, FieldsOfANewerAgentAreNoReasonToForgetAGroup) {
  const GroupRecords records = Open();
  tree_.Write(
      "state/groups/shop",
      R"({"group": "shop", "cgroup_parent": "/reeve", "color": "red"})");

  EXPECT_THAT(records.Read("shop"), IsOk());
}

}  // namespace
}  // namespace reeve
