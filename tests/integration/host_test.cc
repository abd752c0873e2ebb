// What is measured of the machine, against what the kernel's files say before
// and after.

#include <sys/statvfs.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/clock_ticks.h"
#include "collectors/host/filesystem_collector.h"
#include "collectors/host/host_collector.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/collectors/recording_observer.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::Ge;
using ::testing::IsEmpty;
using ::testing::Le;
using ::testing::Optional;

// The numbers of a file by the first word of their line, without a colon.
using Lines = std::map<std::string, std::vector<uint64_t>>;

// `skipped` words stand before the one that names the line.
Lines LinesOf(const std::string& path, int skipped = 0) {
  Lines lines;
  std::ifstream file(path);
  std::string line;
  while (std::getline(file, line)) {
    for (char& c : line) {
      if (c == ':') c = ' ';
    }
    std::istringstream words(line);
    std::string name;
    for (int i = 0; i <= skipped; ++i) words >> name;
    std::vector<uint64_t>& numbers = lines[name];
    uint64_t number;
    while (words >> number) numbers.push_back(number);
  }
  return lines;
}

// What the kernel says of everything that only grows, beside what the collector
// finds: read before and after a round.
struct Kernel {
  Lines stat = LinesOf("/proc/stat");
  Lines vmstat = LinesOf("/proc/vmstat");
  Lines disks = LinesOf("/proc/diskstats", 2);
  Lines interfaces = LinesOf("/proc/net/dev");
};

class HostTest : public ::testing::Test {
 protected:
  HostTest()
      : collector_("/proc", DefaultHostFilter(), latest_, observer_),
        before_(std::make_unique<Kernel>()) {
    collector_.Collect();
    after_ = std::make_unique<Kernel>();
    sample_ = latest_->Get();
  }

  // `value` is what a number was at some moment between the two readings.
  void ExpectBetween(const std::optional<uint64_t>& value, Lines Kernel::*file,
                     const std::string& name, size_t index,
                     uint64_t unit = 1) const {
    const std::vector<uint64_t>& before = ((*before_).*file)[name];
    const std::vector<uint64_t>& after = ((*after_).*file)[name];
    ASSERT_GT(before.size(), index) << name;
    ASSERT_GT(after.size(), index) << name;
    EXPECT_THAT(value, Optional(AllOf(Ge(before[index] * unit),
                                      Le(after[index] * unit))))
        << name;
  }

  RecordingObserver observer_;
  const std::shared_ptr<Latest<HostSample>> latest_ =
      std::make_shared<Latest<HostSample>>();
  HostCollector collector_;
  const std::unique_ptr<Kernel> before_;
  std::unique_ptr<Kernel> after_;
  std::shared_ptr<const HostSample> sample_;
};

TEST_F(HostTest, EveryFileIsUnderstood) {
  EXPECT_THAT(observer_.errors(), IsEmpty());
  EXPECT_TRUE(sample_->load.has_value());
  EXPECT_TRUE(sample_->files.has_value());
  EXPECT_TRUE(sample_->memory.available_bytes.has_value());
  EXPECT_TRUE(sample_->memory.huge_pages.has_value() ==
              sample_->memory.huge_page_bytes.has_value());
  EXPECT_EQ(sample_->memory_pressure.waiting_ns.has_value(),
            access("/proc/pressure/memory", R_OK) == 0);
}

TEST_F(HostTest, CpuTimeIsTheKernels) {
  for (size_t i = 0; i < kCpuModes.size(); ++i) {
    // Idle time and the like may go back between two readings.
    if (kCpuModes[i] == "idle" || kCpuModes[i] == "iowait") {
      EXPECT_TRUE(sample_->cpu_ns[i].has_value());
      continue;
    }
    ExpectBetween(sample_->cpu_ns[i], &Kernel::stat, "cpu", i,
                  NanosecondsFromClockTicks(1));
  }
  EXPECT_THAT(sample_->stat.cpus,
              Optional(static_cast<uint64_t>(sysconf(_SC_NPROCESSORS_ONLN))));
}

