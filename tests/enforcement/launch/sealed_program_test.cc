#include "enforcement/launch/sealed_program.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

// The exit code of a program by its path.
int ExitCodeOf(const std::string& path) {
  std::string name = "false";
  char* const argv[] = {name.data(), nullptr};
  char* const envp[] = {nullptr};
  pid_t pid = 0;
  if (posix_spawn(&pid, path.c_str(), nullptr, nullptr, argv, envp) != 0) {
    return -1;
  }
  int status = 0;
  EXPECT_EQ(waitpid(pid, &status, 0), pid);
  return WEXITSTATUS(status);
}

TEST(SealedProgramTest, IsExecutedByEachOfItsPaths) {
  const absl::StatusOr<SealedProgram> program =
      SealedProgram::Copy("/bin/false", "x");

  ASSERT_THAT(program, IsOk());
  ASSERT_FALSE(program->paths().empty());
  for (const std::string& path : program->paths()) {
    EXPECT_EQ(ExitCodeOf(path), 1) << path;
  }
}

TEST(SealedProgramTest, HasTheLinkTextOfItsName) {
  const absl::StatusOr<SealedProgram> program =
      SealedProgram::Copy("/bin/false", "some-name");
  ASSERT_THAT(program, IsOk());

  char text[100];
  const ssize_t size =
      readlink(program->paths().back().c_str(), text, sizeof(text));

  ASSERT_GT(size, 0);
  EXPECT_EQ(std::string(text, static_cast<size_t>(size)),
            SealedProgram::LinkText("some-name"));
}

TEST(SealedProgramTest, TakesNoWrite) {
  const absl::StatusOr<SealedProgram> program =
      SealedProgram::Copy("/bin/false", "x");
  ASSERT_THAT(program, IsOk());

  const int fd = open(program->paths().back().c_str(), O_RDWR | O_CLOEXEC);

  if (fd >= 0) {
    EXPECT_LT(write(fd, "x", 1), 0);
    EXPECT_EQ(errno, EPERM);
    close(fd);
  }
}

TEST(SealedProgramTest, OutlivesTheFile) {
  FakeTree tree;
  tree.Write("program", "#!/bin/false\n");
  absl::StatusOr<SealedProgram> program =
      SealedProgram::Copy(tree.Path("program"), "x");
  tree.Remove("program");

  ASSERT_THAT(program, IsOk());
  const SealedProgram moved = *std::move(program);
  EXPECT_EQ(access(moved.paths().back().c_str(), X_OK), 0);
}

TEST(SealedProgramTest, AMissingFileIsNamed) {
  EXPECT_THAT(
      SealedProgram::Copy("/no/such/file", "x"),
      StatusIs(absl::StatusCode::kNotFound, HasSubstr("open /no/such/file")));
}

}  // namespace
}  // namespace reeve
