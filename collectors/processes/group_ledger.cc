#include "collectors/processes/group_ledger.h"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace reeve {
namespace {

void AddTo(std::optional<uint64_t>& sum, const std::optional<uint64_t>& value) {
  if (value.has_value()) sum = sum.value_or(0) + *value;
}

std::optional<double> FdsRatio(const ProcessGauges& gauges) {
  const std::optional<uint64_t>& open = gauges[kOpenFds];
  const std::optional<uint64_t>& most = gauges[kMaxFds];
  if (!open.has_value() || !most.has_value() || *most == 0) {
    return std::nullopt;
  }
  return static_cast<double>(*open) / static_cast<double>(*most);
}

}  // namespace

ProcessCounters TakeGrowth(const ProcessCounters& counters,
                           ProcessCounters& counted) {
  ProcessCounters growth;
  for (size_t i = 0; i < counters.size(); ++i) {
    if (!counters[i].has_value()) continue;
    const uint64_t before = counted[i].value_or(0);
    growth[i] = *counters[i] > before ? *counters[i] - before : 0;
    counted[i] = counters[i];
  }
  return growth;
}

class GroupLedger::Group {
 public:
  void BeginRound() {
    was_empty_ = row_.processes == 0;
    row_.processes = 0;
    row_.states = {};
    row_.gauges = {};
    row_.oldest_started_at.reset();
    row_.worst_fds_ratio.reset();
  }

  void Count(const ProcessUsage& usage, absl::Time started_at,
             const ProcessCounters& growth) {
    ++row_.processes;
    ++row_.states[usage.state];
    for (size_t i = 0; i < growth.size(); ++i) {
      AddTo(row_.counters[i], growth[i]);
    }
    for (size_t i = 0; i < usage.gauges.size(); ++i) {
      AddTo(row_.gauges[i], usage.gauges[i]);
      if (usage.gauges[i].has_value()) is_gauged_[i] = true;
    }
    row_.oldest_started_at =
        std::min(row_.oldest_started_at.value_or(started_at), started_at);
    if (const auto ratio = FdsRatio(usage.gauges)) {
      row_.worst_fds_ratio = std::max(row_.worst_fds_ratio.value_or(0), *ratio);
    }
  }

  // For how long it has been empty.
  absl::Duration EndRound(absl::Duration now) {
    if (row_.processes > 0) {
      last_used_ = now;
      return absl::ZeroDuration();
    }
    // What no process has is 0, if it is known of processes at all.
    for (size_t i = 0; i < is_gauged_.size(); ++i) {
      if (is_gauged_[i]) row_.gauges[i] = 0;
    }
    return now - last_used_;
  }

  // No process points to it.
  bool IsFree() const { return was_empty_ && row_.processes == 0; }
  absl::Duration last_used() const { return last_used_; }
  ProcessGroupRow& row() { return row_; }

 private:
  ProcessGroupRow row_;
  std::array<bool, kProcessGaugeCount> is_gauged_ = {};
  bool was_empty_ = false;
  absl::Duration last_used_;
};

GroupLedger::GroupLedger(absl::Duration retention, size_t max_groups)
    : retention_(retention), max_groups_(max_groups) {}

GroupLedger::~GroupLedger() = default;

void GroupLedger::BeginRound() {
  is_full_ = false;
  for (auto& [name, group] : groups_) group->BeginRound();
}

GroupLedger::Group* GroupLedger::Open(const std::string& name) {
  const auto known = groups_.find(name);
  if (known != groups_.end()) return known->second.get();
  if (groups_.size() >= max_groups_ && !MakePlace()) return nullptr;
  std::unique_ptr<Group>& group = groups_[name];
  group = std::make_unique<Group>();
  group->row().name = name;
  return group.get();
}

bool GroupLedger::MakePlace() {
  if (is_full_) return false;
  auto oldest = groups_.end();
  for (auto it = groups_.begin(); it != groups_.end(); ++it) {
    if (!it->second->IsFree()) continue;
    if (oldest == groups_.end() ||
        it->second->last_used() < oldest->second->last_used()) {
      oldest = it;
    }
  }
  is_full_ = oldest == groups_.end();
  if (is_full_) return false;
  groups_.erase(oldest);
  return true;
}

void GroupLedger::Count(Group& group, const ProcessUsage& usage,
                        absl::Time started_at, const ProcessCounters& growth) {
  group.Count(usage, started_at, growth);
}

void GroupLedger::EndRound(absl::Duration now,
                           std::vector<ProcessGroupRow>& rows) {
  rows.clear();
  rows.reserve(groups_.size());
  for (auto it = groups_.begin(); it != groups_.end();) {
    if (it->second->EndRound(now) > retention_) {
      it = groups_.erase(it);
    } else {
      rows.push_back(it->second->row());
      ++it;
    }
  }
}

}  // namespace reeve
