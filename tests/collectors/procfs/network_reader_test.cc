#include "collectors/procfs/network_reader.h"

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class NetworkReaderTest : public ::testing::Test {
 protected:
  NetworkReaderTest() { SetNamespace("self", "net:[1]"); }

  void SetNamespace(const std::string& process, const std::string& name) {
    const std::string link = absl::StrCat("proc/", process, "/ns/net");
    tree_.MakeDir(absl::StrCat("proc/", process, "/ns"));
    // Not Exists(), which would follow it.
    if (linked_) tree_.Remove(link);
    tree_.MakeLink(link, name);
  }

  UniqueFd OpenProcfs() {
    tree_.MakeDir("proc");
    return tree_.OpenDir("proc");
  }

  // A process in a namespace in which so much was received.
  void SetProcess(pid_t pid, const std::string& name, uint64_t bytes) {
    linked_ = tree_.Exists(absl::StrCat("proc/", pid));
    SetNamespace(absl::StrCat(pid), name);
    tree_.Write(absl::StrCat("proc/", pid, "/stat"),
                absl::StrCat(pid,
                             " (worker) S 1 12 12 0 -1 4194304 9 2 0 3 1 2 5 6 "
                             "20 0 3 0 100 4571136 883\n"));
    SetReceived(pid, bytes);
  }

  void SetReceived(pid_t pid, uint64_t bytes) {
    tree_.Write(absl::StrCat("proc/", pid, "/net/dev"),
                absl::StrCat("Inter-|\n face |\n  eth0: ", bytes,
                             " 2 0 0 0 0 0 0 5 6 0 0 0 0 0 0\n"));
  }

  std::vector<InterfaceTraffic> Read() {
    ExtraSample sample;
    reader_.Read(buffer_, record_, sample);
    return sample.network;
  }

  void ExpectReceived(uint64_t bytes) {
    const std::vector<InterfaceTraffic> network = Read();
    ASSERT_THAT(network, SizeIs(1));
    EXPECT_EQ(network.front().device, "eth0");
    EXPECT_EQ(network.front().received.bytes, bytes);
  }

  void Look(const ProcessIdentity& main) {
    reader_.SetMain(main);
    reader_.Look(buffer_, record_);
  }

  FakeTree tree_;
  bool linked_ = false;
  UniqueFd procfs_ = OpenProcfs();
  NetworkReader reader_{procfs_.get()};
  ReadBuffer buffer_;
  std::vector<std::string> errors_;
  const std::function<void(absl::string_view, const absl::Status&)> record_ =
      [this](absl::string_view collector, const absl::Status& status) {
        errors_.push_back(absl::StrCat(collector, ": ", status.message()));
      };
};

TEST_F(NetworkReaderTest, IsOfATaskInANamespaceOfItsOwn) {
  SetProcess(7, "net:[2]", 10);

  Look({7, 100});

  ExpectReceived(10);
  SetReceived(7, 20);
  ExpectReceived(20);
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(NetworkReaderTest, TaskInTheNamespaceOfTheAgentHasNone) {
  SetProcess(7, "net:[1]", 10);

  Look({7, 100});

  EXPECT_THAT(Read(), IsEmpty());
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(NetworkReaderTest, TaskMayEnterANamespaceLaterAndLeaveIt) {
  SetProcess(7, "net:[1]", 10);
  Look({7, 100});
  SetProcess(7, "net:[2]", 30);
  EXPECT_THAT(Read(), IsEmpty());

  reader_.Look(buffer_, record_);
  ExpectReceived(30);

  SetProcess(7, "net:[1]", 40);
  reader_.Look(buffer_, record_);
  EXPECT_THAT(Read(), IsEmpty());
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(NetworkReaderTest, OtherProcessWithTheSamePidIsNotLookedAt) {
  SetProcess(7, "net:[2]", 10);

  Look({7, 99});

  EXPECT_THAT(Read(), IsEmpty());
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(NetworkReaderTest, LastValuesStayWhenTheProcessHasEnded) {
  SetProcess(7, "net:[2]", 10);
  Look({7, 100});
  ExpectReceived(10);

  tree_.Remove("proc/7");
  reader_.Look(buffer_, record_);
  ExpectReceived(10);
  Look({});
  ExpectReceived(10);
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(NetworkReaderTest, NextAttemptOfATaskHasAnotherNamespace) {
  SetProcess(7, "net:[2]", 10);
  Look({7, 100});
  ExpectReceived(10);
  Look({});
  SetProcess(8, "net:[2]", 3);

  Look({8, 100});

  ExpectReceived(3);
}

TEST_F(NetworkReaderTest, BadFileIsToldAndAbsent) {
  SetProcess(7, "net:[2]", 10);
  Look({7, 100});
  tree_.Write("proc/7/net/dev", "Inter-|\n face |\n eth0: much\n");

  EXPECT_THAT(Read(), IsEmpty());
  EXPECT_THAT(errors_, ElementsAre(HasSubstr("network: parse net/dev")));
}

}  // namespace
}  // namespace reeve
