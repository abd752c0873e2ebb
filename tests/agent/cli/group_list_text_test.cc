#include "agent/cli/group_list_text.h"

#include "gtest/gtest.h"

namespace reeve {
namespace {

TEST(GroupListTextTest, ShowsWhatIsUsedBesideWhatIsAllowed) {
  v1::ListGroupsResponse list;
  v1::GroupSummary* idle = list.add_groups();
  idle->set_group("batch");
  v1::GroupSummary* busy = list.add_groups();
  busy->set_group("shop");
  busy->add_tasks("web");
  busy->add_tasks("db");
  busy->mutable_usage()->set_cpu_percent(49.96);
  busy->mutable_usage()->set_cpu_periods(10);
  busy->mutable_usage()->set_cpu_throttled_periods(5);
  busy->mutable_usage()->set_memory_usage_bytes(1536 << 10);
  busy->mutable_usage()->set_threads(7);
  busy->mutable_limits()->set_memory_bytes(64 << 20);
  busy->mutable_limits()->set_cpus(0.5);
  busy->mutable_limits()->set_cpu_shares(2048);
  busy->mutable_limits()->set_pids(100);

  EXPECT_EQ(GroupListText(list),
            "GROUP  TASKS   CPU%  CPUS  SHARES  THROTTLED   MEM  MEM-LIMIT  "
            "PIDS  PIDS-LIMIT\n"
            "batch      0      -     -       -          -     -          -  "
            "   -           -\n"
            "shop       2  50.0%   0.5    2048        50%  1.5M        64M  "
            "   7         100\n");
}

}  // namespace
}  // namespace reeve
