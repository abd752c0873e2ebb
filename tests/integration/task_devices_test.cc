// The devices that a task may use, on the real kernel.

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/unique_fd.h"
#include "enforcement/cgroup/device_attachment.h"
#include "enforcement/cgroup/device_filter.h"
#include "enforcement/cgroup/device_program.h"
#include "enforcement/cgroup/device_programs.h"
#include "enforcement/spec/device_access.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/task_cgroup_fixture.h"
#include "tests/testing/fake_tree.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// A device that no default allows; root may read and write it.
constexpr uint32_t kKmsgMajor = 1;
constexpr uint32_t kKmsgMinor = 11;
constexpr char kKmsg[] = "/dev/kmsg";

// Nobody uses it: it is opened only where that is to be refused.
constexpr uint32_t kBlockMajor = 7;
constexpr uint32_t kBlockMinor = 255;

// The errno of open(2), 0 if it is fine.
int TryOpen(const std::string& path, int flags) {
  const UniqueFd fd(open(path.c_str(), flags | O_CLOEXEC | O_NONBLOCK));
  return fd ? 0 : errno;
}

int TryMknod(const std::string& path, mode_t type, dev_t device) {
  return mknod(path.c_str(), type | 0600, device) == 0 ? 0 : errno;
}

// With either filter, where the host can have it.
class TaskDevicesTest : public TaskCgroupTest,
                        public ::testing::WithParamInterface<DeviceFilter> {
 protected:
  void SetUp() override {
    TaskCgroupTest::SetUp();
    if (IsSkipped()) return;
    if (GetParam() == DeviceFilter::kList) LeaveV1Alone();
    if (IsSkipped()) return;
    const absl::StatusOr<DeviceFilter> filter =
        ChooseDeviceFilter(*mounts_, {}, LoadsDevicePrograms());
    if (!filter.ok() || *filter != GetParam()) {
      GTEST_SKIP() << "this host cannot have this filter";
    }
    cgroup_ = Create("web");
    ASSERT_NE(cgroup_, nullptr);
    const absl::Status status = cgroup_->RestrictDevices(DefaultDeviceAccess());
    if (absl::IsUnimplemented(status) || absl::IsUnavailable(status)) {
      GTEST_SKIP() << status.message();
    }
    ASSERT_THAT(status, IsOk());
  }

  void TearDown() override {
    if (cgroup_ != nullptr) {
      EXPECT_THAT(cgroup_->Remove(kPatience), IsOk());
    }
    TaskCgroupTest::TearDown();
  }

  // Tasks have a list where there is no unified hierarchy.
  void LeaveV1Alone() {
    std::vector<CgroupHierarchy> v1;
    for (const CgroupHierarchy& hierarchy : mounts_->hierarchies()) {
      if (hierarchy.version == CgroupVersion::kV1) v1.push_back(hierarchy);
    }
    CgroupMounts mounts(v1);
    if (mounts.Find("devices") == nullptr || mounts.Find("memory") == nullptr) {
      GTEST_SKIP() << "this host has no v1 devices controller";
    }
    controller_.reset();
    *mounts_ = std::move(mounts);
    controller_ = std::make_unique<LibcgroupController>(*mounts_);
  }

  static std::vector<DeviceAccess> DefaultAnd(const DeviceAccess& access) {
    std::vector<DeviceAccess> all = DefaultDeviceAccess();
    all.push_back(access);
    return all;
  }

  static DeviceAccess Kmsg(bool read, bool write) {
    return {'c', kKmsgMajor, kKmsgMinor, read, write, false};
  }

  // What `attempt` returns in a process of the cgroup, as the text of an errno.
  static std::string In(const TaskCgroup& cgroup,
                        const std::function<int()>& attempt) {
    const std::unique_ptr<CgroupChild> child = Start(cgroup, attempt);
    if (child == nullptr) return "not started";
    const std::optional<int> status = child->Wait(kPatience);
    if (!status.has_value() || !WIFEXITED(*status)) return "not ended";
    return std::strerror(WEXITSTATUS(*status));
  }

  std::string Open(const std::string& path, int flags) const {
    return In(*cgroup_, [&] { return TryOpen(path, flags); });
  }

  const std::string fine_ = std::strerror(0);
  const std::string refused_ = std::strerror(EPERM);
  FakeTree tree_;
  std::unique_ptr<TaskCgroup> cgroup_;
};

