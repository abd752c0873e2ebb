#include "agent/state/memory_high_records.h"

#include <sys/stat.h>

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class MemoryHighRecordsTest : public ::testing::Test {
 protected:
  void SetUp() override { tree_.MakeDir("state"); }

  MemoryHighRecords Records() { return MemoryHighRecords(tree_.Path("state")); }

  FakeTree tree_;
};

TEST_F(MemoryHighRecordsTest, AnotherAgentReadsWhatWasWritten) {
  ASSERT_THAT(Records().Write("/reeve/web", "max"), IsOk());
  ASSERT_THAT(Records().Write("/reeve/@shop/till", "4096"), IsOk());
  ASSERT_THAT(Records().Write("/reeve/@shop", "8192"), IsOk());

  EXPECT_THAT(Records().Names(),
              IsOkAndHolds(UnorderedElementsAre("web", "till", "@shop")));
  const auto record = Records().Read("till");
  ASSERT_THAT(record, IsOk());
  EXPECT_EQ(record->cgroup(), "/reeve/@shop/till");
  EXPECT_EQ(record->memory_high(), "4096");
}

TEST_F(MemoryHighRecordsTest, ARecordIsReplacedAndRemoved) {
  ASSERT_THAT(Records().Write("/reeve/web", "max"), IsOk());
  ASSERT_THAT(Records().Write("/reeve/web", "4096"), IsOk());
  EXPECT_EQ(Records().Read("web")->memory_high(), "4096");

  EXPECT_THAT(Records().Remove("/reeve/web"), IsOk());
  EXPECT_THAT(Records().Remove("/reeve/web"), IsOk());

  EXPECT_THAT(Records().Names(), IsOkAndHolds(IsEmpty()));
}

TEST_F(MemoryHighRecordsTest, WithoutAFolderThereIsNone) {
  EXPECT_THAT(Records().Names(), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(Records().Remove("web"), IsOk());
}

TEST_F(MemoryHighRecordsTest, AWritingThatWasCutShortIsNoRecord) {
  tree_.Write("state/memory-high/.web.tmp", "{");

  EXPECT_THAT(Records().Names(), IsOkAndHolds(IsEmpty()));
}

TEST_F(MemoryHighRecordsTest, ADamagedOneIsTold) {
  tree_.Write("state/memory-high/web", "{");
  tree_.Write("state/memory-high/shop", "{}");

  EXPECT_THAT(Records().Read("web"), StatusIs(absl::StatusCode::kDataLoss,
                                              HasSubstr("memory-high/web")));
  EXPECT_THAT(Records().Read("shop"), StatusIs(absl::StatusCode::kDataLoss,
                                               HasSubstr("memory-high/shop")));
}

TEST_F(MemoryHighRecordsTest, NothingIsWrittenOutsideOfTheCgroups) {
  for (const char* record :
       {R"({"cgroup": "/../../web", "memory_high": "max"})",
        R"({"cgroup": "web", "memory_high": "max"})",
        R"({"cgroup": "/reeve/web", "memory_high": "all of it"})",
        R"({"cgroup": "/reeve/web", "memory_high": "-1"})"}) {
    SCOPED_TRACE(record);
    tree_.Write("state/memory-high/web", record);
    EXPECT_THAT(Records().Read("web"), StatusIs(absl::StatusCode::kDataLoss,
                                                HasSubstr("memory-high/web")));
  }
}

TEST_F(MemoryHighRecordsTest, AFifoIsNoRecordAndNotWaitedFor) {
  tree_.MakeDir("state/memory-high");
  ASSERT_EQ(mkfifo(tree_.Path("state/memory-high/web").c_str(), 0600), 0);

  EXPECT_THAT(Records().Read("web"), StatusIs(absl::StatusCode::kDataLoss,
                                              HasSubstr("no regular file")));
}

TEST_F(MemoryHighRecordsTest, OneFromAnEarlierBootIsToldFromOthers) {
  tree_.Write("state/memory-high/web",
              R"({"cgroup": "/reeve/web", "memory_high": "max",
                  "boot_id": "0e6e9d2f-0000-0000-0000-000000000000"})");

  EXPECT_THAT(Records().Read("web"),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("is from an earlier boot")));
}

}  // namespace
}  // namespace reeve
