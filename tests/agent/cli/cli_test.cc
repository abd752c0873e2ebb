// Commands against an agent that is none: what they ask, print and return.
#include "agent/cli/cli.h"

#include <algorithm>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/agent/cli/cli_run.h"
#include "tests/agent/cli/fake_agent.h"
#include "tests/testing/fake_tree.h"

namespace reeve {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(CliTest, TheHelpListsAllCommands) {
  CliRun run({"--help"});

  EXPECT_EQ(run.Run(), 0);

  for (const char* command :
       {"agent", "apply", "run", "ps", "stats", "events", "inspect", "update",
        "pause", "resume", "group", "policy", "signal", "stop", "top", "wait",
        "rm", "doctor", "version"}) {
    EXPECT_THAT(run.out(), HasSubstr(std::string("\n  ") + command + " "));
  }
  EXPECT_EQ(run.err(), "");
}

TEST(CliTest, EveryCommandHasHelpWithAnExample) {
  for (const char* command :
       {"agent", "apply", "run", "ps", "stats", "events", "inspect", "update",
        "pause", "resume", "group", "policy", "signal", "stop", "top", "wait",
        "rm", "doctor", "version"}) {
    CliRun run({command, "--help"});

    EXPECT_EQ(run.Run(), 0);

    EXPECT_THAT(run.out(), HasSubstr(std::string("Usage: reeve ") + command));
    EXPECT_THAT(run.out(), HasSubstr("Example:\n  reeve "));
    EXPECT_EQ(run.err(), "");
  }
}

TEST(CliTest, PolicyCheckSaysWhatTheRulesMeanOrWhatIsWrong) {
  FakeTree tree;
  tree.Write("policy.yml", "rules:\n  - {name: up, action: raise_cpus}\n");
  CliRun good({"policy", "check", tree.Path("policy.yml")});
  EXPECT_EQ(good.Run(), 0);
  EXPECT_THAT(good.out(), StartsWith("up (dry run): if a task is throttled"));

  tree.Write("policy.yml", "rules:\n  - {name: up, action: fly}\n");
  CliRun bad({"policy", "check", tree.Path("policy.yml")});
  EXPECT_EQ(bad.Run(), 125);
  EXPECT_EQ(bad.out(), "");
  EXPECT_THAT(bad.err(), StartsWith("reeve: policy " + tree.Path("policy.yml") +
                                    ": line 2: action \"fly\": use "));

  CliRun unknown({"policy", "follow"});
  EXPECT_EQ(unknown.Run(), 125);
  EXPECT_THAT(unknown.err(), HasSubstr("policy follow: not a command"));
  CliRun none({"policy"});
  EXPECT_EQ(none.Run(), 125);
}

// The words that the lines of the overview begin with.
std::vector<std::string> CommandsIn(const std::string& overview) {
  std::vector<std::string> commands;
  std::istringstream lines(overview);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("  ", 0) != 0 || line.rfind("  reeve", 0) == 0) continue;
    commands.push_back(line.substr(2, line.find(' ', 2) - 2));
  }
  return commands;
}

TEST(CliTest, EveryCommandOfTheHelpIsDescribed) {
  CliRun help({"--help"});
  ASSERT_EQ(help.Run(), 0);

  std::vector<std::string> names;
  for (const CommandDescription& command : DescribeCommands(help.env)) {
    const std::string first = command.name.substr(0, command.name.find(' '));
    if (names.empty() || names.back() != first) names.push_back(first);
    EXPECT_FALSE(command.flags.empty()) << command.name;
    EXPECT_FALSE(command.summary.empty()) << command.name;
    EXPECT_FALSE(command.example.empty()) << command.name;
  }
  EXPECT_THAT(names, Contains("run"));
  EXPECT_EQ(names, CommandsIn(help.out()));
  EXPECT_EQ(help.err(), "");
}

TEST(CliTest, CompletionIsForKnownShells) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    CliRun run({"completion", shell});

    EXPECT_EQ(run.Run(), 0);
    EXPECT_THAT(run.out(), HasSubstr(std::string("Completion for ") + shell));
    EXPECT_THAT(run.out(), HasSubstr("no-collector.io"));
  }
  CliRun run({"completion", "csh"});
  EXPECT_EQ(run.Run(), 125);
  EXPECT_EQ(run.err(), "reeve: completion: SHELL csh: use bash, zsh or fish\n");
}

