// `reeve exec` against an agent that is none.
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <csignal>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "agent/cli/signal_forwarder.h"
#include "base/unique_fd.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/agent/cli/cli_run.h"
#include "tests/agent/cli/fake_agent.h"
#include "tests/testing/pseudo_terminal.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Pipe {
  Pipe() {
    int ends[2] = {-1, -1};
    EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
    read_end.Reset(ends[0]);
    write_end.Reset(ends[1]);
  }

  // All that is written until the end, which must come.
  std::string Rest() {
    write_end.Reset();
    return ReadAll(read_end.get());
  }

  static std::string ReadAll(int fd) {
    std::string all;
    char bytes[256];
    ssize_t n = 0;
    while ((n = read(fd, bytes, sizeof(bytes))) > 0) {
      all.append(bytes, static_cast<size_t>(n));
    }
    return all;
  }

  UniqueFd read_end;
  UniqueFd write_end;
};

class ExecCommandTest : public ::testing::Test {
 protected:
  ExecCommandTest() { service_.exec_response.mutable_exit()->set_code(0); }

  void SetUp() override {
    if (kWhyNoCalls != nullptr) GTEST_SKIP() << kWhyNoCalls;
  }

  CliRun Command(std::vector<std::string> args) {
    args.insert(args.begin(), {"exec", "--socket", agent_.socket()});
    return CliRun(std::move(args));
  }

  int Run(std::vector<std::string> args) {
    CliRun run = Command(std::move(args));
    const int exit_code = run.Run();
    out_ = run.out();
    err_ = run.err();
    return exit_code;
  }

  // What the command would have for its streams.
  HandedStreams Take(const v1::ExecRequest& request) {
    absl::StatusOr<HandedStreams> streams =
        agent_.stash().Take(request.stdio_token());
    EXPECT_TRUE(streams.ok()) << streams.status();
    return streams.ok() ? *std::move(streams) : HandedStreams();
  }

  // Whether the caller gives the call up in time.
  static bool AwaitCancel(const grpc::ServerContext& context) {
    const absl::Time until = absl::Now() + absl::Seconds(60);
    while (!context.IsCancelled() && absl::Now() < until) {
      absl::SleepFor(absl::Milliseconds(5));
    }
    return context.IsCancelled();
  }

  // The threads of the fake agent must leave signals to the command.
  SignalForwarder blocked_signals_;
  FakeAgent agent_;
  FakeTaskService& service_ = agent_.service();
  std::string out_;
  std::string err_;
};

TEST_F(ExecCommandTest, ExitsAsTheCommandDid) {
  for (const int code : {0, 3, 126, 128 + SIGKILL}) {
    service_.exec_response.mutable_exit()->set_code(code);

    EXPECT_EQ(Run({"web", "--", "sh"}), code);

    EXPECT_EQ(out_, "");
    EXPECT_EQ(err_, "");
  }
}

TEST_F(ExecCommandTest, AnExitThatIsNotKnownIsToldAnd125) {
  service_.exec_response.mutable_exit()->set_code(-1);
  service_.exec_response.mutable_exit()->set_reason("its shim was killed");

  EXPECT_EQ(Run({"web", "sh"}), 125);

  EXPECT_EQ(err_,
            "reeve: task web: exit status is not known: its shim was killed\n");
}

TEST_F(ExecCommandTest, WhatWasAskedForIsSent) {
  CliRun run = Command({"--env", "A=1", "--env", "HOME", "--cwd", "/srv",
                        "--user", "nobody:nogroup", "--deadline", "1.5s", "web",
                        "--", "sh", "-c", "exit 0"});
  run.env.getenv = [](const std::string& name) -> std::optional<std::string> {
    if (name == "HOME") return "/home/me";
    return std::nullopt;
  };

  EXPECT_EQ(run.Run(), 0) << run.err();

  const v1::ExecRequest& request = service_.exec_request;
  EXPECT_EQ(request.id(), "web");
  EXPECT_THAT(request.command(), ElementsAre("sh", "-c", "exit 0"));
  EXPECT_THAT(request.env(), ElementsAre("A=1", "HOME=/home/me"));
  EXPECT_EQ(request.cwd(), "/srv");
  EXPECT_EQ(request.user(), "nobody:nogroup");
  EXPECT_EQ(request.deadline().seconds(), 1);
  EXPECT_EQ(request.deadline().nanos(), 500'000'000);
  EXPECT_FALSE(request.tty());
}

