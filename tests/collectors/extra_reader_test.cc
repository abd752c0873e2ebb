#include "collectors/extra_reader.h"

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::SizeIs;

class ExtraReaderTest : public ::testing::Test {
 protected:
  static constexpr char kWeb[] = "/web";

  CgroupHierarchy V1(const std::string& controller) const {
    return {CgroupVersion::kV1, tree_.Path(controller), {controller}};
  }

  CgroupHierarchy V2(std::vector<std::string> controllers) const {
    return {CgroupVersion::kV2, tree_.Path("v2"), std::move(controllers)};
  }

  CgroupDirs LocateV1() const {
    return LocateCgroup(
        CgroupMounts({V1("memory"), V1("blkio"), V1("hugetlb")}), kWeb);
  }
  CgroupDirs LocateHybrid() const {
    return LocateCgroup(
        CgroupMounts({V1("memory"), V1("blkio"), V2({"hugetlb"})}), kWeb);
  }
  CgroupDirs LocateV2() const {
    return LocateCgroup(CgroupMounts({V2({"memory", "io", "hugetlb"})}), kWeb);
  }

  ExtraReader Open(const CgroupDirs& dirs, const CollectorSet& collectors) {
    return ExtraReader(dirs, collectors, tree_.Path("sys"), /*procfs_fd=*/-1);
  }

  ExtraSample ReadOnce(const CgroupDirs& dirs, const CollectorSet& collectors) {
    return Open(dirs, collectors).Read(buffer_, record_);
  }

  FakeTree tree_;
  ReadBuffer buffer_;
  std::vector<std::string> errors_;
  const std::function<void(absl::string_view, const absl::Status&)> record_ =
      [this](absl::string_view collector, const absl::Status& status) {
        errors_.push_back(absl::StrCat(collector, ": ", status.message()));
      };
};

class PressureReaderTest : public ExtraReaderTest {
 protected:
  PressureReaderTest() { collectors_.pressure = true; }

  void WritePressure() {
    tree_.Write("v2/web/cpu.pressure",
                "some avg10=0.00 avg60=0.00 avg300=0.00 total=1\n"
                "full avg10=0.00 avg60=0.00 avg300=0.00 total=2\n");
    tree_.Write("v2/web/memory.pressure",
                "some avg10=0.00 avg60=0.00 avg300=0.00 total=3\n"
                "full avg10=0.00 avg60=0.00 avg300=0.00 total=4\n");
    tree_.Write("v2/web/io.pressure",
                "some avg10=0.00 avg60=0.00 avg300=0.00 total=5\n"
                "full avg10=0.00 avg60=0.00 avg300=0.00 total=6\n");
  }

  static void ExpectPressure(const ExtraSample& sample) {
    EXPECT_THAT(sample.cpu_pressure.waiting_ns, Optional(1000u));
    EXPECT_THAT(sample.cpu_pressure.stalled_ns, Optional(2000u));
    EXPECT_THAT(sample.memory_pressure.waiting_ns, Optional(3000u));
    EXPECT_THAT(sample.memory_pressure.stalled_ns, Optional(4000u));
    EXPECT_THAT(sample.io_pressure.waiting_ns, Optional(5000u));
    EXPECT_THAT(sample.io_pressure.stalled_ns, Optional(6000u));
  }

  CollectorSet collectors_;
};

