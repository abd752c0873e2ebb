#include "collectors/processes/processes_collector.h"

#include <utility>

#include "absl/status/status.h"
#include "base/clock_ticks.h"
#include "collectors/processes/process_selection.h"
#include "collectors/procfs/boot_time.h"
#include "collectors/procfs/process_file.h"

namespace reeve {
namespace {

// PF_KTHREAD of the kernel.
constexpr uint64_t kKernelThread = 0x00200000;

TraitsReader::Wanted WantedTraits(const ProcessesOptions& options) {
  const GroupTemplate& group = options.group_by;
  TraitsReader::Wanted wanted;
  wanted.exe =
      group.Uses(ProcessTrait::kExe) || group.Uses(ProcessTrait::kExePath);
  wanted.user = group.Uses(ProcessTrait::kUser);
  wanted.cgroup = group.Uses(ProcessTrait::kCgroup);
  wanted.task = options.per_pid || group.Uses(ProcessTrait::kTask);
  return wanted;
}

// So that those that were found together are not looked at together again.
absl::Duration Head(pid_t pid, absl::Duration lifetime) {
  constexpr int kParts = 64;
  return lifetime * (pid % kParts) / kParts;
}

bool HasEnded(const PidStat& stat) {
  return stat.state == 'Z' || stat.state == 'X';
}

}  // namespace

absl::StatusOr<std::unique_ptr<ProcessesCollector>> ProcessesCollector::Open(
    const ProcessesOptions& options, const Clock& clock,
    CollectorObserver& observer, TaskOfCgroup task_of_cgroup) {
  absl::StatusOr<PidList> list = PidList::Open(options.procfs);
  if (!list.ok()) return list.status();
  const absl::StatusOr<absl::Time> boot_time = ReadBootTime(options.procfs);
  if (!boot_time.ok()) return boot_time.status();
  return std::unique_ptr<ProcessesCollector>(
      new ProcessesCollector(options, *std::move(list), *boot_time, clock,
                             observer, std::move(task_of_cgroup)));
}

ProcessesCollector::ProcessesCollector(const ProcessesOptions& options,
                                       PidList list, absl::Time boot_time,
                                       const Clock& clock,
                                       CollectorObserver& observer,
                                       TaskOfCgroup task_of_cgroup)
    : options_(options),
      boot_time_(boot_time),
      clock_(clock),
      observer_(observer),
      list_(std::move(list)),
      traits_reader_(WantedTraits(options), std::move(task_of_cgroup)),
      usage_reader_({options.io, options.fds, options.status}),
      ledger_(options.empty_group_retention, options.max_groups) {}

void ProcessesCollector::Collect() {
  auto snapshot = std::make_shared<ProcessesSnapshot>();
  const absl::Status listed = list_.Read(pids_);
  if (listed.ok()) {
    Measure(*snapshot);
  } else {
    observer_.OnError(kName, listed);
  }
  absl::MutexLock lock(&mutex_);
  latest_ = std::move(snapshot);
}

std::shared_ptr<const ProcessesSnapshot> ProcessesCollector::Latest() const {
  absl::MutexLock lock(&mutex_);
  return latest_;
}

void ProcessesCollector::Measure(ProcessesSnapshot& snapshot) {
  ++round_;
  now_ = clock_.MonotonicNow();
  without_group_ = 0;
  found_.clear();
  ledger_.BeginRound();
  for (const pid_t pid : pids_) Look(pid);
  absl::erase_if(processes_, [this](const auto& process) {
    return process.second.round != round_;
  });
  ledger_.EndRound(now_, snapshot.groups);
  snapshot.omitted.group_series = without_group_;
  if (options_.per_pid) AddRows(snapshot);
}

void ProcessesCollector::Look(pid_t pid) {
  const absl::StatusOr<PidStat> stat =
      ReadProcessFile(list_.procfs_fd(), pid, "stat", buffer_, ParsePidStat);
  if (absl::IsNotFound(stat.status())) return;
  if (!stat.ok()) {
    observer_.OnError(kName, stat.status());
    // It is still there: what was known of it is as good as nothing else.
    const auto known = processes_.find(pid);
    if (known != processes_.end()) Count(known->second);
    return;
  }
  if (!options_.kernel_threads && (stat->flags & kKernelThread) != 0) return;
  Tracked& process = Track(*stat);
  process.usage = UsageOf(*stat);
  usage_reader_.AddTo(process.usage, list_.procfs_fd(), pid,
                      [this](absl::string_view name, const absl::Status& why) {
                        observer_.OnError(name, why);
                      });
  Count(process);
}

ProcessesCollector::Tracked& ProcessesCollector::Track(const PidStat& stat) {
  Tracked& process = processes_[stat.pid];
  const bool is_new =
      process.round == 0 || process.start_time_ticks != stat.starttime;
  if (is_new) {
    process = Tracked();
    process.start_time_ticks = stat.starttime;
    process.started_at =
        boot_time_ + absl::Nanoseconds(static_cast<int64_t>(
                         NanosecondsFromClockTicks(stat.starttime)));
    process.traits.pid = stat.pid;
  }
  // Of one that has ended there is no file and no cgroup any more.
  const bool is_due =
      now_ - process.traits_read_at > options_.traits_lifetime &&
      !HasEnded(stat);
  if (is_new || is_due || process.traits.comm != stat.comm) {
    ReadTraits(stat, process);
    if (is_new) {
      process.traits_read_at -= Head(stat.pid, options_.traits_lifetime);
    }
  } else if (process.is_wanted && process.group == nullptr) {
    // A place may have become free.
    ChooseGroup(process);
  }
  return process;
}

void ProcessesCollector::ReadTraits(const PidStat& stat, Tracked& process) {
  process.traits.comm = stat.comm;
  process.traits_read_at = now_;
  traits_reader_.Read(list_.procfs_fd(), now_, process.traits,
                      [this](absl::string_view name, const absl::Status& why) {
                        observer_.OnError(name, why);
                      });
  ChooseGroup(process);
}

void ProcessesCollector::ChooseGroup(Tracked& process) {
  options_.group_by.Name(process.traits, group_name_);
  process.is_wanted =
      !group_name_.empty() && options_.filter.Wants(group_name_);
  process.group = process.is_wanted ? ledger_.Open(group_name_) : nullptr;
}

void ProcessesCollector::Count(Tracked& process) {
  process.round = round_;
  const ProcessCounters growth =
      TakeGrowth(process.usage.counters, process.counted);
  process.interval_cpu_ns =
      growth[kCpuUserNs].value_or(0) + growth[kCpuSystemNs].value_or(0);
  if (!process.is_wanted) return;
  found_.push_back(&process);
  if (process.group == nullptr) {
    ++without_group_;
  } else {
    ledger_.Count(*process.group, process.usage, process.started_at, growth);
  }
}

void ProcessesCollector::AddRows(ProcessesSnapshot& snapshot) const {
  std::vector<ProcessRank> ranks;
  ranks.reserve(found_.size());
  for (const Tracked* process : found_) {
    ranks.push_back({process->interval_cpu_ns,
                     process->usage.gauges[kResidentBytes].value_or(0)});
  }
  const ProcessSelection selection =
      SelectProcesses(ranks, options_.top, options_.max_processes);
  snapshot.omitted.top = selection.below_top;
  snapshot.omitted.process_series = selection.beyond_most;
  snapshot.processes.reserve(selection.chosen.size());
  for (const size_t index : selection.chosen) {
    const Tracked& process = *found_[index];
    snapshot.processes.push_back({process.traits.pid, process.traits.comm,
                                  process.traits.task, process.started_at,
                                  process.usage});
  }
}

}  // namespace reeve
