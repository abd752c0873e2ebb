#include "collectors/host/filesystem_collector.h"

#include <memory>
#include <string>

#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/collectors/recording_observer.h"
#include "tests/testing/fake_tree.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr absl::Duration kPatience = absl::Seconds(60);

constexpr char kMountinfo[] =
    "27 1 254:0 / / rw - ext4 /dev/vda rw\n"
    "22 27 0:21 / /proc rw - proc proc rw\n"
    "25 27 0:23 / /dev/shm rw - tmpfs tmpfs rw\n"
    "29 27 0:40 / /srv/dead rw - nfs4 server:/dead rw\n"
    "30 27 254:1 / /data ro - xfs /dev/vdb ro\n";

absl::StatusOr<FilesystemUsage> Usage(const std::string& place) {
  if (place == "/data") return absl::PermissionDeniedError("statfs /data");
  FilesystemUsage usage;
  usage.size_bytes = 100;
  return usage;
}

class FilesystemCollectorTest : public ::testing::Test {
 protected:
  FilesystemCollectorTest() { proc_.Write("self/mountinfo", kMountinfo); }

  FilesystemSample Collect(absl::string_view mount_exclude,
                           const PatientStatfs::Ask& ask,
                           absl::Duration patience = kPatience) {
    FilesystemCollector collector(
        proc_.Path(""),
        {*NamePattern::Compile(kDefaultFilesystemTypeExclude),
         *NamePattern::Compile(mount_exclude)},
        latest_, observer_, ask, patience);
    collector.Collect();
    return *latest_->Get();
  }

  FakeTree proc_;
  RecordingObserver observer_;
  const std::shared_ptr<Latest<FilesystemSample>> latest_ =
      std::make_shared<Latest<FilesystemSample>>();
};

TEST_F(FilesystemCollectorTest, AsksThoseOfDisksAndServers) {
  const FilesystemSample sample = Collect("", Usage);

  ASSERT_THAT(sample, SizeIs(3));
  EXPECT_EQ(sample[0].mount_point, "/");
  EXPECT_EQ(sample[0].source, "/dev/vda");
  EXPECT_EQ(sample[0].type, "ext4");
  ASSERT_TRUE(sample[0].usage.has_value());
  EXPECT_EQ(sample[0].usage->size_bytes, 100u);
  EXPECT_FALSE(sample[0].is_stuck);
  EXPECT_EQ(sample[1].mount_point, "/srv/dead");
}

TEST_F(FilesystemCollectorTest, OneThatCannotBeAskedIsThereWithoutUsage) {
  const FilesystemSample sample = Collect("/srv/.*", Usage);

  ASSERT_THAT(sample, SizeIs(2));
  EXPECT_EQ(sample[1].mount_point, "/data");
  EXPECT_FALSE(sample[1].usage.has_value());
  EXPECT_FALSE(sample[1].is_stuck);
  EXPECT_THAT(observer_.errors(), ElementsAre("filesystems: statfs /data"));
}

TEST_F(FilesystemCollectorTest, OneThatHangsHoldsUpNoOther) {
  const auto server_is_back = std::make_shared<absl::Notification>();
  const FilesystemSample sample = Collect(
      "/data",
      [server_is_back](
          const std::string& place) -> absl::StatusOr<FilesystemUsage> {
        if (place == "/srv/dead") server_is_back->WaitForNotification();
        return Usage(place);
      },
      absl::Milliseconds(500));
  server_is_back->Notify();

  ASSERT_THAT(sample, SizeIs(2));
  EXPECT_TRUE(sample[1].is_stuck);
  EXPECT_FALSE(sample[1].usage.has_value());
  EXPECT_THAT(observer_.errors(), IsEmpty());
}

TEST_F(FilesystemCollectorTest, MountinfoThatCannotBeReadIsAnError) {
  proc_.Remove("self/mountinfo");

  EXPECT_THAT(Collect("", Usage), IsEmpty());

  EXPECT_THAT(observer_.errors(), ElementsAre(HasSubstr("filesystems: open")));
}

}  // namespace
}  // namespace reeve
