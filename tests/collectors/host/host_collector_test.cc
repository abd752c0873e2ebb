#include "collectors/host/host_collector.h"

#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "base/clock_ticks.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/collectors/recording_observer.h"
#include "tests/testing/fake_tree.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::Eq;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::SizeIs;

constexpr char kNetHeadings[] = "Inter-|\n face |\n";

class HostCollectorTest : public ::testing::Test {
 protected:
  HostCollectorTest() {
    proc_.Write("stat",
                "cpu  100 20 30 1000 50 1 2 3 40 5\n"
                "cpu0 100 20 30 1000 50 1 2 3 40 5\n"
                "ctxt 512\nbtime 1700000000\nprocesses 9\n"
                "procs_running 2\nprocs_blocked 1\n");
    proc_.Write("meminfo", "MemTotal: 100 kB\nMemFree: 40 kB\n");
    proc_.Write("vmstat", "pswpin 3\npswpout 4\npgmajfault 5\noom_kill 6\n");
    proc_.Write("loadavg", "0.20 0.18 12.00 3/149 11206\n");
    proc_.Write("sys/kernel/pid_max", "32768\n");
    proc_.Write("sys/fs/file-nr", "725\t0\t2466183\n");
    proc_.Write("pressure/io",
                "some avg10=0.00 avg60=0.00 avg300=0.00 total=7\n"
                "full avg10=0.00 avg60=0.00 avg300=0.00 total=5\n");
    proc_.Write("diskstats",
                " 7 0 loop0 0 0 0 0 0 0 0 0 0 0 0\n"
                " 8 0 sda 1 2 3 4 5 6 7 8 9 10 11\n"
                " 8 1 sda1 1 2 3 4 5 6 7 8 9 10 11\n");
    proc_.Write("net/dev",
                std::string(kNetHeadings) +
                    "lo: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n"
                    "eth0: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n");
    UseFilter(DefaultHostFilter());
  }

  void UseFilter(HostFilter filter) {
    collector_ = std::make_unique<HostCollector>(
        proc_.Path(""), std::move(filter), latest_, observer_);
  }

  const HostSample& Collect() {
    collector_->Collect();
    sample_ = latest_->Get();
    return *sample_;
  }

  static std::vector<std::string> NamesOf(
      const std::vector<DiskCounters>& disks) {
    std::vector<std::string> names;
    names.reserve(disks.size());
    for (const DiskCounters& disk : disks) names.push_back(disk.device);
    return names;
  }

  FakeTree proc_;
  RecordingObserver observer_;
  const std::shared_ptr<Latest<HostSample>> latest_ =
      std::make_shared<Latest<HostSample>>();
  std::unique_ptr<HostCollector> collector_;
  std::shared_ptr<const HostSample> sample_;
};

TEST_F(HostCollectorTest, FindsNothingBeforeItsFirstRound) {
  EXPECT_EQ(latest_->Get(), nullptr);
}

TEST_F(HostCollectorTest, ReadsEveryFile) {
  const HostSample& sample = Collect();

  EXPECT_THAT(observer_.errors(), IsEmpty());
  EXPECT_THAT(sample.cpu_ns[0], Optional(NanosecondsFromClockTicks(100)));
  EXPECT_THAT(sample.cpu_ns[7], Optional(NanosecondsFromClockTicks(3)));
  EXPECT_THAT(sample.stat.context_switches, Optional(512u));
  EXPECT_THAT(sample.memory.free_bytes, Optional(40u * 1024));
  const auto page = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  EXPECT_THAT(sample.swapped_in_bytes, Optional(3 * page));
  EXPECT_THAT(sample.swapped_out_bytes, Optional(4 * page));
  EXPECT_THAT(sample.major_faults, Optional(5u));
  EXPECT_THAT(sample.oom_kills, Optional(6u));
  ASSERT_TRUE(sample.load.has_value());
  EXPECT_THAT(sample.load->load, ElementsAre(0.2, 0.18, 12));
  EXPECT_THAT(sample.load->threads, Optional(149u));
  EXPECT_THAT(sample.pid_max, Optional(32768u));
  ASSERT_TRUE(sample.files.has_value());
  EXPECT_EQ(sample.files->open, 725u);
  EXPECT_THAT(sample.io_pressure.waiting_ns, Optional(7000u));
  EXPECT_THAT(sample.io_pressure.stalled_ns, Optional(5000u));
  EXPECT_THAT(NamesOf(sample.disks), ElementsAre("sda"));
  ASSERT_THAT(sample.interfaces, SizeIs(1));
  EXPECT_EQ(sample.interfaces[0].device, "eth0");
}

