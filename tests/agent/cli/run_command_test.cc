// `reeve run` against an agent that is none.
#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agent/cli/path.h"
#include "agent/cli/signal_forwarder.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/agent/cli/cli_run.h"
#include "tests/agent/cli/fake_agent.h"
#include "tests/testing/fake_tree.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class RunCommandTest : public ::testing::Test {
 protected:
  RunCommandTest() {
    service_.launch_response.set_id("web");
    service_.wait_response.mutable_exit()->set_code(0);
  }

  void SetUp() override {
    if (kWhyNoCalls != nullptr) GTEST_SKIP() << kWhyNoCalls;
  }

  int Run(std::vector<std::string> args) {
    args.insert(args.begin(), {"run", "--socket", agent_.socket()});
    CliRun run(std::move(args));
    const int exit_code = run.Run();
    out_ = run.out();
    err_ = run.err();
    return exit_code;
  }

  // The threads of the fake agent must leave signals to the command.
  SignalForwarder blocked_signals_;
  FakeAgent agent_;
  FakeTaskService& service_ = agent_.service();
  std::string out_;
  std::string err_;
};

TEST_F(RunCommandTest, ExitsAsTheTaskDid) {
  service_.wait_response.mutable_exit()->set_code(143);
  service_.wait_response.mutable_exit()->set_signal(15);

  EXPECT_EQ(Run({"sleep", "1"}), 143);

  EXPECT_EQ(out_, "");
  EXPECT_EQ(err_, "");
}

TEST_F(RunCommandTest, TheTaskWorksHereAndInheritsNoVariables) {
  EXPECT_EQ(Run({"--id", "web", "--", "sh", "-c", "exit 0"}), 0);

  const v1::TaskSpec& spec = service_.launch_request.spec();
  EXPECT_EQ(spec.id(), "web");
  EXPECT_THAT(spec.command(), ElementsAre("sh", "-c", "exit 0"));
  EXPECT_EQ(spec.cwd(), *WorkingDirectory());
  EXPECT_TRUE(spec.env().empty());
}

TEST_F(RunCommandTest, ATaskDirectoryIsWhereTheTaskWorks) {
  EXPECT_EQ(Run({"--task-dir", "/task", "true"}), 0);

  EXPECT_EQ(service_.launch_request.spec().cwd(), "");
  EXPECT_EQ(service_.launch_request.spec().task_dir(), "/task");
}

TEST_F(RunCommandTest, TheTaskIsForgottenUnlessItIsToBeKept) {
  EXPECT_EQ(Run({"true"}), 0);
  EXPECT_TRUE(service_.launch_request.auto_remove());

  EXPECT_EQ(Run({"--keep", "true"}), 0);
  EXPECT_FALSE(service_.launch_request.auto_remove());
}

TEST_F(RunCommandTest, TheAgentGetsTheStandardStreams) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  UniqueFd read_end(ends[0]);
  UniqueFd write_end(ends[1]);
  service_.on_launch = [this](const v1::LaunchRequest& request) {
    absl::StatusOr<HandedStreams> streams =
        agent_.stash().Take(request.stdio_token());
    if (!streams.ok()) {
      return grpc::Status(grpc::NOT_FOUND, "streams are not there");
    }
    EXPECT_EQ(write(streams->stdout_fd.get(), "hello", 5), 5);
    return grpc::Status::OK;
  };
  CliRun run({"run", "--socket", agent_.socket(), "true"});
  run.env.stdout_fd = write_end.get();

  EXPECT_EQ(run.Run(), 0) << run.err();

  char text[16];
  EXPECT_EQ(read(read_end.get(), text, sizeof(text)), 5);
}

TEST_F(RunCommandTest, DetachedTasksGetNoStreamsAndTheirIdIsPrinted) {
  EXPECT_EQ(Run({"--detach", "--stdout", "/out", "true"}), 0);

  EXPECT_EQ(out_, "web\n");
  EXPECT_EQ(service_.launch_request.stdio_token(), "");
  EXPECT_FALSE(service_.launch_request.auto_remove());
  EXPECT_EQ(service_.launch_request.spec().stdout().path(), "/out");
  // Standard error has no file.
  EXPECT_TRUE(service_.launch_request.spec().log().to_state_dir());
}

