// Who a task is in its root, and what the kernel lets it do.

#include <linux/capability.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "enforcement/spec/capabilities.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/native_fixture.h"
#include "tests/testing/runfiles.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

class NativePrivilegesTest : public NativeTest {
 protected:
  void SetUp() override {
    NativeTest::SetUp();
    if (IsSkipped()) return;
    tree_.Write("root/etc/passwd",
                "root:x:0:0::/root:/bin/sh\n"
                "web:x:4321:100::/home/web:/bin/sh\n");
    tree_.Write("root/etc/group",
                "root:x:0:\nusers:x:100:\nlogs:x:777:web,other\n"
                "other:x:778:other\nmail:x:779:web\n");
  }

  // What /proc/self/status says of some fields, without the names.
  static std::string Fields(const std::string& names) {
    return absl::StrCat("grep -E '^(", names,
                        "):' /proc/self/status | sed 's/.*:[[:space:]]*//'");
  }

  static std::string Hex(CapabilitySet set) {
    return absl::StrFormat("%016x\n", set.bits());
  }

  // Inheritable, permitted, effective, bounding, ambient.
  static std::string Sets(CapabilitySet inheritable, CapabilitySet own,
                          CapabilitySet bounding, CapabilitySet ambient) {
    return absl::StrCat(Hex(inheritable), Hex(own), Hex(own), Hex(bounding),
                        Hex(ambient));
  }

  std::string CapabilitiesOf(TaskSpec spec) {
    spec.command.back() = Fields("Cap...");
    return Run(std::move(spec));
  }
};

TEST_F(NativePrivilegesTest, RootHasTheDefaultCapabilities) {
  EXPECT_EQ(CapabilitiesOf(Script("")),
            Sets({}, kDefaultCapabilities, kDefaultCapabilities, {}));
}

TEST_F(NativePrivilegesTest, CapabilitiesAreAddedAndDropped) {
  TaskSpec spec = Script("");
  spec.isolation.add_capabilities = {"CAP_NET_RAW"};
  spec.isolation.drop_capabilities = {"mknod"};
  const CapabilitySet some =
      kDefaultCapabilities.Or({CAP_NET_RAW}).Without({CAP_MKNOD});
  EXPECT_EQ(CapabilitiesOf(spec), Sets({}, some, some, {}));

  spec.isolation.drop_capabilities = {"ALL"};
  EXPECT_EQ(CapabilitiesOf(spec), Sets({}, {CAP_NET_RAW}, {CAP_NET_RAW}, {}));

  spec.isolation.add_capabilities = {};
  EXPECT_EQ(CapabilitiesOf(spec), Sets({}, {}, {}, {}));
}

TEST_F(NativePrivilegesTest, AllIsWhatTheAgentHas) {
  TaskSpec spec = Script("");
  spec.isolation.add_capabilities = {"ALL"};
  const std::string own = ReadFile("/proc/self/status").value();
  const std::string field = "CapPrm:\t";
  const std::string all = own.substr(own.find(field) + field.size(), 16) + "\n";

  EXPECT_EQ(CapabilitiesOf(std::move(spec)),
            absl::StrCat(Hex({}), all, all, all, Hex({})));
}

TEST_F(NativePrivilegesTest, OthersThanRootHaveWhatIsAddedByName) {
  TaskSpec spec = Script("");
  spec.user = "web";
  EXPECT_EQ(CapabilitiesOf(spec), Sets({}, {}, kDefaultCapabilities, {}));

  spec.isolation.add_capabilities = {"NET_BIND_SERVICE"};
  const CapabilitySet bind = {CAP_NET_BIND_SERVICE};
  EXPECT_EQ(CapabilitiesOf(spec), Sets(bind, bind, kDefaultCapabilities, bind));

  spec.isolation.drop_capabilities = {"all"};
  EXPECT_EQ(CapabilitiesOf(spec), Sets(bind, bind, bind, bind));
}

TEST_F(NativePrivilegesTest, AnUnknownCapabilityIsNamed) {
  TaskSpec spec = Sleeper();
  spec.isolation.add_capabilities = {"CAP_FLY"};
  EXPECT_THAT(
      Fail(std::move(spec)),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("CAP_FLY")));
}

TEST_F(NativePrivilegesTest, TheUserIsThatOfTheRoot) {
  TaskSpec spec = Script(absl::StrCat(Fields("Uid|Gid|Groups"),
                                      "; echo $HOME $USER $LOGNAME; id"));
  spec.user = "web";

  EXPECT_EQ(Run(std::move(spec)),
            "4321\t4321\t4321\t4321\n100\t100\t100\t100\n100 777 779 \n"
            "/home/web web web\nuid=4321(web) gid=100(users) "
            "groups=100(users),777(logs),779(mail)\n");
}

