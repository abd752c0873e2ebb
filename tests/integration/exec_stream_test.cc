// Exec and ExecStream of a whole agent, called in this process.

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/config.h"
#include "absl/strings/match.h"
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

constexpr size_t kChunk = 65'536;

// A stream of bytes that is nowhere the same.
class Noise {
 public:
  std::string Next(size_t size) {
    std::string bytes(size, '\0');
    for (char& byte : bytes) {
      state_ = state_ * 6364136223846793005u + 1442695040888963407u;
      byte = static_cast<char>(state_ >> 56);
    }
    return bytes;
  }

 private:
  uint64_t state_ = 1;
};

class ExecStreamTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "needs root to make cgroups";
#ifdef ABSL_HAVE_THREAD_SANITIZER
    GTEST_SKIP() << "Debian's gRPC is not instrumented for this sanitizer";
#endif
    AgentOptions options;
    options.state_dir = tree_.Path("state");
    options.cgroup_parent = absl::StrCat("/reeve-test-", getpid());
    options.shim_path = RunfilePath("enforcement/shim/reeve-shim");
    absl::StatusOr<std::unique_ptr<Agent>> agent = Agent::StartLocal(options);
    ASSERT_THAT(agent, IsOk());
    agent_ = *std::move(agent);
    stub_ = v1::TaskService::NewStub(agent_->InProcessChannel());
    v1::LaunchRequest request;
    request.mutable_spec()->set_id("t");
    request.mutable_spec()->add_command("/bin/sleep");
    request.mutable_spec()->add_command("1000");
    grpc::ClientContext context;
    v1::LaunchResponse response;
    ASSERT_TRUE(stub_->Launch(&context, request, &response).ok());
  }

  void TearDown() override {
    if (agent_ == nullptr) return;
    v1::StopRequest request;
    request.set_id("t");
    request.mutable_grace()->set_seconds(0);
    grpc::ClientContext context;
    v1::StopResponse response;
    stub_->Stop(&context, request, &response);
  }

  static v1::ExecRequest Shell(const std::string& script) {
    v1::ExecRequest request;
    request.set_id("t");
    for (const char* word : {"/bin/sh", "-c", script.c_str()}) {
      request.add_command(word);
    }
    return request;
  }

  FakeTree tree_;
  std::unique_ptr<Agent> agent_;
  std::unique_ptr<v1::TaskService::Stub> stub_;
};

// One ExecStream call.
class Call {
 public:
  Call(v1::TaskService::Stub& stub, const v1::ExecRequest& setup)
      : stream_(stub.ExecStream(&context_)) {
    v1::ExecStreamRequest request;
    *request.mutable_setup() = setup;
    Send(request);
  }

  bool Send(const v1::ExecStreamRequest& request) {
    return stream_->Write(request);
  }
  bool SendInput(const std::string& bytes) {
    v1::ExecStreamRequest request;
    request.set_stdin(bytes);
    return Send(request);
  }
  void CloseInput() {
    v1::ExecStreamRequest request;
    request.set_close_stdin(true);
    Send(request);
  }

  // Reads until `text` has come on standard output.
  bool ReadUntil(const std::string& text) {
    while (!absl::StrContains(out, text)) {
      if (!Read()) return false;
    }
    return true;
  }

  bool Read() {
    v1::ExecStreamResponse response;
    if (!stream_->Read(&response)) return false;
    EXPECT_EQ(exits, 0) << "the exit is the last answer";
    largest = std::max(largest, response.stdout().size());
    out += response.stdout();
    err += response.stderr();
    closed += response.stdout_closed() ? 1 : 0;
    closed += response.stderr_closed() ? 1 : 0;
    if (response.has_exit()) {
      ++exits;
      exit = response.exit();
    }
    return true;
  }

  grpc::Status Finish() {
    while (Read()) {
    }
    return stream_->Finish();
  }

  void Cancel() { context_.TryCancel(); }

  std::string out;
  std::string err;
  size_t largest = 0;
  int closed = 0;
  int exits = 0;
  v1::ExitStatus exit;

 private:
  grpc::ClientContext context_;
  std::unique_ptr<
      grpc::ClientReaderWriter<v1::ExecStreamRequest, v1::ExecStreamResponse>>
      stream_;
};

TEST_F(ExecStreamTest, ExecAnswersWithOutputAndExit) {
  grpc::ClientContext context;
  v1::ExecResponse response;

  const grpc::Status status =
      stub_->Exec(&context, Shell("echo out; echo err >&2; exit 3"), &response);

  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.exit().code(), 3);
  EXPECT_EQ(response.output(), "out\nerr\n");
  EXPECT_FALSE(response.output_truncated());
}

