// A command at the streams of a task, whose agent is none and whose shim is the
// test.
#include "agent/cli/task_session.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <csignal>
#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/unique_fd.h"
#include "gmock/gmock.h"
#include "grpcpp/client_context.h"
#include "gtest/gtest.h"
#include "tests/agent/cli/fake_agent.h"
#include "tests/testing/pseudo_terminal.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

UniqueFd Duplicate(int fd) { return UniqueFd(fcntl(fd, F_DUPFD_CLOEXEC, 0)); }

void MakePipe(UniqueFd* read_end, UniqueFd* write_end) {
  int ends[2] = {-1, -1};
  EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
  read_end->Reset(ends[0]);
  write_end->Reset(ends[1]);
}

std::string ReadAll(int fd) {
  std::string all;
  char bytes[256];
  ssize_t n = 0;
  while ((n = read(fd, bytes, sizeof(bytes))) > 0) {
    all.append(bytes, static_cast<size_t>(n));
  }
  return all;
}

void Write(const UniqueFd& fd, const std::string& text) {
  EXPECT_EQ(write(fd.get(), text.data(), text.size()),
            static_cast<ssize_t>(text.size()));
}

class TaskSessionTest : public ::testing::Test {
 protected:
  TaskSessionTest() {
    MakePipe(&user_in_, &typed_);
    MakePipe(&shown_, &user_out_);
    MakePipe(&errors_, &user_err_);
    env_.err = &told_;
    env_.stdin_fd = user_in_.get();
    env_.stdout_fd = user_out_.get();
    env_.stderr_fd = user_err_.get();
    options_.id = "web";
    agent_.service().wait_response.mutable_exit()->set_code(0);
  }

  // The session blocks the signals that it takes: before the threads of the
  // fake agent and of its client, if they are to leave those to it.
  void SetUp() override {
    if (kWhyNoCalls != nullptr) GTEST_SKIP() << kWhyNoCalls;
    const auto token = session_.Open([this](int in, int out, int err) {
      task_in_ = Duplicate(in);
      task_out_ = Duplicate(out);
      task_err_ = Duplicate(err);
      return absl::StatusOr<std::string>("token");
    });
    ASSERT_THAT(token, IsOkAndHolds("token"));
  }

  // Runs the session while `task` does what the task does, which ends then.
  int Run(const std::function<void()>& task) {
    AgentClient client(agent_.InProcessChannel());
    std::thread shim([this, &task] {
      task();
      task_in_.Reset();
      task_out_.Reset();
      task_err_.Reset();
    });
    const int exit_code = session_.Run(options_, &client);
    shim.join();
    return exit_code;
  }

  // At a terminal, from which keys go to that of the task.
  void SitAt(const PseudoTerminal& terminal) {
    env_.stdin_fd = terminal.fd();
    env_.stdout_fd = terminal.fd();
    options_.has_tty = true;
    options_.has_input = true;
  }

  static bool Await(const std::function<bool()>& condition) {
    const absl::Time until = absl::Now() + absl::Seconds(60);
    while (!condition() && absl::Now() < until) {
      absl::SleepFor(absl::Milliseconds(2));
    }
    return condition();
  }

  bool AwaitSignals(size_t count) {
    return Await(
        [&] { return agent_.service().signal_requests().size() >= count; });
  }

  std::vector<std::string> SignalsSent() {
    std::vector<std::string> signals;
    for (const v1::SignalRequest& request :
         agent_.service().signal_requests()) {
      EXPECT_EQ(request.id(), "web");
      signals.push_back(request.signal());
    }
    return signals;
  }

  // Lets a Wait() end that was given up, with signals_before_exit at 1.
  void EndWait() {
    AgentClient client(agent_.InProcessChannel());
    grpc::ClientContext context;
    v1::SignalResponse response;
    EXPECT_TRUE(
        client.stub().Signal(&context, v1::SignalRequest(), &response).ok());
  }

  std::string Shown() {
    user_out_.Reset();
    return ReadAll(shown_.get());
  }

