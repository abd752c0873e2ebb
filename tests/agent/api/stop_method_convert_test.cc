#include "agent/api/stop_method_convert.h"

#include <csignal>
#include <cstdint>
#include <limits>

#include "gtest/gtest.h"

namespace reeve {
namespace {

TEST(StopMethodFromProtoTest, AGraceBeyondAllTimeIsNoShorterOne) {
  v1::TaskSpec message;
  message.set_stop_grace_usec(std::numeric_limits<uint64_t>::max());

  EXPECT_GT(StopMethodFromProto(message)->grace, absl::Hours(24));
}

TEST(StopMethodChangeFromProtoTest, WhatSaysNothingIsTheDefaultAgain) {
  v1::UpdateRequest request;
  EXPECT_TRUE(StopMethodChangeFromProto(request)->empty());
  request.set_stop_signal("");
  request.set_stop_grace_usec(0);

  const StopMethodChange change = *StopMethodChangeFromProto(request);

  EXPECT_EQ(change.signal, SIGINT);
  EXPECT_EQ(change.grace, absl::Seconds(10));
  request.set_stop_signal("no");
  EXPECT_FALSE(StopMethodChangeFromProto(request).ok());
}

}  // namespace
}  // namespace reeve
