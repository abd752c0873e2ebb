// Launch to exit through a running agent, beside `crun run` of the same limits,
// in one interleaved run: warm, and after 100 ms without work. Started by
// tests/benchmarks/launch_vs_crun, which prepares agent and bundle.
//
//   launch_api_benchmark SOCKET BUNDLE ROUNDS

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "agent/api/task_service.grpc.pb.h"

namespace reeve {
namespace {

constexpr absl::Duration kIdle = absl::Milliseconds(100);

[[noreturn]] void Die(const std::string& message) {
  std::fprintf(stderr, "launch_api_benchmark: %s\n", message.c_str());
  std::exit(1);
}

double MicrosecondsSince(absl::Time start) {
  return absl::ToDoubleMicroseconds(absl::Now() - start);
}

double TimeEmptyCall(v1::TaskService::Stub& stub) {
  const absl::Time start = absl::Now();
  grpc::ClientContext context;
  v1::VersionResponse response;
  if (!stub.Version(&context, v1::VersionRequest(), &response).ok()) {
    Die("the agent does not answer");
  }
  return MicrosecondsSince(start);
}

void LaunchThroughAgent(v1::TaskService::Stub& stub, const std::string& id,
                        const std::string& program) {
  v1::LaunchRequest request;
  v1::TaskSpec& spec = *request.mutable_spec();
  spec.set_id(id);
  spec.add_command(program);
  spec.mutable_limits()->set_memory_bytes(64 << 20);
  spec.mutable_limits()->set_cpu_shares(512);
  spec.mutable_limits()->set_pids(64);
  request.set_auto_remove(true);
  request.mutable_wait()->set_seconds(10);
  v1::LaunchResponse response;
  grpc::ClientContext context;
  const grpc::Status status = stub.Launch(&context, request, &response);
  if (!status.ok()) Die(status.error_message());
  if (!response.has_exit() || response.exit().code() != 0) {
    Die("the task failed");
  }
}

void RunProgram(std::vector<std::string> words) {
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t pid;
  if (posix_spawnp(&pid, argv[0], nullptr, nullptr, argv.data(), environ) !=
      0) {
    Die(absl::StrCat("cannot start ", words[0]));
  }
  int status;
  if (waitpid(pid, &status, 0) != pid || status != 0) {
    Die(absl::StrCat(words[0], " failed"));
  }
}

struct Contender {
  std::string name;
  std::function<void(const std::string& id)> run;
  std::vector<double> warm_us;
  std::vector<double> idle_us;
};

double Percentile(std::vector<double> values, double fraction) {
  std::sort(values.begin(), values.end());
  const auto last = static_cast<double>(values.size() - 1);
  return values[static_cast<size_t>(last * fraction)];
}

double TimeOnce(const Contender& contender, const std::string& id) {
  const absl::Time start = absl::Now();
  contender.run(id);
  return MicrosecondsSince(start);
}

void Print(const char* kind, const std::vector<Contender>& contenders,
           std::vector<double> Contender::*values) {
  const double base = Percentile(contenders[0].*values, 0.5);
  for (const Contender& contender : contenders) {
    const double median = Percentile(contender.*values, 0.5);
    std::printf("| %-12s | %-14s | %8.0f | %8.0f | %8.0f | %5.2f |\n", kind,
                contender.name.c_str(), median,
                Percentile(contender.*values, 0.1),
                Percentile(contender.*values, 0.9), base / median);
  }
}

int Main(int argc, char** argv) {
  if (argc != 4) Die("usage: launch_api_benchmark SOCKET BUNDLE ROUNDS");
  const std::string bundle = argv[2];
  const int rounds = std::max(1, std::atoi(argv[3]));
  const std::unique_ptr<v1::TaskService::Stub> stub =
      v1::TaskService::NewStub(grpc::CreateChannel(
          absl::StrCat("unix:", argv[1]), grpc::InsecureChannelCredentials()));

  // The same static program for all.
  const std::string program = absl::StrCat(bundle, "/rootfs/bin/true");
  std::vector<double> empty_call_us;
  std::vector<Contender> contenders(3);
  contenders[0].name = "reeve";
  contenders[0].run = [&](const std::string& id) {
    LaunchThroughAgent(*stub, id, program);
  };
  contenders[1].name = "crun run";
  contenders[1].run = [&](const std::string& id) {
    RunProgram({"crun", "run", "--bundle", bundle, id});
  };
  contenders[2].name = "posix_spawn";
  contenders[2].run = [&](const std::string&) { RunProgram({program}); };

  int serial = 0;
  const auto next_id = [&serial] {
    return absl::StrCat("reeve-bench-", getpid(), "-", ++serial);
  };
  for (Contender& contender : contenders) {
    for (int i = 0; i < 5; ++i) (void)TimeOnce(contender, next_id());
  }
  for (int round = 0; round < rounds; ++round) {
    empty_call_us.push_back(TimeEmptyCall(*stub));
    for (size_t i = 0; i < contenders.size(); ++i) {
      // Each goes first as often as the others.
      Contender& contender =
          contenders[(i + static_cast<size_t>(round)) % contenders.size()];
      (void)TimeOnce(contender, next_id());
      contender.warm_us.push_back(TimeOnce(contender, next_id()));
      absl::SleepFor(kIdle);
      contender.idle_us.push_back(TimeOnce(contender, next_id()));
    }
  }
  std::printf("| %-12s | %-14s | %8s | %8s | %8s | %5s |\n", "",
              "launch to exit", "median", "p10", "p90", "reeve");
  std::printf("|---|---|--:|--:|--:|--:|\n");
  Print("warm", contenders, &Contender::warm_us);
  Print("100 ms idle", contenders, &Contender::idle_us);
  std::printf("\nA call that does nothing: %.0f us (median)\n",
              Percentile(empty_call_us, 0.5));
  return 0;
}

}  // namespace
}  // namespace reeve

int main(int argc, char** argv) { return reeve::Main(argc, argv); }