  UniqueFd user_in_;
  UniqueFd user_out_;
  UniqueFd user_err_;
  // The other ends of these.
  UniqueFd typed_;
  UniqueFd shown_;
  UniqueFd errors_;
  std::ostringstream told_;
  CliEnvironment env_;
  TaskSession session_{env_};
  FakeAgent agent_;
  TaskSession::Options options_;
  UniqueFd task_in_;
  UniqueFd task_out_;
  UniqueFd task_err_;
};

TEST_F(TaskSessionTest, CopiesBothWaysAndExitsAsTheTaskDid) {
  options_.has_input = true;
  agent_.service().wait_response.mutable_exit()->set_code(7);
  Write(typed_, "in");
  typed_.Reset();

  EXPECT_EQ(Run([this] {
              EXPECT_EQ(ReadAll(task_in_.get()), "in");
              Write(task_out_, "out");
              Write(task_err_, "err");
            }),
            7);

  EXPECT_EQ(Shown(), "out");
  user_err_.Reset();
  EXPECT_EQ(ReadAll(errors_.get()), "err");
  EXPECT_EQ(told_.str(), "");
  EXPECT_THAT(SignalsSent(), IsEmpty());
}

TEST_F(TaskSessionTest, WithoutInputTheTaskSeesItsEndAtOnce) {
  Write(typed_, "not for the task");

  EXPECT_EQ(Run([this] { EXPECT_EQ(ReadAll(task_in_.get()), ""); }), 0);

  typed_.Reset();
  EXPECT_EQ(ReadAll(user_in_.get()), "not for the task");
}

TEST_F(TaskSessionTest, AnAgentThatDoesNotKnowTheExitIsReported) {
  agent_.service().status = grpc::Status(grpc::NOT_FOUND, "no task web");

  EXPECT_EQ(Run([] {}), 125);

  EXPECT_EQ(told_.str(), "reeve: no task web\n");
}

TEST_F(TaskSessionTest, SignalsGoToTheTask) {
  agent_.service().wait_response.mutable_exit()->set_code(128 + SIGTERM);

  EXPECT_EQ(Run([this] {
              kill(getpid(), SIGHUP);
              EXPECT_TRUE(AwaitSignals(1));
              kill(getpid(), SIGTERM);
              EXPECT_TRUE(AwaitSignals(2));
            }),
            128 + SIGTERM);

  EXPECT_THAT(SignalsSent(), ElementsAre("1", "15"));
}

TEST_F(TaskSessionTest, WhoStartedATaskAndReadsNoMoreIsItsBrokenPipe) {
  options_.is_owner = true;
  shown_.Reset();

  EXPECT_EQ(Run([this] {
              Write(task_out_, "out");
              EXPECT_TRUE(AwaitSignals(1));
            }),
            0);

  EXPECT_THAT(SignalsSent(), ElementsAre("13"));
}

TEST_F(TaskSessionTest, WhoIsOnlyAttachedMayLeaveAtAnyTime) {
  shown_.Reset();

  EXPECT_EQ(Run([this] {
              Write(task_out_, "out");
              Write(task_err_, "err");
              char byte = 0;
              EXPECT_EQ(read(errors_.get(), &byte, 1), 1);
            }),
            0);

  EXPECT_THAT(SignalsSent(), IsEmpty());
}

TEST_F(TaskSessionTest, ATerminalPassesEveryKeyAndIsAsBeforeAfterwards) {
  const PseudoTerminal terminal;
  const termios before = terminal.Mode();
  SitAt(terminal);

  EXPECT_EQ(Run([&] {
              EXPECT_TRUE(Await([&] { return terminal.IsRaw(); }));
              terminal.Type("\x03");
              char key = 0;
              EXPECT_EQ(read(task_in_.get(), &key, 1), 1);
              EXPECT_EQ(key, '\x03');
              Write(task_out_, "a\r\n");
              EXPECT_EQ(terminal.Shown(3), "a\r\n");
            }),
            0);

  EXPECT_TRUE(SameMode(terminal.Mode(), before));
  EXPECT_THAT(SignalsSent(), IsEmpty());
}

