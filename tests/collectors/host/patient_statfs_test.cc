#include "collectors/host/patient_statfs.h"

#include <memory>
#include <string>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

// Far more than a thread needs to start on a busy machine.
constexpr absl::Duration kPatience = absl::Seconds(60);

TEST(ReadFilesystemUsageTest, TellsHowFullOneIs) {
  FakeTree tree;

  const auto usage = ReadFilesystemUsage(tree.Path(""));

  ASSERT_THAT(usage, IsOk());
  EXPECT_GT(usage->size_bytes, 0u);
  EXPECT_LE(usage->free_bytes, usage->size_bytes);
  EXPECT_LE(usage->available_bytes, usage->free_bytes);
  EXPECT_FALSE(usage->is_read_only);
}

TEST(ReadFilesystemUsageTest, PlaceThatHasGoneIsNotFound) {
  FakeTree tree;

  EXPECT_THAT(ReadFilesystemUsage(tree.Path("none")),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST(PatientStatfsTest, AnswersAreThoseOfTheCall) {
  PatientStatfs statfs(
      [](const std::string& place) -> absl::StatusOr<FilesystemUsage> {
        if (place == "/bad") return absl::InternalError("bad");
        FilesystemUsage usage;
        usage.size_bytes = place.size();
        return usage;
      },
      kPatience);

  const auto good = statfs.Read("/good");
  const auto bad = statfs.Read("/bad");

  ASSERT_TRUE(good.has_value());
  ASSERT_THAT(*good, IsOk());
  EXPECT_EQ((*good)->size_bytes, 5u);
  ASSERT_TRUE(bad.has_value());
  EXPECT_THAT(*bad, StatusIs(absl::StatusCode::kInternal));
}

struct Server {
  absl::Notification is_back;
  absl::Notification has_answered;
  absl::Mutex mutex;
  int calls ABSL_GUARDED_BY(mutex) = 0;

  int Calls() {
    absl::MutexLock lock(&mutex);
    return calls;
  }
};

TEST(PatientStatfsTest, OneThatHangsIsNotAskedAgainBeforeItHasAnswered) {
  const auto server = std::make_shared<Server>();
  PatientStatfs statfs(
      [server](const std::string&) -> absl::StatusOr<FilesystemUsage> {
        {
          absl::MutexLock lock(&server->mutex);
          ++server->calls;
        }
        server->is_back.WaitForNotification();
        return FilesystemUsage();
      },
      absl::Milliseconds(20));
  const auto calls_one = [server] { return server->Calls() == 1; };

  EXPECT_FALSE(statfs.Read("/dead").has_value());
  while (!calls_one()) absl::SleepFor(absl::Milliseconds(1));
  EXPECT_FALSE(statfs.Read("/dead").has_value());
  EXPECT_EQ(server->Calls(), 1);

  server->is_back.Notify();
  const absl::Time deadline = absl::Now() + kPatience;
  std::optional<absl::StatusOr<FilesystemUsage>> usage;
  while (!usage.has_value() && absl::Now() < deadline) {
    usage = statfs.Read("/dead");
  }
  ASSERT_TRUE(usage.has_value());
  EXPECT_THAT(*usage, IsOk());
}

TEST(PatientStatfsTest, CallThatHangsMayOutliveIt) {
  const auto server = std::make_shared<Server>();
  {
    PatientStatfs statfs(
        [server](const std::string&) -> absl::StatusOr<FilesystemUsage> {
          server->is_back.WaitForNotification();
          server->has_answered.Notify();
          return FilesystemUsage();
        },
        absl::Milliseconds(1));
    EXPECT_FALSE(statfs.Read("/dead").has_value());
  }

  server->is_back.Notify();

  EXPECT_TRUE(server->has_answered.WaitForNotificationWithTimeout(kPatience));
}

}  // namespace
}  // namespace reeve
