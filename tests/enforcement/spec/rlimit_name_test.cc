#include "enforcement/spec/rlimit_name.h"

#include <sys/resource.h>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(RlimitNameTest, EveryLimitOfTheKernelHasAName) {
  for (int resource = 0; resource < static_cast<int>(RLIM_NLIMITS);
       ++resource) {
    const absl::string_view name = RlimitName(resource);
    ASSERT_FALSE(name.empty()) << resource;
    EXPECT_THAT(ParseRlimitName(name), IsOkAndHolds(resource));
  }
  EXPECT_EQ(RlimitName(RLIM_NLIMITS), "");
  EXPECT_EQ(RlimitName(-1), "");
}

TEST(RlimitNameTest, NamesAreThoseOfTheManual) {
  EXPECT_EQ(RlimitName(RLIMIT_NOFILE), "nofile");
  EXPECT_EQ(RlimitName(RLIMIT_MEMLOCK), "memlock");
  EXPECT_EQ(RlimitName(RLIMIT_SIGPENDING), "sigpending");
}

TEST(RlimitNameTest, AnUnknownNameIsRefusedWithThoseThereAre) {
  for (const char* name : {"", "NOFILE", "open-files", "nofile "}) {
    EXPECT_THAT(ParseRlimitName(name),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         AllOf(HasSubstr("rlimit \""),
                               HasSubstr("give one of as, core, cpu,"))));
  }
}

TEST(RlimitNameTest, BytesAreToldFromCounts) {
  for (const int resource :
       {RLIMIT_AS, RLIMIT_CORE, RLIMIT_DATA, RLIMIT_FSIZE, RLIMIT_MEMLOCK,
        RLIMIT_MSGQUEUE, RLIMIT_RSS, RLIMIT_STACK}) {
    EXPECT_TRUE(IsRlimitInBytes(resource)) << RlimitName(resource);
  }
  for (const int resource :
       {RLIMIT_CPU, RLIMIT_LOCKS, RLIMIT_NICE, RLIMIT_NOFILE, RLIMIT_NPROC,
        RLIMIT_RTPRIO, RLIMIT_RTTIME, RLIMIT_SIGPENDING}) {
    EXPECT_FALSE(IsRlimitInBytes(resource)) << RlimitName(resource);
  }
}

}  // namespace
}  // namespace reeve
