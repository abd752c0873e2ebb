#include "agent/cli/run_flags.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agent/cli/native_flags.h"
#include "agent/cli/path.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

absl::StatusOr<RunOptions> Parse(const std::vector<std::string>& args) {
  CliEnvironment env;
  env.getenv = [](const std::string& name) -> std::optional<std::string> {
    const std::map<std::string, std::string> variables = {{"PATH", "/bin"},
                                                          {"EMPTY", ""}};
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  };
  RunOptions options;
  std::vector<std::string> program;
  FlagSet flags("run", "Test.");
  AddRunFlags(&flags, env, &options);
  flags.AddProgram(&program);
  const absl::StatusOr<FlagSet::Outcome> outcome = flags.Parse(args);
  if (!outcome.ok()) return outcome.status();
  ApplyNativeSwitches(options.native, &options.spec);
  return options;
}

TEST(RunFlagsTest, WithoutFlagsTheSpecIsEmpty) {
  const RunOptions options = *Parse({});

  EXPECT_EQ(options.spec.ShortDebugString(), "");
  EXPECT_FALSE(options.detach);
  EXPECT_FALSE(options.keep);
}

TEST(RunFlagsTest, EachFlagSetsItsField) {
  const RunOptions options = *Parse(
      {"--id",       "web",         "--group", "front",       "--user",
       "nobody",     "--env",       "A=b=c",   "--cwd",       "/srv",
       "--task-dir", "/task",       "--stdin", "/in",         "--stdout",
       "/out",       "--stderr",    "/err",    "--memory",    "64M",
       "--keep",     "--exit-type", "cgroup",  "--isolation", "universal",
       "--socket",   "/s",          "--shim",  "/shim"});

  EXPECT_EQ(options.spec.ShortDebugString(),
            "id: \"web\" group: \"front\" env: \"A=b=c\" cwd: \"/srv\" "
            "task_dir: \"/task\" user: \"nobody\" "
            "limits { memory_bytes: 67108864 } stdin { path: \"/in\" } "
            "stdout { path: \"/out\" } stderr { path: \"/err\" } "
            "exit_type: EXIT_TYPE_CGROUP isolation: \"universal\"");
  EXPECT_TRUE(options.keep);
  EXPECT_EQ(options.socket, "/s");
  EXPECT_EQ(options.local_agent.shim_path, "/shim");
}

TEST(RunFlagsTest, PathsAreMeantFromHere) {
  const std::string here = *WorkingDirectory();

  const RunOptions options = *Parse({"--cwd", "a", "--stdout", "b/c"});

  EXPECT_EQ(options.spec.cwd(), here + "/a");
  EXPECT_EQ(options.spec.stdout().path(), here + "/b/c");
}

TEST(RunFlagsTest, AVariableWithoutValueIsCopiedFromHere) {
  const RunOptions options =
      *Parse({"--env", "PATH", "--env", "EMPTY", "--env", "A=1"});

  EXPECT_THAT(options.spec.env(), ElementsAre("PATH=/bin", "EMPTY=", "A=1"));
}

TEST(RunFlagsTest, ALaterVariableReplacesOneOfTheSameName) {
  const RunOptions options =
      *Parse({"--env", "A=1", "--env", "AB=2", "--env", "A=3"});

  EXPECT_THAT(options.spec.env(), ElementsAre("A=3", "AB=2"));
}

TEST(RunFlagsTest, FlagsOverrideTheSpecFileWhereverItStands) {
  FakeTree tree;
  tree.Write("spec.json", R"({
    "id": "web", "group": "front", "command": ["sleep", "1"],
    "env": ["A=1", "B=2"],
    "limits": {"memory_bytes": 1048576, "cpus_unlimited": true, "pids": "7"},
    "stdout": {"path": "/out"}, "exit_type": "EXIT_TYPE_CGROUP"
  })");

  const RunOptions options =
      *Parse({"--id", "other", "--memory", "max", "--cpus", "2", "--env", "B=3",
              "--exit-type", "main", "-f", tree.Path("spec.json")});

  EXPECT_EQ(options.spec.ShortDebugString(),
            "id: \"other\" group: \"front\" command: \"sleep\" command: \"1\" "
            "env: \"A=1\" env: \"B=3\" "
            "limits { memory_unlimited: true cpus: 2 pids: 7 } "
            "stdout { path: \"/out\" }");
}

