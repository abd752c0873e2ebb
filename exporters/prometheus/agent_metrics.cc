#include "exporters/prometheus/agent_metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/metric_family.h>
#include <prometheus/registry.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/synchronization/mutex.h"
#include "collectors/collector_set.h"
#include "exporters/prometheus/agent_label_tables.h"
#include "exporters/prometheus/family_text.h"
#include "exporters/prometheus/gauge_family.h"
#include "exporters/prometheus/policy_metrics.h"
#include "exporters/prometheus/process_metrics.h"

namespace reeve {
namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;
using prometheus::MetricFamily;
using prometheus::MetricType;

const char* ResultName(bool ok) { return ok ? "success" : "error"; }

// From 100 us, a quick round of a few tasks, to 10 s.
Histogram::BucketBoundaries DurationBuckets() {
  return {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
          0.05,   0.1,     0.25,   0.5,   1,      2.5,   5,    10};
}

// From 25 us, what the quickest phases take.
Histogram::BucketBoundaries PhaseBuckets() {
  return {0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001,
          0.0025,   0.005,   0.01,   0.05,    0.25,   1};
}

MetricFamily TasksFamily(const TaskCounts& counts) {
  MetricFamily family =
      GaugeFamily("reeve_tasks", "Tasks the agent knows, by state.");
  AddGauge({{"state", "starting"}}, static_cast<double>(counts.starting),
           &family);
  AddGauge({{"state", "running"}}, static_cast<double>(counts.running),
           &family);
  AddGauge({{"state", "paused"}}, static_cast<double>(counts.paused), &family);
  AddGauge({{"state", "restarting"}}, static_cast<double>(counts.restarting),
           &family);
  AddGauge({{"state", "exited"}}, static_cast<double>(counts.exited), &family);
  return family;
}

MetricFamily DegradedFamily(const std::vector<DegradedController>& degraded) {
  MetricFamily family = GaugeFamily(
      "reeve_enforcement_degraded",
      "1 for a cgroup controller whose limits this agent cannot enforce as it "
      "should, and why. Absent for all others.");
  for (const DegradedController& one : degraded) {
    AddGauge({{"controller", one.controller}, {"reason", one.reason}}, 1,
             &family);
  }
  return family;
}

MetricFamily IsolationFamily(const std::vector<std::string>& executors) {
  MetricFamily family = GaugeFamily("reeve_isolation_info",
                                    "Always 1. Its label tells which executor "
                                    "a task has here that leaves the "
                                    "choice to the agent.");
  for (const std::string& executor : executors) {
    AddGauge({{"auto", executor}}, 1, &family);
  }
  return family;
}

std::vector<DegradedController> EveryDegradation() {
  std::vector<DegradedController> all;
  for (const char* controller : kDegradableControllers) {
    for (const char* reason : kDegradedReasons) {
      all.push_back({controller, reason});
    }
  }
  return all;
}

MetricFamily SamplesAgeFamily(absl::Duration age) {
  MetricFamily family = GaugeFamily(
      "reeve_samples_age_seconds",
      "Time since the sampling round that this page shows. Absent before the "
      "first round.");
  AddGauge({}, absl::ToDoubleSeconds(age), &family);
  return family;
}

// prometheus-cpp keeps families by kind and series in a hash table: a page that
// reads the same each time is easier on people and on compression.
void Sort(std::vector<MetricFamily>* families) {
  std::sort(families->begin(), families->end(),
            [](const MetricFamily& a, const MetricFamily& b) {
              return a.name < b.name;
            });
  for (MetricFamily& family : *families) {
    std::sort(family.metric.begin(), family.metric.end(),
              [](const auto& a, const auto& b) { return a.label < b.label; });
  }
}

const char* TypeName(MetricType type) {
  switch (type) {
    case MetricType::Counter:
      return "counter";
    case MetricType::Histogram:
      return "histogram";
    default:
      return "gauge";
  }
}

// build_info's values differ from build to build, and files have any names.
bool HasFixedValues(const MetricFamily& family, const std::string& label) {
  return family.name != "reeve_build_info" && label != "file";
}

FamilyDescription DescriptionOf(const MetricFamily& family) {
  FamilyDescription description{
      family.name, family.help, TypeName(family.type), {}};
  std::map<std::string, std::vector<std::string>> values;
  for (const auto& metric : family.metric) {
    for (const auto& label : metric.label) {
      std::vector<std::string>& known = values[label.name];
      if (std::find(known.begin(), known.end(), label.value) == known.end()) {
        known.push_back(label.value);
      }
    }
  }
  for (const auto& label : values) {
    // What users choose stands there without a value.
    const bool is_fixed = label.second != std::vector<std::string>{""};
    description.labels.push_back(
        HasFixedValues(family, label.first) && is_fixed
            ? absl::StrCat(label.first, "=", absl::StrJoin(label.second, ","))
            : label.first);
  }
  return description;
}

}  // namespace

