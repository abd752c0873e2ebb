// Tasks that may use parts of the file system only, on the real kernel.

#include "enforcement/launch/landlock.h"

#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "enforcement/launch/launch_error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/launch_fixture.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

class LandlockTest : public LaunchTest {
 protected:
  void SetUp() override {
    LaunchTest::SetUp();
    if (IsSkipped()) return;
    if (!CheckLandlockAbi(LandlockAbi()).ok()) {
      GTEST_SKIP() << "this kernel has Landlock of version " << LandlockAbi();
    }
    tree_.Write("ro/file", "kept");
    tree_.Write("rw/file", "old");
    tree_.Write("other/file", "secret");
  }

  // What a shell and its tools need.
  static std::vector<PathRule> System() {
    std::vector<PathRule> rules;
    for (const char* path : {"/bin", "/usr", "/lib", "/lib64", "/etc"}) {
      if (access(path, F_OK) != 0) continue;
      rules.push_back(ParsePathRule(absl::StrCat("ro:", path)).value());
    }
    rules.push_back(ParsePathRule("rw:/dev/null").value());
    return rules;
  }

  // Rules for folders of the tree, beside those of the system.
  std::vector<PathRule> With(
      const std::vector<std::pair<const char*, const char*>>& more) const {
    std::vector<PathRule> rules = System();
    for (const auto& [access, folder] : more) {
      rules.push_back(
          ParsePathRule(absl::StrCat(access, ":", tree_.Path(folder))).value());
    }
    return rules;
  }

  // "yes" or "no" for each command, in the working directory of the tree.
  std::string Try(const std::vector<PathRule>& rules,
                  const std::vector<std::string>& commands) {
    std::string script = absl::StrCat("cd ", tree_.Path(""), "; ");
    for (const std::string& command : commands) {
      absl::StrAppend(&script, "(", command,
                      ") >/dev/null 2>&1 && echo yes || echo no; ");
    }
    const std::string name = absl::StrCat("task", ++tasks_);
    LaunchRequest request = Request("/bin/sh", {"-c", script}, name);
    absl::StatusOr<UniqueFd> ruleset = MakeLandlockRuleset(rules);
    if (!ruleset.ok()) return std::string(ruleset.status().message());
    request.landlock = *std::move(ruleset);
    EXPECT_THAT(Run(std::move(request), name), IsOk());
    return tree_.Read(name + ".out");
  }

  int tasks_ = 0;
};

TEST_F(LandlockTest, NothingButWhatIsAllowedCanBeUsed) {
  EXPECT_EQ(Try(With({{"ro", "ro"}, {"rw", "rw"}}),
                {"cat ro/file", "ls ro", "cat other/file", "ls other", "ls .",
                 "cat rw/file", "echo new > rw/file", "echo new > rw/new",
                 "mkdir rw/dir", "mv rw/new rw/dir/new", "rm -r rw/dir"}),
            "yes\nyes\nno\nno\nno\nyes\nyes\nyes\nyes\nyes\nyes\n");
  EXPECT_EQ(tree_.Read("rw/file"), "new\n");
}

TEST_F(LandlockTest, WhatCanOnlyBeReadStaysAsItIs) {
  EXPECT_EQ(Try(With({{"ro", "ro"}, {"rw", "rw"}}),
                {": > ro/file", ": >> ro/file", "truncate -s 0 ro/file",
                 "rm ro/file", "mv ro/file rw/file", "ln rw/file ro/link",
                 "mkdir ro/dir", "touch ro/new", "cp rw/file ro/file"}),
            "no\nno\nno\nno\nno\nno\nno\nno\nno\n");
  EXPECT_EQ(tree_.Read("ro/file"), "kept");
  EXPECT_EQ(tree_.Read("rw/file"), "old");
}

TEST_F(LandlockTest, EachLetterIsApart) {
  tree_.Write("rw/program", "#!/bin/sh\n");
  ASSERT_EQ(chmod(tree_.Path("rw/program").c_str(), 0755), 0);
  const std::vector<std::string> uses = {"cat rw/file", "echo > rw/file",
                                         "rw/program", "touch rw/new"};

  EXPECT_EQ(Try(With({{"r", "rw"}}), uses), "yes\nno\nno\nno\n");
  EXPECT_EQ(Try(With({{"w", "rw"}}), uses), "no\nyes\nno\nno\n");
  EXPECT_EQ(Try(With({{"rx", "rw"}}), uses), "yes\nno\nyes\nno\n");
  // touch opens what it makes.
  EXPECT_EQ(Try(With({{"wc", "rw"}}), uses), "no\nyes\nno\nyes\n");
}