TEST_F(ExecCommandTest, WhatIsWrongIsToldBeforeAnythingIsSent) {
  service_.on_exec = [](grpc::ServerContext&, const v1::ExecRequest&) {
    ADD_FAILURE() << "it was sent";
    return grpc::Status::OK;
  };

  EXPECT_EQ(Run({"web"}), 125);
  EXPECT_THAT(err_, StartsWith("reeve: exec: PROGRAM is missing"));
  EXPECT_EQ(Run({"--env", "NOT_SET", "web", "sh"}), 125);
  EXPECT_THAT(err_, HasSubstr("NOT_SET: not set here"));
  EXPECT_EQ(Run({"--deadline", "soon", "web", "sh"}), 125);
  EXPECT_THAT(err_, HasSubstr("--deadline"));
}

TEST_F(ExecCommandTest, ATaskThatIsNotThereIs125) {
  service_.status = grpc::Status(grpc::NOT_FOUND, "no task web");

  EXPECT_EQ(Run({"web", "sh"}), 125);

  EXPECT_EQ(err_, "reeve: no task web\n");
}

TEST_F(ExecCommandTest, AMissingProgramIs127AndOneThatCannotBeExecuted126) {
  v1::ErrorDetail detail;
  detail.set_reason(v1::ErrorDetail::PROGRAM_NOT_FOUND);
  service_.status = grpc::Status(grpc::NOT_FOUND, "frob: not found in PATH",
                                 detail.SerializeAsString());
  EXPECT_EQ(Run({"web", "frob"}), 127);
  EXPECT_EQ(err_, "reeve: frob: not found in PATH\n");

  detail.set_reason(v1::ErrorDetail::PROGRAM_NOT_EXECUTABLE);
  service_.status = grpc::Status(grpc::INVALID_ARGUMENT, "/tmp: a directory",
                                 detail.SerializeAsString());
  EXPECT_EQ(Run({"web", "/tmp"}), 126);
}

TEST_F(ExecCommandTest, WithoutAnAgentItSaysSo) {
  CliRun run({"exec", "--socket", "/nonexistent/reeve.sock", "web", "sh"});

  EXPECT_EQ(run.Run(), 125);

  EXPECT_THAT(run.err(),
              StartsWith("reeve: no agent at /nonexistent/reeve.sock"));
}

TEST_F(ExecCommandTest, TheCommandGetsTheStreamsThemselves) {
  Pipe in;
  Pipe out;
  Pipe err;
  service_.on_exec = [this](grpc::ServerContext&,
                            const v1::ExecRequest& request) {
    const HandedStreams streams = Take(request);
    char bytes[8] = {};
    EXPECT_EQ(read(streams.stdin_fd.get(), bytes, sizeof(bytes)), 2);
    EXPECT_EQ(std::string(bytes), "in");
    EXPECT_EQ(write(streams.stdout_fd.get(), "out", 3), 3);
    EXPECT_EQ(write(streams.stderr_fd.get(), "err", 3), 3);
    return grpc::Status::OK;
  };
  ASSERT_EQ(write(in.write_end.get(), "in", 2), 2);
  CliRun run = Command({"-i", "web", "cat"});
  run.env.stdin_fd = in.read_end.get();
  run.env.stdout_fd = out.write_end.get();
  run.env.stderr_fd = err.write_end.get();

  EXPECT_EQ(run.Run(), 0) << run.err();

  EXPECT_EQ(out.Rest(), "out");
  EXPECT_EQ(err.Rest(), "err");
}

// Nor is it kept open here: who has the other end sees that it is closed.
TEST_F(ExecCommandTest, TheEndOfTheInputIsTheCommands) {
  Pipe in;
  service_.on_exec = [&](grpc::ServerContext&, const v1::ExecRequest& request) {
    const HandedStreams streams = Take(request);
    in.write_end.Reset();
    EXPECT_EQ(Pipe::ReadAll(streams.stdin_fd.get()), "");
    return grpc::Status::OK;
  };
  CliRun run = Command({"-i", "web", "cat"});
  run.env.stdin_fd = in.read_end.get();

  EXPECT_EQ(run.Run(), 0) << run.err();
}

TEST_F(ExecCommandTest, ThereIsNoInputUnlessItIsAskedFor) {
  Pipe in;
  service_.on_exec = [this](grpc::ServerContext&,
                            const v1::ExecRequest& request) {
    EXPECT_EQ(Pipe::ReadAll(Take(request).stdin_fd.get()), "");
    return grpc::Status::OK;
  };
  ASSERT_EQ(write(in.write_end.get(), "in", 2), 2);
  CliRun run = Command({"web", "cat"});
  run.env.stdin_fd = in.read_end.get();

  EXPECT_EQ(run.Run(), 0) << run.err();

  EXPECT_EQ(in.Rest(), "in");
}

