#include "agent/state/applied_files.h"

#include "absl/strings/str_replace.h"
#include "base/file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kFile[] = "state/applied-files.json";

class AppliedFilesTest : public ::testing::Test {
 protected:
  void SetUp() override { tree_.MakeDir("state"); }

  AppliedFilesStore Store() { return AppliedFilesStore(tree_.Path("state")); }

  FakeTree tree_;
};

TEST_F(AppliedFilesTest, AnotherAgentReadsWhatWasWritten) {
  AppliedFiles applied;
  // A name need not be UTF-8.
  applied.by_path["/tasks.d/\xff.yaml"] = {"web", "abc"};
  applied.by_path["/tasks.d/db.yaml"] = {"db", ""};
  applied.stopping = {"db"};
  ASSERT_THAT(Store().Write(applied), IsOk());

  const absl::StatusOr<AppliedFiles> read = Store().Read();

  ASSERT_THAT(read, IsOk());
  ASSERT_EQ(read->by_path.size(), 2U);
  EXPECT_EQ(read->by_path.at("/tasks.d/\xff.yaml").id, "web");
  EXPECT_EQ(read->by_path.at("/tasks.d/\xff.yaml").digest, "abc");
  EXPECT_EQ(read->by_path.at("/tasks.d/db.yaml").digest, "");
  EXPECT_THAT(read->stopping, ElementsAre("db"));
}

TEST_F(AppliedFilesTest, NothingOfAnEarlierBootIsInForce) {
  AppliedFiles applied;
  applied.by_path["/tasks.d/web.yaml"] = {"web", "abc"};
  applied.stopping = {"web"};
  ASSERT_THAT(Store().Write(applied), IsOk());
  const std::string boot_id = *ReadFile("/proc/sys/kernel/random/boot_id");
  tree_.Write(kFile, absl::StrReplaceAll(tree_.Read(kFile),
                                         {{boot_id.substr(0, 8), "earlier!"}}));

  const absl::StatusOr<AppliedFiles> read = Store().Read();

  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(read->by_path.at("/tasks.d/web.yaml").id, "web");
  EXPECT_EQ(read->by_path.at("/tasks.d/web.yaml").digest, "");
  EXPECT_THAT(read->stopping, IsEmpty());
}

TEST_F(AppliedFilesTest, WhatIsNoRecordIsSaid) {
  EXPECT_THAT(Store().Read(), StatusIs(absl::StatusCode::kNotFound));
  tree_.Write(kFile, "{\"files\": 1}");
  EXPECT_THAT(Store().Read(), StatusIs(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace reeve
