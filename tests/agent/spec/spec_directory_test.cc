#include "agent/spec/spec_directory.h"

#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kSpec[] = "command: ['true']\n";

absl::StatusOr<v1::TaskSpec> Load(
    const FakeTree& tree, const std::string& name,
    TrustedWriters writers = TrustedWriters::kAnybody) {
  return LoadSpecFile(tree.Path(name), {}, writers).spec;
}

TEST(SpecDirectoryTest, SpecsAreToldByTheirNames) {
  for (const char* name : {"a.yaml", "a.yml", "a.json", "a.b.yaml"}) {
    EXPECT_TRUE(IsSpecFileName(name)) << name;
  }
  for (const char* name :
       {"", ".a.yaml", "a.yaml~", "a.yaml.dpkg-new", "#a.yaml#", "a.yaml.swp",
        "a.env", "README", ".yaml"}) {
    EXPECT_FALSE(IsSpecFileName(name)) << name;
  }
}

TEST(SpecDirectoryTest, TheListIsSortedAndHasSpecsOnly) {
  FakeTree tree;
  for (const char* name : {"b.yaml", "a.json", "c.txt", ".d.yaml"}) {
    tree.Write(name, kSpec);
  }

  EXPECT_THAT(ListSpecFiles(tree.Path("")),
              IsOkAndHolds(ElementsAre("a.json", "b.yaml")));
  EXPECT_THAT(ListSpecFiles(tree.Path("none")),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST(SpecDirectoryTest, TheIdIsTheNameUnlessTheSpecHasOne) {
  FakeTree tree;
  tree.Write("web.1.yaml", kSpec);
  tree.Write("db.yaml", std::string("id: other\n") + kSpec);

  EXPECT_EQ(Load(tree, "web.1.yaml")->id(), "web.1");
  EXPECT_EQ(Load(tree, "db.yaml")->id(), "other");
}

TEST(SpecDirectoryTest, TwoOfTheSameMeaningAreTheSame) {
  FakeTree tree;
  tree.Write("a.yaml",
             "id: x\n# short\ncommand: ['true']\n"
             "limits: {cpus: 1}\n");
  tree.Write("b.json",
             "{\"limits\": {\"cpus\": 1, \"cpu_period_usec\": 100000}, "
             "\"command\": [\"true\"], \"id\": \"x\", \"umask\": 18}");

  EXPECT_EQ(Load(tree, "a.yaml")->SerializeAsString(),
            Load(tree, "b.json")->SerializeAsString());
}

TEST(SpecDirectoryTest, WhatIsNoSpecIsInvalidAndWhatIsNotReadIsNot) {
  FakeTree tree;
  tree.Write("bad.yaml", "command: 1\n");
  tree.Write("none.yaml", "cwd: /\n");
  tree.Write("bad name.yaml", kSpec);
  tree.Write("large.yaml", std::string(257 << 10, '#'));
  tree.MakeDir("dir.yaml");
  tree.MakeLink("gone.yaml", "nowhere");
  ASSERT_EQ(mkfifo(tree.Path("fifo.yaml").c_str(), 0600), 0);

  EXPECT_THAT(Load(tree, "bad.yaml"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("/bad.yaml: not a task spec: line 1: ")));
  EXPECT_THAT(Load(tree, "none.yaml"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("/none.yaml: command: name a program")));
  EXPECT_THAT(Load(tree, "bad name.yaml"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("task id \"bad name\"")));
  for (const char* name :
       {"large.yaml", "dir.yaml", "gone.yaml", "fifo.yaml"}) {
    EXPECT_THAT(Load(tree, name), StatusIs(absl::StatusCode::kUnavailable,
                                           HasSubstr(": cannot be read: ")))
        << name;
  }
}

TEST(SpecDirectoryTest, ANameThatIsNoTextIsRefused) {
  FakeTree tree;
  tree.Write("a\xFF.yaml", kSpec);

  EXPECT_THAT(Load(tree, "a\xFF.yaml"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("/a\\xff.yaml: give the file a name that is "
                                 "UTF-8")));
}

TEST(SpecDirectoryTest, OthersMayNotHaveWrittenTheEnvFile) {
  FakeTree tree;
  tree.Write("web.env", "A=b\n");
  tree.Write("web.yaml", std::string("env_file: web.env\n") + kSpec);
  ASSERT_EQ(chmod(tree.Path("web.env").c_str(), 0666), 0);

  EXPECT_THAT(Load(tree, "web.yaml", TrustedWriters::kOwner),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("/web.env: others than its owner may write")));
  EXPECT_THAT(Load(tree, "web.yaml"), IsOk());
}

TEST(SpecDirectoryTest, ALinkToASpecIsOne) {
  FakeTree tree;
  tree.Write("elsewhere/x", kSpec);
  tree.MakeLink("web.yaml", "elsewhere/x");

  EXPECT_EQ(Load(tree, "web.yaml")->id(), "web");
}

TEST(SpecDirectoryTest, WhatOthersMayWriteIsNotRunOnTheOwnersBehalf) {
  FakeTree tree;
  tree.Write("web.yaml", kSpec);
  for (const mode_t mode : {0660, 0606}) {
    ASSERT_EQ(chmod(tree.Path("web.yaml").c_str(), mode), 0);

    EXPECT_THAT(
        Load(tree, "web.yaml", TrustedWriters::kOwner),
        StatusIs(absl::StatusCode::kUnavailable, HasSubstr("chmod go-w")));
    EXPECT_THAT(Load(tree, "web.yaml"), IsOk());
  }
  ASSERT_EQ(chmod(tree.Path("web.yaml").c_str(), 0644), 0);
  EXPECT_THAT(Load(tree, "web.yaml", TrustedWriters::kOwner), IsOk());
}

TEST(SpecDirectoryTest, ADirectoryThatOthersMayWriteToIsRefused) {
  FakeTree tree;
  tree.MakeDir("d");
  tree.Write("file", "");
  ASSERT_EQ(chmod(tree.Path("d").c_str(), 0755), 0);
  EXPECT_THAT(CheckSpecDirectory(tree.Path("d")), IsOk());

  ASSERT_EQ(chmod(tree.Path("d").c_str(), 01777), 0);

  EXPECT_THAT(CheckSpecDirectory(tree.Path("d")),
              StatusIs(absl::StatusCode::kPermissionDenied,
                       HasSubstr("/d: others than its owner")));
  EXPECT_THAT(
      CheckSpecDirectory(tree.Path("file")),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("no directory")));
  EXPECT_THAT(CheckSpecDirectory(tree.Path("none")),
              StatusIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace reeve
