#include "collectors/extra_counters.h"

#include <cstdint>
#include <optional>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::Optional;

ExtraSample PressureOf(uint64_t value) {
  ExtraSample sample;
  sample.cpu_pressure = {value, value};
  sample.memory_pressure = {value, value};
  sample.io_pressure = {value, value};
  return sample;
}

TEST(ExtraCountersTest, PressureNeverDecreases) {
  ExtraCounters counters;
  for (const uint64_t value : {100, 40}) {
    ExtraSample sample = PressureOf(value);
    counters.Update(sample);
  }

  ExtraSample sample = PressureOf(50);
  counters.Update(sample);

  for (const PressureTimes& times :
       {sample.cpu_pressure, sample.memory_pressure, sample.io_pressure}) {
    EXPECT_THAT(times.waiting_ns, Optional(110u));
    EXPECT_THAT(times.stalled_ns, Optional(110u));
  }
}

ExtraSample IoOf(const std::string& device, uint64_t value) {
  ExtraSample sample;
  sample.io = {{device, value, value, value, value, value, value}};
  return sample;
}

TEST(ExtraCountersTest, EachDeviceIsCountedOnAlsoWhenItComesBack) {
  ExtraCounters counters;
  for (ExtraSample sample :
       {IoOf("sda", 100), IoOf("sdb", 1000), ExtraSample(), IoOf("sda", 0)}) {
    counters.Update(sample);
  }

  ExtraSample sample = IoOf("sda", 10);
  counters.Update(sample);

  ASSERT_EQ(sample.io.size(), 1u);
  const DeviceIo& sda = sample.io.front();
  for (const std::optional<uint64_t>& value :
       {sda.read_bytes, sda.write_bytes, sda.discard_bytes, sda.read_operations,
        sda.write_operations, sda.discard_operations}) {
    EXPECT_THAT(value, Optional(110u));
  }
}

TEST(ExtraCountersTest, FaultsNeverDecreaseAndBytesMay) {
  ExtraCounters counters;
  ExtraSample sample;
  for (const uint64_t value : {100, 40, 50}) {
    MemoryBreakdown& memory = sample.memory;
    memory.major_faults = memory.minor_faults = value;
    memory.anon_refaults = memory.file_refaults = value;
    memory.shmem_bytes = value;
    counters.Update(sample);
  }

  EXPECT_THAT(sample.memory.major_faults, Optional(110u));
  EXPECT_THAT(sample.memory.minor_faults, Optional(110u));
  EXPECT_THAT(sample.memory.anon_refaults, Optional(110u));
  EXPECT_THAT(sample.memory.file_refaults, Optional(110u));
  EXPECT_THAT(sample.memory.shmem_bytes, Optional(50u));
}

TEST(ExtraCountersTest, TrafficGoesOnInAnotherNamespace) {
  ExtraCounters counters;
  ExtraSample sample;
  for (const uint64_t value : {100, 0, 10}) {
    const TrafficCounts counts = {value, value, value, value};
    sample.network = {{"eth0", counts, counts}, {"lo", {}, {}}};
    counters.Update(sample);
  }

  const InterfaceTraffic& eth0 = sample.network.front();
  for (const TrafficCounts& counts : {eth0.received, eth0.sent}) {
    EXPECT_EQ(counts.bytes, 110u);
    EXPECT_EQ(counts.packets, 110u);
    EXPECT_EQ(counts.errors, 110u);
    EXPECT_EQ(counts.drops, 110u);
  }
  EXPECT_EQ(sample.network.back().sent.bytes, 0u);
}

TEST(ExtraCountersTest, WhatIsAbsentStaysAbsent) {
  ExtraCounters counters;
  ExtraSample sample;

  counters.Update(sample);

  EXPECT_EQ(sample.cpu_pressure.waiting_ns, std::nullopt);
}

}  // namespace
}  // namespace reeve
