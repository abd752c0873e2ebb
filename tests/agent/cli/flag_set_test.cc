#include "agent/cli/flag_set.h"

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

using Args = std::vector<std::string>;

// The flags of a command that starts a program.
struct Launching {
  Launching() {
    flags.AddSwitch("--detach", "Return at once", &detach);
    flags.AddText("-m,--memory", "SIZE", "Limit", &memory);
    flags.AddText("--web.listen-address", "HOST:PORT", "Where", &address);
    flags.AddList("--env", "K=V", "Variable", [this](const std::string& text) {
      env.push_back(text);
      return text == "bad" ? absl::InvalidArgumentError("bad: not K=V")
                           : absl::OkStatus();
    });
    flags.AddProgram(&program);
    flags.AddExample("reeve start -- true");
  }

  FlagSet flags{"start", "Starts a program."};
  bool detach = false;
  std::string memory;
  std::string address = "default";
  std::vector<std::string> env;
  std::vector<std::string> program;
};

// The flags of a command on a task.
struct Signalling {
  Signalling() {
    flags.AddArgument("ID", "The task", &id);
    flags.AddArgument("SIGNAL", "What to send", &signal);
    flags.AddSwitch("--json", "JSON", &json);
  }

  FlagSet flags{"signal", "Sends a signal."};
  std::string id;
  std::string signal;
  bool json = false;
};

TEST(FlagSetTest, SwitchesOfOneLetterCanBeJoined) {
  FlagSet flags("exec", "Runs a command.");
  bool tty = false;
  bool input = false;
  std::string memory;
  flags.AddSwitch("-t,--tty", "Terminal", &tty);
  flags.AddSwitch("-i,--interactive", "Input", &input);
  flags.AddText("-m,--memory", "SIZE", "Limit", &memory);

  ASSERT_THAT(flags.Parse({"-it"}), IsOk());

  EXPECT_TRUE(tty);
  EXPECT_TRUE(input);
  EXPECT_THAT(flags.Parse({"-ix"}).status().message(), HasSubstr("-ix"));
  EXPECT_THAT(flags.Parse({"-im"}).status().message(), HasSubstr("-im"));
}

TEST(FlagSetTest, FlagsTakeTheirValueWithABlankOrAnEqualsSign) {
  Launching line;

  ASSERT_THAT(line.flags.Parse({"--memory", "64M", "--env=A=b=c",
                                "--web.listen-address", ":1", "--env", "D",
                                "--detach", "true"}),
              IsOkAndHolds(FlagSet::Outcome::kParsed));

  EXPECT_EQ(line.memory, "64M");
  EXPECT_THAT(line.env, ElementsAre("A=b=c", "D"));
  EXPECT_EQ(line.address, ":1");
  EXPECT_TRUE(line.detach);
  EXPECT_THAT(line.program, ElementsAre("true"));
}

TEST(FlagSetTest, WhatFollowsTheProgramBelongsToIt) {
  Launching line;

  ASSERT_THAT(line.flags.Parse({"sh", "--memory", "--", "-c", "[x]", "--help"}),
              IsOkAndHolds(FlagSet::Outcome::kParsed));

  EXPECT_THAT(line.program,
              ElementsAre("sh", "--memory", "--", "-c", "[x]", "--help"));
  EXPECT_EQ(line.memory, "");
}

TEST(FlagSetTest, TwoDashesEndTheFlags) {
  Launching line;

  ASSERT_THAT(line.flags.Parse({"-m", "1", "--", "--memory", "--", "x"}),
              IsOkAndHolds(FlagSet::Outcome::kParsed));

  EXPECT_EQ(line.memory, "1");
  EXPECT_THAT(line.program, ElementsAre("--memory", "--", "x"));
}

TEST(FlagSetTest, AnEmptyValueIsAValue) {
  Launching line;

  ASSERT_THAT(line.flags.Parse({"--web.listen-address=", "true"}), IsOk());

  EXPECT_EQ(line.address, "");
  EXPECT_THAT(line.program, ElementsAre("true"));
}