TEST_P(TaskDevicesTest, WhatProgramsExpectCanBeUsed) {
  for (const char* path :
       {"/dev/null", "/dev/zero", "/dev/full", "/dev/urandom", "/dev/ptmx"}) {
    EXPECT_EQ(Open(path, O_RDWR), fine_) << path;
  }
}

TEST_P(TaskDevicesTest, OtherDevicesCannot) {
  ASSERT_EQ(TryOpen(kKmsg, O_RDONLY), 0);

  EXPECT_EQ(Open(kKmsg, O_RDONLY), refused_);
  EXPECT_EQ(Open(kKmsg, O_WRONLY), refused_);
}

TEST_P(TaskDevicesTest, AnyFileOfADeviceCanBeMadeButNotOpened) {
  const std::string disk = tree_.Path("disk");
  const std::string log = tree_.Path("log");

  EXPECT_EQ(In(*cgroup_,
               [&] {
                 return TryMknod(disk, S_IFBLK,
                                 makedev(kBlockMajor, kBlockMinor));
               }),
            fine_);
  EXPECT_EQ(In(*cgroup_,
               [&] {
                 return TryMknod(log, S_IFCHR, makedev(kKmsgMajor, kKmsgMinor));
               }),
            fine_);

  EXPECT_EQ(Open(disk, O_RDONLY), refused_);
  EXPECT_EQ(Open(log, O_RDONLY), refused_);
}

TEST_P(TaskDevicesTest, AGivenDeviceHasThePermissionsThatWereGiven) {
  ASSERT_THAT(cgroup_->RestrictDevices(DefaultAnd(Kmsg(true, false))), IsOk());

  EXPECT_EQ(Open(kKmsg, O_RDONLY), fine_);
  EXPECT_EQ(Open(kKmsg, O_WRONLY), refused_);
  EXPECT_EQ(Open(kKmsg, O_RDWR), refused_);
  EXPECT_EQ(Open("/dev/null", O_RDWR), fine_);
}

TEST_P(TaskDevicesTest, AnotherListTakesThePlaceOfTheOld) {
  ASSERT_THAT(cgroup_->RestrictDevices(DefaultAnd(Kmsg(true, true))), IsOk());
  EXPECT_EQ(Open(kKmsg, O_RDWR), fine_);

  ASSERT_THAT(cgroup_->RestrictDevices({{'c', 1, 3, true, false, false}}),
              IsOk());

  EXPECT_EQ(Open(kKmsg, O_RDONLY), refused_);
  EXPECT_EQ(Open("/dev/zero", O_RDONLY), refused_);
  EXPECT_EQ(Open("/dev/null", O_WRONLY), refused_);
  EXPECT_EQ(Open("/dev/null", O_RDONLY), fine_);
  EXPECT_EQ(
      In(*cgroup_,
         [&] { return TryMknod(tree_.Path("null"), S_IFCHR, makedev(1, 3)); }),
      refused_);
}

TEST_P(TaskDevicesTest, TheListMayBeLongOrEmpty) {
  std::vector<DeviceAccess> many = DefaultDeviceAccess();
  for (uint32_t i = 0; i < 256; ++i) {
    many.push_back({'c', 500 + i, i, true, false, i % 2 == 0});
  }
  many.push_back(Kmsg(true, false));
  ASSERT_THAT(cgroup_->RestrictDevices(many), IsOk());
  EXPECT_EQ(Open(kKmsg, O_RDONLY), fine_);
  EXPECT_EQ(Open(kKmsg, O_WRONLY), refused_);

  ASSERT_THAT(cgroup_->RestrictDevices({}), IsOk());
  EXPECT_EQ(Open("/dev/null", O_RDONLY), refused_);
}

TEST_P(TaskDevicesTest, HoldsForWhoeverEntersByWriting) {
  cgroup_->EnterByWriting();

  EXPECT_EQ(Open("/dev/null", O_RDWR), fine_);
  EXPECT_EQ(Open(kKmsg, O_RDONLY), refused_);
}

