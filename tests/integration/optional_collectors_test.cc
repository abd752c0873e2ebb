// What the optional collectors tell of real processes in real cgroups, against
// what the kernel itself says of them.

#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/file.h"
#include "base/system_clock.h"
#include "collectors/cgroup/later_dirs.h"
#include "collectors/procfs/pid_stat.h"
#include "collectors/sampler.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/collectors/recording_observer.h"
#include "tests/integration/task_cgroup_fixture.h"
#include "tests/testing/loop_device.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::Ge;
using ::testing::IsEmpty;
using ::testing::Le;
using ::testing::Optional;
using ::testing::SizeIs;

class OptionalCollectorsTest : public TaskCgroupTest {
 protected:
  void Measure(const TaskCgroup& cgroup, bool CollectorSet::*collector) {
    SamplerOptions options;
    options.collectors.*collector = true;
    sampler_ = std::make_unique<Sampler>(options, clock_, store_, observer_);
    TaskTarget target;
    target.id = "task";
    target.cgroup = WithLaterDirs(cgroup.dirs(), *mounts_, cgroup.path());
    ASSERT_THAT(sampler_->Add(std::move(target)), IsOk());
  }

  ExtraSample Now() {
    const absl::StatusOr<TaskSnapshot> task = sampler_->SampleNow("task");
    EXPECT_THAT(task, IsOk());
    if (!task.ok() || task->extra == nullptr) return {};
    return *task->extra;
  }

  // Samples until `condition` holds; the last values anyway.
  ExtraSample SampleUntil(
      const std::function<bool(const ExtraSample&)>& condition) {
    const absl::Duration deadline = clock_.MonotonicNow() + kPatience;
    while (true) {
      ExtraSample sample = Now();
      if (condition(sample) || clock_.MonotonicNow() > deadline) return sample;
    }
  }

  SystemClock clock_;
  SnapshotStore store_;
  RecordingObserver observer_;
  std::unique_ptr<Sampler> sampler_;
};

// Two threads that both want the same CPU, for ever.
int FightForACpu() {
  cpu_set_t cpus;
  if (sched_getaffinity(0, sizeof(cpus), &cpus) != 0) return 97;
  int first = 0;
  while (!CPU_ISSET(first, &cpus)) ++first;
  CPU_ZERO(&cpus);
  CPU_SET(first, &cpus);
  if (sched_setaffinity(0, sizeof(cpus), &cpus) != 0) return 98;
  const auto burn = [] {
    volatile uint64_t turns = 0;
    while (true) turns = turns + 1;
  };
  std::thread(burn).detach();
  burn();
  return 0;
}

class PressureTest : public OptionalCollectorsTest {
 protected:
  void SetUp() override {
    OptionalCollectorsTest::SetUp();
    if (IsSkipped()) return;
    if (mounts_->Unified() == nullptr) {
      GTEST_SKIP() << "pressure is in the v2 hierarchy, which is not mounted";
    }
    cgroup_ = Create("task");
    ASSERT_NE(cgroup_, nullptr);
    if (!Exists(Path("cpu.pressure"))) {
      GTEST_SKIP() << "this kernel does not count pressure";
    }
  }

  void TearDown() override {
    cgroup_ = nullptr;
    OptionalCollectorsTest::TearDown();
  }

  std::string Path(const std::string& file) const {
    return absl::StrCat(cgroup_->dirs().unified->path, "/", file);
  }

  // What the kernel says that some have waited, or all.
  uint64_t TotalOf(const std::string& file, const std::string& who) const {
    const absl::StatusOr<std::string> contents = ReadFile(Path(file));
    EXPECT_THAT(contents, IsOk());
    for (const absl::string_view line :
         absl::StrSplit(contents.value_or(""), '\n')) {
      if (!absl::StartsWith(line, who)) continue;
      uint64_t total = 0;
      EXPECT_TRUE(absl::SimpleAtoi(line.substr(line.rfind('=') + 1), &total))
          << line;
      return total * 1000;
    }
    ADD_FAILURE() << "no " << who << " in " << file;
    return 0;
  }