TEST(CliTest, EveryCommandOfGroupsHasHelpWithAnExample) {
  for (const char* command : {"set", "ls", "rm"}) {
    CliRun run({"group", command, "--help"});

    EXPECT_EQ(run.Run(), 0);

    EXPECT_THAT(run.out(),
                HasSubstr(std::string("Usage: reeve group ") + command));
    EXPECT_THAT(run.out(), HasSubstr("Example:\n  reeve group "));
  }
}

TEST(CliTest, AGroupIsOfferedNoLimitThatOnlyProcessesHave) {
  CliRun run({"group", "set", "--help"});

  EXPECT_EQ(run.Run(), 0);

  EXPECT_THAT(run.out(), HasSubstr("--memory"));
  EXPECT_THAT(run.out(), Not(HasSubstr("--nice")));
}

TEST(CliTest, HelpTakesTheNameOfACommand) {
  CliRun run({"help", "stop"});

  EXPECT_EQ(run.Run(), 0);

  EXPECT_THAT(run.out(), HasSubstr("Usage: reeve stop "));
}

TEST(CliTest, AWrongLineIsOneLineAnd125) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{}, "reeve: no command: see \"reeve --help\"\n"},
      {{"frob"}, "reeve: frob: not a command: see \"reeve --help\"\n"},
      {{"ps", "--frob"},
       "reeve: ps: unknown flag --frob (see \"reeve ps --help\")\n"},
      {{"stop"}, "reeve: stop: ID is missing (see \"reeve stop --help\")\n"},
      {{"stop", "web", "--grace", "10"},
       "reeve: stop: --grace 10: a duration needs a unit: 10s for seconds, "
       "10ms for milliseconds\n"},
      {{"update", "web"},
       "reeve: update: no limit named: use --memory, --cpus, --pids or "
       "another of reeve update --help\n"},
      {{"group"}, "reeve: group: no command: see \"reeve group --help\"\n"},
      {{"group", "frob"},
       "reeve: group: frob: not a command: see \"reeve group --help\"\n"},
      {{"group", "set", "shop"},
       "reeve: group set: no limit named: use --memory, --cpus, --pids or "
       "another of reeve group set --help\n"},
      {{"group", "rm"},
       "reeve: group rm: GROUP is missing (see \"reeve group rm --help\")\n"},
      {{"run", "--memory", "12Q", "true"},
       "reeve: run: --memory 12Q: not a size: use bytes such as 1048576, or "
       "512K, 64M, 1.5G, or max\n"},
      {{"run", "--memory", "1M"},
       "reeve: run: PROGRAM is missing (see \"reeve run --help\")\n"},
  };
  for (const auto& [args, message] : cases) {
    CliRun run(args);
    EXPECT_EQ(run.Run(), 125);
    EXPECT_EQ(run.err(), message);
    EXPECT_EQ(run.out(), "");
  }
}

TEST(CliTest, WithoutAnAgentCommandsSayHowToStartOne) {
  for (const std::vector<std::string>& args : {std::vector<std::string>{"ps"},
                                               {"stats", "web"},
                                               {"events"},
                                               {"inspect", "web"},
                                               {"update", "web", "--pids", "1"},
                                               {"pause", "web"},
                                               {"resume", "web"},
                                               {"signal", "web", "HUP"},
                                               {"stop", "web"},
                                               {"wait", "web"},
                                               {"rm", "web"}}) {
    CliRun run(args);
    EXPECT_EQ(run.Run(), 125) << args.front();
    EXPECT_EQ(run.err(),
              "reeve: no agent at /nonexistent/reeve.sock: start one with "
              "\"reeve agent\"\n");
  }
}

TEST(CliTest, WhereNoAgentCanBeKnownCommandsSayWhatToSet) {
  CliRun run({"ps"});
  run.env.default_socket = "";

  EXPECT_EQ(run.Run(), 125);

  EXPECT_EQ(run.err(),
            "reeve: no agent is known: XDG_RUNTIME_DIR is not set; set it, or "
            "name the agent's socket by --socket or REEVE_SOCKET\n");
}

TEST(CliTest, AnAgentWithoutAPlaceForItsStateIsNotStarted) {
  CliRun run({"agent"});
  run.env.default_state_dir = "";
  run.env.run_agent = [](const AgentOptions&) { return 7; };

  EXPECT_EQ(run.Run(), 125);

  EXPECT_THAT(run.err(), HasSubstr("XDG_RUNTIME_DIR is not set"));
}