TEST(FlagSetTest, AValueMayLookLikeAFlagOrAList) {
  Launching line;

  ASSERT_THAT(line.flags.Parse(
                  {"--memory", "-1", "--env", "[a,b]", "--env", "--detach"}),
              IsOk());

  EXPECT_EQ(line.memory, "-1");
  EXPECT_THAT(line.env, ElementsAre("[a,b]", "--detach"));
  EXPECT_FALSE(line.detach);
}

TEST(FlagSetTest, ArgumentsMixWithFlags) {
  Signalling line;

  ASSERT_THAT(line.flags.Parse({"web", "--json", "HUP"}), IsOk());

  EXPECT_EQ(line.id, "web");
  EXPECT_EQ(line.signal, "HUP");
  EXPECT_TRUE(line.json);
}

TEST(FlagSetTest, WhatIsNotGivenKeepsItsDefault) {
  Launching line;

  ASSERT_THAT(line.flags.Parse({}), IsOk());

  EXPECT_EQ(line.address, "default");
  EXPECT_THAT(line.program, IsEmpty());
}

TEST(FlagSetTest, RefusesALineWithOneMessageThatNamesTheHelp) {
  const std::vector<std::pair<Args, std::string>> cases = {
      {{"--bogus", "x"}, "unknown flag --bogus (see \"reeve start --help\")"},
      {{"--mem", "1"}, "unknown flag --mem (see \"reeve start --help\")"},
      {{"-m1"}, "unknown flag -m1 (see \"reeve start --help\")"},
      {{"--memory"},
       "--memory: needs a value: SIZE (see \"reeve start --help\")"},
      {{"--detach=yes"},
       "--detach: takes no value (see \"reeve start --help\")"},
      {{"--memory", "1", "-m", "2"},
       "--memory: given more than once (see \"reeve start --help\")"},
  };
  for (const auto& [args, message] : cases) {
    Launching line;
    EXPECT_THAT(line.flags.Parse(args),
                StatusIs(absl::StatusCode::kInvalidArgument, message));
  }
}

TEST(FlagSetTest, RefusesTooFewAndTooManyArguments) {
  const std::vector<std::pair<Args, std::string>> cases = {
      {{}, "ID is missing"},
      {{"web"}, "SIGNAL is missing"},
      {{"web", "HUP", "TERM"}, "unexpected argument TERM"},
      {{"web", "HUP", "--", "TERM"}, "unexpected argument TERM"},
  };
  for (const auto& [args, message] : cases) {
    Signalling line;
    EXPECT_THAT(
        line.flags.Parse(args),
        StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(message)));
  }
}

TEST(FlagSetTest, AnErrorOfASetterIsReportedBehindTheFlag) {
  Launching line;

  EXPECT_THAT(
      line.flags.Parse({"--env", "bad", "true"}),
      StatusIs(absl::StatusCode::kInvalidArgument, "--env bad: not K=V"));
}

TEST(FlagSetTest, ShortSwitchesMayBeJoined) {
  bool i = false;
  bool t = false;
  std::string value;
  FlagSet flags("run", "Runs.");
  flags.AddSwitch("-i,--interactive", "Input", &i);
  flags.AddSwitch("-t,--tty", "Terminal", &t);
  flags.AddText("-m,--memory", "SIZE", "Limit", &value);

  ASSERT_THAT(flags.Parse({"-it"}), IsOk());

  EXPECT_TRUE(i);
  EXPECT_TRUE(t);
  // Not with a flag that takes a value, nor with one that is not there.
  for (const char* joined : {"-im", "-ix", "-ih"}) {
    FlagSet others("run", "Runs.");
    others.AddSwitch("-i,--interactive", "Input", &i);
    others.AddText("-m,--memory", "SIZE", "Limit", &value);
    EXPECT_THAT(
        others.Parse({joined}),
        StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("unknown flag")))
        << joined;
  }
}

TEST(FlagSetTest, TheHelpIsWantedWhereverItsFlagStands) {
  for (const Args& args :
       {Args{"--help"}, Args{"-h"}, Args{"--memory", "1", "--help"}}) {
    Launching line;
    EXPECT_THAT(line.flags.Parse(args),
                IsOkAndHolds(FlagSet::Outcome::kHelpWanted));
  }
}

