#include "agent/policy/policy_source.h"

#include <sys/stat.h>
#include <unistd.h>

#include <memory>
#include <optional>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Optional;
using ::testing::SizeIs;

constexpr char kOne[] = "rules:\n  - {name: a, action: raise_cpus}\n";

class PolicySourceTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<PolicySource>> Open(
      const std::string& text, const PolicyHost& host = {}) {
    tree_.Write("policy.yml", text);
    return PolicySource::Open(tree_.Path("policy.yml"), host);
  }

  FakeTree tree_;
};

TEST_F(PolicySourceTest, AChangedFileIsReadOnce) {
  const auto source = Open(kOne);
  ASSERT_THAT(source, IsOk());
  EXPECT_THAT((*source)->policy().rules, SizeIs(1));
  EXPECT_EQ((*source)->ReadIfChanged(), std::nullopt);

  tree_.Write("policy.yml", "rules: []\n");
  EXPECT_THAT((*source)->ReadIfChanged(), Optional(IsOk()));
  EXPECT_THAT((*source)->policy().rules, SizeIs(0));
  EXPECT_EQ((*source)->ReadIfChanged(), std::nullopt);
}

TEST_F(PolicySourceTest, AWrongChangeKeepsWhatWasBeforeAndIsToldOnce) {
  const auto source = Open(kOne);
  ASSERT_THAT(source, IsOk());
  tree_.Write("policy.yml", "rules: wrong\n");

  EXPECT_THAT((*source)->ReadIfChanged(),
              Optional(StatusIs(absl::StatusCode::kInvalidArgument)));
  EXPECT_THAT((*source)->policy().rules, SizeIs(1));
  EXPECT_EQ((*source)->ReadIfChanged(), std::nullopt);

  tree_.Remove("policy.yml");
  EXPECT_THAT((*source)->ReadIfChanged(),
              Optional(StatusIs(absl::StatusCode::kNotFound)));
  EXPECT_THAT((*source)->policy().rules, SizeIs(1));
}

TEST_F(PolicySourceTest, AFileThatOthersMayWriteToIsNotFollowed) {
  const auto source = Open(kOne);
  ASSERT_THAT(source, IsOk());
  const std::string path = tree_.Path("policy.yml");
  ASSERT_EQ(chmod(path.c_str(), 0666), 0);

  EXPECT_THAT((*source)->ReadIfChanged(),
              Optional(StatusIs(
                  absl::StatusCode::kPermissionDenied,
                  AllOf(HasSubstr("policy.yml: others than its owner may"),
                        HasSubstr("chmod go-w")))));
  EXPECT_THAT((*source)->policy().rules, SizeIs(1));
  EXPECT_THAT(PolicySource::Open(path, {}),
              StatusIs(absl::StatusCode::kPermissionDenied));
  ASSERT_EQ(chmod(path.c_str(), 0644), 0);
  EXPECT_THAT((*source)->ReadIfChanged(), Optional(IsOk()));
}

TEST_F(PolicySourceTest, AFileOfAnotherUserIsNotFollowed) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  const auto source = Open(kOne);
  ASSERT_THAT(source, IsOk());
  const std::string path = tree_.Path("policy.yml");
  ASSERT_EQ(chown(path.c_str(), 65534, 65534), 0);

  EXPECT_THAT((*source)->ReadIfChanged(),
              Optional(StatusIs(absl::StatusCode::kPermissionDenied,
                                HasSubstr("it is user 65534's"))));
  EXPECT_THAT((*source)->policy().rules, SizeIs(1));
}

TEST_F(PolicySourceTest, AFifoInPlaceOfTheFileIsNotWaitedFor) {
  const auto source = Open(kOne);
  ASSERT_THAT(source, IsOk());
  tree_.Remove("policy.yml");
  ASSERT_EQ(mkfifo(tree_.Path("policy.yml").c_str(), 0600), 0);

  EXPECT_THAT(
      (*source)->ReadIfChanged(),
      Optional(StatusIs(absl::StatusCode::kDataLoss,
                        HasSubstr("policy.yml: the file is no regular file"))));
  EXPECT_THAT((*source)->policy().rules, SizeIs(1));
}

TEST_F(PolicySourceTest, RefusesARuleThatTheHostHasNoMemoryHighFor) {
  const std::string text =
      "rules:\n  - {name: mark, action: raise_memory_high}\n";

  EXPECT_THAT(Open(text),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       AllOf(HasSubstr("policy.yml: line 2: rule mark raises "
                                       "memory.high, which is of cgroup v2"),
                             HasSubstr("leave the rule out"))));
  EXPECT_THAT(Open(text, {/*has_memory_high=*/true}), IsOk());
}

TEST_F(PolicySourceTest, RefusesARuleOfPressureThatIsNotMeasured) {
  const std::string text =
      "rules:\n  - {name: stop, action: stop_lowest_priority, pressure: 20%}\n";

  EXPECT_THAT(Open(text), StatusIs(absl::StatusCode::kFailedPrecondition,
                                   HasSubstr("use --collector.pressure")));
  PolicyHost host;
  host.has_pressure = true;
  EXPECT_THAT(Open(text, host), IsOk());
}

}  // namespace
}  // namespace reeve
