// Launch to exit of a task with a root and namespaces of its own: through a
// running agent, beside crun, runc and bwrap with the same containment, in one
// interleaved run; then as many as four workers launch at once. Started by
// tests/benchmarks/native_vs_runtimes, which prepares agent and bundle.
//
//   native_api_benchmark SOCKET BUNDLE ROUNDS [CONTENDERS]
//
// With a number of contenders only the first of them take part: 1 is reeve
// alone, to be profiled.

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "agent/api/task_service.grpc.pb.h"
#include "agent/api/time_convert.h"
#include "tests/benchmarks/contenders.h"

namespace reeve {
namespace {

constexpr int kWorkers = 4;
constexpr int kLaunches = 200;

using Phases = std::map<std::string, std::vector<double>>;

v1::LaunchRequest RequestOf(const std::string& bundle, const std::string& id,
                            bool has_init) {
  v1::LaunchRequest request;
  v1::TaskSpec& spec = *request.mutable_spec();
  spec.set_id(id);
  spec.add_command("/bin/true");
  spec.mutable_limits()->set_memory_bytes(64 << 20);
  spec.mutable_limits()->set_cpu_shares(512);
  spec.mutable_limits()->set_pids(64);
  spec.mutable_native()->mutable_root()->set_directory(
      absl::StrCat(bundle, "/rootfs"));
  spec.mutable_native()->set_no_init(!has_init);
  request.set_auto_remove(true);
  request.set_trace(true);
  request.mutable_wait()->set_seconds(10);
  return request;
}

void Launch(v1::TaskService::Stub& stub, const v1::LaunchRequest& request,
            Phases* phases) {
  v1::LaunchResponse response;
  grpc::ClientContext context;
  const grpc::Status status = stub.Launch(&context, request, &response);
  if (!status.ok()) Die(status.error_message());
  if (!response.has_exit() || response.exit().code() != 0) {
    Die("the task failed");
  }
  if (phases == nullptr) return;
  for (const v1::LaunchPhase& phase : response.phases()) {
    (*phases)[phase.name()].push_back(
        absl::ToDoubleMicroseconds(DurationFromProto(phase.duration())));
  }
}

void PrintPhases(const Phases& phases) {
  std::printf("\nPhases of reeve's launches, us (median):");
  for (const auto& [name, times] : phases) {
    std::printf(" %s %.0f", name.c_str(), Percentile(times, 0.5));
  }
  std::printf("\n");
}

// Launches a second.
double Throughput(const std::function<void(int serial)>& launch) {
  std::atomic<int> next{0};
  const absl::Time start = absl::Now();
  std::vector<std::thread> workers;
  workers.reserve(kWorkers);
  for (int i = 0; i < kWorkers; ++i) {
    workers.emplace_back([&] {
      for (int serial = next++; serial < kLaunches; serial = next++) {
        launch(1'000'000 + serial);
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  return kLaunches * 1e6 / MicrosecondsSince(start);
}

void PrintThroughput(const std::vector<Contender>& contenders) {
  constexpr int kRepetitions = 3;
  std::printf(
      "\n%d launches by %d workers, launches a second (median of %d):\n",
      kLaunches, kWorkers, kRepetitions);
  std::vector<std::vector<double>> rates(contenders.size());
  for (int repetition = 0; repetition < kRepetitions; ++repetition) {
    for (size_t i = 0; i < contenders.size(); ++i) {
      rates[i].push_back(Throughput(contenders[i].run));
    }
  }
  for (size_t i = 0; i < contenders.size(); ++i) {
    std::printf("%-20s %.0f\n", contenders[i].name.c_str(),
                Percentile(rates[i], 0.5));
  }
}

int Main(int argc, char** argv) {
  if (argc != 4 && argc != 5) {
    Die("usage: native_api_benchmark SOCKET BUNDLE ROUNDS [CONTENDERS]");
  }
  const std::string bundle = argv[2];
  const int rounds = std::max(1, std::atoi(argv[3]));
  const auto stub = v1::TaskService::NewStub(grpc::CreateChannel(
      absl::StrCat("unix:", argv[1]), grpc::InsecureChannelCredentials()));
  const auto id_of = [](const char* kind, int serial) {
    return absl::StrCat("reeve-bench-", kind, "-", getpid(), "-", serial);
  };
  Phases phases;
  // Of the interleaved part alone.
  Phases* timed = &phases;

  std::vector<Contender> contenders = {
      {"reeve --no-init",
       [&](int serial) {
         Launch(*stub, RequestOf(bundle, id_of("n", serial), false), timed);
       }},
      {"reeve",
       [&](int serial) {
         Launch(*stub, RequestOf(bundle, id_of("i", serial), true), nullptr);
       }},
      {"crun run",
       [&](int serial) {
         RunProgram({"crun", "run", "--bundle", bundle, id_of("c", serial)});
       }},
      {"runc run",
       [&](int serial) {
         RunProgram({"runc", "run", "--bundle", bundle, id_of("r", serial)});
       }},
      {"bwrap (no cgroup)", [&](int) {
         RunProgram({"bwrap", "--unshare-pid", "--unshare-ipc", "--unshare-uts",
                     "--bind", absl::StrCat(bundle, "/rootfs"), "/", "--proc",
                     "/proc", "--dev", "/dev", "/bin/true"});
       }}};

  const size_t taking_part = argc == 5 ? std::strtoul(argv[4], nullptr, 10) : 5;
  while (contenders.size() > taking_part) contenders.pop_back();
  TimeContenders(rounds, contenders);
  PrintContenders("launch to exit, own root", contenders);
  PrintPhases(phases);
  timed = nullptr;
  PrintThroughput(contenders);
  return 0;
}

}  // namespace
}  // namespace reeve

int main(int argc, char** argv) { return reeve::Main(argc, argv); }
