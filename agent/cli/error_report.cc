#include "agent/cli/error_report.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "agent/api/task_service.pb.h"
#include "grpcpp/support/status.h"

namespace reeve {
namespace {

constexpr absl::string_view kDetailUrl = "reeve.v1.ErrorDetail";

int ExitCode(const absl::Status& error) {
  const absl::optional<absl::Cord> payload = error.GetPayload(kDetailUrl);
  v1::ErrorDetail detail;
  if (!payload.has_value() || !detail.ParseFromString(std::string(*payload))) {
    return kExitFailed;
  }
  switch (detail.reason()) {
    case v1::ErrorDetail::PROGRAM_NOT_FOUND:
      return kExitNotFound;
    case v1::ErrorDetail::PROGRAM_NOT_EXECUTABLE:
      return kExitNotExecutable;
    default:
      return kExitFailed;
  }
}

// The agent too says UNAVAILABLE, of controllers for example; gRPC's own texts
// tell the difference.
bool IsLostConnection(const grpc::Status& status) {
  // What a server that ends says of calls that it does not wait for.
  if (status.error_message() == "Cancelling all calls") return true;
  if (status.error_code() != grpc::StatusCode::UNAVAILABLE) return false;
  for (const char* text : {"Socket closed", "Transport closed", "Broken pipe",
                           "Connection reset", "Endpoint closed", "GOAWAY"}) {
    if (absl::StrContains(status.error_message(), text)) return true;
  }
  return false;
}

}  // namespace

absl::Status FromGrpcStatus(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();

  std::string message = status.error_message();
  if (IsLostConnection(status)) {
    message = absl::StrCat("lost the agent: ", message);
  }
  // gRPC's codes are those of Abseil.
  absl::Status result(static_cast<absl::StatusCode>(status.error_code()),
                      message);
  if (!status.error_details().empty()) {
    result.SetPayload(kDetailUrl, absl::Cord(status.error_details()));
  }
  return result;
}

int ReportError(const absl::Status& error, std::ostream& err) {
  const std::string message = absl::StrJoin(
      absl::StrSplit(error.message(), '\n', absl::SkipWhitespace()), "; ");
  err << "reeve: "
      << (message.empty() ? absl::StatusCodeToString(error.code()) : message)
      << "\n";
  return ExitCode(error);
}

}  // namespace reeve