TEST_P(TaskDevicesTest, HoldsForACgroupThatIsTakenOver) {
  absl::StatusOr<std::unique_ptr<TaskCgroup>> again =
      TaskCgroup::Open(*controller_, *mounts_, parent_, "web");
  ASSERT_THAT(again, IsOk());
  const auto open_kmsg = [] { return TryOpen(kKmsg, O_RDONLY); };

  EXPECT_EQ(In(**again, open_kmsg), refused_);

  ASSERT_THAT((*again)->RestrictDevices(DefaultAnd(Kmsg(true, false))), IsOk());
  EXPECT_EQ(In(**again, open_kmsg), fine_);
  // The old one is not in force beside the new.
  EXPECT_EQ(Open(kKmsg, O_RDONLY), fine_);
}

TEST_P(TaskDevicesTest, AnotherTaskKeepsAllDevices) {
  const std::unique_ptr<TaskCgroup> other = Create("other");
  ASSERT_NE(other, nullptr);

  EXPECT_EQ(In(*other, [] { return TryOpen(kKmsg, O_RDONLY); }), fine_);

  EXPECT_THAT(other->Remove(kPatience), IsOk());
}

TEST_P(TaskDevicesTest, NothingIsLeftAfterTheRemoval) {
  ASSERT_THAT(cgroup_->Remove(kPatience), IsOk());

  EXPECT_THAT(DirectoriesOf(cgroup_->path()), IsEmpty());
  EXPECT_THAT(cgroup_->RestrictDevices({}), Not(IsOk()));
}

TEST_P(TaskDevicesTest, TheParentHoldsToo) {
  const std::unique_ptr<TaskCgroup> parent = Create("outer");
  ASSERT_NE(parent, nullptr);
  std::vector<DeviceAccess> fewer = DefaultDeviceAccess();
  const DeviceAccess tun = {'c', 10, 200, true, true, true};
  fewer = DeviceAccessBeyond(fewer, {tun});
  ASSERT_THAT(parent->RestrictDevices(fewer), IsOk());
  absl::StatusOr<std::unique_ptr<TaskCgroup>> inner =
      TaskCgroup::Create(*controller_, *mounts_, parent->path(), "inner", {});
  ASSERT_THAT(inner, IsOk());

  EXPECT_THAT((*inner)->RestrictDevices(DefaultDeviceAccess()), IsOk());
  // A list without a default that the parent lacks may be; one without what was
  // asked for may not. A program is asked after the parent's.
  const absl::Status more =
      (*inner)->RestrictDevices(DefaultAnd(Kmsg(true, false)));
  if (GetParam() == DeviceFilter::kList) {
    EXPECT_THAT(more, StatusIs(absl::StatusCode::kPermissionDenied,
                               HasSubstr("\"c 1:11 r\"")));
  } else {
    EXPECT_THAT(more, IsOk());
  }

  EXPECT_EQ(In(**inner, [] { return TryOpen("/dev/null", O_RDWR); }), fine_);
  EXPECT_EQ(In(**inner, [] { return TryOpen(kKmsg, O_RDONLY); }), refused_);
  EXPECT_THAT((*inner)->Remove(kPatience), IsOk());
  EXPECT_THAT(parent->Remove(kPatience), IsOk());
}

INSTANTIATE_TEST_SUITE_P(
    Filters, TaskDevicesTest,
    ::testing::Values(DeviceFilter::kList, DeviceFilter::kProgram),
    [](const ::testing::TestParamInfo<DeviceFilter>& filter) {
      return filter.param == DeviceFilter::kList ? "List" : "Program";
    });

// A program can be had on every unified hierarchy, also beside a list.
class DeviceProgramTest : public TaskCgroupTest {
 protected:
  void SetUp() override {
    TaskCgroupTest::SetUp();
    if (IsSkipped()) return;
    if (mounts_->Unified() == nullptr) GTEST_SKIP() << "no unified hierarchy";
    cgroup_ = Create("web");
    ASSERT_NE(cgroup_, nullptr);
    absl::StatusOr<UniqueFd> directory = OpenDirAt(
        AT_FDCWD,
        absl::StrCat(mounts_->Unified()->mount_point, cgroup_->path()));
    ASSERT_THAT(directory, IsOk());
    directory_ = *std::move(directory);
  }

  void TearDown() override {
    if (cgroup_ != nullptr) {
      EXPECT_THAT(cgroup_->Remove(kPatience), IsOk());
    }
    TaskCgroupTest::TearDown();
  }