TEST_F(ExecStreamTest, ExecEndsAtItsDeadline) {
  v1::ExecRequest request = Shell("sleep 1000");
  request.mutable_deadline()->set_nanos(200'000'000);
  grpc::ClientContext context;
  v1::ExecResponse response;

  const grpc::Status status = stub_->Exec(&context, request, &response);

  EXPECT_EQ(status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_THAT(status.error_message(), HasSubstr("killed"));
  request.mutable_deadline()->set_nanos(0);
  grpc::ClientContext second;
  EXPECT_EQ(stub_->Exec(&second, request, &response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(ExecStreamTest, AnExecWhoseCallerHasGoneIsKilled) {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(1)));
  v1::ExecResponse response;

  EXPECT_FALSE(stub_
                   ->Exec(&context,
                          Shell(absl::StrCat("echo $$ >", tree_.Path("pid"),
                                             "; exec sleep 1000")),
                          &response)
                   .ok());

  const std::string pid = tree_.Read("pid");
  for (int i = 0;
       i < 6000 &&
       access(absl::StrCat("/proc/", pid.substr(0, pid.size() - 1)).c_str(),
              F_OK) == 0;
       ++i) {
    absl::SleepFor(absl::Milliseconds(10));
  }
  EXPECT_NE(
      access(absl::StrCat("/proc/", pid.substr(0, pid.size() - 1)).c_str(),
             F_OK),
      0);
}

TEST_F(ExecStreamTest, StreamsAreApartAndTheExitComesLast) {
  Call call(*stub_, Shell("echo out; echo err >&2; exit 7"));

  ASSERT_TRUE(call.Finish().ok());

  EXPECT_EQ(call.out, "out\n");
  EXPECT_EQ(call.err, "err\n");
  EXPECT_EQ(call.closed, 2);
  ASSERT_EQ(call.exits, 1);
  EXPECT_EQ(call.exit.code(), 7);
}

TEST_F(ExecStreamTest, ASignalIsAddedTo128) {
  Call call(*stub_, Shell("kill -KILL $$"));
  ASSERT_TRUE(call.Finish().ok());
  EXPECT_EQ(call.exit.code(), 137);
  EXPECT_EQ(call.exit.signal(), 9);
}

TEST_F(ExecStreamTest, InputComesOutAgainByteForByte) {
  constexpr int kChunks = 100 * (size_t{1} << 20) / kChunk;
  Call call(*stub_, Shell("exec cat"));
  std::thread sender([&] {
    Noise noise;
    for (int i = 0; i < kChunks; ++i) {
      if (!call.SendInput(noise.Next(kChunk))) break;
    }
    call.CloseInput();
  });

  ASSERT_TRUE(call.Finish().ok());
  sender.join();

  EXPECT_EQ(call.exit.code(), 0);
  EXPECT_LE(call.largest, kChunk);
  ASSERT_EQ(call.out.size(), kChunks * kChunk);
  Noise noise;
  for (int i = 0; i < kChunks; ++i) {
    ASSERT_EQ(call.out.compare(i * kChunk, kChunk, noise.Next(kChunk)), 0);
  }
}

TEST_F(ExecStreamTest, AllOutputComesHoweverSlowlyItIsTaken) {
  Call call(*stub_, Shell("head -c 200000 /dev/zero"));
  absl::SleepFor(absl::Seconds(1));

  ASSERT_TRUE(call.Finish().ok());

  EXPECT_EQ(call.out, std::string(200'000, '\0'));
}

TEST_F(ExecStreamTest, TheEndOfTheRequestsClosesTheInput) {
  grpc::ClientContext context;
  const auto stream = stub_->ExecStream(&context);
  v1::ExecStreamRequest request;
  *request.mutable_setup() = Shell("wc -c");
  ASSERT_TRUE(stream->Write(request));
  ASSERT_TRUE(stream->WritesDone());
  v1::ExecStreamResponse response;
  std::string out;
  while (stream->Read(&response)) out += response.stdout();

  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(out, "0\n");
}

// Sends input without a pause until the call has ended. Within a process, a
// write into an ended call succeeds.
grpc::Status FinishFlooded(Call& call) {
  std::atomic<bool> has_ended{false};
  std::thread sender([&] {
    while (!has_ended && call.SendInput(std::string(kChunk, 'x'))) {
    }
  });
  grpc::Status status = call.Finish();
  has_ended = true;
  sender.join();
  return status;
}

TEST_F(ExecStreamTest, ACommandThatReadsNothingStillEnds) {
  Call call(*stub_, Shell("exit 4"));

  EXPECT_TRUE(FinishFlooded(call).ok());

  EXPECT_EQ(call.exit.code(), 4);
}

TEST_F(ExecStreamTest, AFloodOfInputDoesNotHideTheDeadline) {
  v1::ExecRequest setup = Shell("exec <&-; sleep 1000");
  setup.mutable_deadline()->set_nanos(300'000'000);
  Call call(*stub_, setup);

  EXPECT_EQ(FinishFlooded(call).error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
}

TEST_F(ExecStreamTest, AFloodOfOutputDoesNotHideTheExit) {
  Call call(*stub_, Shell("cat /dev/zero & exit 5"));

  ASSERT_TRUE(call.Finish().ok());

  EXPECT_EQ(call.exit.code(), 5);
}

TEST_F(ExecStreamTest, OutputThatIsHeldOpenIsNotWaitedForLong) {
  const absl::Time began = absl::Now();
  Call call(*stub_, Shell("sleep 1000 & echo out"));

  ASSERT_TRUE(call.Finish().ok());

  EXPECT_LT(absl::Now() - began, absl::Seconds(60));
  EXPECT_EQ(call.out, "out\n");
  EXPECT_EQ(call.exit.code(), 0);
  EXPECT_EQ(call.closed, 0);
}

TEST_F(ExecStreamTest, ATerminalIsControllingAndCanBeResized) {
  v1::ExecRequest setup =
      Shell("read a </dev/tty; stty size; read b; stty size; read c; echo end");
  setup.set_tty(true);
  Call call(*stub_, setup);
  v1::ExecStreamRequest resize;
  resize.mutable_resize()->set_width(91);
  resize.mutable_resize()->set_height(17);
  ASSERT_TRUE(call.Send(resize));
  ASSERT_TRUE(call.SendInput("\n"));
  EXPECT_TRUE(call.ReadUntil("17 91"));
  resize.mutable_resize()->set_width(92);
  ASSERT_TRUE(call.Send(resize));
  ASSERT_TRUE(call.SendInput("\n"));
  EXPECT_TRUE(call.ReadUntil("17 92"));
  call.CloseInput();

  ASSERT_TRUE(call.Finish().ok());

  EXPECT_THAT(call.out, HasSubstr("end\r\n"));
  EXPECT_EQ(call.err, "");
  EXPECT_EQ(call.exit.code(), 0);
}

TEST_F(ExecStreamTest, KeysOfATerminalAreSignals) {
  v1::ExecRequest setup = Shell("echo ready; exec sleep 1000");
  setup.set_tty(true);
  Call call(*stub_, setup);
  ASSERT_TRUE(call.ReadUntil("ready"));
  ASSERT_TRUE(call.SendInput("\x03"));

  ASSERT_TRUE(call.Finish().ok());
  EXPECT_EQ(call.exit.code(), 130);
}

TEST_F(ExecStreamTest, DeadlineAndCancelKill) {
  v1::ExecRequest setup = Shell("sleep 1000");
  setup.mutable_deadline()->set_nanos(200'000'000);
  Call late(*stub_, setup);
  EXPECT_EQ(late.Finish().error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(late.exits, 0);

  Call cancelled(*stub_, Shell("echo ready; sleep 1000"));
  ASSERT_TRUE(cancelled.ReadUntil("ready"));
  cancelled.Cancel();
  EXPECT_EQ(cancelled.Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(ExecStreamTest, AClientThatTakesNothingHoldsNobodyUp) {
  std::vector<std::unique_ptr<Call>> slow;
  slow.reserve(8);
  for (int i = 0; i < 8; ++i) {
    slow.push_back(std::make_unique<Call>(*stub_, Shell("exec cat /dev/zero")));
  }
  absl::SleepFor(absl::Milliseconds(300));

  Call call(*stub_, Shell("echo out"));
  ASSERT_TRUE(call.Finish().ok());

  EXPECT_EQ(call.out, "out\n");
  for (auto& each : slow) each->Cancel();
  for (auto& each : slow) each->Finish();
}

TEST_F(ExecStreamTest, WrongRequestsAreRefused) {
  const auto error_of = [&](const v1::ExecStreamRequest& second) {
    Call call(*stub_, Shell("sleep 1000"));
    call.Send(second);
    return call.Finish().error_code();
  };
  v1::ExecStreamRequest request;
  request.mutable_resize();
  EXPECT_EQ(error_of(request), grpc::StatusCode::INVALID_ARGUMENT);
  *request.mutable_setup() = Shell("true");
  EXPECT_EQ(error_of(request), grpc::StatusCode::INVALID_ARGUMENT);

  v1::ExecRequest setup = Shell("true");
  setup.set_stdio_token("token");
  EXPECT_EQ(Call(*stub_, setup).Finish().error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  setup = Shell("true");
  setup.set_id("nobody");
  EXPECT_EQ(Call(*stub_, setup).Finish().error_code(),
            grpc::StatusCode::NOT_FOUND);

  grpc::ClientContext context;
  const auto stream = stub_->ExecStream(&context);
  stream->WritesDone();
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

}  // namespace
}  // namespace reeve
