#ifndef REEVE_AGENT_CLI_TOP_THROTTLE_METER_H_
#define REEVE_AGENT_CLI_TOP_THROTTLE_METER_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "agent/api/task_service.pb.h"

namespace reeve {

// In how many of the CPU limit's periods since the sample before a task was
// held back. Thread-compatible.
class ThrottleMeter {
 public:
  // What is known of tasks that are not asked about until EndRound() is
  // forgotten.
  void BeginRound() { ++round_; }
  void EndRound();

  // 0 to 100. Of the first sample: since the start of the task. Of the sample
  // seen last: what it was. Nullopt if `usage` does not tell, or there never
  // was a period, as without a limit.
  std::optional<double> PercentOf(const std::string& id,
                                  const v1::Usage& usage);

 private:
  struct Reading {
    uint64_t round = 0;
    int64_t taken_at_ns = 0;
    uint64_t periods = 0;
    uint64_t throttled_periods = 0;
    double percent = 0;
  };

  uint64_t round_ = 0;
  std::map<std::string, Reading> readings_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_TOP_THROTTLE_METER_H_
