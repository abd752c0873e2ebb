#include "agent/tasks/cpu_role.h"

#include "gtest/gtest.h"

namespace reeve {
namespace {

TEST(CpuRoleOfTest, WhoAsksForNothingSharesThePool) {
  ResourceLimits limits;
  EXPECT_EQ(CpuRoleOf(limits), CpuRole::kPool);
  limits.cpuset_mems = "0";
  limits.reserved_cpus = 0;
  EXPECT_EQ(CpuRoleOf(limits), CpuRole::kPool);
  limits.cpuset_cpus = "";
  EXPECT_EQ(CpuRoleOf(limits), CpuRole::kPool);
}

TEST(CpuRoleOfTest, WhoNamesCpusHasChosen) {
  ResourceLimits limits;
  limits.cpuset_cpus = "1";
  EXPECT_EQ(CpuRoleOf(limits), CpuRole::kChosen);
  limits.reserved_cpus = 0;
  EXPECT_EQ(CpuRoleOf(limits), CpuRole::kChosen);
}

TEST(CpuRoleOfTest, WhoAsksForANumberHasReserved) {
  ResourceLimits limits;
  limits.reserved_cpus = 2;
  EXPECT_EQ(CpuRoleOf(limits), CpuRole::kReserved);
}

TEST(IsAboutCpusTest, MemoryNodesAreNoCpus) {
  ResourceLimits limits;
  limits.cpuset_mems = "0";
  limits.pids = Bound::Of(5);
  EXPECT_FALSE(IsAboutCpus(limits));
  limits.reserved_cpus = 0;
  EXPECT_TRUE(IsAboutCpus(limits));
  limits.reserved_cpus.reset();
  limits.cpuset_cpus = "";
  EXPECT_TRUE(IsAboutCpus(limits));
}

}  // namespace
}  // namespace reeve