TEST_F(HostCollectorTest, FileThatTheKernelDoesNotHaveIsAbsentAndNoError) {
  proc_.Remove("vmstat");

  const HostSample& sample = Collect();

  EXPECT_THAT(sample.cpu_pressure.waiting_ns, Eq(std::nullopt));
  EXPECT_THAT(sample.oom_kills, Eq(std::nullopt));
  EXPECT_THAT(observer_.errors(), IsEmpty());
}

TEST_F(HostCollectorTest, BadFileCostsItsOwnValuesAlone) {
  proc_.Write("meminfo", "MemTotal: many kB\n");
  proc_.Write("sys/fs/file-nr", "x\n");

  const HostSample& sample = Collect();

  EXPECT_THAT(observer_.errors(),
              ElementsAre(HasSubstr("host: parse meminfo: MemTotal is not"),
                          HasSubstr("host: parse sys/fs/file-nr: no three")));
  EXPECT_THAT(sample.memory.free_bytes, Eq(std::nullopt));
  EXPECT_FALSE(sample.files.has_value());
  EXPECT_THAT(sample.pid_max, Optional(32768u));
}

TEST_F(HostCollectorTest, ValuesOfAFileThatIsBadNowAreNotTheOldOnes) {
  Collect();
  proc_.Write("loadavg", "");

  EXPECT_FALSE(Collect().load.has_value());
}

TEST_F(HostCollectorTest, ProcfsThatIsNotThereIsAnError) {
  HostCollector collector(proc_.Path("none"), {}, latest_, observer_);

  collector.Collect();

  EXPECT_THAT(observer_.errors(), ElementsAre(HasSubstr("host: open")));
  EXPECT_FALSE(latest_->Get()->load.has_value());
}

TEST_F(HostCollectorTest, NewValuesAreReadFromFilesThatStayOpen) {
  Collect();
  proc_.Write("loadavg", "1.00 0.18 12.00 3/149 11206\n");

  EXPECT_EQ(Collect().load->load[0], 1);
}

TEST_F(HostCollectorTest, IdleTimeNeverGoesBack) {
  Collect();
  proc_.Write("stat", "cpu  101 20 30 999 50 1 2 3 40 5\n");

  const HostSample& sample = Collect();

  EXPECT_THAT(sample.cpu_ns[0], Optional(NanosecondsFromClockTicks(101)));
  EXPECT_THAT(sample.cpu_ns[3], Optional(NanosecondsFromClockTicks(1000)));
}

TEST_F(HostCollectorTest, WithoutPatternsEveryDeviceIsThere) {
  UseFilter({});

  const HostSample& sample = Collect();

  EXPECT_THAT(NamesOf(sample.disks), ElementsAre("loop0", "sda", "sda1"));
  EXPECT_THAT(sample.interfaces, SizeIs(2));
}

TEST(DefaultDiskExcludeTest, LeavesWholeDisks) {
  const NamePattern exclude = DefaultHostFilter().disk_exclude;

  for (const char* disk : {"sda", "sdaa", "vda", "xvdb", "nvme0n1", "mmcblk0",
                           "md0", "dm-0", "nbd3", "hda"}) {
    EXPECT_FALSE(exclude.Matches(disk)) << disk;
  }
  for (const char* other : {"sda1", "sdaa12", "vda1", "xvdb2", "nvme0n1p1",
                            "mmcblk0p2", "mmcblk0boot0", "md0p1", "nbd3p1",
                            "loop0", "ram15", "zram0", "sr0", "fd0"}) {
    EXPECT_TRUE(exclude.Matches(other)) << other;
  }
}

TEST(DefaultNetworkExcludeTest, LeavesWhatCarriesTheMachinesTraffic) {
  const NamePattern exclude = DefaultHostFilter().network_exclude;

  for (const char* interface : {"eth0", "enp3s0", "ens18", "wlan0", "bond0",
                                "br0", "docker0", "wg0", "tun0", "eth0.100"}) {
    EXPECT_FALSE(exclude.Matches(interface)) << interface;
  }
  for (const char* other : {"lo", "veth12345678901", "lxc1", "cali9", "vnet0",
                            "tap0", "ifb0", "dummy0"}) {
    EXPECT_TRUE(exclude.Matches(other)) << other;
  }
}

}  // namespace
}  // namespace reeve
