#include "enforcement/cgroup/cpuset_parent.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

CgroupMounts Mounts(const FakeTree& tree, CgroupVersion version) {
  return CgroupMounts({{version, tree.Path(""), {"cpuset"}}});
}

// Writes to the tree as the kernel would show it, and remembers what.
class RecordingController final : public CgroupController {
 public:
  explicit RecordingController(FakeTree& tree) : tree_(tree) {}

  absl::Status Create(const std::string& /*cgroup*/,
                      const std::vector<std::string>& /*names*/) override {
    return absl::OkStatus();
  }
  absl::Status Extend(const std::string& /*cgroup*/,
                      const std::vector<std::string>& /*names*/) override {
    return absl::OkStatus();
  }
  absl::Status Remove(const std::string& /*cgroup*/) override {
    return absl::OkStatus();
  }
  absl::Status Set(const std::string& cgroup,
                   const std::vector<CgroupSetting>& settings) override {
    for (const CgroupSetting& setting : settings) {
      writes_.push_back(
          absl::StrCat(cgroup, " ", setting.file, "=", setting.value));
      const bool is_cpus = setting.file == "cpuset.cpus";
      tree_.Write(absl::StrCat(cgroup.substr(1), "/",
                               is_cpus ? "cpuset.effective_cpus"
                                       : "cpuset.effective_mems"),
                  setting.value + "\n");
    }
    return absl::OkStatus();
  }

  const std::vector<std::string>& writes() const { return writes_; }

 private:
  FakeTree& tree_;
  std::vector<std::string> writes_;
};

TEST(AvailableInTest, IsWhatIsInEffectForTheNearestThatHasACpuset) {
  FakeTree tree;
  tree.Write("cpuset.cpus.effective", "0-7\n");
  tree.Write("cpuset.mems.effective", "0-1\n");
  tree.MakeDir("reeve");
  const CgroupMounts mounts = Mounts(tree, CgroupVersion::kV2);

  const auto inherited = AvailableIn(mounts, "/reeve/group");
  ASSERT_THAT(inherited, IsOk());
  EXPECT_EQ(FormatCpuList(inherited->cpus), "0-7");
  EXPECT_EQ(FormatCpuList(inherited->mems), "0-1");

  tree.Write("reeve/cpuset.cpus.effective", "2-3\n");
  tree.Write("reeve/cpuset.mems.effective", "0\n");
  const auto own = AvailableIn(mounts, "/reeve/group");
  ASSERT_THAT(own, IsOk());
  EXPECT_EQ(FormatCpuList(own->cpus), "2-3");
}

TEST(AvailableInTest, AnEmptyV1CpusetGivesNothing) {
  FakeTree tree;
  tree.Write("cpuset.effective_cpus", "0-3\n");
  tree.Write("cpuset.effective_mems", "0\n");
  tree.Write("reeve/cpuset.effective_cpus", "\n");
  tree.Write("reeve/cpuset.effective_mems", "\n");

  const auto available =
      AvailableIn(Mounts(tree, CgroupVersion::kV1), "/reeve");

  ASSERT_THAT(available, IsOk());
  EXPECT_EQ(FormatCpuList(available->cpus), "0-3");
}

TEST(AvailableInTest, AHostWithoutTheControllerIsToldSo) {
  EXPECT_THAT(AvailableIn(CgroupMounts({}), "/reeve"),
              StatusIs(absl::StatusCode::kUnavailable));
}

TEST(InheritCpusetTest, FillsWhatIsEmptyFromTheTopDown) {
  FakeTree tree;
  tree.Write("cpuset.effective_cpus", "0-3\n");
  tree.Write("cpuset.effective_mems", "0\n");
  for (const char* name : {"reeve/", "reeve/web/"}) {
    tree.Write(absl::StrCat(name, "cpuset.effective_cpus"), "\n");
    tree.Write(absl::StrCat(name, "cpuset.effective_mems"), "\n");
  }
  const CgroupMounts mounts = Mounts(tree, CgroupVersion::kV1);
  RecordingController controller(tree);

  ASSERT_THAT(InheritCpuset(mounts, controller, "/reeve/web"), IsOk());

  EXPECT_THAT(
      controller.writes(),
      ElementsAre("/reeve cpuset.cpus=0-3", "/reeve cpuset.mems=0",
                  "/reeve/web cpuset.cpus=0-3", "/reeve/web cpuset.mems=0"));
  RecordingController again(tree);
  ASSERT_THAT(InheritCpuset(mounts, again, "/reeve/web"), IsOk());
  EXPECT_THAT(again.writes(), IsEmpty());
}

TEST(InheritCpusetTest, IsTheKernelsOwnDoingOnV2) {
  FakeTree tree;
  RecordingController controller(tree);
  EXPECT_THAT(
      InheritCpuset(Mounts(tree, CgroupVersion::kV2), controller, "/reeve/web"),
      IsOk());
  EXPECT_THAT(controller.writes(), IsEmpty());
}

}  // namespace
}  // namespace reeve
