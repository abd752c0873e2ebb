// The relay of reeve-shim, driven by real pipes.

#include "enforcement/shim/relay.h"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/unique_fd.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"

namespace reeve {
namespace {

struct TestPipe {
  UniqueFd read_end;
  UniqueFd write_end;
};

TestPipe MakePipe() {
  int fds[2];
  EXPECT_EQ(pipe2(fds, O_CLOEXEC | O_NONBLOCK), 0);
  return {UniqueFd(fds[0]), UniqueFd(fds[1])};
}

std::string ReadAll(const UniqueFd& fd) {
  std::string text;
  char bytes[4096];
  ssize_t n;
  while ((n = read(fd.get(), bytes, sizeof(bytes))) > 0) {
    text.append(bytes, static_cast<size_t>(n));
  }
  return text;
}

// Whether the other side has closed it.
bool IsAtEnd(const UniqueFd& fd) {
  char byte;
  return read(fd.get(), &byte, 1) == 0;
}

size_t WriteText(const UniqueFd& fd, const std::string& text) {
  const ssize_t n = write(fd.get(), text.data(), text.size());
  return n < 0 ? 0 : static_cast<size_t>(n);
}

// A client of the task: its own ends.
struct Client {
  UniqueFd in;
  UniqueFd out;
  UniqueFd err;
};

class RelayTest : public ::testing::Test {
 protected:
  RelayTest() : buffers_(std::make_unique<RelayBuffers>()) {
    std::signal(SIGPIPE, SIG_IGN);
    tree_.MakeDir("d");
    dir_ = tree_.OpenDir("d");
    TestPipe in = MakePipe();
    TestPipe out = MakePipe();
    TestPipe err = MakePipe();
    plan_.is_used = 1;
    plan_.input_fd = in.write_end.Release();
    plan_.output_fds[0] = out.read_end.Release();
    plan_.output_fds[1] = err.read_end.Release();
    task_in_ = std::move(in.read_end);
    task_out_ = std::move(out.write_end);
    task_err_ = std::move(err.write_end);
  }

  void AddLog(int output, const char* name) {
    PlanLog& log = plan_.logs[output];
    log.dir_fd = dir_.get();
    std::strcpy(log.name, name);
  }

  // A client from the beginning.
  Client AddClient(bool closes_input) {
    TestPipe in = MakePipe();
    TestPipe out = MakePipe();
    TestPipe err = MakePipe();
    // As a client hands them over.
    for (const UniqueFd* fd : {&in.read_end, &out.write_end, &err.write_end}) {
      EXPECT_EQ(fcntl(fd->get(), F_SETFL, 0), 0);
    }
    plan_.client_fds[0] = in.read_end.Release();
    plan_.client_fds[1] = out.write_end.Release();
    plan_.client_fds[2] = err.write_end.Release();
    plan_.client_closes_input = closes_input ? 1 : 0;
    return {std::move(in.write_end), std::move(out.read_end),
            std::move(err.read_end)};
  }

  void Start() { relay_.emplace(plan_, dir_.get(), buffers_.get()); }

  // Serves until nothing happens for a moment.
  void Serve() {
    while (true) {
      PollSet set;
      set.LimitWait(20);
      relay_->Register(set);
      const int ready = set.Wait();
      relay_->Serve(set);
      if (ready == 0) return;
    }
  }