// The names and labels below are constants, and prometheus-cpp throws at
// nothing but bad ones: no exception leaves this file.
class AgentMetrics::Impl {
 public:
  Impl(const BuildDescription& build, const Clock& clock,
       const std::string& procfs);

  // The page's families, with `degraded` instead of what was set if it is
  // there.
  std::vector<MetricFamily> Collect(
      const Snapshot* latest,
      std::vector<DegradedController> degraded = {}) const
      ABSL_LOCKS_EXCLUDED(mutex_);

  void SetTaskCounts(std::function<TaskCounts()> counts) {
    absl::MutexLock lock(&mutex_);
    task_counts_ = std::move(counts);
  }

  void SetDegraded(std::vector<DegradedController> degraded) {
    absl::MutexLock lock(&mutex_);
    degraded_ = std::move(degraded);
  }

  void SetTaskFiles(TaskFilesStatus status) {
    absl::MutexLock lock(&mutex_);
    task_files_ = std::move(status);
  }

  Histogram& round_duration() { return *round_duration_; }
  Histogram& launch_duration() { return *launch_duration_; }
  Histogram& update_duration() { return *update_duration_; }
  Counter& rounds_missed() { return *rounds_missed_; }
  Counter& oom_kills() { return *oom_kills_; }
  Counter& cgroup_leaks() { return *cgroup_leaks_; }
  Counter& launches(bool ok) { return *launches_.at(ok); }
  Counter& exits(TaskExitReason reason) { return *exits_.at(reason); }
  Counter& updates(LimitResource resource, bool ok) {
    return *updates_.at({resource, ok});
  }
  Counter& collector_errors(absl::string_view collector, absl::StatusCode code);
  void ObservePhase(absl::string_view phase, absl::Duration duration);
  void SetAutoIsolation(const std::string& executor) {
    absl::MutexLock lock(&mutex_);
    auto_isolation_ = {executor};
  }
  void CountEvent(absl::string_view type);
  void CountResponse(HttpRoute route, int code);
  PolicyMetrics& policy() { return policy_; }

 private:
  Counter* AddCounter(const std::string& name, const std::string& help);
  Histogram* AddHistogram(const std::string& name, const std::string& help);
  Family<Counter>& AddCounters(const std::string& name,
                               const std::string& help);
  void AddTaskCounters();
  void AddCollectorErrors();
  void AddEvents();
  void AddLaunchPhases();
  void AddHttpRequests();

  const Clock& clock_;
  const ProcessMetrics process_;
  PolicyMetrics policy_;
  prometheus::Registry registry_;

  // The registry owns what these point to.
  Histogram* const round_duration_;
  Histogram* const launch_duration_;
  Histogram* const update_duration_;
  Counter* const rounds_missed_;
  Counter* const oom_kills_;
  Counter* const cgroup_leaks_;
  std::map<bool, Counter*> launches_;
  std::map<TaskExitReason, Counter*> exits_;
  std::map<std::pair<LimitResource, bool>, Counter*> updates_;
  std::map<std::pair<std::string, std::string>, Counter*> collector_errors_;
  std::map<std::string, Counter*, std::less<>> events_;
  std::map<std::string, Histogram*, std::less<>> phases_;
  std::map<std::pair<HttpRoute, int>, Counter*> responses_;

