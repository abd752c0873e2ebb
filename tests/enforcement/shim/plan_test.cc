#include "enforcement/shim/plan.h"

#include <cstring>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

template <typename T>
void Append(std::string& bytes, const T& value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

// A plan with one rlimit, one step of its root, two instructions of a filter,
// two `tasks` files, one group, two places of the program, two arguments and
// one variable.
std::string PlanBytes() {
  PlanHeader header = {};
  header.magic = kPlanMagic;
  header.version = kPlanVersion;
  header.rlimit_count = 1;
  header.root_step_count = 1;
  header.filter_count = 2;
  header.program_count = 2;
  header.tasks_fd_count = 2;
  header.group_count = 1;
  header.arg_count = 2;
  header.env_count = 1;
  std::string body;
  Append(body, PlanRlimit{7, 0, 10, 20});
  PlanRootStep step = {};
  step.kind = RootStepKind::kSymlink;
  step.fd = 5;
  Append(body, step);
  Append(body, uint64_t{6});
  Append(body, uint64_t{7});
  Append(body, int32_t{17});
  Append(body, int32_t{18});
  Append(body, uint32_t{100});
  // With the NUL at its end.
  constexpr char kStrings[] =
      "/srv\0box\0label\0uids\0gids\0/bin/x\0/usr/bin/x\0x\0two "
      "words\0A=1\0/dev/fd\0"
      "/proc/self/fd";
  body.append(kStrings, sizeof(kStrings));
  header.size = sizeof(header) + body.size();
  std::string bytes;
  Append(bytes, header);
  return bytes + body;
}

PlanHeader& HeaderOf(std::string& bytes) {
  return *reinterpret_cast<PlanHeader*>(&bytes[0]);
}

class PlanTest : public ::testing::Test {
 protected:
  bool LayOut(std::string& bytes) {
    const size_t count = PlanPointerCount(bytes.data(), bytes.size());
    if (count == 0) return false;
    pointers_.resize(count);
    return LayOutPlan(&bytes[0], bytes.size(), pointers_.data(), &plan_);
  }

  static std::vector<std::string> List(const char** strings) {
    std::vector<std::string> list;
    for (; *strings != nullptr; ++strings) list.push_back(*strings);
    return list;
  }

  std::vector<const char*> pointers_;
  Plan plan_;
};

TEST_F(PlanTest, IsLaidOutForExec) {
  std::string bytes = PlanBytes();

  ASSERT_TRUE(LayOut(bytes));

  EXPECT_EQ(plan_.rlimits[0].resource, 7);
  EXPECT_EQ(plan_.rlimits[0].soft, 10u);
  EXPECT_EQ(plan_.rlimits[0].hard, 20u);
  EXPECT_EQ(plan_.tasks_fds[0], 17);
  EXPECT_EQ(plan_.tasks_fds[1], 18);
  EXPECT_EQ(plan_.groups[0], 100u);
  EXPECT_EQ(plan_.root_steps[0].kind, RootStepKind::kSymlink);
  EXPECT_EQ(plan_.root_steps[0].fd, 5);
  EXPECT_EQ(plan_.filter[1], 7u);
  EXPECT_STREQ(plan_.cwd, "/srv");
  EXPECT_STREQ(plan_.hostname, "box");
  EXPECT_STREQ(plan_.label, "label");
  EXPECT_STREQ(plan_.uid_map, "uids");
  EXPECT_STREQ(plan_.gid_map, "gids");
  EXPECT_STREQ(plan_.programs[0], "/bin/x");
  EXPECT_STREQ(plan_.programs[1], "/usr/bin/x");
  EXPECT_THAT(List(plan_.argv), ElementsAre("x", "two words"));
  EXPECT_THAT(List(plan_.envp), ElementsAre("A=1"));
  EXPECT_STREQ(plan_.root_texts[0], "/dev/fd");
  EXPECT_STREQ(plan_.root_texts[1], "/proc/self/fd");
}

TEST_F(PlanTest, EnvironmentMayBeEmpty) {
  std::string bytes = PlanBytes();
  bytes.erase(bytes.find("A=1"), 4);
  HeaderOf(bytes).env_count = 0;
  HeaderOf(bytes).size = bytes.size();

  ASSERT_TRUE(LayOut(bytes));

  EXPECT_THAT(List(plan_.envp), IsEmpty());
}

TEST_F(PlanTest, PlanOfAnotherBuildIsRefused) {
  std::string other_magic = PlanBytes();
  HeaderOf(other_magic).magic ^= 1;
  EXPECT_FALSE(LayOut(other_magic));

  std::string other_version = PlanBytes();
  HeaderOf(other_version).version += 1;
  EXPECT_FALSE(LayOut(other_version));
}

TEST_F(PlanTest, PlanWithoutAProgramIsRefused) {
  std::string bytes = PlanBytes();
  HeaderOf(bytes).arg_count = 0;
  HeaderOf(bytes).env_count = 3;
  EXPECT_FALSE(LayOut(bytes));

  bytes = PlanBytes();
  HeaderOf(bytes).program_count = 0;
  HeaderOf(bytes).env_count = 3;
  EXPECT_FALSE(LayOut(bytes));
}

TEST_F(PlanTest, EveryPlanThatIsCutShortIsRefused) {
  const std::string whole = PlanBytes();
  for (size_t size = 0; size < whole.size(); ++size) {
    std::string cut = whole.substr(0, size);
    EXPECT_FALSE(LayOut(cut)) << size;
    // Also if it says that it is that short.
    if (size < sizeof(PlanHeader)) continue;
    HeaderOf(cut).size = size;
    EXPECT_FALSE(LayOut(cut)) << size;
  }
}

TEST_F(PlanTest, PlanWithMoreThanItCountsIsRefused) {
  // A NUL inside of an argument makes two of it.
  std::string bytes = PlanBytes();
  bytes[bytes.find("two words") + 3] = '\0';
  EXPECT_FALSE(LayOut(bytes));
}

TEST_F(PlanTest, CountsBeyondThePlanAreRefused) {
  for (uint32_t PlanHeader::*count :
       {&PlanHeader::rlimit_count, &PlanHeader::tasks_fd_count,
        &PlanHeader::group_count, &PlanHeader::arg_count,
        &PlanHeader::env_count, &PlanHeader::root_step_count,
        &PlanHeader::filter_count, &PlanHeader::program_count}) {
    for (const uint32_t value : {100u, 1u << 24, ~0u}) {
      std::string bytes = PlanBytes();
      HeaderOf(bytes).*count = value;
      EXPECT_FALSE(LayOut(bytes)) << value;
    }
  }
}

}  // namespace
}  // namespace reeve