  absl::Status Filter(const std::vector<DeviceAccess>& allowed) const {
    return FilterDevices(DeviceFilter::kProgram, directory_.get(), allowed);
  }

  static int Open(const TaskCgroup& cgroup, const std::string& path,
                  int flags) {
    const std::unique_ptr<CgroupChild> child =
        Start(cgroup, [&] { return TryOpen(path, flags); });
    if (child == nullptr) return -1;
    return WEXITSTATUS(child->Wait(kPatience).value_or(-1));
  }

  std::unique_ptr<TaskCgroup> cgroup_;
  UniqueFd directory_;
};

TEST_F(DeviceProgramTest, IsReplacedAndNotAddedTo) {
  ASSERT_THAT(Filter(DefaultDeviceAccess()), IsOk());
  EXPECT_EQ(Open(*cgroup_, "/dev/zero", O_RDWR), 0);
  EXPECT_EQ(Open(*cgroup_, kKmsg, O_RDONLY), EPERM);

  ASSERT_THAT(Filter({{'c', kKmsgMajor, kKmsgMinor, true, false, false}}),
              IsOk());

  EXPECT_EQ(Open(*cgroup_, "/dev/zero", O_RDWR), EPERM);
  EXPECT_EQ(Open(*cgroup_, kKmsg, O_RDONLY), 0);
  EXPECT_EQ(Open(*cgroup_, kKmsg, O_RDWR), EPERM);
}

TEST_F(DeviceProgramTest, AProgramAboveHoldsToo) {
  absl::StatusOr<std::unique_ptr<TaskCgroup>> inner =
      TaskCgroup::Create(*controller_, *mounts_, cgroup_->path(), "inner", {});
  ASSERT_THAT(inner, IsOk());
  const absl::StatusOr<UniqueFd> directory =
      OpenDirAt(directory_.get(), "inner");
  ASSERT_THAT(directory, IsOk());
  ASSERT_THAT(Filter(DefaultDeviceAccess()), IsOk());
  ASSERT_THAT(
      FilterDevices(DeviceFilter::kProgram, directory->get(),
                    {{'c', kKmsgMajor, kKmsgMinor, true, false, false}}),
      IsOk());

  EXPECT_EQ(Open(**inner, kKmsg, O_RDONLY), EPERM);
  EXPECT_EQ(Open(**inner, "/dev/zero", O_RDONLY), EPERM);

  EXPECT_THAT((*inner)->Remove(kPatience), IsOk());
}

TEST_F(DeviceProgramTest, MayHaveManyEntries) {
  std::vector<DeviceAccess> many;
  for (uint32_t i = 0; i < 300; ++i) {
    many.push_back({'c', i, i, true, i % 2 == 0, i % 3 == 0});
  }
  EXPECT_THAT(Filter(many), IsOk());
}

TEST_F(DeviceProgramTest, IsLoadedOnceForTheSameDevices) {
  const auto allowing = [](uint32_t minor) {
    return std::vector<DeviceAccess>{{'c', 1, minor, true, false, false}};
  };
  DevicePrograms programs;
  const auto first = programs.Get(allowing(0));
  ASSERT_THAT(first, IsOk());

  for (uint32_t other = 1; other < 16; ++other) {
    const auto program = programs.Get(allowing(other));
    ASSERT_THAT(program, IsOk());
    EXPECT_NE(*program, *first);
    EXPECT_THAT(programs.Get(allowing(0)), IsOkAndHolds(*first));
  }
  // Those that were not asked for lately are forgotten.
  for (uint32_t other = 16; other < 32; ++other) {
    ASSERT_THAT(programs.Get(allowing(other)), IsOk());
  }
  EXPECT_THAT(programs.Get(allowing(0)), IsOkAndHolds(Not(*first)));
}

TEST_F(DeviceProgramTest, TheVerifierIsQuoted) {
  std::vector<bpf_insn> program = AssembleDeviceProgram({});
  // Past the end of the context.
  program.front().off = 64;
  EXPECT_THAT(LoadDeviceProgram(program),
              StatusIs(absl::StatusCode::kInternal,
                       HasSubstr("invalid bpf_context access off=64")));
}

}  // namespace
}  // namespace reeve
