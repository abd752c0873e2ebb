// One round as plain text, and as JSON.
#include <string>

#include "agent/cli/top/batch_json.h"
#include "agent/cli/top/batch_text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/agent/cli/top/samples.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(BatchTextTest, HasEveryColumnUncutAndNoEscape) {
  const TopSample sample = SomeTasks();

  EXPECT_EQ(BatchText(sample, RowsOf(sample, TopOrder()), absl::UTCTimeZone()),
            R"(2023-11-14 22:13:20  5 tasks: 3 running, 1 paused, 1 exited
cpu 61% of 4 cores  memory 6G of 24G  load 1.50 0.75 0.25  pressure cpu 12% memory 0% io 1%
ID            GROUP  STATE      CPU%  THROT%   MEM  LIMIT  OF LIMIT  WORKING  THREADS  OOM  UPTIME  COMMAND
db            data   running   150.5       -  120M   128M       94%     120M        3    2   1m30s  /usr/bin/db --serve --port 8080
burner        shop   running    20.0      96    1M      -         -       1M     3/64    0   1m30s  /usr/bin/burner --serve --port 8080
web-frontend  shop   running     3.2       -   40M    64M       62%      40M        3    0   1m30s  /usr/bin/web-frontend --serve --port 8080
held          -      paused      0.0       -    2M      -         -       2M        3    0   1m30s  /usr/bin/held --serve --port 8080
job           -      exited 1      -       -     -      -         -        -        -    -       -  make

)");
}

TEST(BatchTextTest, WhatAProgramIsCalledCannotEscape) {
  TopSample sample;
  sample.tasks = {RunningTask("a", "", 1, 1)};
  sample.tasks[0].command = "\x1b[2J\n";

  EXPECT_THAT(
      BatchText(sample, RowsOf(sample, TopOrder()), absl::UTCTimeZone()),
      HasSubstr("?[2J?\n"));
}

TEST(BatchJsonTest, IsOneObjectInALine) {
  TopSample sample = SomeTasks();
  sample.tasks.resize(2);
  sample.tasks[0].command = "say \"\\n\n\"";

  EXPECT_EQ(BatchJson(sample, TopOrder(), RowsOf(sample, TopOrder())),
            R"({"time":"2023-11-14T22:13:20.000Z","host":{"cpus":4,)"
            R"("cpu_percent":61.2,"memory_total_bytes":25769803776,)"
            R"("memory_available_bytes":19327352832,"load":[1.50,0.75,0.25],)"
            R"("cpu_pressure_percent":12.3,"memory_pressure_percent":0,)"
            R"("io_pressure_percent":1.2},"groups":[{"group":"data",)"
            R"("cpu_percent":150.5},{"group":"shop","cpu_percent":23.25}],)"
            R"("tasks":[{"id":"db","group":"data","state":"running",)"
            R"("cpu_percent":150.5,"memory_bytes":125829120,)"
            R"("memory_limit_bytes":134217728,"working_set_bytes":125829120,)"
            R"("threads":3,"oom_kills":2,"uptime_seconds":90,)"
            R"("command":"/usr/bin/db --serve --port 8080"},{"id":"burner",)"
            R"("group":"shop","state":"running","cpu_percent":20,)"
            R"("throttled_percent":96,"memory_bytes":1048576,)"
            R"("working_set_bytes":1048576,"threads":3,"threads_limit":64,)"
            R"("oom_kills":0,"uptime_seconds":90,)"
            R"("command":"say \"\\n\u000a\""}]})"
            "\n");
}

TEST(BatchJsonTest, WhatIsNotKnownIsLeftOut) {
  TopSample sample;
  sample.tasks.emplace_back();
  sample.tasks[0].id = "a";

  EXPECT_THAT(
      BatchJson(sample, TopOrder(), RowsOf(sample, TopOrder())),
      HasSubstr("\"host\":{},\"groups\":[],\"tasks\":[{\"id\":\"a\"}]}\n"));
}

TEST(BatchJsonTest, AGroupThatIsNamedIsTheOnlyOne) {
  const TopSample sample = SomeTasks();
  TopOrder order;
  order.group = "shop";

  EXPECT_THAT(
      BatchJson(sample, order, RowsOf(sample, order)),
      HasSubstr("\"groups\":[{\"group\":\"shop\",\"cpu_percent\":23.25}]"));
}

TEST(BatchJsonTest, GroupsAreNotAmongTheTasks) {
  const TopSample sample = SomeTasks();
  TopOrder order;
  order.tree = true;
  const std::string json = BatchJson(sample, order, RowsOf(sample, order));

  EXPECT_THAT(json, HasSubstr("\"tasks\":[{\"id\":\"db\""));
  EXPECT_THAT(json, Not(HasSubstr("\"tasks\":[{\"group\"")));
}

}  // namespace
}  // namespace reeve