TEST(CliTest, VersionAsksNoAgent) {
  CliRun text({"version"});
  CliRun json({"version", "--json"});

  EXPECT_EQ(text.Run(), 0);
  EXPECT_EQ(json.Run(), 0);

  EXPECT_EQ(text.out(), "reeve 1.2.3 (api v1)\n");
  EXPECT_EQ(json.out(), "{\n \"version\": \"1.2.3\",\n \"api\": \"v1\"\n}\n");
}

TEST(CliTest, AgentPassesItsOptionsOnAndReturnsItsExitCode) {
  CliRun run({"agent", "--state-dir", "/s"});
  std::string state_dir;
  run.env.run_agent = [&](const AgentOptions& options) {
    state_dir = options.state_dir;
    return 7;
  };

  EXPECT_EQ(run.Run(), 7);

  EXPECT_EQ(state_dir, "/s");
}

class CliWithAgentTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (kWhyNoCalls != nullptr) GTEST_SKIP() << kWhyNoCalls;
  }

  // A run whose environment names the agent's socket.
  int Run(const std::vector<std::string>& args) {
    CliRun run(args);
    run.env.getenv =
        [this](const std::string& name) -> std::optional<std::string> {
      if (name == "REEVE_SOCKET") return agent_.socket();
      return std::nullopt;
    };
    const int exit_code = run.Run();
    out_ = run.out();
    err_ = run.err();
    return exit_code;
  }

  FakeAgent agent_;
  FakeTaskService& service_ = agent_.service();
  std::string out_;
  std::string err_;
};

TEST_F(CliWithAgentTest, TheSocketFlagGoesBeforeTheEnvironment) {
  EXPECT_EQ(Run({"ps", "--socket", "/nonexistent/other.sock"}), 125);

  EXPECT_THAT(err_, StartsWith("reeve: no agent at /nonexistent/other.sock"));
}

TEST_F(CliWithAgentTest, ErrorsOfTheAgentArePrintedAsTheyAre) {
  service_.status = grpc::Status(grpc::NOT_FOUND, "task web: not known");

  for (const std::vector<std::string>& args : {std::vector<std::string>{"ps"},
                                               {"stats", "web"},
                                               {"events"},
                                               {"inspect", "web"},
                                               {"update", "web", "--pids", "1"},
                                               {"pause", "web"},
                                               {"resume", "web"},
                                               {"signal", "web", "HUP"},
                                               {"stop", "web"},
                                               {"wait", "web"},
                                               {"rm", "web"}}) {
    EXPECT_EQ(Run(args), 125) << args.front();
    EXPECT_EQ(err_, "reeve: task web: not known\n");
    EXPECT_EQ(out_, "");
  }
}

TEST_F(CliWithAgentTest, PsShowsATableOrJson) {
  v1::TaskSummary* task = service_.list_response.add_tasks();
  task->set_id("web");
  task->set_state(v1::TASK_STATE_RUNNING);
  task->add_command("sleep");

  EXPECT_EQ(Run({"ps"}), 0);
  EXPECT_THAT(out_, StartsWith("ID   GROUP  STATE    PID"));
  EXPECT_THAT(out_, HasSubstr("\nweb  -      running"));

  EXPECT_EQ(Run({"ps", "--json"}), 0);
  EXPECT_THAT(out_, HasSubstr("\"state\": \"TASK_STATE_RUNNING\""));
}

TEST_F(CliWithAgentTest, StatsTakesOneSampleUnlessItFollows) {
  service_.stats_responses.resize(1);

  EXPECT_EQ(Run({"stats", "web"}), 0);

  EXPECT_EQ(service_.stats_request.id(), "web");
  EXPECT_TRUE(service_.stats_request.once());
  EXPECT_THAT(out_, StartsWith("cpu           now -"));
}

TEST_F(CliWithAgentTest, StatsFollowsWithALineASample) {
  service_.stats_responses.resize(3);

  EXPECT_EQ(Run({"stats", "web", "--follow", "--interval", "1500ms"}), 0);
  EXPECT_FALSE(service_.stats_request.once());
  EXPECT_EQ(service_.stats_request.interval().seconds(), 1);
  EXPECT_EQ(service_.stats_request.interval().nanos(), 500'000'000);
  EXPECT_EQ(std::count(out_.begin(), out_.end(), '\n'), 4);

  EXPECT_EQ(Run({"stats", "web", "--follow", "--json"}), 0);
  EXPECT_EQ(out_, "{\"pids\":{}}\n{\"pids\":{}}\n{\"pids\":{}}\n");
}