  std::vector<uint64_t> Totals() const {
    std::vector<uint64_t> totals;
    for (const char* file :
         {"cpu.pressure", "memory.pressure", "io.pressure"}) {
      totals.push_back(TotalOf(file, "some"));
      totals.push_back(TotalOf(file, "full"));
    }
    return totals;
  }

  std::unique_ptr<TaskCgroup> cgroup_;
};

TEST_F(PressureTest, IsWhatTheKernelCounts) {
  Measure(*cgroup_, &CollectorSet::pressure);
  const auto child = Start(*cgroup_, FightForACpu);
  ASSERT_NE(child, nullptr);
  SampleUntil([](const ExtraSample& sample) {
    return sample.cpu_pressure.waiting_ns.value_or(0) > 0;
  });

  // It goes on meanwhile.
  const std::vector<uint64_t> before = Totals();
  const ExtraSample sample = Now();
  const std::vector<uint64_t> after = Totals();

  EXPECT_GT(before.front(), 0u);
  const std::vector<std::optional<uint64_t>> times = {
      sample.cpu_pressure.waiting_ns,    sample.cpu_pressure.stalled_ns,
      sample.memory_pressure.waiting_ns, sample.memory_pressure.stalled_ns,
      sample.io_pressure.waiting_ns,     sample.io_pressure.stalled_ns};
  for (size_t i = 0; i < times.size(); ++i) {
    EXPECT_THAT(times[i], Optional(AllOf(Ge(before[i]), Le(after[i])))) << i;
  }
  EXPECT_THAT(observer_.errors(), IsEmpty());
}

// The files are then gone like those of a removed cgroup.
TEST_F(PressureTest, TaskWhosePressureIsNotCountedGoesOn) {
  if (!Exists(Path("cgroup.pressure"))) {
    GTEST_SKIP() << "this kernel has no cgroup.pressure (Linux 6.1)";
  }
  Measure(*cgroup_, &CollectorSet::pressure);
  EXPECT_TRUE(Now().cpu_pressure.waiting_ns.has_value());

  ASSERT_THAT(WriteFileAt(AT_FDCWD, Path("cgroup.pressure"), "0"), IsOk());
  EXPECT_EQ(Now().cpu_pressure.waiting_ns, std::nullopt);
  EXPECT_EQ(Now().io_pressure.stalled_ns, std::nullopt);
  EXPECT_FALSE(sampler_->SampleNow("task")->is_final);

  ASSERT_THAT(WriteFileAt(AT_FDCWD, Path("cgroup.pressure"), "1"), IsOk());
  EXPECT_TRUE(Now().cpu_pressure.waiting_ns.has_value());
  EXPECT_THAT(observer_.errors(), IsEmpty());
}

class IoTest : public OptionalCollectorsTest {
 protected:
  void SetUp() override {
    OptionalCollectorsTest::SetUp();
    if (IsSkipped()) return;
    if (mounts_->Find("io") == nullptr && !IsV1()) {
      GTEST_SKIP() << "this host has no cgroup controller io or blkio";
    }
    absl::StatusOr<std::unique_ptr<LoopDevice>> disk =
        LoopDevice::Make(8 * kMiB);
    if (!disk.ok()) {
      GTEST_SKIP() << "no loop device can be made here: "
                   << disk.status().message();
    }
    disk_ = *std::move(disk);
  }

  bool IsV1() const { return mounts_->Find("blkio") != nullptr; }

  // Fast enough for what is written here.
  ResourceLimits SomeLimit() const {
    ResourceLimits limits;
    limits.io_max.emplace_back();
    limits.io_max.back().device = disk_->path();
    limits.io_max.back().write_bps = Bound::Of(1024 * kMiB);
    return limits;
  }

