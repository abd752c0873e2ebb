#include "base/yaml.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

TEST(ParseYamlTest, MakesATreeWithLines) {
  const absl::StatusOr<YamlNode> root = ParseYaml(
      "a: text\n"
      "b:\n"
      "  - 1\n"
      "  - 'two # no comment'\n"
      "c:\n"
      "d: ''  # empty, but there\n");

  ASSERT_THAT(root, IsOk());
  ASSERT_EQ(root->entries.size(), 4);
  EXPECT_EQ(root->entries[0].second.text, "text");
  EXPECT_EQ(root->entries[1].first, "b");
  ASSERT_EQ(root->entries[1].second.items.size(), 2);
  EXPECT_EQ(root->entries[1].second.items[1].text, "two # no comment");
  EXPECT_EQ(root->entries[1].second.items[1].line, 4);
  EXPECT_EQ(root->entries[2].second.kind, YamlNode::Kind::kNull);
  EXPECT_EQ(root->entries[3].second.kind, YamlNode::Kind::kScalar);
}

TEST(ParseYamlTest, NothingIsNull) {
  for (const char* text : {"", "# nothing\n", "---\n", "~"}) {
    const absl::StatusOr<YamlNode> root = ParseYaml(text);
    ASSERT_THAT(root, IsOk()) << text;
    EXPECT_EQ(root->kind, YamlNode::Kind::kNull) << text;
  }
}

TEST(ParseYamlTest, SaysWhereWhatIsWrong) {
  struct Case {
    const char* text;
    const char* message;
  };
  for (const Case& c : {
           Case{"a: 1\na: 2\n", "line 2: \"a\" again"},
           Case{"a: &x 1\n", "line 1: anchors"},
           Case{"a:\n  b: *x\n", "line 2: anchors"},
           Case{"a\n---\nb\n", "line 2: a second document"},
           Case{"? [a]\n: b\n", "line 1: a key"},
           Case{"a: [\n", "line 2: "},
           Case{"a: \"x", "line 1: "},
           Case{"[[[[[[[[[[[[1]]]]]]]]]]]]", "nested too deeply"},
       }) {
    EXPECT_THAT(ParseYaml(c.text), StatusIs(kInvalid, HasSubstr(c.message)))
        << c.text;
  }
}

}  // namespace
}  // namespace reeve
