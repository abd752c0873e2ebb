#include "enforcement/spec/capabilities.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr CapabilitySet kAll = CapabilitySet::UpTo(CAP_LAST_CAP);

TEST(CapabilitySetTest, HasABitForEachNumber) {
  EXPECT_EQ(CapabilitySet({CAP_CHOWN, CAP_KILL}).bits(), 0x21U);
  EXPECT_EQ(CapabilitySet::UpTo(40).bits(), 0x1ffffffffffU);
  EXPECT_EQ(CapabilitySet::UpTo(63).bits(), ~uint64_t{0});
  EXPECT_EQ(CapabilitySet::UpTo(0), CapabilitySet({CAP_CHOWN}));
}

TEST(CapabilitySetTest, TheDefaultOnesAreThirteen) {
  EXPECT_THAT(
      CapabilityNames(kDefaultCapabilities),
      ElementsAre("CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID",
                  "CAP_KILL", "CAP_SETGID", "CAP_SETUID", "CAP_SETPCAP",
                  "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_MKNOD",
                  "CAP_AUDIT_WRITE", "CAP_SETFCAP"));
}

TEST(ParseCapabilityTest, TakesTheUsualSpellings) {
  for (const char* name :
       {"CAP_NET_RAW", "cap_net_raw", "NET_RAW", "net_raw", "Net_Raw"}) {
    EXPECT_THAT(ParseCapability(name), IsOkAndHolds(CAP_NET_RAW)) << name;
  }
}

TEST(ParseCapabilityTest, EveryOneHasAName) {
  for (int capability = 0; capability <= CAP_LAST_CAP; ++capability) {
    EXPECT_THAT(ParseCapability(CapabilityName(capability)),
                IsOkAndHolds(capability));
  }
}

TEST(ParseCapabilityTest, AnythingElseIsRefusedByName) {
  for (const char* name :
       {"", "CAP_", "CAP_NONE", "13", "cap_13", "net_raw,kill", "net_raw ",
        "net-raw", "cap_cap_kill", "kill=ep", "all", "*"}) {
    EXPECT_THAT(
        ParseCapability(name),
        StatusIs(absl::StatusCode::kInvalidArgument,
                 HasSubstr(std::string("capability \"") + name + "\"")));
  }
  EXPECT_THAT(ParseCapability(absl::string_view("kill\0", 5)),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("capability \"kill\\x00\"")));
}

TEST(ParseCapabilitiesTest, AllIsWhatTheCallerSays) {
  EXPECT_THAT(ParseCapabilities({"All", "net_raw"}, {CAP_KILL}),
              IsOkAndHolds(CapabilitySet({CAP_KILL, CAP_NET_RAW})));
  EXPECT_THAT(ParseCapabilities({}, kAll), IsOkAndHolds(CapabilitySet()));
}

TEST(CapabilityNameTest, OneOfALaterKernelIsItsNumber) {
  EXPECT_EQ(CapabilityName(63), "63");
  EXPECT_THAT(CapabilityNames(CapabilitySet(~uint64_t{0})), SizeIs(64));
  EXPECT_THAT(CapabilityNames(CapabilitySet()), IsEmpty());
}

TEST(ResolveCapabilitiesTest, WhoAsksForNothingHasTheDefault) {
  EXPECT_THAT(ResolveCapabilities(kAll, {}, {}),
              IsOkAndHolds(kDefaultCapabilities));
}

TEST(ResolveCapabilitiesTest, OfTheDefaultOnlyWhatTheHostAllows) {
  EXPECT_THAT(ResolveCapabilities({CAP_KILL, CAP_NET_RAW}, {}, {}),
              IsOkAndHolds(CapabilitySet({CAP_KILL})));
}

TEST(ResolveCapabilitiesTest, AddsAndDrops) {
  EXPECT_THAT(ResolveCapabilities(kAll, {"net_raw"}, {"CAP_MKNOD"}),
              IsOkAndHolds(
                  kDefaultCapabilities.Or({CAP_NET_RAW}).Without({CAP_MKNOD})));
  // What is not there can be dropped all the same.
  EXPECT_THAT(ResolveCapabilities({CAP_KILL}, {}, {"sys_admin"}),
              IsOkAndHolds(CapabilitySet({CAP_KILL})));
}

TEST(ResolveCapabilitiesTest, WhoDropsAllHasWhatItAdds) {
  EXPECT_THAT(ResolveCapabilities(kAll, {}, {"all"}),
              IsOkAndHolds(CapabilitySet()));
  EXPECT_THAT(ResolveCapabilities(kAll, {"KILL", "CHOWN"}, {"ALL", "CHOWN"}),
              IsOkAndHolds(CapabilitySet({CAP_KILL})));
}

TEST(ResolveCapabilitiesTest, WhoAddsAllHasWhatTheHostAllows) {
  EXPECT_THAT(ResolveCapabilities({CAP_KILL, CAP_BPF}, {"ALL"}, {"KILL"}),
              IsOkAndHolds(CapabilitySet({CAP_BPF})));
}

TEST(ResolveCapabilitiesTest, OneThatIsNotAllowedIsNamed) {
  EXPECT_THAT(
      ResolveCapabilities(kDefaultCapabilities, {"kill", "net_raw"}, {}),
      StatusIs(absl::StatusCode::kPermissionDenied,
               AllOf(HasSubstr("allows no task CAP_NET_RAW:"),
                     HasSubstr("--allow-caps=CAP_NET_RAW"))));
}

TEST(ResolveCapabilitiesTest, AnUnknownOneIsNamed) {
  EXPECT_THAT(ResolveCapabilities(kAll, {"fly"}, {}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("fly")));
  EXPECT_THAT(ResolveCapabilities(kAll, {}, {"ALL", "swim"}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("swim")));
}

}  // namespace
}  // namespace reeve
