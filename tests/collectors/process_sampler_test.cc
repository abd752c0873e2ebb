#include "collectors/process_sampler.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/collectors/fake_host.h"
#include "tests/testing/fake_clock.h"

namespace reeve {
namespace {

using ::testing::DoubleEq;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::SizeIs;

class ProcessSamplerTest : public ::testing::Test {
 protected:
  ProcessSamplerTest() {
    host_.SetTask("web", 0);
    reader_.emplace(*ProcessReader::Open(host_.procfs(), clock_));
    sampler_.emplace(*reader_);
  }

  std::vector<ProcessSnapshot> Sample() {
    return *sampler_->Sample(cgroup_, buffer_, Recorder());
  }
  std::vector<ProcessSnapshot> Peek() {
    return *sampler_->Peek(cgroup_, buffer_, Recorder());
  }

  FakeHost host_;
  const CgroupDirs cgroup_ = host_.Target("web").cgroup;
  FakeClock clock_;
  ReadBuffer buffer_;
  std::vector<std::string> errors_;
  std::optional<ProcessReader> reader_;
  std::optional<ProcessSampler> sampler_;

 private:
  struct ErrorRecorder {
    std::vector<std::string>* errors;
    void operator()(absl::string_view collector,
                    const absl::Status& status) const {
      errors->push_back(absl::StrCat(collector, ": ", status.message()));
    }
  };
  // Outlives the call it is made for.
  const ErrorRecorder& Recorder() { return recorder_; }
  const ErrorRecorder recorder_{&errors_};
};

TEST_F(ProcessSamplerTest, HasPercentagesFromTheSecondLookOn) {
  host_.SetProcess(7, 100, 50, 10);
  host_.SetProcesses("web", {7});

  std::vector<ProcessSnapshot> first = Sample();
  clock_.Advance(absl::Seconds(5));
  host_.SetProcess(7, 100, 250, 60);
  std::vector<ProcessSnapshot> second = Sample();

  ASSERT_THAT(first, SizeIs(1));
  EXPECT_EQ(first[0].cpu_percent, std::nullopt);
  EXPECT_EQ(first[0].rss_bytes, 102'400u);
  ASSERT_THAT(second, SizeIs(1));
  EXPECT_THAT(second[0].cpu_user_percent, Optional(DoubleEq(40)));
  EXPECT_THAT(second[0].cpu_system_percent, Optional(DoubleEq(10)));
  EXPECT_THAT(second[0].cpu_percent, Optional(DoubleEq(50)));
}

TEST_F(ProcessSamplerTest, ReusedPidStartsWithoutAPercentage) {
  host_.SetProcess(7, 100, 50, 10);
  host_.SetProcesses("web", {7});
  Sample();

  clock_.Advance(absl::Seconds(5));
  host_.SetProcess(7, 900, 200, 20);
  const std::vector<ProcessSnapshot> second = Sample();
  clock_.Advance(absl::Seconds(5));
  host_.SetProcess(7, 900, 300, 20);
  const std::vector<ProcessSnapshot> third = Sample();

  ASSERT_THAT(second, SizeIs(1));
  EXPECT_EQ(second[0].cpu_percent, std::nullopt);
  ASSERT_THAT(third, SizeIs(1));
  EXPECT_THAT(third[0].cpu_percent, Optional(DoubleEq(20)));
}

TEST_F(ProcessSamplerTest, VanishedProcessIsSkippedQuietly) {
  host_.SetProcess(7, 100, 50, 10);
  host_.SetProcess(8, 100, 50, 10);
  host_.SetProcesses("web", {7, 8, 9});
  EXPECT_THAT(Sample(), SizeIs(2));

  host_.RemoveProcess(7);

  EXPECT_THAT(Sample(), SizeIs(1));
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(ProcessSamplerTest, UnreadableProcessIsToldAndTheOthersAreRead) {
  host_.SetProcess(7, 100, 50, 10);
  host_.SetProcess(8, 100, 50, 10);
  host_.tree().Write("proc/7/stat", "7 7 7\n");
  host_.SetProcesses("web", {7, 8});

  EXPECT_THAT(Sample(), SizeIs(1));
  EXPECT_THAT(errors_,
              ElementsAre(HasSubstr("process: process 7: parse stat")));
}

TEST_F(ProcessSamplerTest, UnreadableListIsTold) {
  host_.tree().Write("cgroup/web/cgroup.procs", "x\n");

  EXPECT_THAT(Sample(), IsEmpty());
  EXPECT_THAT(errors_, ElementsAre(HasSubstr("not a pid")));
}

TEST_F(ProcessSamplerTest, ListOfTheCgroupIsPreferredToTheTree) {
  host_.SetProcess(7, 100, 50, 10);
  host_.SetProcess(8, 100, 50, 10);
  host_.SetProcesses("web", {7});
  sampler_->SetRoots({{8, 100}, {}});
  EXPECT_THAT(Sample(), ElementsAre(Field(&ProcessSnapshot::identity,
                                          ProcessIdentity{7, 100})));

  host_.tree().Remove("cgroup/web/cgroup.procs");
  EXPECT_THAT(Sample(), ElementsAre(Field(&ProcessSnapshot::identity,
                                          ProcessIdentity{8, 100})));
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(ProcessSamplerTest, RootThatHasEndedHasNoProcessesOfItsPid) {
  host_.SetProcess(8, 900, 50, 10);
  sampler_->SetRoots({{8, 100}, {9, 90}});

  EXPECT_THAT(Sample(), IsEmpty());
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(ProcessSamplerTest, PeekChangesNothingForTheRegularLooks) {
  host_.SetProcess(7, 100, 0, 0);
  host_.SetProcesses("web", {7});
  Sample();

  clock_.Advance(absl::Seconds(1));
  host_.SetProcess(7, 100, 100, 0);
  host_.SetProcess(8, 100, 100, 0);
  host_.SetProcesses("web", {7, 8});
  const std::vector<ProcessSnapshot> peeked = Peek();
  clock_.Advance(absl::Seconds(4));
  const std::vector<ProcessSnapshot> next = Sample();

  ASSERT_THAT(peeked, SizeIs(2));
  EXPECT_THAT(peeked[0].cpu_percent, Optional(DoubleEq(100)));
  EXPECT_EQ(peeked[1].cpu_percent, std::nullopt);
  ASSERT_THAT(next, SizeIs(2));
  EXPECT_THAT(next[0].cpu_percent, Optional(DoubleEq(20)));
  EXPECT_EQ(next[1].cpu_percent, std::nullopt);
}

}  // namespace
}  // namespace reeve
