#include "enforcement/launch/stdio.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

std::string TargetOf(const UniqueFd& fd) {
  char target[256] = "";
  const std::string link = "/proc/self/fd/" + std::to_string(fd.get());
  EXPECT_GT(readlink(link.c_str(), target, sizeof(target) - 1), 0);
  return target;
}

void Write(const UniqueFd& fd, const std::string& text) {
  EXPECT_EQ(write(fd.get(), text.data(), text.size()),
            static_cast<ssize_t>(text.size()));
}

TEST(OpenTaskOutputTest, NoPathDiscards) {
  for (const char* path : {"", "/dev/null"}) {
    const absl::StatusOr<UniqueFd> fd = OpenTaskOutput(path);
    ASSERT_THAT(fd, IsOk());
    EXPECT_EQ(TargetOf(*fd), "/dev/null");
  }
}

TEST(OpenTaskOutputTest, MakesAFileThatOthersCannotRead) {
  FakeTree tree;
  umask(022);

  const absl::StatusOr<UniqueFd> fd = OpenTaskOutput(tree.Path("out"));

  ASSERT_THAT(fd, IsOk());
  struct stat file;
  ASSERT_EQ(fstat(fd->get(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, 0640u);
}

TEST(OpenTaskOutputTest, AppendsToAFileThatIsThere) {
  FakeTree tree;
  tree.Write("out", "one ");

  const absl::StatusOr<UniqueFd> fd = OpenTaskOutput(tree.Path("out"));

  ASSERT_THAT(fd, IsOk());
  Write(*fd, "two");
  EXPECT_EQ(tree.Read("out"), "one two");
}

TEST(OpenTaskOutputTest, FifoWithoutAReaderDoesNotBlock) {
  FakeTree tree;
  ASSERT_EQ(mkfifo(tree.Path("fifo").c_str(), 0600), 0);

  const absl::StatusOr<UniqueFd> fd = OpenTaskOutput(tree.Path("fifo"));

  ASSERT_THAT(fd, IsOk());
  Write(*fd, "no SIGPIPE either");
}

TEST(OpenTaskOutputTest, SymlinkIsRefused) {
  FakeTree tree;
  tree.Write("secret", "");
  tree.MakeLink("out", "secret");
  EXPECT_THAT(OpenTaskOutput(tree.Path("out")),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("symbolic link")));
}

TEST(OpenTaskOutputTest, DanglingSymlinkMakesNoFile) {
  FakeTree tree;
  tree.MakeLink("out", "elsewhere");
  EXPECT_FALSE(OpenTaskOutput(tree.Path("out")).ok());
  EXPECT_FALSE(tree.Exists("elsewhere"));
}

TEST(OpenTaskOutputTest, DirectoryIsRefused) {
  FakeTree tree;
  EXPECT_THAT(OpenTaskOutput(tree.Path("")),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("is a directory")));
}

TEST(OpenTaskOutputTest, MissingDirectoryIsNotFoundAndNamed) {
  EXPECT_THAT(OpenTaskOutput("/no/such/out"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("/no/such/out")));
}

TEST(OpenTaskOutputTest, DescriptorBlocksAndIsClosedOnExec) {
  FakeTree tree;
  const absl::StatusOr<UniqueFd> fd = OpenTaskOutput(tree.Path("out"));
  ASSERT_THAT(fd, IsOk());
  EXPECT_EQ(fcntl(fd->get(), F_GETFL) & O_NONBLOCK, 0);
  EXPECT_EQ(fcntl(fd->get(), F_GETFD), FD_CLOEXEC);
}

TEST(OpenTaskInputTest, NoPathIsEmpty) {
  const absl::StatusOr<UniqueFd> fd = OpenTaskInput("");
  ASSERT_THAT(fd, IsOk());
  char byte;
  EXPECT_EQ(read(fd->get(), &byte, 1), 0);
}

TEST(OpenTaskInputTest, ReadsAFile) {
  FakeTree tree;
  tree.Write("in", "x");

  const absl::StatusOr<UniqueFd> fd = OpenTaskInput(tree.Path("in"));

  ASSERT_THAT(fd, IsOk());
  char byte = 0;
  EXPECT_EQ(read(fd->get(), &byte, 1), 1);
  EXPECT_EQ(byte, 'x');
  EXPECT_EQ(write(fd->get(), "y", 1), -1);
}

TEST(OpenTaskInputTest, FifoWithoutAWriterDoesNotBlock) {
  FakeTree tree;
  ASSERT_EQ(mkfifo(tree.Path("fifo").c_str(), 0600), 0);
  EXPECT_THAT(OpenTaskInput(tree.Path("fifo")), IsOk());
}

TEST(OpenTaskInputTest, MissingFileIsNotFound) {
  FakeTree tree;
  EXPECT_THAT(OpenTaskInput(tree.Path("none")),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("none")));
}

}  // namespace
}  // namespace reeve
