#include "enforcement/cgroup/huge_pages.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(HugePageSizesTest, AreNamedAsInTheFilesOfACgroup) {
  FakeTree sysfs;
  for (const char* name :
       {"hugepages-1048576kB", "hugepages-64kB", "hugepages-2048kB"}) {
    sysfs.MakeDir(std::string("kernel/mm/hugepages/") + name);
  }
  EXPECT_THAT(HugePageSizes(sysfs.Path("")), ElementsAre("64KB", "2MB", "1GB"));
}

TEST(HugePageSizesTest, AKernelWithoutThemHasNone) {
  FakeTree sysfs;
  EXPECT_THAT(HugePageSizes(sysfs.Path("")), IsEmpty());
}

}  // namespace
}  // namespace reeve