TEST_F(ExecCommandTest, ASignalThatEndsItEndsTheCall) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
    absl::Notification is_cancelled;
    service_.on_exec = [&](grpc::ServerContext& context,
                           const v1::ExecRequest&) {
      kill(getpid(), signal);
      EXPECT_TRUE(AwaitCancel(context));
      is_cancelled.Notify();
      return grpc::Status::OK;
    };

    EXPECT_EQ(Run({"web", "sleep", "1000"}), 128 + signal);

    EXPECT_EQ(err_, "");
    is_cancelled.WaitForNotification();
  }
}

TEST_F(ExecCommandTest, OtherSignalsDoNotEndIt) {
  service_.exec_response.mutable_exit()->set_code(4);
  service_.on_exec = [](grpc::ServerContext& context, const v1::ExecRequest&) {
    kill(getpid(), SIGUSR1);
    absl::SleepFor(absl::Milliseconds(100));
    EXPECT_FALSE(context.IsCancelled());
    return grpc::Status::OK;
  };

  EXPECT_EQ(Run({"web", "sleep", "1000"}), 4);
}

TEST_F(ExecCommandTest, ACommandWithATerminalHasOneForAllItsStreams) {
  Pipe out;
  service_.on_exec = [this](grpc::ServerContext&,
                            const v1::ExecRequest& request) {
    EXPECT_TRUE(request.tty());
    const HandedStreams streams = Take(request);
    EXPECT_EQ(isatty(streams.stdin_fd.get()), 1);
    EXPECT_EQ(isatty(streams.stderr_fd.get()), 1);
    EXPECT_EQ(write(streams.stdout_fd.get(), "one\n", 4), 4);
    EXPECT_EQ(write(streams.stderr_fd.get(), "two\n", 4), 4);
    return grpc::Status::OK;
  };
  CliRun run = Command({"-t", "web", "sh"});
  run.env.stdout_fd = out.write_end.get();

  EXPECT_EQ(run.Run(), 0) << run.err();

  EXPECT_EQ(out.Rest(), "one\r\ntwo\r\n");
}

TEST_F(ExecCommandTest, ATerminalIsLikeThisOneWhichPassesEveryKey) {
  const PseudoTerminal terminal(132, 43);
  const termios before = terminal.Mode();
  service_.on_exec = [&](grpc::ServerContext&, const v1::ExecRequest& request) {
    const HandedStreams streams = Take(request);
    winsize size = {};
    EXPECT_EQ(ioctl(streams.stdin_fd.get(), TIOCGWINSZ, &size), 0);
    EXPECT_EQ(size.ws_col, 132);
    EXPECT_EQ(size.ws_row, 43);
    EXPECT_TRUE(terminal.IsRaw());
    terminal.Type("ls\r");
    char line[8] = {};
    EXPECT_EQ(read(streams.stdin_fd.get(), line, sizeof(line)), 3);
    EXPECT_EQ(std::string(line), "ls\n");
    return grpc::Status(grpc::DEADLINE_EXCEEDED, "it ran too long");
  };
  CliRun run = Command({"-it", "web", "sh"});
  run.env.stdin_fd = terminal.fd();
  run.env.stdout_fd = terminal.fd();

  EXPECT_EQ(run.Run(), 125);

  EXPECT_EQ(run.err(), "reeve: it ran too long\n");
  EXPECT_TRUE(SameMode(terminal.Mode(), before));
}

// A terminal does not notice that a pipe was closed.
TEST_F(ExecCommandTest, TheEndOfAPipeIsTypedIntoATerminal) {
  Pipe in;
  Pipe out;
  service_.on_exec = [this](grpc::ServerContext&,
                            const v1::ExecRequest& request) {
    EXPECT_EQ(Pipe::ReadAll(Take(request).stdin_fd.get()), "last\n");
    return grpc::Status::OK;
  };
  ASSERT_EQ(write(in.write_end.get(), "last\n", 5), 5);
  in.write_end.Reset();
  CliRun run = Command({"-it", "web", "cat"});
  run.env.stdin_fd = in.read_end.get();
  run.env.stdout_fd = out.write_end.get();

  EXPECT_EQ(run.Run(), 0) << run.err();
}

TEST_F(ExecCommandTest, AnArgumentThatIsNotUtf8IsRefused) {
  EXPECT_EQ(Run({"web", "--", "printf", "\xFF"}), 125);

  EXPECT_THAT(err_, StartsWith("reeve: command \"\\xff\" is not UTF-8"));
}

}  // namespace
}  // namespace reeve
