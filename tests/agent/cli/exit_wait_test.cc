#include "agent/cli/exit_wait.h"

#include <thread>

#include "absl/time/time.h"
#include "agent/cli/agent_client.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/agent/cli/fake_agent.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

class ExitWaitTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (kWhyNoCalls != nullptr) GTEST_SKIP() << kWhyNoCalls;
  }

  // Lets the fake agent's Wait() return, with signals_before_exit at 1.
  static void EndWait(FakeAgent& agent) {
    const v1::SignalRequest request;
    v1::SignalResponse response;
    EXPECT_TRUE(agent.service().Signal(nullptr, &request, &response).ok());
  }

  FakeAgent agent_;
};

TEST_F(ExitWaitTest, TellsHowTheTaskEnded) {
  agent_.service().wait_response.mutable_exit()->set_code(7);
  AgentClient client(agent_.InProcessChannel());

  const absl::StatusOr<v1::ExitStatus> exit =
      ExitWait("web", {agent_.socket(), true}, &client).Await();

  ASSERT_THAT(exit, IsOk());
  EXPECT_EQ(exit->code(), 7);
}

TEST_F(ExitWaitTest, GoesOnWithTheNextAgent) {
  agent_.service().status = grpc::Status(grpc::UNAVAILABLE, "Socket closed");
  AgentClient client(agent_.InProcessChannel());
  FakeAgent next;
  next.service().wait_response.mutable_exit()->set_code(7);

  const absl::StatusOr<v1::ExitStatus> exit =
      ExitWait("web", {next.socket(), true}, &client).Await();

  ASSERT_THAT(exit, IsOk());
  EXPECT_EQ(exit->code(), 7);
}

TEST_F(ExitWaitTest, SaysThatTheTaskGoesOnIfNoOtherAgentComes) {
  agent_.service().status = grpc::Status(grpc::CANCELLED, "the server ends");
  AgentClient client(agent_.InProcessChannel());

  EXPECT_THAT(ExitWait("web", {"/nonexistent/reeve.sock", true}, &client,
                       absl::Milliseconds(1))
                  .Await(),
              StatusIs(absl::StatusCode::kUnavailable,
                       "the agent ended, and no other has come within 1ms: "
                       "task web goes on: \"reeve wait web\" waits for it with "
                       "the next"));
}

TEST_F(ExitWaitTest, AnAgentOfThisProcessHasNoNext) {
  agent_.service().status = grpc::Status(grpc::UNAVAILABLE, "Socket closed");
  AgentClient client(agent_.InProcessChannel());

  EXPECT_THAT(ExitWait("web", {}, &client).Await(),
              StatusIs(absl::StatusCode::kUnavailable,
                       "lost the agent: Socket closed"));
}

TEST_F(ExitWaitTest, WhatTheAgentSaysOfTheTaskIsTold) {
  agent_.service().status = grpc::Status(grpc::NOT_FOUND, "no task web");
  AgentClient client(agent_.InProcessChannel());

  EXPECT_THAT(ExitWait("web", {agent_.socket(), true}, &client).Await(),
              StatusIs(absl::StatusCode::kNotFound, "no task web"));
}

TEST_F(ExitWaitTest, ACancelledOneLooksForNoOtherAgent) {
  agent_.service().signals_before_exit = 1;
  AgentClient client(agent_.InProcessChannel());
  ExitWait wait("web", {"/nonexistent/reeve.sock", true}, &client,
                absl::InfiniteDuration());
  std::thread canceller([&wait] { wait.Cancel(); });

  EXPECT_THAT(wait.Await(), StatusIs(absl::StatusCode::kCancelled));
  canceller.join();
  EndWait(agent_);
}

}  // namespace
}  // namespace reeve