  // Writes twice and reads once, past the page cache.
  int UseDisk() const {
    void* memory = nullptr;
    if (posix_memalign(&memory, 4096, kMiB) != 0) return 97;
    std::memset(memory, 1, kMiB);
    const auto size = static_cast<ssize_t>(kMiB);
    if (pwrite(disk_->fd(), memory, kMiB, 0) != size) return 98;
    if (pwrite(disk_->fd(), memory, kMiB, kMiB) != size) return 98;
    return pread(disk_->fd(), memory, kMiB, 0) == size ? 0 : 99;
  }

  void UseDiskIn(const TaskCgroup& cgroup) {
    const auto child = Start(cgroup, [this] { return UseDisk(); });
    ASSERT_NE(child, nullptr);
    ASSERT_THAT(child->Wait(kPatience), Optional(0));
  }

  // The words behind "NUMBER " on lines of a file, such as "Read 4096".
  std::string OfDisk(const TaskCgroup& cgroup, const std::string& file) const {
    std::string words;
    for (const absl::string_view line :
         absl::StrSplit(Read(cgroup, IsV1() ? "blkio" : "io", file), '\n')) {
      const std::string prefix = disk_->number() + " ";
      if (absl::StartsWith(line, prefix)) {
        absl::StrAppend(&words, line.substr(prefix.size()), "\n");
      }
    }
    return words;
  }

  std::optional<DeviceIo> DiskIn(const ExtraSample& sample) const {
    for (const DeviceIo& io : sample.io) {
      if (absl::StrCat("/dev/", io.device) == disk_->path()) return io;
    }
    return std::nullopt;
  }

  void ExpectTheKernelsCounts(const TaskCgroup& cgroup, const DeviceIo& io) {
    const auto text = [](const std::optional<uint64_t>& count) {
      return absl::StrCat(count.value_or(0));
    };
    if (IsV1()) {
      const std::string bytes =
          OfDisk(cgroup, "blkio.throttle.io_service_bytes_recursive");
      EXPECT_TRUE(absl::StrContains(bytes, "Read " + text(io.read_bytes)) &&
                  absl::StrContains(bytes, "Write " + text(io.write_bytes)))
          << bytes;
      const std::string operations =
          OfDisk(cgroup, "blkio.throttle.io_serviced_recursive");
      EXPECT_TRUE(
          absl::StrContains(operations, "Read " + text(io.read_operations)) &&
          absl::StrContains(operations, "Write " + text(io.write_operations)))
          << operations;
      return;
    }
    EXPECT_TRUE(absl::StrContains(
        OfDisk(cgroup, "io.stat"),
        absl::StrCat("rbytes=", text(io.read_bytes), " wbytes=",
                     text(io.write_bytes), " rios=", text(io.read_operations),
                     " wios=", text(io.write_operations))))
        << OfDisk(cgroup, "io.stat");
  }

  std::unique_ptr<LoopDevice> disk_;
};

TEST_F(IoTest, IsWhatTheKernelCounts) {
  const auto cgroup = Create("task", SomeLimit());
  ASSERT_NE(cgroup, nullptr);
  Measure(*cgroup, &CollectorSet::io);
  EXPECT_EQ(DiskIn(Now()), std::nullopt) << "no traffic yet";

  UseDiskIn(*cgroup);

  const std::optional<DeviceIo> io = DiskIn(Now());
  ASSERT_TRUE(io.has_value());
  EXPECT_THAT(io->write_bytes, Optional(2 * kMiB));
  EXPECT_THAT(io->read_bytes, Optional(kMiB));
  EXPECT_GE(io->write_operations.value_or(0), 2u);
  EXPECT_GE(io->read_operations.value_or(0), 1u);
  ExpectTheKernelsCounts(*cgroup, *io);
  EXPECT_THAT(observer_.errors(), IsEmpty());
}

