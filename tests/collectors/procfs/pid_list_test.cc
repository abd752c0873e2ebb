#include "collectors/procfs/pid_list.h"

#include <unistd.h>

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;

TEST(PidListTest, HasTheEntriesThatArePidsInRisingOrder) {
  FakeTree proc;
  for (const char* dir :
       {"1", "42", "4194304", "self", "12a", "-3", "sys", "99999999999"}) {
    proc.MakeDir(dir);
  }
  auto list = PidList::Open(proc.Path(""));
  ASSERT_THAT(list, IsOk());
  std::vector<pid_t> pids = {7};

  ASSERT_THAT(list->Read(pids), IsOk());

  EXPECT_THAT(pids, ElementsAre(1, 42, 4'194'304));
}

TEST(PidListTest, ReadsAnewEachTime) {
  FakeTree proc;
  proc.MakeDir("1");
  auto list = PidList::Open(proc.Path(""));
  ASSERT_THAT(list, IsOk());
  std::vector<pid_t> pids;
  ASSERT_THAT(list->Read(pids), IsOk());
  proc.Remove("1");
  proc.MakeDir("2");

  ASSERT_THAT(list->Read(pids), IsOk());

  EXPECT_THAT(pids, ElementsAre(2));
}

TEST(PidListTest, MayBeLongerThanOneReading) {
  FakeTree proc;
  for (int pid = 1000; pid < 5000; ++pid) proc.MakeDir(std::to_string(pid));
  auto list = PidList::Open(proc.Path(""));
  ASSERT_THAT(list, IsOk());
  std::vector<pid_t> pids;

  ASSERT_THAT(list->Read(pids), IsOk());

  EXPECT_EQ(pids.size(), 4000u);
}

TEST(PidListTest, MissingProcfsFailsToOpen) {
  EXPECT_THAT(PidList::Open("/nowhere"), StatusIs(absl::StatusCode::kNotFound));
}

TEST(PidListTest, ProcHasThisProcess) {
  auto list = PidList::Open("/proc");
  ASSERT_THAT(list, IsOk());
  std::vector<pid_t> pids;

  ASSERT_THAT(list->Read(pids), IsOk());

  EXPECT_THAT(pids, Contains(getpid()));
}

}  // namespace
}  // namespace reeve
