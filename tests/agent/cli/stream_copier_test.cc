#include "agent/cli/stream_copier.h"

#include <fcntl.h>
#include <unistd.h>

#include <string>
#include <utility>

#include "base/unique_fd.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

struct TestPipe {
  UniqueFd read_end;
  UniqueFd write_end;
};

TestPipe MakePipe() {
  int fds[2];
  EXPECT_EQ(pipe2(fds, O_CLOEXEC), 0);
  return {UniqueFd(fds[0]), UniqueFd(fds[1])};
}

void Write(const UniqueFd& fd, const std::string& text) {
  EXPECT_EQ(write(fd.get(), text.data(), text.size()),
            static_cast<ssize_t>(text.size()));
}

// Up to the end.
std::string ReadAll(const UniqueFd& fd) {
  std::string text;
  char bytes[4096];
  ssize_t n;
  while ((n = read(fd.get(), bytes, sizeof(bytes))) > 0) {
    text.append(bytes, static_cast<size_t>(n));
  }
  return text;
}

class StreamCopierTest : public ::testing::Test {
 protected:
  StreamCopierTest() {
    options_.in = user_in_.read_end.get();
    options_.out = user_out_.write_end.get();
    options_.err = user_err_.write_end.get();
  }

  StreamCopier::Outcome Run() {
    TaskPipes pipes;
    pipes.in = std::move(task_in_.write_end);
    pipes.out = std::move(task_out_.read_end);
    pipes.err = std::move(task_err_.read_end);
    const StreamCopier::Outcome outcome =
        StreamCopier(options_, std::move(pipes)).Run();
    user_out_.write_end.Reset();
    user_err_.write_end.Reset();
    return outcome;
  }

  void EndTask() {
    task_out_.write_end.Reset();
    task_err_.write_end.Reset();
  }

  TestPipe user_in_ = MakePipe();
  TestPipe user_out_ = MakePipe();
  TestPipe user_err_ = MakePipe();
  TestPipe task_in_ = MakePipe();
  TestPipe task_out_ = MakePipe();
  TestPipe task_err_ = MakePipe();
  StreamCopier::Options options_;
};

TEST_F(StreamCopierTest, CopiesOutputsUntilBothHaveEnded) {
  Write(task_out_.write_end, "out");
  Write(task_err_.write_end, "err");
  EndTask();

  EXPECT_EQ(Run(), StreamCopier::Outcome::kOutputEnded);

  EXPECT_EQ(ReadAll(user_out_.read_end), "out");
  EXPECT_EQ(ReadAll(user_err_.read_end), "err");
}

TEST_F(StreamCopierTest, DetachKeysEndItAndWhatWasTypedBeforeIsPassedOn) {
  options_.has_detach_keys = true;
  Write(user_in_.write_end, "ab\x10\x11zz");

  EXPECT_EQ(Run(), StreamCopier::Outcome::kDetached);

  EXPECT_EQ(ReadAll(task_in_.read_end), "ab");
}

TEST_F(StreamCopierTest, WakesEndItIfTheyAreToldTo) {
  const TestPipe wake = MakePipe();
  Write(wake.write_end, "12");
  options_.wake = wake.read_end.get();
  int wakes = 0;
  options_.on_wake = [&] {
    char byte;
    EXPECT_EQ(read(wake.read_end.get(), &byte, 1), 1);
    return ++wakes == 2;
  };

  EXPECT_EQ(Run(), StreamCopier::Outcome::kWoken);

  EXPECT_EQ(wakes, 2);
}

TEST_F(StreamCopierTest, ATaskThatDoesNotReadDoesNotHoldUpItsOutput) {
  const std::string much(200'000, 'x');
  ASSERT_GT(fcntl(user_in_.write_end.get(), F_SETPIPE_SZ, 1 << 20), 0);
  Write(user_in_.write_end, much);
  Write(task_out_.write_end, "out");
  EndTask();

  EXPECT_EQ(Run(), StreamCopier::Outcome::kOutputEnded);

  EXPECT_EQ(ReadAll(user_out_.read_end), "out");
}

TEST_F(StreamCopierTest, TheEndOfTheInputIsThatOfTheTasks) {
  Write(user_in_.write_end, "last");
  user_in_.write_end.Reset();
  options_.end_of_input = "\x04";
  // As a task that waits for its input, and ends with it.
  options_.wake = task_in_.read_end.get();
  std::string received;
  options_.on_wake = [&] {
    char bytes[16];
    const ssize_t n = read(task_in_.read_end.get(), bytes, sizeof(bytes));
    if (n <= 0) return true;
    received.append(bytes, static_cast<size_t>(n));
    return false;
  };

  EXPECT_EQ(Run(), StreamCopier::Outcome::kWoken);

  EXPECT_EQ(received, "last\x04");
}

}  // namespace
}  // namespace reeve