  mutable absl::Mutex mutex_;
  std::function<TaskCounts()> task_counts_ ABSL_GUARDED_BY(mutex_);
  std::vector<DegradedController> degraded_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> auto_isolation_ ABSL_GUARDED_BY(mutex_);
  std::optional<TaskFilesStatus> task_files_ ABSL_GUARDED_BY(mutex_);
};

AgentMetrics::Impl::Impl(const BuildDescription& build, const Clock& clock,
                         const std::string& procfs)
    : clock_(clock),
      process_(procfs),
      round_duration_(AddHistogram("reeve_sampling_round_duration_seconds",
                                   "How long it took to sample every task.")),
      launch_duration_(AddHistogram(
          "reeve_task_launch_duration_seconds",
          "How long launches took, from the request to the program running.")),
      update_duration_(
          AddHistogram("reeve_limit_update_duration_seconds",
                       "How long updates of limits took, reading them back "
                       "included.")),
      rounds_missed_(AddCounter("reeve_sampling_rounds_missed_total",
                                "Sampling rounds that were left out because an "
                                "earlier one took too long.")),
      oom_kills_(AddCounter(
          "reeve_oom_kills_total",
          "Processes of tasks that the kernel killed for want of memory. "
          "Unlike the tasks' own counters it outlives the tasks.")),
      cgroup_leaks_(AddCounter(
          "reeve_cgroup_leaks_total",
          "Cgroups that could not be removed after their task had ended.")) {
  prometheus::BuildGauge()
      .Name("reeve_build_info")
      .Help("Always 1. Its labels tell what the agent was built from.")
      .Register(registry_)
      .Add({{"version", build.version},
            {"revision", build.revision},
            {"compiler", build.compiler}})
      .Set(1);
  AddTaskCounters();
  AddCollectorErrors();
  AddEvents();
  AddLaunchPhases();
  AddHttpRequests();
}

Family<Counter>& AgentMetrics::Impl::AddCounters(const std::string& name,
                                                 const std::string& help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry_);
}

Counter* AgentMetrics::Impl::AddCounter(const std::string& name,
                                        const std::string& help) {
  return &AddCounters(name, help).Add({});
}

Histogram* AgentMetrics::Impl::AddHistogram(const std::string& name,
                                            const std::string& help) {
  return &prometheus::BuildHistogram()
              .Name(name)
              .Help(help)
              .Register(registry_)
              .Add({}, DurationBuckets());
}

void AgentMetrics::Impl::AddTaskCounters() {
  auto& launches = AddCounters("reeve_task_launches_total",
                               "Launches that ended, well or not.");
  for (const bool ok : {true, false}) {
    launches_[ok] = &launches.Add({{"result", ResultName(ok)}});
  }
  auto& exits = AddCounters("reeve_task_exits_total",
                            "Tasks that ended, by how: exit code 0, another "
                            "code, a signal, out of memory, or not known.");
  for (const auto& reason : kExitReasons) {
    exits_[reason.first] = &exits.Add({{"reason", reason.second}});
  }
  auto& updates = AddCounters(
      "reeve_limit_updates_total",
      "Updates of limits of running tasks and of groups, by resource. An "
      "update of several resources changes all of them or none; one that fails "
      "is an error of the resource that it failed by.");
  for (const auto& resource : kLimitResources) {
    for (const bool ok : {true, false}) {
      updates_[{resource.first, ok}] = &updates.Add(
          {{"resource", resource.second}, {"result", ResultName(ok)}});
    }
  }
}

void AgentMetrics::Impl::AddCollectorErrors() {
  auto& errors = AddCounters(
      "reeve_collector_errors_total",
      "Kernel files that could not be read or understood. A task that has "
      "vanished is no error.");
  std::vector<std::string> collectors(std::begin(kCollectors),
                                      std::end(kCollectors));
  for (const OptionalCollector& one : OptionalCollectors()) {
    collectors.emplace_back(one.name);
  }
  for (const std::string& collector : collectors) {
    for (const char* reason : kErrorReasons) {
      collector_errors_[{collector, reason}] =
          &errors.Add({{"collector", collector}, {"reason", reason}});
    }
  }
}

