#include "collectors/processes/traits_reader.h"

#include <unistd.h>

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/unique_fd.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class TraitsReaderTest : public ::testing::Test {
 protected:
  TraitsReaderTest() {
    proc_.MakeLink("12/exe", "/usr/sbin/nginx");
    proc_.Write("12/status",
                "Name:\tnginx\nUid:\t33\t0\t33\t33\nThreads:\t1\n");
    proc_.Write("12/cgroup", "4:memory:/reeve/web\n1:cpu:/\n0::/\n");
  }

  ProcessTraits Read(TraitsReader::Wanted wanted) {
    TraitsReader reader(wanted, [](absl::string_view path) {
      return absl::StartsWith(path, "/reeve/") ? std::string(path.substr(7))
                                               : "";
    });
    ProcessTraits traits;
    traits.pid = 12;
    traits.comm = "nginx";
    reader.Read(
        fd_.get(), absl::ZeroDuration(), traits,
        [this](absl::string_view collector, const absl::Status& why) {
          errors_.push_back(absl::StrCat(collector, ": ", why.message()));
        });
    return traits;
  }

  FakeTree proc_;
  const UniqueFd fd_ = proc_.OpenDir("");
  std::vector<std::string> errors_;
};

TEST_F(TraitsReaderTest, ReadsNothingThatIsNotWanted) {
  const ProcessTraits traits = Read({});

  EXPECT_EQ(traits.comm, "nginx");
  EXPECT_EQ(traits.exe_path, "");
  EXPECT_EQ(traits.user, "");
  EXPECT_EQ(traits.cgroup, "");
  EXPECT_EQ(traits.task, "");
}

TEST_F(TraitsReaderTest, ReadsWhatIsWanted) {
  TraitsReader::Wanted all;
  all.exe = all.user = all.cgroup = all.task = true;

  const ProcessTraits traits = Read(all);

  EXPECT_EQ(traits.exe_path, "/usr/sbin/nginx");
  EXPECT_EQ(traits.user, "root");
  EXPECT_EQ(traits.cgroup, "/reeve/web");
  EXPECT_EQ(traits.task, "web");
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(TraitsReaderTest, FileThatWasReplacedKeepsItsName) {
  proc_.Remove("12/exe");
  proc_.MakeLink("12/exe", "/usr/sbin/nginx (deleted)");
  TraitsReader::Wanted wanted;
  wanted.exe = true;

  EXPECT_EQ(Read(wanted).exe_path, "/usr/sbin/nginx");
}

TEST_F(TraitsReaderTest, ProcessWithoutAFileIsToldByItsName) {
  proc_.Remove("12/exe");
  TraitsReader::Wanted wanted;
  wanted.exe = true;

  EXPECT_EQ(Read(wanted).exe_path, "[nginx]");
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(TraitsReaderTest, UnknownUserIsANumber) {
  proc_.Write("12/status", "Uid:\t1\t4123456789\t1\t1\nThreads:\t1\n");
  TraitsReader::Wanted wanted;
  wanted.user = true;

  EXPECT_EQ(Read(wanted).user, "4123456789");
}

TEST_F(TraitsReaderTest, ProcessThatEndsMeanwhileIsNoError) {
  proc_.Remove("12");
  TraitsReader::Wanted all;
  all.exe = all.user = all.cgroup = all.task = true;

  EXPECT_EQ(Read(all).user, "");
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(TraitsReaderTest, MalformedFileIsTold) {
  proc_.Write("12/cgroup", "nothing\n");
  TraitsReader::Wanted wanted;
  wanted.cgroup = true;

  EXPECT_EQ(Read(wanted).cgroup, "");
  EXPECT_THAT(errors_,
              ElementsAre(HasSubstr("processes: parse 12/cgroup: no cgroup")));
}

TEST_F(TraitsReaderTest, NamesOfUsersAreRemembered) {
  UserNames names;

  EXPECT_EQ(names.NameOf(0, absl::Hours(1)), "root");
  EXPECT_EQ(names.NameOf(4'123'456'789, absl::Hours(1)), "4123456789");
  EXPECT_EQ(names.NameOf(0, absl::Hours(2)), "root");
}

}  // namespace
}  // namespace reeve