TEST_F(RunCommandTest, DetachedTasksWithTheirOwnFilesHaveNoOtherLogs) {
  EXPECT_EQ(
      Run({"--detach", "--stdout", "/dev/null", "--stderr", "/err", "true"}),
      0);

  EXPECT_FALSE(service_.launch_request.spec().has_log());
}

TEST_F(RunCommandTest, DetachedTasksMayHaveATerminalAndBeAttachable) {
  EXPECT_EQ(Run({"--detach", "-it", "--log-max-size", "10M", "--log-max-files",
                 "3", "true"}),
            0);

  const v1::TaskSpec& spec = service_.launch_request.spec();
  EXPECT_TRUE(spec.tty());
  EXPECT_TRUE(spec.attachable());
  EXPECT_EQ(spec.log().max_size_bytes(), 10u << 20);
  EXPECT_EQ(spec.log().max_files(), 3u);
}

TEST_F(RunCommandTest, SignalsGoToTheTask) {
  service_.signals_before_exit = 2;
  service_.wait_response.mutable_exit()->set_code(5);
  service_.on_launch = [](const v1::LaunchRequest&) {
    kill(getpid(), SIGTERM);
    kill(getpid(), SIGUSR1);
    return grpc::Status::OK;
  };

  EXPECT_EQ(Run({"sleep", "100"}), 5);

  std::vector<std::string> signals;
  for (const v1::SignalRequest& request : service_.signal_requests()) {
    EXPECT_EQ(request.id(), "web");
    signals.push_back(request.signal());
  }
  EXPECT_THAT(signals, ::testing::UnorderedElementsAre("10", "15"));
}

TEST_F(RunCommandTest, AMissingProgramIs127AndOneThatCannotBeExecuted126) {
  v1::ErrorDetail detail;
  detail.set_reason(v1::ErrorDetail::PROGRAM_NOT_FOUND);
  service_.status = grpc::Status(grpc::NOT_FOUND, "frob: not found in PATH",
                                 detail.SerializeAsString());
  EXPECT_EQ(Run({"frob"}), 127);
  EXPECT_EQ(err_, "reeve: frob: not found in PATH\n");

  detail.set_reason(v1::ErrorDetail::PROGRAM_NOT_EXECUTABLE);
  service_.status = grpc::Status(grpc::INVALID_ARGUMENT, "/tmp: a directory",
                                 detail.SerializeAsString());
  EXPECT_EQ(Run({"--detach", "/tmp"}), 126);
}

TEST_F(RunCommandTest, ALaunchThatFailsIs125) {
  service_.status = grpc::Status(grpc::ALREADY_EXISTS, "task web: exists");

  EXPECT_EQ(Run({"true"}), 125);

  EXPECT_EQ(err_, "reeve: task web: exists\n");
}

TEST_F(RunCommandTest, ASpecFileNeedsNoProgramOnTheLine) {
  FakeTree tree;
  tree.Write("spec.json", R"({"command": ["sleep", "1"], "cwd": "/srv"})");

  EXPECT_EQ(Run({"-f", tree.Path("spec.json")}), 0);
  EXPECT_THAT(service_.launch_request.spec().command(),
              ElementsAre("sleep", "1"));
  EXPECT_EQ(service_.launch_request.spec().cwd(), "/srv");

  EXPECT_EQ(Run({"-f", tree.Path("spec.json"), "true"}), 0);
  EXPECT_THAT(service_.launch_request.spec().command(), ElementsAre("true"));
}

TEST_F(RunCommandTest, ANamedAgentThatIsMissingIsNotReplaced) {
  CliRun run({"run", "--socket", "/nonexistent/reeve.sock", "true"});
  run.env.start_local_agent = [](const AgentOptions&) {
    ADD_FAILURE() << "an agent was started";
    return absl::UnavailableError("");
  };

  EXPECT_EQ(run.Run(), 125);

  EXPECT_THAT(run.err(),
              StartsWith("reeve: no agent at /nonexistent/reeve.sock"));
}