TEST_F(HostTest, CountersAreTheKernels) {
  ExpectBetween(sample_->stat.context_switches, &Kernel::stat, "ctxt", 0);
  ExpectBetween(sample_->stat.forks, &Kernel::stat, "processes", 0);
  ExpectBetween(sample_->major_faults, &Kernel::vmstat, "pgmajfault", 0);
  ExpectBetween(sample_->oom_kills, &Kernel::vmstat, "oom_kill", 0);
  if (before_->vmstat.count("pswpin") != 0) {
    ExpectBetween(sample_->swapped_in_bytes, &Kernel::vmstat, "pswpin", 0,
                  static_cast<uint64_t>(sysconf(_SC_PAGESIZE)));
  }
}

TEST_F(HostTest, MemoryIsTheKernels) {
  Lines meminfo = LinesOf("/proc/meminfo");

  EXPECT_THAT(sample_->memory.total_bytes,
              Optional(meminfo["MemTotal"][0] * 1024));
  EXPECT_THAT(sample_->memory.swap_total_bytes,
              Optional(meminfo["SwapTotal"][0] * 1024));
  EXPECT_THAT(sample_->memory.free_bytes,
              Optional(Le(*sample_->memory.total_bytes)));
}

TEST_F(HostTest, DisksAndInterfacesAreTheKernels) {
  for (const DiskCounters& disk : sample_->disks) {
    ExpectBetween(disk.read.operations, &Kernel::disks, disk.device, 0);
    ExpectBetween(disk.read.bytes, &Kernel::disks, disk.device, 2, 512);
    ExpectBetween(disk.written.operations, &Kernel::disks, disk.device, 4);
    ExpectBetween(disk.written.bytes, &Kernel::disks, disk.device, 6, 512);
    ExpectBetween(disk.busy_ns, &Kernel::disks, disk.device, 9, 1'000'000);
  }
  for (const InterfaceTraffic& interface : sample_->interfaces) {
    ExpectBetween(interface.received.bytes, &Kernel::interfaces,
                  interface.device, 0);
    ExpectBetween(interface.sent.packets, &Kernel::interfaces, interface.device,
                  9);
  }
}

TEST_F(HostTest, EveryRoundReadsAnew) {
  const std::shared_ptr<const HostSample> first = sample_;
  // A fork, to be counted.
  ASSERT_EQ(std::system("true"), 0);  // NOLINT

  collector_.Collect();

  EXPECT_GT(*latest_->Get()->stat.forks, *first->stat.forks);
  EXPECT_THAT(observer_.errors(), IsEmpty());
}

TEST(FilesystemsTest, AreAsFullAsTheKernelSays) {
  RecordingObserver observer;
  const auto latest = std::make_shared<Latest<FilesystemSample>>();
  // All of them: the root of a test machine may be of any type.
  FilesystemCollector collector("/proc", {}, latest, observer);

  collector.Collect();

  EXPECT_THAT(observer.errors(), IsEmpty());
  std::map<std::string, Filesystem> by_place;
  for (const Filesystem& one : *latest->Get()) by_place[one.mount_point] = one;
  ASSERT_EQ(by_place.count("/proc"), 1u);
  EXPECT_EQ(by_place["/proc"].type, "proc");
  const auto root = by_place.find("/");
  ASSERT_NE(root, by_place.end());
  struct statvfs expected;
  ASSERT_EQ(statvfs("/", &expected), 0);
  ASSERT_TRUE(root->second.usage.has_value());
  EXPECT_EQ(root->second.usage->size_bytes,
            expected.f_blocks * expected.f_frsize);
  EXPECT_EQ(root->second.usage->is_read_only,
            (expected.f_flag & ST_RDONLY) != 0);
}

}  // namespace
}  // namespace reeve
