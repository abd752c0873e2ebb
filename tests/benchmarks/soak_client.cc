// Launches short tasks of several kinds through a running agent, a few at a
// time, and checks how each ended. Started by tests/benchmarks/soak.
//
//   soak_client SOCKET PROGRAMS IN_FLIGHT
//
// PROGRAMS is the folder with those of tests/programs. Each line of standard
// input is a number of launches; the answer is a line once they have all
// ended: how many of them were wrong. What was wrong goes to standard error.

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "agent/api/task_service.grpc.pb.h"
#include "tests/benchmarks/contenders.h"

namespace reeve {
namespace {

// One task of these comes after another, so one in ten is a double fork.
constexpr int kKindsInTurn = 10;
// An agent answers a launch within it, or not with an exit.
constexpr int kWaitSeconds = 10;
// How long a grandchild outlives its parent. Where the task ends with its main
// process, it is killed before.
constexpr const char* kDaemonSeconds = "0.002";
constexpr const char* kKilledDaemonSeconds = "60";

struct ShortTask {
  std::vector<std::string> command;
  int code = 0;
  v1::ExitType exit_type = v1::EXIT_TYPE_MAIN;
};

// Every second one is waited for until the grandchild has ended by itself.
ShortTask DoubleFork(const std::string& programs, int round) {
  const bool is_awaited = round % 2 == 0;
  return {{absl::StrCat(programs, "/daemonize"), "--seconds",
           is_awaited ? kDaemonSeconds : kKilledDaemonSeconds},
          0,
          is_awaited ? v1::EXIT_TYPE_CGROUP : v1::EXIT_TYPE_MAIN};
}

ShortTask ExitWith(const std::string& programs, int code) {
  return {{absl::StrCat(programs, "/exit_with"), absl::StrCat(code)}, code};
}

ShortTask DieOf(const std::string& programs, int signal_number) {
  return {{absl::StrCat(programs, "/exit_with"), "--signal",
           absl::StrCat(signal_number)},
          128 + signal_number};
}

// The same for the same serial number, which counts from 0.
ShortTask TaskOf(const std::string& programs, int serial) {
  const int round = serial / kKindsInTurn;
  switch (serial % kKindsInTurn) {
    case 9:
      return DoubleFork(programs, round);
    case 2:
    case 5:
    case 8:
      return ExitWith(programs, 1 + serial % 124);
    case 3:
      return DieOf(programs, 9);
    case 6:
      return DieOf(programs, 15);
    default:
      return {{absl::StrCat(programs, "/bare_true")}};
  }
}

class SoakClient {
 public:
  SoakClient(const std::string& socket, std::string programs, int in_flight)
      : programs_(std::move(programs)),
        in_flight_(in_flight),
        stub_(v1::TaskService::NewStub(
            grpc::CreateChannel(absl::StrCat("unix:", socket),
                                grpc::InsecureChannelCredentials()))) {}

  // Launches that many tasks; how many of them were wrong.
  int Launch(int count) {
    end_ += count;
    wrong_ = 0;
    std::vector<std::thread> threads;
    threads.reserve(static_cast<size_t>(in_flight_));
    for (int i = 0; i < in_flight_; ++i) {
      threads.emplace_back([this] { LaunchInTurn(); });
    }
    for (std::thread& thread : threads) thread.join();
    next_ = end_;
    return wrong_;
  }

 private:
  void LaunchInTurn() {
    for (int serial = next_++; serial < end_; serial = next_++) {
      const std::string problem = LaunchOne(serial);
      if (problem.empty()) continue;
      ++wrong_;
      std::fprintf(stderr, "launch %d: %s\n", serial, problem.c_str());
    }
  }

  // What was wrong; empty if nothing was.
  std::string LaunchOne(int serial) {
    const ShortTask task = TaskOf(programs_, serial);
    v1::LaunchRequest request;
    v1::TaskSpec& spec = *request.mutable_spec();
    spec.set_id(absl::StrCat("soak-", serial));
    for (const std::string& word : task.command) spec.add_command(word);
    spec.mutable_limits()->set_memory_bytes(64 << 20);
    spec.mutable_limits()->set_cpu_shares(512);
    spec.mutable_limits()->set_pids(64);
    spec.set_exit_type(task.exit_type);
    request.set_auto_remove(true);
    request.mutable_wait()->set_seconds(kWaitSeconds);
    v1::LaunchResponse response;
    grpc::ClientContext context;
    const grpc::Status status = stub_->Launch(&context, request, &response);
    if (!status.ok()) return status.error_message();
    if (!response.has_exit()) return "it did not end";
    if (response.exit().code() == task.code) return "";
    return absl::StrCat(task.command[0], " ended with ", response.exit().code(),
                        ", not ", task.code, " ", response.exit().reason());
  }

  const std::string programs_;
  const int in_flight_;
  const std::unique_ptr<v1::TaskService::Stub> stub_;
  // Serial numbers: of the next launch, and behind the last of this batch.
  std::atomic<int> next_ = 0;
  int end_ = 0;
  std::atomic<int> wrong_ = 0;
};

int Main(int argc, char** argv) {
  if (argc != 4) Die("usage: soak_client SOCKET PROGRAMS IN_FLIGHT");
  SoakClient client(argv[1], argv[2], std::max(1, std::atoi(argv[3])));
  int count = 0;
  while (std::cin >> count) {
    std::cout << client.Launch(count) << std::endl;
  }
  return 0;
}

}  // namespace
}  // namespace reeve

int main(int argc, char** argv) { return reeve::Main(argc, argv); }
