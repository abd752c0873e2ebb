// The control socket of a whole agent, and clients that hang, drip, talk
// nonsense or take no answer: none of them holds up another.

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/base/config.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "agent/agent.h"
#include "agent/agent_options.h"
#include "agent/api/call_threads.h"
#include "agent/api/task_service.grpc.pb.h"
#include "base/unique_fd.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/runfiles.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

// What a client of HTTP/2 says first (RFC 9113, 3.4), and an empty SETTINGS
// frame.
constexpr char kPreface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
constexpr absl::string_view kSettings("\0\0\0\4\0\0\0\0\0", 9);
// Generous: the machine may be busy, or emulated.
constexpr absl::Duration kSoon = absl::Seconds(20);

class ControlSocketTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "needs root to make cgroups";
#ifdef ABSL_HAVE_THREAD_SANITIZER
    GTEST_SKIP() << "Debian's gRPC is not instrumented for this sanitizer";
#endif
    AgentOptions options;
    options.state_dir = tree_.Path("state");
    options.socket = socket_;
    options.listen_address = "";
    options.cgroup_parent = absl::StrCat("/reeve-test-", getpid());
    options.shim_path = RunfilePath("enforcement/shim/reeve-shim");
    absl::StatusOr<std::unique_ptr<Agent>> agent = Agent::Start(options);
    ASSERT_THAT(agent, IsOk());
    agent_ = *std::move(agent);
    stub_ = NewClient();
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

  std::unique_ptr<v1::TaskService::Stub> NewClient() const {
    grpc::ChannelArguments arguments;
    // A connection of its own.
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return v1::TaskService::NewStub(grpc::CreateCustomChannel(
        absl::StrCat("unix:", socket_), grpc::InsecureChannelCredentials(),
        arguments));
  }

  UniqueFd Connect() const {
    UniqueFd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, socket_.data(), socket_.size());
    EXPECT_EQ(connect(fd.get(), reinterpret_cast<const sockaddr*>(&address),
                      sizeof(address)),
              0);
    return fd;
  }

  void LaunchShell(const std::string& script) {
    v1::LaunchRequest request;
    request.mutable_spec()->set_id("t");
    for (const char* word : {"/bin/sh", "-c", script.c_str()}) {
      request.mutable_spec()->add_command(word);
    }
    request.mutable_spec()->mutable_stdout()->set_path(tree_.Path("out"));
    grpc::ClientContext context;
    v1::LaunchResponse response;
    const grpc::Status status = stub_->Launch(&context, request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }

  // A call of another client.
  grpc::Status List() const {
    const std::unique_ptr<v1::TaskService::Stub> client = NewClient();
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + kSoon));
    v1::ListResponse response;
    return client->List(&context, v1::ListRequest(), &response);
  }

  // Whether so many tasks come to run.
  bool AwaitTasks(int count) {
    const absl::Time until = absl::Now() + kSoon;
    while (absl::Now() < until) {
      grpc::ClientContext context;
      context.set_deadline(absl::ToChronoTime(until));
      v1::ListResponse response;
      if (!stub_->List(&context, v1::ListRequest(), &response).ok()) {
        return false;
      }
      const bool all_run =
          absl::c_all_of(response.tasks(), [](const v1::TaskSummary& task) {
            return task.state() != v1::TASK_STATE_STARTING;
          });
      if (response.tasks_size() == count && all_run) return true;
      absl::SleepFor(absl::Milliseconds(1));
    }
    return false;
  }

  FakeTree tree_;
  const std::string socket_ = tree_.Path("reeve.sock");
  std::unique_ptr<Agent> agent_;
  std::unique_ptr<v1::TaskService::Stub> stub_;
};

