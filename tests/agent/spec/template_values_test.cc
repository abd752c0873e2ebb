#include "agent/spec/template_values.h"

#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

absl::StatusOr<TemplateValues> Read(
    const FakeTree& tree, const std::string& name,
    TrustedWriters writers = TrustedWriters::kAnybody) {
  return ReadTemplateValues(tree.Path(name), writers);
}

TEST(ParseTemplateValuesTest, EachLineIsAValue) {
  const auto values = ParseTemplateValues(
      "# the web\n\nPORT=80\n  HOST = \"a b\" \nNAME='x=y'\nEMPTY=\nPORT=81");

  ASSERT_THAT(values, IsOk());
  EXPECT_THAT(*values, ElementsAre(Pair("EMPTY", ""), Pair("HOST", "a b"),
                                   Pair("NAME", "x=y"), Pair("PORT", "81")));
}

TEST(ParseTemplateValuesTest, OnePairOfQuotesIsTakenAway) {
  EXPECT_THAT(ParseTemplateValues("A=\"a b\""),
              IsOkAndHolds(ElementsAre(Pair("A", "a b"))));
  EXPECT_THAT(ParseTemplateValues("A=\"\"a\"\""),
              IsOkAndHolds(ElementsAre(Pair("A", "\"a\""))));
  EXPECT_THAT(ParseTemplateValues("A=\"a"),
              IsOkAndHolds(ElementsAre(Pair("A", "\"a"))));
}

TEST(ParseTemplateValuesTest, ALineWithoutANameIsRefused) {
  for (const char* line : {"PORT", "=80", "1A=2", "A-B=1", "export A=1"}) {
    EXPECT_THAT(ParseTemplateValues(absl::StrCat("A=1\n", line, "\n")),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         HasSubstr("line 2: give NAME=value")))
        << line;
  }
}

TEST(ReadTemplateValuesTest, AnErrorNamesTheFile) {
  FakeTree tree;
  tree.Write("good.env", "A=1\n");
  tree.Write("bad.env", "A\n");
  tree.Write("large.env", std::string(65 << 10, '#'));

  EXPECT_THAT(Read(tree, "good.env"),
              IsOkAndHolds(ElementsAre(Pair("A", "1"))));
  EXPECT_THAT(Read(tree, "bad.env"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("/bad.env: line 1: ")));
  EXPECT_THAT(Read(tree, "none.env"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("none.env")));
  EXPECT_THAT(Read(tree, "large.env"),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("65536 bytes")));
}

TEST(ReadTemplateValuesTest, OthersMayNotHaveWrittenTheFile) {
  FakeTree tree;
  tree.Write("open.env", "A=1\n");
  ASSERT_EQ(chmod(tree.Path("open.env").c_str(), 0666), 0);

  EXPECT_THAT(
      Read(tree, "open.env", TrustedWriters::kOwner),
      StatusIs(absl::StatusCode::kPermissionDenied,
               HasSubstr("/open.env: others than its owner may write to "
                         "it: chmod go-w")));
  EXPECT_THAT(Read(tree, "open.env"), IsOk());

  ASSERT_EQ(chmod(tree.Path("open.env").c_str(), 0644), 0);
  EXPECT_THAT(Read(tree, "open.env", TrustedWriters::kOwner), IsOk());
  if (geteuid() != 0) return;
  ASSERT_EQ(chown(tree.Path("open.env").c_str(), 65534, 0), 0);
  EXPECT_THAT(Read(tree, "open.env", TrustedWriters::kOwner),
              StatusIs(absl::StatusCode::kPermissionDenied,
                       HasSubstr("/open.env: it is user 65534's")));
}

TEST(ReadTemplateValuesTest, AFifoIsNotWaitedFor) {
  FakeTree tree;
  ASSERT_EQ(mkfifo(tree.Path("fifo.env").c_str(), 0600), 0);

  EXPECT_THAT(Read(tree, "fifo.env"), StatusIs(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace reeve
