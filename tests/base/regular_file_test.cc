#include "base/regular_file.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cstring>
#include <string>

#include "base/unique_fd.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

class ReadRegularFileAtTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::string> Read(const std::string& name) {
    tree_.MakeDir("");
    return ReadRegularFileAt(tree_.OpenDir("").get(), name);
  }

  FakeTree tree_;
};

TEST_F(ReadRegularFileAtTest, GivesAllOfAFile) {
  const std::string large(100'000, 'x');
  tree_.Write("large", large);
  tree_.Write("empty", "");

  EXPECT_THAT(Read("large"), IsOkAndHolds(large));
  EXPECT_THAT(Read("empty"), IsOkAndHolds(""));
}

TEST_F(ReadRegularFileAtTest, AMissingOneIsNotFound) {
  EXPECT_THAT(Read("none"), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(ReadRegularFileAtTest, ALinkIsNotFollowed) {
  tree_.Write("file", "text");
  tree_.MakeLink("link", tree_.Path("file"));
  tree_.MakeLink("dangling", "none");

  EXPECT_THAT(Read("link"), StatusIs(absl::StatusCode::kDataLoss,
                                     HasSubstr("link is no regular file")));
  EXPECT_THAT(Read("dangling"), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(ReadRegularFileAtTest, AFifoIsNotWaitedFor) {
  ASSERT_EQ(mkfifo(tree_.Path("fifo").c_str(), 0600), 0);

  EXPECT_THAT(Read("fifo"), StatusIs(absl::StatusCode::kDataLoss,
                                     HasSubstr("fifo is no regular file")));
}

TEST_F(ReadRegularFileAtTest, ADirectoryAndASocketAreNone) {
  tree_.MakeDir("directory");
  const UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  const std::string path = tree_.Path("socket");
  ASSERT_LT(path.size(), sizeof(address.sun_path));
  std::memcpy(address.sun_path, path.c_str(), path.size());
  ASSERT_EQ(bind(socket.get(), reinterpret_cast<const sockaddr*>(&address),
                 sizeof(address)),
            0);

  EXPECT_THAT(Read("directory"), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(Read("socket"), StatusIs(absl::StatusCode::kDataLoss));
}

TEST(ReadRegularFileTest, GivesWhatIsNotTooLarge) {
  FakeTree tree;
  tree.Write("file", "12345");
  const auto read = [&](size_t max_bytes) {
    const UniqueFd fd(
        open(tree.Path("file").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    return ReadRegularFile(fd.get(), "the file", max_bytes);
  };

  EXPECT_THAT(read(5), IsOkAndHolds("12345"));
  EXPECT_THAT(read(4), StatusIs(absl::StatusCode::kDataLoss,
                                HasSubstr("the file has more than 4 bytes")));
}

TEST(ReadRegularFileTest, ADeviceIsNone) {
  const UniqueFd fd(open("/dev/zero", O_RDONLY | O_CLOEXEC));

  EXPECT_THAT(ReadRegularFile(fd.get(), "zero", 100),
              StatusIs(absl::StatusCode::kDataLoss,
                       HasSubstr("zero is no regular file")));
}

}  // namespace
}  // namespace reeve