  FakeTree tree_;
  UniqueFd dir_;
  PlanRelay plan_;
  std::unique_ptr<RelayBuffers> buffers_;
  std::optional<Relay> relay_;
  // The task's ends.
  UniqueFd task_in_;
  UniqueFd task_out_;
  UniqueFd task_err_;
};

TEST_F(RelayTest, OutputGoesToLogsAndClient) {
  AddLog(0, "out");
  AddLog(1, "err");
  const Client client = AddClient(false);
  Start();

  WriteText(task_out_, "one");
  WriteText(task_err_, "two");
  Serve();

  EXPECT_EQ(tree_.Read("d/out"), "one");
  EXPECT_EQ(tree_.Read("d/err"), "two");
  EXPECT_EQ(ReadAll(client.out), "one");
  EXPECT_EQ(ReadAll(client.err), "two");
}

TEST_F(RelayTest, ASlowClientHoldsTheTaskUpAndLosesNothing) {
  const Client client = AddClient(false);
  Start();
  std::string sent;
  std::string received;
  const std::string block(50'000, 'b');
  size_t n = 1;

  // More than the pipes and the relay hold.
  for (int i = 0; i < 40 && n > 0; ++i) {
    n = WriteText(task_out_, block);
    sent += block.substr(0, n);
    Serve();
  }
  EXPECT_EQ(n, 0u);
  for (int i = 0; i < 40; ++i) {
    received += ReadAll(client.out);
    Serve();
  }

  EXPECT_EQ(received.size(), sent.size());
}

TEST_F(RelayTest, AVanishedClientStopsNothing) {
  AddLog(0, "out");
  Client client = AddClient(false);
  Start();
  Serve();

  client.out.Reset();
  client.err.Reset();
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(WriteText(task_out_, std::string(50'000, 'x')), 50'000u);
    Serve();
  }

  EXPECT_EQ(tree_.Read("d/out").size(), 500'000u);
  // Its input goes on until it ends.
  WriteText(client.in, "still");
  Serve();
  EXPECT_EQ(ReadAll(task_in_), "still");
}

TEST_F(RelayTest, InputGoesToTheTask) {
  const Client client = AddClient(false);
  Start();

  WriteText(client.in, "typed");
  Serve();

  EXPECT_EQ(ReadAll(task_in_), "typed");
}

TEST_F(RelayTest, TheEndOfAClientsInputLeavesThatOfTheTaskOpen) {
  Client client = AddClient(false);
  Start();

  client.in.Reset();
  Serve();

  EXPECT_FALSE(IsAtEnd(task_in_));
}

TEST_F(RelayTest, TheEndOfAClientsInputIsThatOfTheTaskIfItSaysSo) {
  Client client = AddClient(true);
  Start();

  WriteText(client.in, "last");
  client.in.Reset();
  Serve();

  EXPECT_EQ(ReadAll(task_in_), "last");
  EXPECT_TRUE(IsAtEnd(task_in_));
}

TEST_F(RelayTest, ATaskThatClosesItsInputIsNoReasonToWait) {
  Client client = AddClient(false);
  Start();
  task_in_.Reset();

  WriteText(client.in, "nobody reads this");
  Serve();

  // The client is told.
  EXPECT_EQ(WriteText(client.in, "nor this"), 0u);
}

TEST_F(RelayTest, ControlClosesStdin) {
  Start();
  const TestPipe control = MakePipe();

  WriteText(control.write_end, "7 7 7\nnonsense\n0 0");
  relay_->ServeControl(control.read_end.get());
  EXPECT_FALSE(IsAtEnd(task_in_));
  WriteText(control.write_end, " 0\n");
  relay_->ServeControl(control.read_end.get());

  EXPECT_TRUE(IsAtEnd(task_in_));
}

TEST_F(RelayTest, FinishPassesOnAllThatIsLeft) {
  AddLog(0, "out");
  Start();
  ASSERT_GT(fcntl(task_out_.get(), F_SETPIPE_SZ, 1 << 20), 0);
  ASSERT_EQ(WriteText(task_out_, std::string(1 << 20, 'x')), 1u << 20);

  // Somebody else still has the write end.
  relay_->Finish();

  EXPECT_EQ(tree_.Read("d/out").size(), 1u << 20);
}

TEST_F(RelayTest, BothOutputsMayGoToOneLog) {
  AddLog(0, "both");
  plan_.has_one_log = 1;
  Start();

  WriteText(task_out_, "a");
  Serve();
  WriteText(task_err_, "b");
  Serve();

  EXPECT_EQ(tree_.Read("d/both"), "ab");
}

}  // namespace
}  // namespace reeve