TEST_F(IoTest, OnV2NeedsNoLimit) {
  if (IsV1())
    GTEST_SKIP() << "blkio is on cgroup v1, where it counts by limits";
  const auto cgroup = Create("task");
  ASSERT_NE(cgroup, nullptr);
  ASSERT_THAT(cgroup->CountBy({"io", "no such controller"}), IsOk());
  Measure(*cgroup, &CollectorSet::io);

  UseDiskIn(*cgroup);

  const std::optional<DeviceIo> io = DiskIn(Now());
  ASSERT_TRUE(io.has_value());
  EXPECT_THAT(io->write_bytes, Optional(2 * kMiB));
  ExpectTheKernelsCounts(*cgroup, *io);
}

TEST_F(IoTest, IsThereOnceATaskHasACgroupForIt) {
  const auto cgroup = Create("task");
  ASSERT_NE(cgroup, nullptr);
  Measure(*cgroup, &CollectorSet::io);
  EXPECT_EQ(DiskIn(Now()), std::nullopt);

  ASSERT_THAT(cgroup->Update(SomeLimit()), IsOk());
  UseDiskIn(*cgroup);

  const std::optional<DeviceIo> io = DiskIn(Now());
  ASSERT_TRUE(io.has_value());
  ExpectTheKernelsCounts(*cgroup, *io);
  EXPECT_THAT(observer_.errors(), IsEmpty());
}