TEST_F(CliWithAgentTest, EventsAreALineEach) {
  service_.events.resize(2);
  service_.events[0].set_task("web");
  service_.events[0].set_type(v1::EVENT_TYPE_PAUSED);

  EXPECT_EQ(Run({"events"}), 0);
  EXPECT_FALSE(service_.events_request.follow());
  EXPECT_FALSE(service_.events_request.has_after_sequence());
  EXPECT_THAT(out_, HasSubstr("  web               paused\n"));
  EXPECT_EQ(std::count(out_.begin(), out_.end(), '\n'), 2);

  EXPECT_EQ(Run({"events", "--json"}), 0);
  EXPECT_THAT(out_, HasSubstr("\"type\":\"EVENT_TYPE_PAUSED\""));
  EXPECT_EQ(std::count(out_.begin(), out_.end(), '\n'), 2);
}

TEST_F(CliWithAgentTest, EventsAreChosenByTheFlags) {
  EXPECT_EQ(
      Run({"events", "-f", "--since-sequence", "4", "--stream-id", "5",
           "--task", "a", "--task", "b", "--type", "oom-kill", "--group", "g"}),
      0);

  const v1::EventsRequest& request = service_.events_request;
  EXPECT_TRUE(request.follow());
  EXPECT_EQ(request.after_sequence(), 4u);
  EXPECT_EQ(request.stream_id(), 5u);
  EXPECT_THAT(request.task(), ::testing::ElementsAre("a", "b"));
  EXPECT_THAT(request.type(), ::testing::ElementsAre(v1::EVENT_TYPE_OOM_KILL));
  EXPECT_EQ(request.group(), "g");

  EXPECT_EQ(Run({"events", "--since-sequence=-1"}), 125);
  EXPECT_THAT(err_, HasSubstr("\"-1\": use a number"));
  EXPECT_EQ(Run({"events", "--type=oom"}), 125);
  EXPECT_THAT(err_, HasSubstr("\"oom\" is no type of event"));
}

TEST_F(CliWithAgentTest, InspectShowsTextOrJson) {
  service_.inspect_response.mutable_task()->set_id("web");
  service_.inspect_response.set_shim_pid(7);

  EXPECT_EQ(Run({"inspect", "web"}), 0);
  EXPECT_THAT(out_, StartsWith("task          web\n"));

  EXPECT_EQ(Run({"inspect", "web", "--json"}), 0);
  EXPECT_THAT(out_, HasSubstr("\"shim_pid\": 7"));
  EXPECT_EQ(service_.inspect_request.id(), "web");
}

TEST_F(CliWithAgentTest, UpdateSendsOnlyTheNamedLimitsAndShowsWhatChanged) {
  service_.update_response.add_changed()->set_file("memory.max");

  EXPECT_EQ(Run({"update", "web", "--memory", "64M", "--cpus", "max"}), 0);

  EXPECT_EQ(service_.update_request.ShortDebugString(),
            "id: \"web\" limits { memory_bytes: 67108864 cpus_unlimited: true "
            "}");
  EXPECT_THAT(out_, HasSubstr("memory.max"));
}

TEST_F(CliWithAgentTest, UpdateChangesHowATaskIsStopped) {
  EXPECT_EQ(Run({"update", "web", "--stop-signal", "TERM"}), 0);
  EXPECT_EQ(service_.update_request.ShortDebugString(),
            "id: \"web\" stop_signal: \"SIGTERM\"");
  EXPECT_EQ(out_, "");

  EXPECT_EQ(Run({"update", "web", "--stop-grace", "3s"}), 0);
  EXPECT_EQ(service_.update_request.ShortDebugString(),
            "id: \"web\" stop_grace_usec: 3000000");
}

TEST_F(CliWithAgentTest, UpdateChangesBoundsOfPoliciesAndTakesThemAway) {
  EXPECT_EQ(Run({"update", "web", "--cpus-max", "2", "--priority", "7"}), 0);
  EXPECT_EQ(service_.update_request.ShortDebugString(),
            "id: \"web\" cpus_max: 2 priority: 7");
  EXPECT_EQ(out_, "");

  EXPECT_EQ(
      Run({"update", "web", "--cpus-max", "none", "--memory-max", "none"}), 0);
  EXPECT_EQ(service_.update_request.ShortDebugString(),
            "id: \"web\" cpus_max: 0 memory_max_bytes: 0");
}