TEST(RunFlagsTest, RefusesASpecFileWithOneLineThatNamesTheField) {
  FakeTree tree;
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"({"idd": "x"})", "idd: Cannot find field"},
      {R"({"limits": {"memory": 1}})", "(limits) memory: Cannot find field"},
      {R"({"limits": {"pids": -1}})", "(limits.pids): invalid value -1"},
      {R"({"id": "x")", "Expected , or } after key:value pair"},
      {R"([])", "must be a message"},
      {"", "Unexpected end of string"},
      {"{\n\"id\": \"x\"\n\"group\": \"y\"}", "Expected , or }"},
  };
  for (const auto& [text, message] : cases) {
    tree.Write("spec.json", text);

    const auto options = Parse({"-f", tree.Path("spec.json")});

    EXPECT_THAT(options, StatusIs(absl::StatusCode::kInvalidArgument,
                                  HasSubstr("--file " + tree.Path("spec.json") +
                                            ": not a task spec: ")));
    EXPECT_THAT(options, StatusIs(absl::StatusCode::kInvalidArgument,
                                  HasSubstr(message)));
    EXPECT_EQ(options.status().message().find('\n'), std::string::npos);
  }
}

TEST(RunFlagsTest, RefusesASpecFileThatCannotBeRead) {
  FakeTree tree;

  EXPECT_THAT(Parse({"-f", tree.Path("none.json")}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("No such file or directory")));
  EXPECT_THAT(Parse({"-f", tree.Path("")}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("Is a directory")));
}

