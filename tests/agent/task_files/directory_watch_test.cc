#include "agent/task_files/directory_watch.h"

#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <thread>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Far beyond what any wait of a test takes that is woken.
constexpr absl::Duration kLong = absl::Minutes(5);

bool Returns(DirectoryWatch& watch, absl::Duration timeout) {
  const absl::Time began = absl::Now();
  watch.Wait(timeout);
  return absl::Now() - began < timeout;
}

class DirectoryWatchTest : public ::testing::Test {
 protected:
  DirectoryWatchTest() {
    tree_.MakeDir("d");
    tree_.Write("other", "");
  }

  std::string Path(const std::string& name) const {
    return tree_.Path("d/" + name);
  }

  FakeTree tree_;
};

TEST_F(DirectoryWatchTest, FilesThatComeChangeAndGoAreTold) {
  DirectoryWatch watch(tree_.Path("d"));
  ASSERT_TRUE(watch.Begin());

  tree_.Write("d/a.yaml", "1");
  EXPECT_TRUE(Returns(watch, kLong));
  tree_.Write("d/a.yaml", "2");
  EXPECT_TRUE(Returns(watch, kLong));
  ASSERT_EQ(std::rename(tree_.Path("other").c_str(), Path("b.yaml").c_str()),
            0);
  EXPECT_TRUE(Returns(watch, kLong));
  tree_.Remove("d/a.yaml");
  EXPECT_TRUE(Returns(watch, kLong));
  EXPECT_THAT(watch.being_written(), IsEmpty());
}

TEST_F(DirectoryWatchTest, WithoutChangesTimeHasToPass) {
  DirectoryWatch watch(tree_.Path("d"));
  ASSERT_TRUE(watch.Begin());

  EXPECT_FALSE(Returns(watch, absl::Milliseconds(50)));
}

TEST_F(DirectoryWatchTest, AFileIsBeingWrittenUntilItIsClosed) {
  DirectoryWatch watch(tree_.Path("d"));
  ASSERT_TRUE(watch.Begin());
  std::ofstream file(Path("a.yaml"));
  file << "half" << std::flush;

  EXPECT_TRUE(Returns(watch, kLong));
  EXPECT_THAT(watch.being_written(), ElementsAre("a.yaml"));
  file.close();
  EXPECT_TRUE(Returns(watch, kLong));
  EXPECT_THAT(watch.being_written(), IsEmpty());
}

TEST_F(DirectoryWatchTest, ADirectoryThatIsReplacedIsWatchedAgain) {
  DirectoryWatch watch(tree_.Path("d"));
  ASSERT_TRUE(watch.Begin());

  ASSERT_EQ(std::rename(tree_.Path("d").c_str(), tree_.Path("before").c_str()),
            0);
  EXPECT_TRUE(Returns(watch, kLong));
  EXPECT_FALSE(watch.Begin());
  tree_.MakeDir("d");
  ASSERT_TRUE(watch.Begin());
  tree_.Write("before/a.yaml", "");
  EXPECT_FALSE(Returns(watch, absl::Milliseconds(50)));
  tree_.Write("d/a.yaml", "");

  EXPECT_TRUE(Returns(watch, kLong));
}

TEST_F(DirectoryWatchTest, ADirectoryThatIsNotThereIsWaitedForByTime) {
  DirectoryWatch watch(tree_.Path("none"));

  EXPECT_FALSE(watch.Begin());
  EXPECT_FALSE(Returns(watch, absl::Milliseconds(50)));
}

TEST_F(DirectoryWatchTest, WhoeverWaitsCanBeWokenForGood) {
  DirectoryWatch watch(tree_.Path("d"));
  ASSERT_TRUE(watch.Begin());
  std::thread waker([&watch] { watch.Wake(); });

  EXPECT_TRUE(Returns(watch, kLong));
  waker.join();
  EXPECT_TRUE(Returns(watch, kLong));
}

}  // namespace
}  // namespace reeve