void Send(const UniqueFd& fd, absl::string_view bytes) {
  EXPECT_EQ(send(fd.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(bytes.size()));
}

TEST_F(ControlSocketTest, ClientsThatHangHoldNobodyUp) {
  std::vector<UniqueFd> hanging;
  for (int i = 0; i < 100; ++i) {
    hanging.push_back(Connect());
    hanging.push_back(Connect());
    Send(hanging.back(), absl::string_view(kPreface, 3));
    hanging.push_back(Connect());
    Send(hanging.back(), kPreface);
    Send(hanging.back(), kSettings);
  }

  const grpc::Status status = List();

  EXPECT_TRUE(status.ok()) << status.error_message();
}

TEST_F(ControlSocketTest, AClientThatDripsHoldsNobodyUp) {
  const UniqueFd dripping = Connect();
  std::atomic<bool> has_ended{false};
  std::thread drip([&] {
    const std::string bytes =
        absl::StrCat(kPreface, kSettings, std::string(100'000, '\0'));
    for (size_t i = 0; i < bytes.size() && !has_ended; ++i) {
      (void)send(dripping.get(), &bytes[i], 1, MSG_NOSIGNAL);
      absl::SleepFor(absl::Milliseconds(1));
    }
  });

  for (int i = 0; i < 20; ++i) {
    const grpc::Status status = List();
    EXPECT_TRUE(status.ok()) << status.error_message();
  }

  has_ended = true;
  drip.join();
}

TEST_F(ControlSocketTest, NonsenseEndsItsOwnConnection) {
  const UniqueFd client = Connect();
  Send(client, "GET / HTTP/1.1\r\n\r\n");

  // Whatever it is told first, the connection ends.
  const timeval limit{20, 0};
  setsockopt(client.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  char bytes[4096];
  ssize_t n;
  do {
    n = recv(client.get(), bytes, sizeof(bytes), 0);
  } while (n > 0);

  EXPECT_TRUE(n == 0 || errno == ECONNRESET) << std::strerror(errno);
  EXPECT_TRUE(List().ok());
}

TEST_F(ControlSocketTest, FollowersThatTakeNothingHoldNobodyUp) {
  LaunchShell("head -c 400000 /dev/zero; exec sleep 1000");
  struct Follower {
    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientReader<v1::LogsResponse>> reader;
  };
  v1::LogsRequest request;
  request.set_id("t");
  request.set_follow(true);
  std::vector<std::unique_ptr<Follower>> followers;
  for (int i = 0; i < CallThreads::kMaxThreads; ++i) {
    followers.push_back(std::make_unique<Follower>());
    Follower& follower = *followers.back();
    follower.reader = stub_->Logs(&follower.context, request);
    // One answer, so that the call is there.
    v1::LogsResponse response;
    ASSERT_TRUE(follower.reader->Read(&response));
  }

  Follower further;
  further.reader = stub_->Logs(&further.context, request);
  v1::LogsResponse response;
  EXPECT_FALSE(further.reader->Read(&response));
  const grpc::Status refused = further.reader->Finish();
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_THAT(refused.error_message(), HasSubstr("follow logs or stats"));
  EXPECT_TRUE(List().ok());

  for (auto& follower : followers) follower->context.TryCancel();
  for (auto& follower : followers) {
    while (follower->reader->Read(&response)) {
    }
    (void)follower->reader->Finish();
  }
  const absl::Time until = absl::Now() + kSoon;
  bool is_served = false;
  while (!is_served && absl::Now() < until) {
    Follower again;
    again.reader = stub_->Logs(&again.context, request);
    is_served = again.reader->Read(&response);
    again.context.TryCancel();
    (void)again.reader->Finish();
  }
  EXPECT_TRUE(is_served) << "the threads of calls that ended are free again";
}

TEST_F(ControlSocketTest, StopsThatWaitHoldNobodyUp) {
  LaunchShell("trap '' INT; echo ready; while :; do sleep 1; done");
  const absl::Time until = absl::Now() + kSoon;
  while (tree_.Read("out").empty() && absl::Now() < until) {
    absl::SleepFor(absl::Milliseconds(10));
  }
  v1::StopRequest request;
  request.set_id("t");
  request.mutable_grace()->set_seconds(1000);
  std::vector<std::thread> stops;
  stops.reserve(CallThreads::kMaxThreads);
  for (int i = 0; i < CallThreads::kMaxThreads; ++i) {
    stops.emplace_back([&] {
      grpc::ClientContext context;
      v1::StopResponse response;
      stub_->Stop(&context, request, &response);
    });
  }
  absl::SleepFor(absl::Seconds(1));

  EXPECT_TRUE(List().ok());

  v1::SignalRequest kill;
  kill.set_id("t");
  kill.set_signal("SIGKILL");
  grpc::ClientContext context;
  v1::SignalResponse response;
  EXPECT_TRUE(stub_->Signal(&context, kill, &response).ok());
  for (std::thread& stop : stops) stop.join();
}

TEST_F(ControlSocketTest, LaunchesThatWaitHoldNobodyUp) {
  if (getenv("REEVE_VM") != nullptr) {
    GTEST_SKIP() << "so many launches take minutes in the test machine, and no "
                    "cgroup is in them";
  }
  // More than the server has threads.
  constexpr int kLaunches = 270;
  std::vector<std::thread> launches;
  launches.reserve(kLaunches);
  std::atomic<int> launched{0};
  for (int i = 0; i < kLaunches; ++i) {
    launches.emplace_back([&, i] {
      v1::LaunchRequest request;
      request.mutable_spec()->set_id(absl::StrCat("t", i));
      request.mutable_spec()->add_command("/bin/sleep");
      request.mutable_spec()->add_command("1000");
      request.mutable_wait()->set_seconds(10);
      grpc::ClientContext context;
      v1::LaunchResponse response;
      if (stub_->Launch(&context, request, &response).ok()) ++launched;
    });
    // One after the other: what waits is the exit, not the launch.
    if (!AwaitTasks(i + 1)) {
      ADD_FAILURE() << "nobody answers after " << i << " launches";
      break;
    }
  }

  for (size_t i = 0; i < launches.size(); ++i) {
    v1::StopRequest request;
    request.set_id(absl::StrCat("t", i));
    request.mutable_grace()->set_seconds(0);
    v1::StopResponse response;
    grpc::ClientContext context;
    EXPECT_TRUE(stub_->Stop(&context, request, &response).ok());
  }
  for (std::thread& launch : launches) launch.join();
  EXPECT_EQ(launched, kLaunches);
}

}  // namespace
}  // namespace reeve