TEST_F(LandlockTest, ALinkLeadsNowhereElse) {
  tree_.MakeLink("rw/link", tree_.Path("other/file"));

  EXPECT_EQ(
      Try(With({{"rw", "rw"}}),
          {"cat rw/link", "echo x > rw/link", "cat rw/../other/file",
           absl::StrCat("cat /proc/self/root", tree_.Path("other/file"))}),
      "no\nno\nno\nno\n");
}

TEST_F(LandlockTest, NoDeviceCanBeMade) {
  EXPECT_EQ(
      Try(With({{"rw", "rw"}}),
          {"mknod rw/null c 1 3", "mknod rw/disk b 7 0", "mkfifo rw/fifo"}),
      "no\nno\nyes\n");
}

TEST_F(LandlockTest, ARuleMayBeForOneFile) {
  EXPECT_EQ(Try(With({{"r", "other/file"}}),
                {"cat other/file", "echo > other/file", "ls other"}),
            "yes\nno\nno\n");
}

TEST_F(LandlockTest, NoPrivilegeIsGainedByAProgram) {
  std::vector<PathRule> rules = System();
  rules.push_back(ParsePathRule("r:/proc").value());

  EXPECT_EQ(Try(rules, {"grep -q '^NoNewPrivs:.1$' /proc/self/status"}),
            "yes\n");
}

TEST_F(LandlockTest, WhoIsNotRootIsRestrictedToo) {
  for (const char* folder : {"", "rw", "other"}) {
    ASSERT_EQ(chmod(tree_.Path(folder).c_str(), 0777), 0);
  }
  const std::string script =
      absl::StrCat("cd ", tree_.Path(""),
                   "; touch rw/new && echo yes; cat other/file || echo no");
  LaunchRequest request = Request("/bin/sh", {"-c", script});
  request.credentials = Credentials{65534, 65534, {}, "nobody", "/"};
  absl::StatusOr<UniqueFd> ruleset = MakeLandlockRuleset(With({{"rw", "rw"}}));
  ASSERT_THAT(ruleset, IsOk());
  request.landlock = *std::move(ruleset);

  EXPECT_THAT(Run(std::move(request)), IsOk());

  EXPECT_EQ(tree_.Read("task.out"), "yes\nno\n");
}

TEST_F(LandlockTest, AProgramThatMayNotBeRunIsExplained) {
  const Footprint before = Footprint::Now();
  {
    LaunchRequest request = Request("/bin/true", {});
    absl::StatusOr<UniqueFd> ruleset = MakeLandlockRuleset(
        {ParsePathRule(absl::StrCat("rw:", tree_.Path("rw"))).value()});
    ASSERT_THAT(ruleset, IsOk());
    request.landlock = *std::move(ruleset);

    const auto refused = launcher_.Launch(std::move(request));

    EXPECT_THAT(refused, StatusIs(absl::StatusCode::kPermissionDenied,
                                  HasSubstr("no landlock rule lets them be "
                                            "read and run, as rx:/usr")));
    EXPECT_EQ(ReasonOf(refused.status()),
              LaunchErrorReason::kProgramNotExecutable);
  }
  EXPECT_EQ(Footprint::Now(), before);
}

TEST_F(LandlockTest, APathThatIsNotThereIsNamed) {
  EXPECT_THAT(MakeLandlockRuleset({ParsePathRule("ro:/there/is/none").value()}),
              StatusIs(absl::StatusCode::kNotFound,
                       HasSubstr("landlock rule rx:/there/is/none: open "
                                 "/there/is/none: No such file")));
  EXPECT_THAT(
      MakeLandlockRuleset(
          {ParsePathRule(absl::StrCat("c:", tree_.Path("ro/file"))).value()}),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("no directory")));
}

TEST(LandlockAbiTest, AKernelThatKeepsRulesInPartIsRefused) {
  EXPECT_THAT(CheckLandlockAbi(0),
              StatusIs(absl::StatusCode::kUnimplemented, HasSubstr("lsm=")));
  EXPECT_THAT(CheckLandlockAbi(2), StatusIs(absl::StatusCode::kUnimplemented,
                                            HasSubstr("version 2")));
  EXPECT_THAT(CheckLandlockAbi(3), IsOk());
  if (CheckLandlockAbi(LandlockAbi()).ok()) return;
  EXPECT_THAT(MakeLandlockRuleset({ParsePathRule("ro:/").value()}),
              StatusIs(absl::StatusCode::kUnimplemented));
}

}  // namespace
}  // namespace reeve