TEST(RunFlagsTest, AnExecutorThatTheAgentLacksIsForTheAgentToRefuse) {
  EXPECT_EQ(Parse({"--umask", "077"})->spec.umask(), 077u);
  EXPECT_EQ(Parse({"--uid-map", "0:100000:65536", "--uid-map", "65536:1:1"})
                ->spec.native()
                .uid_map(0)
                .outside(),
            100'000u);
  EXPECT_EQ(Parse({"--isolation", "oci"})->spec.isolation(), "oci");
}

TEST(RunFlagsTest, BoundsOfPoliciesAreFieldsOfTheSpec) {
  const RunOptions options =
      *Parse({"--cpus-max", "1.5", "--memory-max", "64M", "--priority", "0"});

  EXPECT_EQ(options.spec.ShortDebugString(),
            "cpus_max: 1.5 memory_max_bytes: 67108864 priority: 0");
}

TEST(RunFlagsTest, EachNativeFlagSetsItsField) {
  FakeTree tree;
  tree.Write("profile.json", "{}");

  const RunOptions options =
      *Parse({"--rootfs",
              "/srv/root",
              "--read-only",
              "--rootfs-overlay",
              "--overlay-dir",
              "/srv/layer",
              "--no-pivot-root",
              "--mount",
              "type=bind,src=/a,dst=/b,ro,propagation=host-to-task",
              "--mount",
              "type=tmpfs,dst=/tmp,size=1M",
              "--device",
              "/dev/fuse:rw",
              "--pid-mode",
              "private",
              "--no-init",
              "--ipc-mode",
              "host",
              "--cgroup-mode",
              "private",
              "--network",
              "none",
              "--hostname",
              "box",
              "--cap-add",
              "NET_RAW,CAP_KILL",
              "--cap-add",
              "SYS_TIME",
              "--cap-drop",
              "ALL",
              "--new-privileges",
              "--seccomp",
              tree.Path("profile.json"),
              "--apparmor",
              "web",
              "--selinux-label",
              "a:b:c:s0"});

  EXPECT_EQ(
      options.spec.ShortDebugString(),
      "native { root { directory: \"/srv/root\" read_only: true overlay: true "
      "overlay_directory: \"/srv/layer\" no_pivot_root: true } "
      "pid: NAMESPACE_MODE_PRIVATE no_init: true ipc: NAMESPACE_MODE_HOST "
      "cgroup: NAMESPACE_MODE_PRIVATE network: \"none\" hostname: \"box\" "
      "mounts { type: \"bind\" source: \"/a\" target: \"/b\" "
      "read_only: true propagation: \"host-to-task\" } "
      "mounts { type: \"tmpfs\" target: \"/tmp\" size_bytes: 1048576 "
      "mode: 1023 } devices { host_path: \"/dev/fuse\" "
      "task_path: \"/dev/fuse\" permissions: \"rw\" } "
      "add_capabilities: \"NET_RAW\" add_capabilities: \"CAP_KILL\" "
      "add_capabilities: \"SYS_TIME\" drop_capabilities: \"ALL\" "
      "allow_new_privileges: true seccomp: \"{}\" "
      "apparmor_profile: \"web\" selinux_label: \"a:b:c:s0\" }");
}

TEST(RunFlagsTest, ARootMayBeGivenFromHere) {
  EXPECT_EQ(Parse({"--rootfs", "root"})->spec.native().root().directory(),
            *WorkingDirectory() + "/root");
}

TEST(RunFlagsTest, SeccompMayBeNamed) {
  EXPECT_EQ(Parse({"--seccomp", "unconfined"})->spec.native().seccomp(),
            "unconfined");
  EXPECT_EQ(Parse({"--seccomp", "default"})->spec.native().seccomp(), "");
}

TEST(RunFlagsTest, NativeFlagsAddToThoseOfTheSpecFile) {
  FakeTree tree;
  tree.Write("spec.json", R"({"native": {
    "root": {"directory": "/a", "overlay": true}, "hostname": "one",
    "addCapabilities": ["KILL"]}})");

  const RunOptions options =
      *Parse({"--hostname", "two", "--read-only", "--cap-add", "CHOWN", "-f",
              tree.Path("spec.json")});

  EXPECT_EQ(options.spec.ShortDebugString(),
            "native { root { directory: \"/a\" read_only: true overlay: true } "
            "hostname: \"two\" add_capabilities: \"KILL\" "
            "add_capabilities: \"CHOWN\" }");
}

TEST(RunFlagsTest, RefusesWhatIsNotOffered) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"--umask", "8"}, "--umask \"8\": use an octal number up to 0777"},
      {{"--cpus-max", "max"},
       "--cpus-max max: a bound is a number of cores, such as 2"},
      {{"--cpus-max", "none"}, "--cpus-max "},
      {{"--memory-max", "0"}, "--memory-max 0: a bound is a size"},
      {{"--priority", "101"}, "--priority 101: use 0 to 100"},
      {{"--gid-map", "1:2"},
       "--gid-map id map \"1:2\": give INSIDE:OUTSIDE:COUNT, as "
       "0:100000:65536"},
      {{"--isolation", "moon"},
       "--isolation isolation \"moon\": use none, universal, native, oci "
       "or auto"},
      {{"--pid-mode", "shared"},
       "--pid-mode \"shared\" is neither private nor host"},
      {{"--mount", "type=bind,dst=/data"}, "the source is an absolute path"},
      {{"--device", "fuse"}, "use an absolute path of the host"},
      {{"--seccomp", "/no/such/profile"}, "No such file or directory"},
      {{"--exit-type", "last"}, "--exit-type last: use main"},
      {{"--env", "UNSET"}, "--env UNSET: not set here: use UNSET=VALUE"},
      {{"--env", "=x"}, "--env =x: use NAME=VALUE or NAME"},
      {{"--env", ""}, "--env \"\": use NAME=VALUE or NAME"},
  };
  for (const auto& [args, message] : cases) {
    EXPECT_THAT(Parse(args), StatusIs(absl::StatusCode::kInvalidArgument,
                                      HasSubstr(message)));
  }
}

}  // namespace
}  // namespace reeve
