#include "agent/http/listening_socket.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::Gt;
using ::testing::HasSubstr;

TEST(ListenOnTest, PortZeroIsAFreeOne) {
  const absl::StatusOr<UniqueFd> socket = ListenOn("127.0.0.1:0");

  ASSERT_THAT(socket, IsOk());
  EXPECT_THAT(PortOf(*socket), IsOkAndHolds(Gt(0)));
}

TEST(ListenOnTest, WithoutAHostItListensEverywhere) {
  EXPECT_THAT(ListenOn(":0"), IsOk());
}

TEST(ListenOnTest, NamesAreResolved) {
  EXPECT_THAT(ListenOn("localhost:0"), IsOk());
}

TEST(ListenOnTest, PortInUseIsNamed) {
  const absl::StatusOr<UniqueFd> first = ListenOn("127.0.0.1:0");
  ASSERT_THAT(first, IsOk());
  const std::string address = absl::StrCat("127.0.0.1:", *PortOf(*first));

  const absl::Status status = ListenOn(address).status();

  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr(address), HasSubstr("Address already in use")));
}

TEST(ListenOnTest, AddressOfAnotherHostCannotBeUsed) {
  EXPECT_THAT(std::string(ListenOn("192.0.2.1:0").status().message()),
              AllOf(HasSubstr("192.0.2.1:0"), HasSubstr("assign")));
}

class ListenOnBadAddressTest : public ::testing::TestWithParam<const char*> {};

TEST_P(ListenOnBadAddressTest, IsRefusedByName) {
  EXPECT_THAT(ListenOn(GetParam()), StatusIs(absl::StatusCode::kInvalidArgument,
                                             HasSubstr(GetParam())));
}

INSTANTIATE_TEST_SUITE_P(Addresses, ListenOnBadAddressTest,
                         ::testing::Values("", "localhost", "localhost:",
                                           "localhost:http", "localhost:65536",
                                           "localhost:-1", "::1:80", "[::1:80",
                                           "no.such.host.invalid:80"));

}  // namespace
}  // namespace reeve