int HoldMemory() {
  constexpr size_t kBytes = 16 * kMiB;
  void* const memory = mmap(nullptr, kBytes, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return 98;
  std::memset(memory, 1, kBytes);
  return Sleep();
}

// The kernel's file, by key.
std::map<std::string, uint64_t> KeysOf(const std::string& contents) {
  std::map<std::string, uint64_t> keys;
  for (const absl::string_view line : absl::StrSplit(contents, '\n')) {
    const std::pair<std::string, std::string> pair =
        absl::StrSplit(line, absl::MaxSplits(' ', 1));
    uint64_t value = 0;
    if (absl::SimpleAtoi(pair.second, &value)) keys[pair.first] = value;
  }
  return keys;
}

TEST_F(OptionalCollectorsTest, MemoryIsUsedForWhatTheKernelSays) {
  const auto cgroup = Create("task");
  ASSERT_NE(cgroup, nullptr);
  Measure(*cgroup, &CollectorSet::memory_stat);
  const auto child = Start(*cgroup, HoldMemory);
  ASSERT_NE(child, nullptr);
  const auto anon = [](const ExtraSample& sample) {
    return sample.memory.active_anon_bytes.value_or(0) +
           sample.memory.inactive_anon_bytes.value_or(0);
  };
  SampleUntil(
      [&anon](const ExtraSample& sample) { return anon(sample) >= 16 * kMiB; });

  // Between two readings of the same text nothing can have changed.
  std::string before;
  std::string after;
  ExtraSample sample;
  const absl::Duration deadline = clock_.MonotonicNow() + kPatience;
  do {
    before = Read(*cgroup, "memory", "memory.stat");
    sample = Now();
    after = Read(*cgroup, "memory", "memory.stat");
  } while (before != after && clock_.MonotonicNow() < deadline);

  ASSERT_EQ(before, after);
  const bool is_v1 = cgroup->dirs().memory->version == CgroupVersion::kV1;
  const std::string prefix = is_v1 ? "total_" : "";
  std::map<std::string, uint64_t> keys = KeysOf(before);
  EXPECT_GE(anon(sample), 16 * kMiB);
  EXPECT_THAT(sample.memory.active_anon_bytes,
              Optional(keys[prefix + "active_anon"]));
  EXPECT_THAT(sample.memory.inactive_anon_bytes,
              Optional(keys[prefix + "inactive_anon"]));
  EXPECT_THAT(sample.memory.active_file_bytes,
              Optional(keys[prefix + "active_file"]));
  EXPECT_THAT(sample.memory.shmem_bytes, Optional(keys[prefix + "shmem"]));
  EXPECT_THAT(sample.memory.file_mapped_bytes,
              Optional(keys[is_v1 ? "total_mapped_file" : "file_mapped"]));
  EXPECT_THAT(sample.memory.file_dirty_bytes,
              Optional(keys[is_v1 ? "total_dirty" : "file_dirty"]));
  EXPECT_THAT(sample.memory.major_faults,
              Optional(keys[prefix + "pgmajfault"]));
  EXPECT_THAT(sample.memory.minor_faults,
              Optional(keys[prefix + "pgfault"] - keys[prefix + "pgmajfault"]));
  EXPECT_EQ(sample.memory.kernel_stack_bytes.has_value(), !is_v1);
  EXPECT_EQ(sample.memory.slab_reclaimable_bytes.has_value(), !is_v1);
  if (!is_v1) {
    EXPECT_THAT(sample.memory.kernel_stack_bytes,
                Optional(keys["kernel_stack"]));
    EXPECT_THAT(sample.memory.pagetables_bytes, Optional(keys["pagetables"]));
  }
  EXPECT_THAT(observer_.errors(), IsEmpty());
}

TEST_F(OptionalCollectorsTest, HugePagesAreThoseOfTheCgroupsFiles) {
  const CgroupHierarchy* const hierarchy = mounts_->Find("hugetlb");
  if (hierarchy == nullptr) {
    GTEST_SKIP() << "this host has no cgroup controller hugetlb";
  }
  const bool is_v1 = hierarchy->version == CgroupVersion::kV1;
  if (!is_v1 && std::getenv("REEVE_VM") == nullptr) {
    GTEST_SKIP() << "the root of the v2 hierarchy, which is not the test's, "
                    "would have to pass hugetlb on";
  }
  const std::string file =
      is_v1 ? "hugetlb.2MB.usage_in_bytes" : "hugetlb.2MB.current";
  ResourceLimits limits;
  if (is_v1) limits.hugetlb = {{"2MB", Bound::Of(0)}};
  const auto cgroup = Create("task", limits);
  ASSERT_NE(cgroup, nullptr);
  ASSERT_THAT(cgroup->CountBy({"hugetlb"}), IsOk());
  Measure(*cgroup, &CollectorSet::hugetlb);

  const ExtraSample sample = Now();

  std::map<std::string, uint64_t> by_size;
  for (const HugetlbUsage& usage : sample.hugetlb) {
    by_size[usage.page_size] = usage.bytes;
  }
  ASSERT_EQ(by_size.count("2MB"), 1u);
  EXPECT_EQ(absl::StrCat(by_size["2MB"]), Read(*cgroup, "hugetlb", file));
  EXPECT_THAT(observer_.errors(), IsEmpty());
}

// Sends so many datagrams to itself.
bool TalkToItself(int datagrams) {
  const int talker = socket(AF_INET, SOCK_DGRAM, 0);
  ifreq loopback = {};
  std::strcpy(loopback.ifr_name, "lo");  // NOLINT(clang-analyzer-security*)
  if (talker < 0 || ioctl(talker, SIOCGIFFLAGS, &loopback) != 0) return false;
  loopback.ifr_flags |= IFF_UP;
  if (ioctl(talker, SIOCSIFFLAGS, &loopback) != 0) return false;
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(9);
  auto* const to = reinterpret_cast<sockaddr*>(&address);
  if (bind(talker, to, sizeof(address)) != 0) return false;
  for (int i = 0; i < datagrams; ++i) {
    if (sendto(talker, "hello", 5, 0, to, sizeof(address)) != 5) return false;
  }
  return true;
}

class NetworkTest : public OptionalCollectorsTest {
 protected:
  // A process that has done `before` and waits.
  std::unique_ptr<CgroupChild> StartAfter(const TaskCgroup& cgroup,
                                          const std::function<bool()>& before) {
    int told[2];
    EXPECT_EQ(pipe2(told, O_CLOEXEC), 0);
    auto child = Start(cgroup, [&before, &told] {
      if (!before() || write(told[1], "x", 1) != 1) return 1;
      return Sleep();
    });
    close(told[1]);
    char byte = 0;
    if (read(told[0], &byte, 1) != 1) child = nullptr;
    close(told[0]);
    return child;
  }

  static ProcessIdentity IdentityOf(pid_t pid) {
    const absl::StatusOr<std::string> contents =
        ReadFile(absl::StrCat("/proc/", pid, "/stat"));
    EXPECT_THAT(contents, IsOk());
    const absl::StatusOr<PidStat> stat = ParsePidStat(contents.value_or(""));
    EXPECT_THAT(stat, IsOk());
    return stat.ok() ? ProcessIdentity{stat->pid, stat->starttime}
                     : ProcessIdentity();
  }
};

TEST_F(NetworkTest, IsThatOfTheTasksOwnNamespace) {
  const auto cgroup = Create("task");
  ASSERT_NE(cgroup, nullptr);
  Measure(*cgroup, &CollectorSet::network);
  const auto child = StartAfter(
      *cgroup, [] { return unshare(CLONE_NEWNET) == 0 && TalkToItself(3); });
  if (child == nullptr) GTEST_SKIP() << "no network namespace can be had here";
  EXPECT_THAT(Now().network, IsEmpty()) << "before its process is known";

  sampler_->SetProcesses("task", IdentityOf(child->pid()), {});

  const std::vector<InterfaceTraffic> network = Now().network;
  ASSERT_FALSE(network.empty());
  const InterfaceTraffic& lo = network.front();
  EXPECT_EQ(lo.device, "lo");
  EXPECT_GE(lo.sent.packets, 3u);
  EXPECT_EQ(lo.received.packets, lo.sent.packets);
  // 20 bytes of IP and 8 of UDP before the 5.
  EXPECT_GE(lo.sent.bytes, 3 * 33u);
  const absl::StatusOr<std::string> kernels =
      ReadFile(absl::StrCat("/proc/", child->pid(), "/net/dev"));
  ASSERT_THAT(kernels, IsOk());
  EXPECT_TRUE(absl::StrContains(*kernels, absl::StrCat(lo.sent.bytes)))
      << *kernels;

  // The namespace is looked at after its last process has ended, too.
  child->Stop();
  const absl::StatusOr<TaskSnapshot> last = sampler_->TakeFinal("task");
  ASSERT_THAT(last, IsOk());
  ASSERT_THAT(last->extra->network, SizeIs(network.size()));
  EXPECT_EQ(last->extra->network.front().sent.bytes, lo.sent.bytes);
  EXPECT_THAT(observer_.errors(), IsEmpty());
}

TEST_F(NetworkTest, TaskInTheHostsNamespaceHasNone) {
  const auto cgroup = Create("task");
  ASSERT_NE(cgroup, nullptr);
  Measure(*cgroup, &CollectorSet::network);
  const auto child = StartAfter(*cgroup, [] { return true; });
  ASSERT_NE(child, nullptr);

  sampler_->SetProcesses("task", IdentityOf(child->pid()), {});

  EXPECT_THAT(Now().network, IsEmpty());
  EXPECT_THAT(observer_.errors(), IsEmpty());
}

TEST_F(OptionalCollectorsTest, BurstsAreWhatTheKernelCounts) {
  ResourceLimits limits;
  limits.cpu_quota = CpuQuota{0.2};
  limits.cpu_burst_usec = 10'000;
  absl::StatusOr<std::unique_ptr<TaskCgroup>> cgroup =
      TaskCgroup::Create(*controller_, *mounts_, parent_, "task", limits);
  if (!cgroup.ok()) {
    GTEST_SKIP() << "no burst can be set here: " << cgroup.status().message();
  }
  Measure(**cgroup, &CollectorSet::pressure);

  const absl::StatusOr<TaskSnapshot> task = sampler_->SampleNow("task");

  ASSERT_THAT(task, IsOk());
  std::map<std::string, uint64_t> keys =
      KeysOf(Read(**cgroup, "cpu", "cpu.stat"));
  EXPECT_THAT(task->cgroup.cpu_burst_periods, Optional(keys["nr_bursts"]));
  EXPECT_TRUE(task->cgroup.cpu_burst_ns.has_value());
}

}  // namespace
}  // namespace reeve
