#include "enforcement/launch/shim_log.h"

#include "gtest/gtest.h"

namespace reeve {
namespace {

constexpr char kLine[] =
    "{\"level\":\"error\",\"unix_nanos\":1800000000000000000,"
    "\"message\":\"write exitStatus\",\"errno\":28}\n";

TEST(FirstShimErrorTest, SaysErrnosText) {
  EXPECT_EQ(FirstShimError(kLine), "write exitStatus: No space left on device");
}

TEST(FirstShimErrorTest, FirstErrorCounts) {
  EXPECT_EQ(
      FirstShimError(std::string("{\"level\":\"info\"}\n") + kLine +
                     "{\"level\":\"error\",\"message\":\"x\",\"errno\":5}\n"),
      "write exitStatus: No space left on device");
}

TEST(FirstShimErrorTest, NoErrorIsEmpty) {
  for (const char* log : {"", "\n", "{\"level\":\"info\"}\n", "no json\n",
                          "{\"level\":\"error\",\"message\":\"cut"}) {
    EXPECT_EQ(FirstShimError(log), "") << log;
  }
}

}  // namespace
}  // namespace reeve