void AgentMetrics::Impl::AddEvents() {
  auto& events = AddCounters(
      "reeve_events_total",
      "What happened to tasks and groups, as \"reeve events\" shows it.");
  for (const char* type : kEventTypes) {
    events_[type] = &events.Add({{"type", type}});
  }
}

void AgentMetrics::Impl::AddLaunchPhases() {
  auto& phases = prometheus::BuildHistogram()
                     .Name("reeve_launch_phase_seconds")
                     .Help(
                         "How long the parts of launches took that went "
                         "well, in their order: looking up what the spec "
                         "names, the record on disk, the cgroup, devices and "
                         "overlay, the start of the shim, the root and "
                         "namespaces, the program, and the word of it.")
                     .Register(registry_);
  for (const char* phase : kLaunchPhases) {
    phases_[phase] = &phases.Add({{"phase", phase}}, PhaseBuckets());
  }
}

void AgentMetrics::Impl::ObservePhase(absl::string_view phase,
                                      absl::Duration duration) {
  const auto found = phases_.find(phase);
  if (found == phases_.end()) return;
  found->second->Observe(absl::ToDoubleSeconds(duration));
}

void AgentMetrics::Impl::CountEvent(absl::string_view type) {
  const auto found = events_.find(type);
  if (found != events_.end()) found->second->Increment();
}

void AgentMetrics::Impl::AddHttpRequests() {
  auto& requests =
      AddCounters("reeve_http_requests_total",
                  "HTTP requests by path and status of the answer.");
  for (const RouteDescription& route : HttpRoutes()) {
    for (const int code : route.codes) {
      responses_[{route.route, code}] =
          &requests.Add({{"path", route.path}, {"code", absl::StrCat(code)}});
    }
  }
}

Counter& AgentMetrics::Impl::collector_errors(absl::string_view collector,
                                              absl::StatusCode code) {
  const auto found =
      collector_errors_.find({std::string(collector), ErrorReasonOf(code)});
  if (found != collector_errors_.end()) return *found->second;
  return *collector_errors_.at({kOther, ErrorReasonOf(code)});
}

void AgentMetrics::Impl::CountResponse(HttpRoute route, int code) {
  const auto found = responses_.find({route, code});
  if (found != responses_.end()) found->second->Increment();
}

std::vector<MetricFamily> AgentMetrics::Impl::Collect(
    const Snapshot* latest, std::vector<DegradedController> degraded) const {
  std::vector<MetricFamily> families = registry_.Collect();
  for (MetricFamily& family : process_.Collect()) {
    families.push_back(std::move(family));
  }
  for (MetricFamily& family : policy_.Collect()) {
    families.push_back(std::move(family));
  }
  std::function<TaskCounts()> task_counts;
  std::vector<std::string> isolation;
  std::optional<TaskFilesStatus> task_files;
  {
    absl::MutexLock lock(&mutex_);
    task_files = task_files_;
    task_counts = task_counts_;
    isolation = auto_isolation_;
    if (degraded.empty()) degraded = degraded_;
  }
  if (!degraded.empty()) families.push_back(DegradedFamily(degraded));
  if (!isolation.empty()) families.push_back(IsolationFamily(isolation));
  if (task_files.has_value()) {
    for (MetricFamily& family : TaskFilesFamilies(*task_files)) {
      families.push_back(std::move(family));
    }
  }
  families.push_back(TasksFamily(task_counts ? task_counts() : TaskCounts()));
  if (latest != nullptr) {
    families.push_back(
        SamplesAgeFamily(clock_.MonotonicNow() - latest->taken_at_monotonic));
  }
  Sort(&families);
  return families;
}

AgentMetrics::AgentMetrics(const BuildDescription& build, const Clock& clock,
                           const std::string& procfs)
    : impl_(std::make_unique<Impl>(build, clock, procfs)) {}

