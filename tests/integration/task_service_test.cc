// The control API of a whole agent, called in this process.

#include <unistd.h>

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/config.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "agent/agent.h"
#include "agent/agent_options.h"
#include "agent/api/task_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/runfiles.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

class TaskServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "needs root to make cgroups";
#ifdef ABSL_HAVE_THREAD_SANITIZER
    GTEST_SKIP() << "Debian's gRPC is not instrumented for this sanitizer";
#endif
    AgentOptions options;
    options.state_dir = tree_.Path("state");
    options.cgroup_parent = absl::StrCat("/reeve-test-", getpid());
    options.sample_interval = absl::Milliseconds(200);
    options.shim_path = RunfilePath("enforcement/shim/reeve-shim");
    absl::StatusOr<std::unique_ptr<Agent>> agent = Agent::StartLocal(options);
    ASSERT_THAT(agent, IsOk());
    agent_ = *std::move(agent);
    stub_ = v1::TaskService::NewStub(agent_->InProcessChannel());
  }

  void TearDown() override {
    if (agent_ == nullptr) return;
    for (const char* id : {"t", "u"}) {
      v1::StopRequest request;
      request.set_id(id);
      request.mutable_grace()->set_seconds(0);
      grpc::ClientContext context;
      v1::StopResponse response;
      stub_->Stop(&context, request, &response);
    }
  }

  static v1::LaunchRequest MakeLaunch(const std::vector<std::string>& command) {
    v1::LaunchRequest request;
    request.mutable_spec()->set_id("t");
    for (const std::string& word : command) {
      request.mutable_spec()->add_command(word);
    }
    return request;
  }

  grpc::Status Launch(const v1::LaunchRequest& request) {
    grpc::ClientContext context;
    response_ = {};
    return stub_->Launch(&context, request, &response_);
  }

  FakeTree tree_;
  std::unique_ptr<Agent> agent_;
  std::unique_ptr<v1::TaskService::Stub> stub_;
  v1::LaunchResponse response_;
};

TEST_F(TaskServiceTest, LaunchMayWaitForAShortTask) {
  v1::LaunchRequest request = MakeLaunch({"/bin/sh", "-c", "exit 3"});
  request.mutable_wait()->set_seconds(10);

  ASSERT_TRUE(Launch(request).ok());

  ASSERT_TRUE(response_.has_exit());
  EXPECT_EQ(response_.exit().code(), 3);
}

TEST_F(TaskServiceTest, LaunchAnswersWithoutTheExitOfALongTask) {
  v1::LaunchRequest request = MakeLaunch({"/bin/sleep", "1000"});
  request.mutable_wait()->set_nanos(50'000'000);

  ASSERT_TRUE(Launch(request).ok());

  EXPECT_FALSE(response_.has_exit());
  EXPECT_GT(response_.pid(), 0);
}

TEST_F(TaskServiceTest, AnIdIsFreeAgainOnceItsExitWasTold) {
  v1::LaunchRequest request = MakeLaunch({"/bin/true"});
  request.mutable_wait()->set_seconds(10);
  request.set_auto_remove(true);

  for (int i = 0; i < 20; ++i) {
    const grpc::Status status = Launch(request);
    ASSERT_TRUE(status.ok()) << status.error_message();
    ASSERT_TRUE(response_.has_exit());
  }
}

TEST_F(TaskServiceTest, EveryWaiterIsToldBeforeAndAfterTheExit) {
  ASSERT_TRUE(Launch(MakeLaunch({"/bin/sh", "-c", "sleep 0.3; exit 4"})).ok());
  const auto wait = [this] {
    grpc::ClientContext context;
    v1::WaitRequest request;
    request.set_id("t");
    v1::WaitResponse response;
    EXPECT_TRUE(stub_->Wait(&context, request, &response).ok());
    EXPECT_EQ(response.exit().code(), 4);
  };

  constexpr int kWaiters = 10;
  std::vector<std::thread> waiters;
  waiters.reserve(kWaiters);
  for (int i = 0; i < kWaiters; ++i) waiters.emplace_back(wait);
  for (std::thread& waiter : waiters) waiter.join();
  wait();
}