TEST_F(CliWithAgentTest, UpdateTellsWhatBecameOfMemoryInUse) {
  service_.update_response.add_changed()->set_file("memory.max");
  v1::MemoryDecrease* decrease =
      service_.update_response.mutable_memory_decrease();
  decrease->set_reclaimed_bytes(120 << 20);
  decrease->set_usage_after_bytes(34 << 20);

  EXPECT_EQ(Run({"update", "web", "--memory", "64M", "--force",
                 "--reclaim-timeout", "5s"}),
            0);

  EXPECT_EQ(service_.update_request.ShortDebugString(),
            "id: \"web\" limits { memory_bytes: 67108864 } force: true "
            "reclaim_timeout { seconds: 5 }");
  EXPECT_THAT(out_, HasSubstr("\nreclaimed 120M; 34M in use\n"));

  decrease->set_oom_kills(2);
  EXPECT_EQ(Run({"update", "web", "--memory", "64M"}), 0);
  EXPECT_THAT(out_, HasSubstr("; the kernel killed 2 processes\n"));
}

TEST_F(CliWithAgentTest, UpdateSaysThatNothingHadToChange) {
  EXPECT_EQ(Run({"update", "web", "--pids", "1"}), 0);

  EXPECT_EQ(out_, "nothing to change: these limits are in force\n");
}

TEST_F(CliWithAgentTest, GroupSetSendsTheNamedLimitsAndShowsWhatChanged) {
  service_.set_group_response.add_changed()->set_file("memory.max");

  EXPECT_EQ(Run({"group", "set", "shop", "--memory", "64M"}), 0);
  EXPECT_EQ(service_.set_group_request.ShortDebugString(),
            "group: \"shop\" limits { memory_bytes: 67108864 }");
  EXPECT_THAT(out_, HasSubstr("memory.max"));

  service_.set_group_response.Clear();
  EXPECT_EQ(Run({"group", "set", "shop", "--memory", "64M"}), 0);
  EXPECT_EQ(out_, "nothing to change: these limits are in force\n");
}

TEST_F(CliWithAgentTest, GroupLsAndRmAreCalls) {
  service_.list_groups_response.add_groups()->set_group("shop");

  EXPECT_EQ(Run({"group", "ls"}), 0);
  EXPECT_THAT(out_, HasSubstr("\nshop "));
  EXPECT_EQ(Run({"group", "ls", "--json"}), 0);
  EXPECT_THAT(out_, HasSubstr("\"group\": \"shop\""));
  EXPECT_EQ(Run({"group", "rm", "shop"}), 0);
  EXPECT_EQ(out_, "");
  EXPECT_EQ(service_.remove_group_request.group(), "shop");
}

TEST_F(CliWithAgentTest, SignalAndRmSendTheirArgumentsAndSayNothing) {
  EXPECT_EQ(Run({"signal", "web", "HUP"}), 0);
  EXPECT_EQ(out_, "");
  EXPECT_EQ(Run({"rm", "job"}), 0);
  EXPECT_EQ(out_, "");

  ASSERT_EQ(service_.signal_requests().size(), 1u);
  EXPECT_EQ(service_.signal_requests()[0].ShortDebugString(),
            "id: \"web\" signal: \"HUP\"");
  EXPECT_EQ(service_.remove_request.id(), "job");
}

TEST_F(CliWithAgentTest, PauseAndResumeNameTheirTaskAndSayNothing) {
  EXPECT_EQ(Run({"pause", "web"}), 0);
  EXPECT_EQ(out_, "");
  EXPECT_EQ(Run({"resume", "job"}), 0);
  EXPECT_EQ(out_, "");

  EXPECT_EQ(service_.pause_request.id(), "web");
  EXPECT_EQ(service_.resume_request.id(), "job");
}