TEST_F(TaskSessionTest, TheSizeOfTheTerminalIsToldAtFirstAndWhenItChanges) {
  const PseudoTerminal terminal(100, 30);
  SitAt(terminal);
  FakeTaskService& service = agent_.service();

  EXPECT_EQ(Run([&] {
              EXPECT_TRUE(
                  Await([&] { return service.resize_requests().size() == 1; }));
              const winsize larger = {50, 200, 0, 0};
              EXPECT_EQ(ioctl(terminal.fd(), TIOCSWINSZ, &larger), 0);
              kill(getpid(), SIGWINCH);
              EXPECT_TRUE(
                  Await([&] { return service.resize_requests().size() == 2; }));
            }),
            0);

  const std::vector<v1::ResizeTtyRequest> sizes = service.resize_requests();
  ASSERT_THAT(sizes, SizeIs(2));
  EXPECT_EQ(sizes[0].id(), "web");
  EXPECT_EQ(sizes[0].width(), 100u);
  EXPECT_EQ(sizes[0].height(), 30u);
  EXPECT_EQ(sizes[1].width(), 200u);
  EXPECT_EQ(sizes[1].height(), 50u);
}

// The task goes on: nobody waits for its end.
TEST_F(TaskSessionTest, DetachKeysLeaveTheTaskToItself) {
  const PseudoTerminal terminal;
  const termios before = terminal.Mode();
  SitAt(terminal);
  agent_.service().signals_before_exit = 1;

  EXPECT_EQ(Run([&] {
              EXPECT_TRUE(Await([&] { return terminal.IsRaw(); }));
              terminal.Type("ls\x10\x11");
              EXPECT_EQ(ReadAll(task_in_.get()), "ls");
            }),
            0);

  EXPECT_THAT(told_.str(), HasSubstr("detached: \"reeve attach web\""));
  EXPECT_TRUE(SameMode(terminal.Mode(), before));
  EXPECT_THAT(SignalsSent(), IsEmpty());
  EndWait();
}

TEST_F(TaskSessionTest, AtATerminalASignalIsForTheCommandAlone) {
  const PseudoTerminal terminal;
  const termios before = terminal.Mode();
  SitAt(terminal);
  agent_.service().signals_before_exit = 1;

  EXPECT_EQ(Run([&] {
              EXPECT_TRUE(Await([&] { return terminal.IsRaw(); }));
              kill(getpid(), SIGTERM);
              EXPECT_EQ(ReadAll(task_in_.get()), "");
            }),
            128 + SIGTERM);

  EXPECT_TRUE(SameMode(terminal.Mode(), before));
  EXPECT_THAT(SignalsSent(), IsEmpty());
  EndWait();
}

TEST_F(TaskSessionTest, TheEndOfAPipeIsTypedIntoATerminal) {
  options_.has_tty = true;
  options_.has_input = true;
  Write(typed_, "last\n");
  typed_.Reset();

  EXPECT_EQ(Run([this] { EXPECT_EQ(ReadAll(task_in_.get()), "last\n\x04"); }),
            0);
}

TEST_F(TaskSessionTest, AHandOverThatFailsIsTold) {
  EXPECT_THAT(session_.Open([](int, int, int) {
    return absl::StatusOr<std::string>(absl::UnavailableError("no agent"));
  }),
              StatusIs(absl::StatusCode::kUnavailable));
}

TEST(TaskSessionSignalsTest, SignalsAreAsBeforeAfterwards) {
  sigset_t before;
  ASSERT_EQ(pthread_sigmask(SIG_BLOCK, nullptr, &before), 0);
  CliEnvironment env;
  {
    const TaskSession session(env);
    sigset_t now;
    ASSERT_EQ(pthread_sigmask(SIG_BLOCK, nullptr, &now), 0);
    EXPECT_EQ(sigismember(&now, SIGWINCH), 1);
    EXPECT_EQ(sigismember(&now, SIGTERM), 1);
    // Comes too late for the session, and must not end who goes on.
    kill(getpid(), SIGTERM);
  }
  sigset_t after;
  ASSERT_EQ(pthread_sigmask(SIG_BLOCK, nullptr, &after), 0);
  for (const int signal : {SIGWINCH, SIGTERM, SIGINT, SIGHUP, SIGQUIT}) {
    EXPECT_EQ(sigismember(&after, signal), sigismember(&before, signal));
  }
}

}  // namespace
}  // namespace reeve
