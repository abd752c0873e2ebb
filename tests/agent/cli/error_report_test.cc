#include "agent/cli/error_report.h"

#include <sstream>
#include <string>

#include "agent/api/task_service.pb.h"
#include "grpcpp/support/status.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

absl::Status Answer(grpc::StatusCode code, const std::string& message,
                    v1::ErrorDetail::Reason reason) {
  v1::ErrorDetail detail;
  detail.set_reason(reason);
  return FromGrpcStatus(
      grpc::Status(code, message, detail.SerializeAsString()));
}

TEST(ReportErrorTest, PrintsOneLineAndFailsWith125) {
  std::ostringstream err;

  EXPECT_EQ(ReportError(absl::NotFoundError("task web: not known"), err), 125);
  EXPECT_EQ(ReportError(absl::InternalError("first\n second\n"), err), 125);
  EXPECT_EQ(ReportError(absl::UnimplementedError(""), err), 125);

  EXPECT_EQ(err.str(),
            "reeve: task web: not known\n"
            "reeve: first;  second\n"
            "reeve: UNIMPLEMENTED\n");
}

TEST(ReportErrorTest, TellsAMissingProgramFromOneThatCannotBeExecuted) {
  std::ostringstream err;

  EXPECT_EQ(ReportError(Answer(grpc::NOT_FOUND, "frob: not found",
                               v1::ErrorDetail::PROGRAM_NOT_FOUND),
                        err),
            127);
  EXPECT_EQ(ReportError(Answer(grpc::INVALID_ARGUMENT, "/tmp: a directory",
                               v1::ErrorDetail::PROGRAM_NOT_EXECUTABLE),
                        err),
            126);
  EXPECT_EQ(ReportError(Answer(grpc::NOT_FOUND, "user x: not known",
                               v1::ErrorDetail::REASON_UNSPECIFIED),
                        err),
            125);
}

TEST(ReportErrorTest, DetailsThatCannotBeReadCountAsNone) {
  std::ostringstream err;

  EXPECT_EQ(ReportError(FromGrpcStatus(grpc::Status(grpc::NOT_FOUND, "x",
                                                    "\xff\xff not a message")),
                        err),
            125);
}

TEST(FromGrpcStatusTest, KeepsCodeAndText) {
  const absl::Status status =
      FromGrpcStatus(grpc::Status(grpc::ALREADY_EXISTS, "task web: exists"));

  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(status.message(), "task web: exists");
  EXPECT_TRUE(FromGrpcStatus(grpc::Status::OK).ok());
}

TEST(FromGrpcStatusTest, TellsALostAgentFromOneThatLacksSomething) {
  EXPECT_EQ(FromGrpcStatus(grpc::Status(grpc::UNAVAILABLE, "Socket closed"))
                .message(),
            "lost the agent: Socket closed");
  EXPECT_EQ(FromGrpcStatus(grpc::Status(grpc::UNKNOWN, "Cancelling all calls"))
                .message(),
            "lost the agent: Cancelling all calls");
  EXPECT_EQ(
      FromGrpcStatus(grpc::Status(grpc::UNAVAILABLE, "no memory controller"))
          .message(),
      "no memory controller");
}

}  // namespace
}  // namespace reeve
