#include "agent/api/limits_convert.h"

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;
using ::testing::Optional;

v1::Limits Parse(const std::string& text) {
  v1::Limits message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message));
  return message;
}

// What a message says after it was taken apart and put together again.
std::string RoundTrip(const std::string& text) {
  const absl::StatusOr<ResourceLimits> limits = LimitsFromProto(Parse(text));
  EXPECT_THAT(limits, IsOk());
  return limits.ok() ? ToProto(*limits).ShortDebugString() : "";
}

TEST(LimitsConvertTest, CpusetsGoThereAndBack) {
  for (const char* text :
       {R"(cpuset_cpus: "0-1,3" cpuset_mems: "0")",
        R"(cpuset_cpus: "" cpuset_mems: "")", "reserved_cpus: 2"}) {
    EXPECT_EQ(RoundTrip(text), text);
  }
}

// In an update it stays, so what is told of it must not name one.
TEST(LimitsConvertTest, APeriodThatIsNotThereStaysSo) {
  for (const char* text : {"cpus: 0.5", "cpus_unlimited: true",
                           "cpus: 0.5 cpu_period_usec: 50000"}) {
    EXPECT_EQ(RoundTrip(text), text);
  }
}

TEST(LimitsConvertTest, InputAndOutputGoThereAndBack) {
  const char* const text =
      R"(io_weight: 200 io_max { device: "/dev/sda" read_bps: 1024 )"
      R"(write_iops: 0 } io_max { device: "8:16" write_bps: 7 read_iops: 9 })";
  EXPECT_EQ(RoundTrip(text), text);
}

TEST(LimitsConvertTest, ARateOf0IsNoLimit) {
  const absl::StatusOr<ResourceLimits> limits =
      LimitsFromProto(Parse(R"(io_max { device: "8:0" read_bps: 0 })"));
  ASSERT_THAT(limits, IsOk());
  EXPECT_THAT(limits->io_max[0].read_bps, Optional(Bound::Unlimited()));
  EXPECT_FALSE(limits->io_max[0].write_bps.has_value());
}

TEST(LimitsConvertTest, HugePagesGoThereAndBack) {
  const char* const text = R"(hugetlb { page_size: "2MB" bytes: 0 } )"
                           R"(hugetlb { page_size: "1GB" unlimited: true })";
  EXPECT_EQ(RoundTrip(text), text);
}

TEST(LimitsConvertTest, HugePagesHaveEitherANumberOrNoLimit) {
  for (const char* text :
       {R"(hugetlb { page_size: "2MB" })",
        R"(hugetlb { page_size: "2MB" bytes: 1 unlimited: true })"}) {
    EXPECT_THAT(LimitsFromProto(Parse(text)),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         HasSubstr("hugetlb 2MB: give either")));
  }
}

TEST(LimitsConvertTest, LimitsInForceAreShown) {
  LimitValues values;
  values.cpuset_cpus = "1";
  values.cpuset_cpu_count = 1;
  values.reserved_cpu_count = 1;
  values.io_weight = 200;
  values.io.emplace_back();
  values.io.back().device = "8:0";
  values.io.back().write_bytes = 1024;
  values.hugetlb = {{"2MB", 0}};

  EXPECT_EQ(ToProto(values).ShortDebugString(),
            R"(cpuset_cpus: "1" reserved_cpus: 1 io_weight: 200 )"
            R"(io_max { device: "8:0" write_bps: 1024 } )"
            R"(hugetlb { page_size: "2MB" bytes: 0 })");
}

}  // namespace
}  // namespace reeve