TEST_F(TaskServiceTest, AWaiterMayGiveUp) {
  ASSERT_TRUE(Launch(MakeLaunch({"/bin/sleep", "1000"})).ok());
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(1)));
  v1::WaitRequest request;
  request.set_id("t");
  v1::WaitResponse response;

  EXPECT_EQ(stub_->Wait(&context, request, &response).error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
}

TEST_F(TaskServiceTest, StatsEndWithTheTask) {
  ASSERT_TRUE(Launch(MakeLaunch({"/bin/sleep", "0.5"})).ok());
  grpc::ClientContext context;
  v1::StatsRequest request;
  request.set_id("t");
  request.mutable_interval()->set_nanos(100'000'000);
  const auto stream = stub_->Stats(&context, request);

  int samples = 0;
  v1::StatsResponse response;
  while (stream->Read(&response)) ++samples;

  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_GE(samples, 2);
}

TEST_F(TaskServiceTest, AnUpdateWithoutALimitIsRefused) {
  ASSERT_TRUE(Launch(MakeLaunch({"/bin/sleep", "1000"})).ok());
  grpc::ClientContext context;
  v1::UpdateRequest request;
  request.set_id("t");
  v1::UpdateResponse response;

  const grpc::Status status = stub_->Update(&context, request, &response);

  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), HasSubstr("at least one limit"));
}

TEST_F(TaskServiceTest, ALimitWithAValueAndWithoutOneIsRefused) {
  v1::LaunchRequest request = MakeLaunch({"/bin/true"});
  request.mutable_spec()->mutable_limits()->set_memory_bytes(1 << 26);
  request.mutable_spec()->mutable_limits()->set_memory_unlimited(true);

  const grpc::Status status = Launch(request);

  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), HasSubstr("memory"));
}

TEST_F(TaskServiceTest, CloseStdinEndsAnInputThatTheShimHolds) {
  v1::LaunchRequest request = MakeLaunch({"/bin/cat"});
  request.mutable_spec()->set_attachable(true);
  ASSERT_TRUE(Launch(request).ok());
  v1::CloseStdinRequest close;
  v1::CloseStdinResponse closed;
  close.set_id("t");

  grpc::ClientContext context;
  ASSERT_TRUE(stub_->CloseStdin(&context, close, &closed).ok());

  grpc::ClientContext wait_context;
  v1::WaitRequest wait;
  v1::WaitResponse ended;
  wait.set_id("t");
  ASSERT_TRUE(stub_->Wait(&wait_context, wait, &ended).ok());
  EXPECT_EQ(ended.exit().code(), 0);
  grpc::ClientContext late_context;
  EXPECT_EQ(stub_->CloseStdin(&late_context, close, &closed).error_code(),
            grpc::StatusCode::FAILED_PRECONDITION);
}

TEST_F(TaskServiceTest, StreamsThatNobodyHoldsAreRefusedWithTheReason) {
  ASSERT_TRUE(Launch(MakeLaunch({"/bin/sleep", "1000"})).ok());
  v1::CloseStdinRequest close;
  v1::CloseStdinResponse closed;
  close.set_id("t");
  v1::ResizeTtyRequest resize;
  v1::ResizeTtyResponse resized;
  resize.set_id("t");

  grpc::ClientContext close_context;
  const grpc::Status close_status =
      stub_->CloseStdin(&close_context, close, &closed);
  grpc::ClientContext resize_context;
  const grpc::Status resize_status =
      stub_->ResizeTty(&resize_context, resize, &resized);

  EXPECT_EQ(close_status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(close_status.error_message(), HasSubstr("--interactive"));
  EXPECT_EQ(resize_status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(resize_status.error_message(), HasSubstr("--tty"));
}

}  // namespace
}  // namespace reeve
