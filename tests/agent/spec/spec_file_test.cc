#include "agent/spec/spec_file.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

TEST(SpecFileTest, YamlIsWhatEndsSo) {
  EXPECT_TRUE(IsYamlPath("a.yaml"));
  EXPECT_TRUE(IsYamlPath("/b/a.yml"));
  EXPECT_FALSE(IsYamlPath("a.json"));
  EXPECT_FALSE(IsYamlPath("yaml"));
}

TEST(SpecFileTest, JsonIsTakenAsItIs) {
  const auto spec = ParseSpecFile(
      "a",
      "{\"command\": [\"sh\", \"-c\", \"echo ${HOME}\"], \"origin\": \"x\"}");

  ASSERT_THAT(spec, IsOk());
  EXPECT_EQ(spec->ShortDebugString(),
            "command: \"sh\" command: \"-c\" command: \"echo ${HOME}\"");
}

TEST(SpecFileTest, ValuesStandInForNamesInYaml) {
  const auto spec = ParseSpecFile(
      "a.yaml", "command: [sleep, '${TIME}']\nlimits: {pids: '${PIDS}'}\n",
      {{"TIME", "60"}, {"PIDS", "5"}});

  ASSERT_THAT(spec, IsOk());
  EXPECT_EQ(spec->ShortDebugString(),
            "command: \"sleep\" command: \"60\" limits { pids: 5 }");
}

TEST(SpecFileTest, AnEnvFileIsFoundBesideTheSpecAndCountsFirst) {
  FakeTree tree;
  tree.Write("etc/web.env", "A=own\n");
  tree.Write("etc/web.yaml", "env_file: web.env\ncommand: ['${A}', '${B}']\n");

  const auto spec =
      ReadSpecFile(tree.Path("etc/web.yaml"), {{"A", "all"}, {"B", "all"}});

  ASSERT_THAT(spec, IsOk());
  EXPECT_EQ(spec->ShortDebugString(), "command: \"own\" command: \"all\"");
}

TEST(SpecFileTest, AnEnvFileThatCannotBeReadIsNamedWithItsLine) {
  FakeTree tree;
  tree.Write("bad.env", "A\n");
  const auto error = [&tree](const std::string& name) {
    return std::string(ParseSpecFile(tree.Path("web.yaml"),
                                     "command: [a]\nenv_file: " + name + "\n")
                           .status()
                           .message());
  };

  EXPECT_THAT(error("none.env"), HasSubstr("line 2: env_file: "));
  EXPECT_THAT(error("none.env"), HasSubstr("/none.env"));
  EXPECT_THAT(error("bad.env"), HasSubstr("/bad.env: line 1: give NAME=value"));
  EXPECT_THAT(error("[a]"), HasSubstr("line 2: env_file: give the path"));
  EXPECT_THAT(error("''"), HasSubstr("line 2: env_file: give the path"));
}

TEST(SpecFileTest, AnErrorBeginsWithThePath) {
  EXPECT_THAT(ParseSpecFile("a.json", "{\"memroy\": 1}"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("a.json: not a task spec: ")));
  EXPECT_THAT(ParseSpecFile("a.yaml", "memroy: 1"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("a.yaml: not a task spec: line 1: memroy")));
  EXPECT_THAT(ParseSpecFile("a.yaml", "a: [\n"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("a.yaml: not a task spec: line 2: ")));
  EXPECT_THAT(ParseSpecFile("a.yaml", "command:\n- ${NONE}\n"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("line 2: NONE is not set")));
  EXPECT_THAT(ReadSpecFile("/no/such.json"),
              StatusIs(absl::StatusCode::kNotFound,
                       HasSubstr("/no/such.json: cannot be read: ")));
}

}  // namespace
}  // namespace reeve