TEST_F(RunCommandTest, WithoutAnAgentOneIsHostedForTheTask) {
  CliRun run({"run", "--cgroup-parent", "/mine", "true"});
  service_.wait_response.mutable_exit()->set_code(4);
  AgentOptions options;
  int stashed = 0;
  run.env.start_local_agent = [&](const AgentOptions& given) {
    options = given;
    return LocalAgentConnection{agent_.InProcessChannel(),
                                [&](UniqueFd in, UniqueFd out, UniqueFd err) {
                                  stashed += (in ? 1 : 0) + (out ? 1 : 0) +
                                             (err ? 1 : 0);
                                  return std::string("token");
                                },
                                nullptr};
  };

  EXPECT_EQ(run.Run(), 4) << run.err();

  EXPECT_EQ(options.cgroup_parent, "/mine");
  EXPECT_EQ(options.listen_address, "");
  EXPECT_EQ(stashed, 3);
  EXPECT_EQ(service_.launch_request.stdio_token(), "token");
}

TEST_F(RunCommandTest, AHostedAgentThatDoesNotStartIs125) {
  CliRun run({"run", "true"});
  run.env.start_local_agent = [](const AgentOptions&) {
    return absl::UnavailableError("cgroups: none is mounted");
  };

  EXPECT_EQ(run.Run(), 125);

  EXPECT_EQ(run.err(), "reeve: cgroups: none is mounted\n");
}

TEST_F(RunCommandTest, AHostedAgentKeepsItsStateWhereTheUserMay) {
  CliRun run({"run", "true"});
  run.env.default_socket = "";
  run.env.default_state_dir = "/run/user/1000/reeve";
  std::string state_dir;
  run.env.start_local_agent = [&](const AgentOptions& given) {
    state_dir = given.state_dir;
    return absl::UnavailableError("not here");
  };
  run.Run();
  EXPECT_EQ(state_dir, "/run/user/1000/reeve");

  CliRun nowhere({"run", "true"});
  nowhere.env.default_socket = "";
  nowhere.env.default_state_dir = "";
  EXPECT_EQ(nowhere.Run(), 125);
  EXPECT_EQ(nowhere.err(),
            "reeve: no place for the state of tasks: XDG_RUNTIME_DIR is not "
            "set; set it, or name a directory by --state-dir\n");
}

TEST_F(RunCommandTest, DetachNeedsAnAgentThatStays) {
  CliRun run({"run", "--detach", "true"});

  EXPECT_EQ(run.Run(), 125);

  EXPECT_EQ(run.err(),
            "reeve: run: --detach needs an agent that stays: no agent at "
            "/nonexistent/reeve.sock: start one with \"reeve agent\"\n");
}

TEST_F(RunCommandTest, ReservedCpusNeedAnAgentThatKnowsTheOthers) {
  CliRun run({"run", "--reserve-cpus", "1", "true"});

  EXPECT_EQ(run.Run(), 125);

  EXPECT_EQ(run.err(),
            "reeve: run: --reserve-cpus needs an agent that has the other "
            "tasks, too: no agent at /nonexistent/reeve.sock: start one with "
            "\"reeve agent\"\n");
}

TEST_F(RunCommandTest, AnArgumentThatIsNotUtf8IsRefused) {
  EXPECT_EQ(Run({"--", "printf", "\xFF"}), 125);

  EXPECT_EQ(
      err_,
      "reeve: command \"\\xff\" is not UTF-8, which the agent's API takes "
      "alone: use another text\n");
  EXPECT_TRUE(service_.launch_request.spec().command().empty());
}

TEST_F(RunCommandTest, AnAgentThatDiesIsNamed) {
  service_.on_launch = [](const v1::LaunchRequest&) {
    return grpc::Status(grpc::UNAVAILABLE, "Socket closed");
  };

  EXPECT_EQ(Run({"true"}), 125);

  EXPECT_EQ(err_, "reeve: lost the agent: Socket closed\n");
}

}  // namespace
}  // namespace reeve