TEST(FlagSetTest, AValueIsNoRequestForHelp) {
  Launching line;

  EXPECT_THAT(line.flags.Parse({"--memory", "--help"}),
              IsOkAndHolds(FlagSet::Outcome::kParsed));
}

TEST(FlagSetTest, OfAToggleTheLastCounts) {
  for (const auto& [args, value] : std::vector<std::pair<Args, bool>>{
           {{}, true},
           {{"--no-part.a"}, false},
           {{"--no-part.a", "--part.a"}, true},
           {{"--part.a", "--no-part.a"}, false},
           {{"--part.a", "--no-part.a", "--part.a"}, true}}) {
    FlagSet flags("start", "Starts a program.");
    bool part = true;
    flags.AddToggle("part.a", "A part", &part);

    EXPECT_THAT(flags.Parse(args), IsOkAndHolds(FlagSet::Outcome::kParsed));
    EXPECT_EQ(part, value) << args.size();
    EXPECT_THAT(flags.Help(), HasSubstr("  --part.a "));
    EXPECT_THAT(flags.Help(), Not(HasSubstr("--no-part.a")));
  }
}

TEST(FlagSetTest, TheHelpShowsUsageFlagsAndExampleIn80Columns) {
  FlagSet flags("start", "Starts a program.");
  std::string text;
  flags.BeginGroup("Limits");
  flags.AddText("--memory", "SIZE",
                "A text that is too long to stand beside the name of its flag "
                "on one line of a terminal",
                &text);
  flags.AddArgument("ID", "The task", &text);
  flags.AddExample("reeve start web");

  EXPECT_EQ(flags.Help(),
            "Starts a program.\n"
            "\n"
            "Usage: reeve start [FLAGS] ID\n"
            "\n"
            "Arguments:\n"
            "  ID                            The task\n"
            "\n"
            "Flags:\n"
            "  -h,--help                     Print this\n"
            "\n"
            "Limits:\n"
            "  --memory SIZE                 A text that is too long to stand "
            "beside the name\n"
            "                                of its flag on one line of a "
            "terminal\n"
            "\n"
            "Example:\n"
            "  reeve start web\n");
}

TEST(FlagSetTest, ItsDescriptionHasFlagsArgumentsAndProgram) {
  Launching launching;

  const CommandDescription description = launching.flags.Describe();

  EXPECT_EQ(description.name, "start");
  EXPECT_EQ(description.summary, "Starts a program.");
  EXPECT_EQ(description.example, "reeve start -- true");
  EXPECT_TRUE(description.takes_program);
  EXPECT_THAT(description.arguments, IsEmpty());
  ASSERT_EQ(description.flags.size(), 5);
  const FlagDescription& memory = description.flags[2];
  EXPECT_THAT(memory.names, ElementsAre("-m", "--memory"));
  EXPECT_EQ(memory.value, "SIZE");
  EXPECT_EQ(memory.help, "Limit");
  EXPECT_EQ(memory.heading, "Flags");
  EXPECT_FALSE(memory.is_list);
  EXPECT_TRUE(description.flags[4].is_list);
  EXPECT_EQ(description.flags[1].value, "");
  EXPECT_EQ(Signalling().flags.Describe().arguments[1].name, "SIGNAL");
}

TEST(FlagSetTest, ItsDescriptionHasWhatTurnsAFlagOffWithThatFlag) {
  FlagSet flags("agent", "Serves.");
  bool io = false;
  flags.BeginGroup("More");
  flags.AddToggle("collector.io", "I/O", &io);

  const CommandDescription description = flags.Describe();

  ASSERT_EQ(description.flags.size(), 2);
  EXPECT_THAT(description.flags[1].names, ElementsAre("--collector.io"));
  EXPECT_EQ(description.flags[1].negation, "--no-collector.io");
  EXPECT_EQ(description.flags[1].heading, "More");
}

}  // namespace
}  // namespace reeve
