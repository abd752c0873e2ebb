#ifndef REEVE_EXPORTERS_PROMETHEUS_AGENT_LABEL_TABLES_H_
#define REEVE_EXPORTERS_PROMETHEUS_AGENT_LABEL_TABLES_H_

#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "collectors/host/filesystem_sample.h"
#include "collectors/host/host_sample.h"
#include "exporters/prometheus/agent_labels.h"
#include "exporters/prometheus/collector_names.h"

// The texts of AgentMetrics' labels.
namespace reeve {

inline constexpr char kOther[] = "other";

// The names that readers of cgroups and of /proc report their errors under,
// beside those of the optional collectors.
inline constexpr const char* kCollectors[] = {"cpu",
                                              "memory",
                                              "pids",
                                              "process",
                                              kCgroupsCollector,
                                              kProcessesCollector,
                                              kHostCollector,
                                              kFilesystemCollector,
                                              kOther};

inline constexpr const char* kErrorReasons[] = {
    "permission_denied", "malformed", "no_resources", "io"};

inline constexpr std::pair<TaskExitReason, const char*> kExitReasons[] = {
    {TaskExitReason::kSuccess, "success"}, {TaskExitReason::kError, "error"},
    {TaskExitReason::kSignal, "signal"},   {TaskExitReason::kOom, "oom"},
    {TaskExitReason::kUnknown, "unknown"},
};

inline constexpr std::pair<LimitResource, const char*> kLimitResources[] = {
    {LimitResource::kMemory, "memory"},   {LimitResource::kCpu, "cpu"},
    {LimitResource::kPids, "pids"},       {LimitResource::kCpuset, "cpuset"},
    {LimitResource::kIo, "io"},           {LimitResource::kHugetlb, "hugetlb"},
    {LimitResource::kProcess, "process"},
};

inline constexpr const char* kEventTypes[] = {
    "adopted",          "created",       "exec_exited",   "exec_started",
    "exited",           "group_created", "group_removed", "group_updated",
    "limits_updated",   "oom_kill",      "paused",        "policy_action",
    "removed",          "restarting",    "resumed",       "shim_lost",
    "start_failed",     "started",       "stopping",      "task_file_applied",
    "task_file_failed", "throttled",     "unthrottled",   "update_failed"};

// All that reeve_enforcement_degraded can say, for the documentation.
inline constexpr const char* kDegradableControllers[] = {
    "cpu", "cpuset", "freezer", "hugetlb", "io", "memory", "pids"};
inline constexpr const char* kDegradedReasons[] = {
    "has_processes", "no_swap_accounting", "not_delegated", "not_mounted",
    "read_only"};

// Why a file of a directory of specs could not be applied.
inline constexpr const char* kTaskFileFailures[] = {
    "conflict", "duplicate", "invalid",    "launch",
    "order",    "stop",      "unreadable", "update"};

// The parts of a launch, in their order.
inline constexpr const char* kLaunchPhases[] = {"resolve", "record", "cgroup",
                                                "prepare", "shim",   "root",
                                                "program", "report"};

// A route of the HTTP server.
struct RouteDescription {
  HttpRoute route;
  const char* path;
  // Every status that the route can answer with.
  std::vector<int> codes;
};

std::vector<RouteDescription> HttpRoutes();

// One of kErrorReasons.
const char* ErrorReasonOf(absl::StatusCode code);

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_AGENT_LABEL_TABLES_H_
