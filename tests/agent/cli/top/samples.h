#ifndef REEVE_TESTS_AGENT_CLI_TOP_SAMPLES_H_
#define REEVE_TESTS_AGENT_CLI_TOP_SAMPLES_H_

#include <string>
#include <vector>

#include "agent/cli/top/top_rows.h"
#include "agent/cli/top/top_sample.h"

namespace reeve {

// A task that runs, and what it uses.
inline TopEntry RunningTask(const std::string& id, const std::string& group,
                            double cpu_percent, uint64_t memory_mib) {
  TopEntry task;
  task.id = id;
  task.group = group;
  task.state = v1::TASK_STATE_RUNNING;
  task.state_text = "running";
  task.cpu_percent = cpu_percent;
  task.memory_bytes = memory_mib << 20;
  task.working_set_bytes = memory_mib << 20;
  task.threads = 3;
  task.oom_kills = 0;
  task.uptime = absl::Seconds(90);
  task.command = "/usr/bin/" + id + " --serve --port 8080";
  return task;
}

inline TopEntry Group(const std::string& name, double cpu_percent) {
  TopEntry group;
  group.is_group = true;
  group.id = name;
  group.group = name;
  group.state_text = "2 tasks";
  group.cpu_percent = cpu_percent;
  return group;
}

// A host with tasks of all kinds: "burner" is throttled, "db" near its memory
// limit, "job" has ended, "held" is paused.
inline TopSample SomeTasks() {
  TopSample sample;
  sample.taken_at = absl::FromUnixSeconds(1'700'000'000);
  sample.host.cpu_percent = 61.2;
  sample.host.load.cpu = HostCpuTimes{0, 0, 4};
  sample.host.load.memory = HostMemory{uint64_t{24} << 30, uint64_t{18} << 30};
  sample.host.load.load = {1.5, 0.75, 0.25};
  sample.host.load.cpu_pressure = 12.3;
  sample.host.load.memory_pressure = 0;
  sample.host.load.io_pressure = 1.2;

  TopEntry burner = RunningTask("burner", "shop", 20, 1);
  burner.throttled_percent = 96;
  burner.threads_limit = 64;
  TopEntry db = RunningTask("db", "data", 150.5, 120);
  db.memory_limit_bytes = 128 << 20;
  db.oom_kills = 2;
  TopEntry held = RunningTask("held", "", 0, 2);
  held.state = v1::TASK_STATE_PAUSED;
  held.state_text = "paused";
  TopEntry job;
  job.id = "job";
  job.state = v1::TASK_STATE_EXITED;
  job.state_text = "exited 1";
  job.command = "make";
  TopEntry web = RunningTask("web-frontend", "shop", 3.25, 40);
  web.memory_limit_bytes = 64 << 20;
  sample.tasks = {burner, db, held, job, web};
  sample.groups = {Group("data", 150.5), Group("shop", 23.25)};
  return sample;
}

inline std::vector<std::string> Keys(const std::vector<TopRow>& rows) {
  std::vector<std::string> keys;
  keys.reserve(rows.size());
  for (const TopRow& row : rows) {
    keys.push_back((row.is_member ? "  " : "") + row.key());
  }
  return keys;
}

}  // namespace reeve

#endif  // REEVE_TESTS_AGENT_CLI_TOP_SAMPLES_H_