TEST_F(PressureReaderTest, IsInTheV2Hierarchy) {
  WritePressure();

  ExpectPressure(ReadOnce(LocateV2(), collectors_));
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(PressureReaderTest, IsInTheTwinOnAHybridHost) {
  tree_.MakeDir("memory/web");
  WritePressure();

  ExpectPressure(ReadOnce(LocateHybrid(), collectors_));
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(PressureReaderTest, IsAbsentOnV1AndWhereTheKernelHasNone) {
  tree_.MakeDir("memory/web");
  tree_.MakeDir("v2/web");

  for (const CgroupDirs& dirs : {LocateV1(), LocateHybrid(), LocateV2()}) {
    const ExtraSample sample = ReadOnce(dirs, collectors_);
    EXPECT_EQ(sample.cpu_pressure.waiting_ns, std::nullopt);
    EXPECT_EQ(sample.memory_pressure.stalled_ns, std::nullopt);
    EXPECT_EQ(sample.io_pressure.waiting_ns, std::nullopt);
  }
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(PressureReaderTest, IsNotReadIfItIsOff) {
  WritePressure();
  tree_.Write("v2/web/cpu.pressure", "not pressure");

  const ExtraSample sample = ReadOnce(LocateV2(), CollectorSet());

  EXPECT_EQ(sample.cpu_pressure.waiting_ns, std::nullopt);
  EXPECT_EQ(sample.io_pressure.waiting_ns, std::nullopt);
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(PressureReaderTest, BadFileCostsItsOwnValuesAndIsTold) {
  WritePressure();
  tree_.Write("v2/web/memory.pressure", "some avg10=0.00\n");

  const ExtraSample sample = ReadOnce(LocateV2(), collectors_);

  EXPECT_THAT(sample.cpu_pressure.waiting_ns, Optional(1000u));
  EXPECT_EQ(sample.memory_pressure.waiting_ns, std::nullopt);
  EXPECT_THAT(sample.io_pressure.waiting_ns, Optional(5000u));
  EXPECT_THAT(errors_,
              ElementsAre(HasSubstr("pressure: parse memory.pressure: no")));
}

TEST_F(PressureReaderTest, WhatCannotBeOpenedIsToldAndAbsent) {
  WritePressure();
  // Nobody, not even root, opens a link to itself.
  tree_.Remove("v2/web/io.pressure");
  tree_.MakeLink("v2/web/io.pressure", "io.pressure");

  const ExtraSample sample = ReadOnce(LocateV2(), collectors_);

  EXPECT_EQ(sample.io_pressure.waiting_ns, std::nullopt);
  EXPECT_THAT(errors_, ElementsAre(HasSubstr("pressure: open io.pressure")));
}

TEST_F(PressureReaderTest, MayBeCountedLater) {
  tree_.MakeDir("v2/web");
  ExtraReader reader = Open(LocateV2(), collectors_);
  EXPECT_EQ(reader.Read(buffer_, record_).cpu_pressure.waiting_ns,
            std::nullopt);

  WritePressure();

  ExpectPressure(reader.Read(buffer_, record_));
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(PressureReaderTest, CgroupThatIsGoneIsNoError) {
  tree_.MakeDir("v2");

  const ExtraSample sample = ReadOnce(LocateV2(), collectors_);

  EXPECT_EQ(sample.cpu_pressure.waiting_ns, std::nullopt);
  EXPECT_THAT(errors_, IsEmpty());
}

class IoReaderTest : public ExtraReaderTest {
 protected:
  IoReaderTest() {
    collectors_.io = true;
    tree_.MakeDir("sys/dev/block");
    tree_.MakeLink("sys/dev/block/8:0", "../../devices/block/sda");
  }

  void WriteV1() {
    tree_.Write("blkio/web/blkio.throttle.io_service_bytes_recursive",
                "8:0 Read 4096\n8:0 Write 8192\n8:0 Sync 12288\n"
                "8:0 Async 0\n8:0 Discard 512\n8:0 Total 12288\n"
                "8:16 Read 0\n8:16 Write 0\n8:16 Total 0\nTotal 12288\n");
    tree_.Write("blkio/web/blkio.throttle.io_serviced_recursive",
                "8:0 Read 1\n8:0 Write 2\n8:0 Sync 3\n8:0 Async 0\n"
                "8:0 Discard 3\n8:0 Total 3\nTotal 3\n");
  }

  static void ExpectTraffic(const ExtraSample& sample) {
    ASSERT_THAT(sample.io, SizeIs(1));
    const DeviceIo& sda = sample.io.front();
    EXPECT_EQ(sda.device, "sda");
    EXPECT_THAT(sda.read_bytes, Optional(4096u));
    EXPECT_THAT(sda.write_bytes, Optional(8192u));
    EXPECT_THAT(sda.discard_bytes, Optional(512u));
    EXPECT_THAT(sda.read_operations, Optional(1u));
    EXPECT_THAT(sda.write_operations, Optional(2u));
    EXPECT_THAT(sda.discard_operations, Optional(3u));
  }

  CollectorSet collectors_;
};

TEST_F(IoReaderTest, OnV2IsOfDevicesWithTraffic) {
  tree_.Write("v2/web/io.stat",
              "8:16 rbytes=0 wbytes=0 rios=0 wios=0 dbytes=0 dios=0\n"
              "8:0 rbytes=4096 wbytes=8192 rios=1 wios=2 dbytes=512 dios=3\n");

  ExpectTraffic(ReadOnce(LocateV2(), collectors_));
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(IoReaderTest, OnV1AndHybridIsInTheBlkioCgroup) {
  WriteV1();
  tree_.MakeDir("v2/web");

  ExpectTraffic(ReadOnce(LocateV1(), collectors_));
  ExpectTraffic(ReadOnce(LocateHybrid(), collectors_));
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(IoReaderTest, TaskMayGetItsBlkioCgroupLater) {
  tree_.MakeDir("memory/web");
  ExtraReader reader = Open(LocateV1(), collectors_);
  EXPECT_THAT(reader.Read(buffer_, record_).io, IsEmpty());

  WriteV1();

  ExpectTraffic(reader.Read(buffer_, record_));
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(IoReaderTest, DeviceThatSysfsDoesNotKnowHasItsNumberForAName) {
  tree_.Write("v2/web/io.stat", "259:3 rbytes=1\n");

  const ExtraSample sample = ReadOnce(LocateV2(), collectors_);

  ASSERT_THAT(sample.io, SizeIs(1));
  EXPECT_EQ(sample.io.front().device, "259:3");
  EXPECT_EQ(sample.io.front().write_bytes, std::nullopt);
}

TEST_F(IoReaderTest, BadFileIsToldAndCostsNoOther) {
  WriteV1();
  tree_.Write("blkio/web/blkio.throttle.io_serviced_recursive", "8:0 Read x\n");

  const ExtraSample sample = ReadOnce(LocateV1(), collectors_);

  ASSERT_THAT(sample.io, SizeIs(1));
  EXPECT_THAT(sample.io.front().read_bytes, Optional(4096u));
  EXPECT_EQ(sample.io.front().read_operations, std::nullopt);
  EXPECT_THAT(
      errors_,
      ElementsAre(HasSubstr("io: parse blkio.throttle.io_serviced_recursive")));
}

class MemoryBreakdownReaderTest : public ExtraReaderTest {
 protected:
  MemoryBreakdownReaderTest() { collectors_.memory_stat = true; }

  CollectorSet collectors_;
};

TEST_F(MemoryBreakdownReaderTest, IsWhereTheMemoryControllerIs) {
  tree_.Write("memory/web/memory.stat", "shmem 1\ntotal_shmem 2\n");
  tree_.Write("v2/web/memory.stat", "anon 5\nshmem 3\n");

  EXPECT_THAT(ReadOnce(LocateV1(), collectors_).memory.shmem_bytes,
              Optional(2u));
  EXPECT_THAT(ReadOnce(LocateHybrid(), collectors_).memory.shmem_bytes,
              Optional(2u));
  EXPECT_THAT(ReadOnce(LocateV2(), collectors_).memory.shmem_bytes,
              Optional(3u));
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(MemoryBreakdownReaderTest, BadFileIsTold) {
  tree_.Write("v2/web/memory.stat", "shmem much\nsock 3\n");

  const ExtraSample sample = ReadOnce(LocateV2(), collectors_);

  EXPECT_EQ(sample.memory.sock_bytes, std::nullopt);
  EXPECT_THAT(errors_,
              ElementsAre(HasSubstr("memory-stat: parse memory.stat")));
}

class HugetlbReaderTest : public ExtraReaderTest {
 protected:
  HugetlbReaderTest() { collectors_.hugetlb = true; }

  static void ExpectPages(const ExtraSample& sample) {
    ASSERT_THAT(sample.hugetlb, SizeIs(2));
    EXPECT_EQ(sample.hugetlb[0].page_size, "1GB");
    EXPECT_EQ(sample.hugetlb[0].bytes, 0u);
    EXPECT_EQ(sample.hugetlb[1].page_size, "2MB");
    EXPECT_EQ(sample.hugetlb[1].bytes, 4194304u);
  }

  void WriteV2() {
    tree_.Write("v2/web/hugetlb.2MB.current", "4194304\n");
    tree_.Write("v2/web/hugetlb.2MB.rsvd.current", "6291456\n");
    tree_.Write("v2/web/hugetlb.2MB.max", "max\n");
    tree_.Write("v2/web/hugetlb.1GB.current", "0\n");
  }

  void WriteV1() {
    tree_.Write("hugetlb/web/hugetlb.2MB.usage_in_bytes", "4194304\n");
    tree_.Write("hugetlb/web/hugetlb.2MB.rsvd.usage_in_bytes", "6291456\n");
    tree_.Write("hugetlb/web/hugetlb.2MB.max_usage_in_bytes", "8388608\n");
    tree_.Write("hugetlb/web/hugetlb.1GB.usage_in_bytes", "0\n");
  }

  CollectorSet collectors_;
};

TEST_F(HugetlbReaderTest, AreTheSizesThatTheCgroupHasFilesFor) {
  tree_.MakeDir("memory/web");
  WriteV1();
  ExpectPages(ReadOnce(LocateV1(), collectors_));

  WriteV2();
  ExpectPages(ReadOnce(LocateV2(), collectors_));
  tree_.Remove("hugetlb");
  ExpectPages(ReadOnce(LocateHybrid(), collectors_));
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(HugetlbReaderTest, TaskMayGetItsHugetlbCgroupLater) {
  tree_.MakeDir("memory/web");
  ExtraReader reader = Open(LocateV1(), collectors_);
  EXPECT_THAT(reader.Read(buffer_, record_).hugetlb, IsEmpty());

  WriteV1();

  ExpectPages(reader.Read(buffer_, record_));
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(HugetlbReaderTest, BadFileIsToldAndCostsNoOther) {
  WriteV2();
  tree_.Write("v2/web/hugetlb.1GB.current", "many\n");

  const ExtraSample sample = ReadOnce(LocateV2(), collectors_);

  ASSERT_THAT(sample.hugetlb, SizeIs(1));
  EXPECT_EQ(sample.hugetlb[0].page_size, "2MB");
  EXPECT_THAT(errors_,
              ElementsAre(HasSubstr("hugetlb: parse hugetlb.1GB.current")));
}

}  // namespace
}  // namespace reeve