TEST_F(CliWithAgentTest, StopLeavesSignalAndGraceToTheAgentUnlessGiven) {
  service_.stop_response.mutable_exit()->set_code(130);
  service_.stop_response.mutable_exit()->set_signal(2);

  EXPECT_EQ(Run({"stop", "web"}), 0);
  EXPECT_EQ(service_.stop_request.ShortDebugString(), "id: \"web\"");
  EXPECT_EQ(out_, "exited 130 (SIGINT)\n");

  EXPECT_EQ(Run({"stop", "web", "--signal", "TERM", "--grace", "0"}), 0);
  EXPECT_EQ(service_.stop_request.ShortDebugString(),
            "id: \"web\" signal: \"TERM\" grace { }");
}

TEST(CliTest, OutputThatCannotBeWrittenIsAnError) {
  CliRun run({"version"});
  std::ofstream full("/dev/full");
  run.env.out = &full;

  EXPECT_EQ(run.Run(), 125);
  EXPECT_EQ(run.err(),
            "reeve: standard output cannot be written: No space left on "
            "device: what was to be printed is not complete\n");
}

TEST_F(CliWithAgentTest, WaitExitsAsTheTaskDid) {
  service_.wait_response.mutable_exit()->set_code(3);

  EXPECT_EQ(Run({"wait", "web"}), 3);
  EXPECT_EQ(out_, "3\n");

  EXPECT_EQ(Run({"wait", "web", "--json"}), 3);
  EXPECT_THAT(out_, HasSubstr("\"oom_killed\": false"));
}

TEST_F(CliWithAgentTest, WaitTellsOutOfMemoryAndTheUnknown) {
  service_.wait_response.mutable_exit()->set_code(137);
  service_.wait_response.mutable_exit()->set_oom_killed(true);

  EXPECT_EQ(Run({"wait", "web"}), 137);
  EXPECT_EQ(err_,
            "reeve: task web: ran out of memory: the kernel killed a process "
            "of it\n");

  service_.wait_response.mutable_exit()->Clear();
  service_.wait_response.mutable_exit()->set_code(-1);
  service_.wait_response.mutable_exit()->set_reason("the shim was killed");

  EXPECT_EQ(Run({"wait", "web"}), 125);
  EXPECT_EQ(err_,
            "reeve: task web: exit status is not known: the shim was killed\n");
}

TEST(TopCommandTest, PrintsRoundsAsPlainText) {
  if (kWhyNoCalls != nullptr) GTEST_SKIP() << kWhyNoCalls;
  FakeAgent agent;
  v1::TaskSummary* task = agent.service().list_response.add_tasks();
  task->set_id("web");
  task->set_group("shop");
  agent.service().list_response.add_tasks()->set_id("other");
  CliRun run({"top", "--socket", agent.socket(), "--iterations", "2",
              "--interval", "100ms", "--group", "shop"});

  EXPECT_EQ(run.Run(), 0);

  const std::string text = run.out();
  EXPECT_THAT(text, HasSubstr("\nweb  shop "));
  EXPECT_THAT(text, Not(HasSubstr("\nother ")));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\x1b'), 0);
  EXPECT_NE(text.find("2 tasks"), text.rfind("2 tasks"));
}

TEST(TopCommandTest, PrintsAnObjectARound) {
  if (kWhyNoCalls != nullptr) GTEST_SKIP() << kWhyNoCalls;
  FakeAgent agent;
  CliRun run({"top", "--socket", agent.socket(), "--json", "--iterations=1"});

  EXPECT_EQ(run.Run(), 0);

  const std::string text = run.out();
  EXPECT_THAT(text, StartsWith("{\"time\":\""));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
}

TEST(TopCommandTest, RefusesWhatItCannotDo) {
  for (const auto& [arguments, error] :
       std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"top", "--sort", "ram"}, "\"ram\": not a column: use id, group"},
           {{"top", "--interval", "1ms"}, "1ms: use 100ms or more"},
           {{"top", "--interval", "soon"}, "soon: not a duration"},
           {{"top", "--iterations", "0"}, "0: use 1 or more"},
           {{"top", "web"}, "web"}}) {
    CliRun run(arguments);

    EXPECT_EQ(run.Run(), 125);

    EXPECT_THAT(run.err(), StartsWith("reeve: top: "));
    EXPECT_THAT(run.err(), HasSubstr(error));
    EXPECT_EQ(run.out(), "");
  }
}

TEST(TopCommandTest, WithoutAnAgentItSaysSo) {
  CliRun run({"top", "--batch"});

  EXPECT_EQ(run.Run(), 125);

  EXPECT_THAT(run.err(), HasSubstr("/nonexistent/reeve.sock"));
}

}  // namespace
}  // namespace reeve
