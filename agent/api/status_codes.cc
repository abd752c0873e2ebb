#include "agent/api/status_codes.h"

#include "agent/api/task_service.pb.h"
#include "base/utf8.h"
#include "enforcement/launch/launch_error.h"

namespace reeve {
namespace {

v1::ErrorDetail::Reason ReasonToProto(LaunchErrorReason reason) {
  switch (reason) {
    case LaunchErrorReason::kProgramNotFound:
      return v1::ErrorDetail::PROGRAM_NOT_FOUND;
    case LaunchErrorReason::kProgramNotExecutable:
      return v1::ErrorDetail::PROGRAM_NOT_EXECUTABLE;
    case LaunchErrorReason::kOther:
      break;
  }
  return v1::ErrorDetail::REASON_UNSPECIFIED;
}

}  // namespace

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  v1::ErrorDetail detail;
  detail.set_reason(ReasonToProto(ReasonOf(status)));
  // The codes of both are those of google.rpc.Code.
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()),
                      Utf8Text(status.message()), detail.SerializeAsString());
}

}  // namespace reeve
