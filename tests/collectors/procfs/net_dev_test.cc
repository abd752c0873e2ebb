#include "collectors/procfs/net_dev.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string& Headings() {
  static const std::string headings =
      "Inter-|   Receive                                                |  "
      "Transmit\n"
      " face |bytes    packets errs drop fifo frame compressed multicast|bytes "
      "   packets errs drop fifo colls carrier compressed\n";
  return headings;
}

TEST(ParseNetDevTest, EachInterfaceIsALine) {
  const auto interfaces = ParseNetDev(
      Headings() +
      "    lo:   28067     109    0    0    0     0          0         0    "
      "28067     109    0    0    0     0       0          0\n"
      "  eth0: 87320334    1885    3    4    5     6          7         8    "
      "79420     970   11   12   13    14      15         16\n");

  ASSERT_THAT(interfaces, IsOkAndHolds(SizeIs(2)));
  EXPECT_EQ(interfaces->front().device, "lo");
  const InterfaceTraffic& eth0 = interfaces->back();
  EXPECT_EQ(eth0.device, "eth0");
  EXPECT_EQ(eth0.received.bytes, 87320334u);
  EXPECT_EQ(eth0.received.packets, 1885u);
  EXPECT_EQ(eth0.received.errors, 3u);
  EXPECT_EQ(eth0.received.drops, 4u);
  EXPECT_EQ(eth0.sent.bytes, 79420u);
  EXPECT_EQ(eth0.sent.packets, 970u);
  EXPECT_EQ(eth0.sent.errors, 11u);
  EXPECT_EQ(eth0.sent.drops, 12u);
}

TEST(ParseNetDevTest, NumbersMayFollowTheColonAtOnce) {
  const auto interfaces = ParseNetDev(
      Headings() + "veth12345678901:1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n");

  ASSERT_THAT(interfaces, IsOkAndHolds(SizeIs(1)));
  EXPECT_EQ(interfaces->front().device, "veth12345678901");
  EXPECT_EQ(interfaces->front().received.bytes, 1u);
  EXPECT_EQ(interfaces->front().sent.bytes, 9u);
}

TEST(ParseNetDevTest, NamespaceMayHaveNoInterfaces) {
  EXPECT_THAT(ParseNetDev(Headings()), IsOkAndHolds(IsEmpty()));
}

TEST(ParseNetDevTest, RefusesWhatIsNoInterface) {
  for (const std::string line :
       {"eth0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n",
        "eth0: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15\n",
        "eth0: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 x\n",
        ": 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n"}) {
    EXPECT_THAT(ParseNetDev(Headings() + line),
                StatusIs(absl::StatusCode::kDataLoss))
        << line;
  }
}

}  // namespace
}  // namespace reeve
