#include "collectors/procfs/open_descriptors.h"

#include <fcntl.h>

#include "base/unique_fd.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

TEST(CountDescriptorsTest, CountsEntriesWhereTheSizeDoesNotTell) {
  FakeTree proc;
  for (const char* fd : {"12/fd/0", "12/fd/1", "12/fd/7"}) proc.Write(fd, "");
  const UniqueFd dir = proc.OpenDir("");

  EXPECT_THAT(CountDescriptors(dir.get(), "12/fd"), IsOkAndHolds(3u));
}

TEST(CountDescriptorsTest, FollowsWhatThisProcessHasOpen) {
  const UniqueFd proc(open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC));
  const auto before = CountDescriptors(proc.get(), "self/fd");
  const UniqueFd one(open("/dev/null", O_RDONLY | O_CLOEXEC));
  const UniqueFd other(open("/dev/null", O_RDONLY | O_CLOEXEC));

  ASSERT_THAT(before, IsOk());
  EXPECT_THAT(CountDescriptors(proc.get(), "self/fd"),
              IsOkAndHolds(*before + 2));
}

TEST(CountDescriptorsTest, ProcessThatHasEndedIsNotFound) {
  FakeTree proc;
  const UniqueFd dir = proc.OpenDir("");

  EXPECT_THAT(CountDescriptors(dir.get(), "12/fd"),
              StatusIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace reeve
