#include "enforcement/cgroup/device_attachment.h"

#include "gtest/gtest.h"

namespace reeve {
namespace {

TEST(VerifierComplaintTest, IsTheLastLineBeforeTheStatistics) {
  EXPECT_EQ(VerifierComplaint("0: R1=ctx(off=0,imm=0) R10=fp0\n"
                              "0: (61) r2 = *(u32 *)(r1 +64)\n"
                              "invalid bpf_context access off=64 size=4\n"
                              "processed 1 insns (limit 1000000)\n"
                              "verification time 12 usec\n"
                              "stack depth 0\n"),
            "invalid bpf_context access off=64 size=4");
}

TEST(VerifierComplaintTest, ThereMayBeNone) {
  EXPECT_EQ(VerifierComplaint(""), "");
  EXPECT_EQ(VerifierComplaint("processed 9 insns\n"), "");
}

}  // namespace
}  // namespace reeve
