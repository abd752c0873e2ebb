#include "exporters/prometheus/agent_label_tables.h"

namespace reeve {

std::vector<RouteDescription> HttpRoutes() {
  return {
      {HttpRoute::kLanding, "/", {200, 405}},
      {HttpRoute::kMetrics, "/metrics", {200, 400, 405}},
      {HttpRoute::kCadvisor, "/metrics/cadvisor", {200, 405}},
      {HttpRoute::kHealthy, "/-/healthy", {200, 405}},
      {HttpRoute::kReady, "/-/ready", {200, 405, 503}},
      {HttpRoute::kTasks, "/api/v1/tasks", {200, 405}},
      {HttpRoute::kTask, "/api/v1/tasks/ID", {200, 404, 405, 500}},
      {HttpRoute::kTaskHistory,
       "/api/v1/tasks/ID/history",
       {200, 400, 404, 405}},
      {HttpRoute::kGroups, "/api/v1/groups", {200, 405}},
      {HttpRoute::kGroupHistory,
       "/api/v1/groups/GROUP/history",
       {200, 400, 404, 405}},
      {HttpRoute::kOther, kOther, {400, 401, 404, 405, 408, 431, 503, 505}},
  };
}

const char* ErrorReasonOf(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kPermissionDenied:
      return "permission_denied";
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
      return "malformed";
    case absl::StatusCode::kResourceExhausted:
      return "no_resources";
    default:
      return "io";
  }
}

}  // namespace reeve