AgentMetrics::~AgentMetrics() = default;

void AgentMetrics::SetTaskCounts(std::function<TaskCounts()> counts) {
  impl_->SetTaskCounts(std::move(counts));
}

void AgentMetrics::SetDegraded(std::vector<DegradedController> degraded) {
  impl_->SetDegraded(std::move(degraded));
}

void AgentMetrics::SetTaskFiles(TaskFilesStatus status) {
  impl_->SetTaskFiles(std::move(status));
}

void AgentMetrics::OnRound(absl::Duration duration, absl::Duration /*late*/,
                           uint64_t /*tasks*/, uint64_t missed) {
  impl_->round_duration().Observe(absl::ToDoubleSeconds(duration));
  impl_->rounds_missed().Increment(static_cast<double>(missed));
}

void AgentMetrics::OnError(absl::string_view collector,
                           const absl::Status& status) {
  impl_->collector_errors(collector, status.code()).Increment();
}

void AgentMetrics::OnLaunch(bool ok, absl::Duration duration) {
  impl_->launches(ok).Increment();
  impl_->launch_duration().Observe(absl::ToDoubleSeconds(duration));
}

void AgentMetrics::OnLaunchPhase(absl::string_view phase,
                                 absl::Duration duration) {
  impl_->ObservePhase(phase, duration);
}

void AgentMetrics::SetAutoIsolation(const std::string& executor) {
  impl_->SetAutoIsolation(executor);
}

void AgentMetrics::OnExit(TaskExitReason reason) {
  impl_->exits(reason).Increment();
}

void AgentMetrics::OnOomKills(uint64_t kills) {
  impl_->oom_kills().Increment(static_cast<double>(kills));
}

void AgentMetrics::OnLimitUpdate(const std::vector<LimitResource>& resources,
                                 bool ok, absl::Duration duration) {
  for (const LimitResource resource : resources) {
    impl_->updates(resource, ok).Increment();
  }
  impl_->update_duration().Observe(absl::ToDoubleSeconds(duration));
}

void AgentMetrics::OnCgroupLeaked() { impl_->cgroup_leaks().Increment(); }

void AgentMetrics::OnEvent(absl::string_view type) { impl_->CountEvent(type); }

void AgentMetrics::SetPolicyRules(std::vector<PolicyRuleLabels> rules) {
  impl_->policy().SetRules(std::move(rules));
}

void AgentMetrics::OnPolicyRead(bool ok, absl::Time now) {
  impl_->policy().OnRead(ok, now);
}

void AgentMetrics::OnPolicyAction(absl::string_view rule,
                                  absl::string_view action,
                                  absl::string_view result) {
  impl_->policy().OnAction(rule, action, result);
}

void AgentMetrics::OnHttpResponse(HttpRoute route, int code) {
  impl_->CountResponse(route, code);
}

void AgentMetrics::AppendText(const Snapshot* latest, std::string* page,
                              const AgentTextOptions& options) const {
  if (!options.has_agent && !options.has_process) return;
  for (const MetricFamily& family : impl_->Collect(latest)) {
    const bool is_process = absl::StartsWith(family.name, "process_");
    if (is_process ? options.has_process : options.has_agent) {
      AppendFamily(family, options.format, page);
    }
  }
}

std::vector<FamilyDescription> AgentMetrics::Describe() const {
  const Snapshot any;
  std::vector<FamilyDescription> descriptions;
  for (const MetricFamily& family : impl_->Collect(&any, EveryDegradation())) {
    descriptions.push_back(DescriptionOf(family));
  }
  // A page has one of these, or has them only with a directory of specs or a
  // policy.
  std::vector<MetricFamily> others = TaskFilesExample();
  others.push_back(IsolationFamily({"native", "universal"}));
  for (MetricFamily& family : PolicyMetrics::Example()) {
    others.push_back(std::move(family));
  }
  for (const MetricFamily& family : others) {
    descriptions.push_back(DescriptionOf(family));
  }
  std::sort(descriptions.begin(), descriptions.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return descriptions;
}

}  // namespace reeve