TEST_F(NativePrivilegesTest, WithoutAUserItIsRootAlone) {
  EXPECT_EQ(Run(Script(absl::StrCat(Fields("Uid|Gid|Groups"),
                                    "; echo $HOME $USER $LOGNAME"))),
            "0\t0\t0\t0\n0\t0\t0\t0\n0 \n/root root root\n");
}

TEST_F(NativePrivilegesTest, ANumberNeedsNoEntry) {
  TaskSpec spec =
      Script(absl::StrCat(Fields("Uid|Gid|Groups"), "; echo $HOME"));
  spec.user = "999:888";
  EXPECT_EQ(Run(std::move(spec)),
            "999\t999\t999\t999\n888\t888\t888\t888\n\n/\n");
}

TEST_F(NativePrivilegesTest, AUserThatTheRootLacksIsNamed) {
  TaskSpec spec = Sleeper();
  spec.user = "nobody";
  EXPECT_THAT(Fail(std::move(spec)),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("nobody")));
}

TEST_F(NativePrivilegesTest, FilesOfUsersThatAreNoneAreNotReadForEver) {
  tree_.Remove("root/etc/passwd");
  ASSERT_EQ(mkfifo(InRoot("/etc/passwd").c_str(), 0644), 0);
  EXPECT_FALSE(Fail(Sleeper()).ok());

  tree_.Remove("root/etc/passwd");
  tree_.MakeLink("root/etc/passwd", "/proc/self/environ");
  TaskSpec spec = Script(Fields("Uid"));
  EXPECT_EQ(Run(spec), "0\t0\t0\t0\n");
}

TEST_F(NativePrivilegesTest, ACommandMayBeOfAnotherUserOfTheRoot) {
  ASSERT_THAT(Start(Sleeper()), IsOk());
  ExecSpec exec;
  exec.command = {"/bin/sh", "-c",
                  absl::StrCat(Fields("Uid|Groups|CapEff"), "; echo $HOME")};
  exec.user = "web";

  const absl::StatusOr<CommandResult> result = Exec(exec);

  ASSERT_THAT(result, IsOk());
  EXPECT_EQ(result->output,
            "4321\t4321\t4321\t4321\n100 777 779 \n0000000000000000\n"
            "/home/web\n");
}

TEST_F(NativePrivilegesTest, NoPrivilegesAreGainedUnlessAskedFor) {
  const std::string program = InRoot("/is_root");
  ASSERT_TRUE(std::filesystem::copy_file(
      RunfilePath("tests/programs/bare_is_root"), program));
  ASSERT_EQ(chmod(program.c_str(), 04755), 0);
  TaskSpec spec = Script(
      absl::StrCat(Fields("NoNewPrivs"), "; /is_root && echo yes || echo no"));
  spec.user = "web";
  EXPECT_EQ(Run(spec), "1\nno\n");

  spec.isolation.allow_new_privileges = true;
  EXPECT_EQ(Run(spec), "0\nyes\n");
}

TEST_F(NativePrivilegesTest, TheDefaultFilterKeepsCallsFromTheTask) {
  TaskSpec spec = Script(absl::StrCat(
      Fields("Seccomp"), "; unshare -U true 2>&1 | grep -o 'not permitted'"));
  EXPECT_EQ(Run(spec), "2\nnot permitted\n");
  spec.user = "web";
  EXPECT_EQ(Run(spec), "2\nnot permitted\n");
  spec.isolation.allow_new_privileges = true;
  EXPECT_EQ(Run(spec), "2\nnot permitted\n");

  spec = Script(Fields("Seccomp"));
  spec.isolation.seccomp = "unconfined";
  EXPECT_EQ(Run(spec), "0\n");
}

TEST_F(NativePrivilegesTest, AProfileOfItsOwnIsTheFilter) {
  TaskSpec spec = Script("mkdir /dir; echo $?; uname -s");
  spec.isolation.seccomp = R"({
    "defaultAction": "SCMP_ACT_ALLOW",
    "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO",
                  "errnoRet": 30}]
  })";
  for (const bool allow : {false, true}) {
    spec.isolation.allow_new_privileges = allow;
    EXPECT_EQ(Run(spec),
              "1\nLinux\nmkdir: can't create directory '/dir': Read-only file "
              "system\n");
  }
}

TEST_F(NativePrivilegesTest, AProfileThatIsNoneIsRefused) {
  TaskSpec spec = Sleeper();
  spec.isolation.seccomp = "{";
  EXPECT_THAT(
      Fail(std::move(spec)),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("seccomp")));
}

TEST_F(NativePrivilegesTest, ItsKeyringIsItsOwn) {
  EXPECT_EQ(Run(Script("cat /proc/keys")), "");
}

}  // namespace
}  // namespace reeve
