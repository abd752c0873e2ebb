// Launch to exit through a running agent, beside `crun run` of the same limits,
// in one interleaved run: warm, and after 100 ms without work. Started by
// tests/benchmarks/launch_vs_crun, which prepares agent and bundle.
//
//   launch_api_benchmark SOCKET[,SOCKET...] BUNDLE ROUNDS
//
// Of several agents, such as those before and after a change, each takes its
// turn; the others are compared with the first.

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "agent/api/task_service.grpc.pb.h"
#include "tests/benchmarks/contenders.h"

namespace reeve {
namespace {

constexpr int kEmptyCalls = 100;

double TimeEmptyCall(v1::TaskService::Stub& stub) {
  const absl::Time start = absl::Now();
  grpc::ClientContext context;
  v1::VersionResponse response;
  if (!stub.Version(&context, v1::VersionRequest(), &response).ok()) {
    Die("the agent does not answer");
  }
  return MicrosecondsSince(start);
}

void PrintEmptyCalls(v1::TaskService::Stub& stub) {
  std::vector<double> times;
  times.reserve(kEmptyCalls);
  for (int i = 0; i < kEmptyCalls; ++i) times.push_back(TimeEmptyCall(stub));
  std::printf("\nA call that does nothing: %.0f us (median)\n",
              Percentile(times, 0.5));
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

int Main(int argc, char** argv) {
  if (argc != 4) Die("usage: launch_api_benchmark SOCKET BUNDLE ROUNDS");
  const std::string bundle = argv[2];
  const int rounds = std::max(1, std::atoi(argv[3]));
  // The same static program for all.
  const std::string program = absl::StrCat(bundle, "/rootfs/bin/true");
  const auto id_of = [](int serial) {
    return absl::StrCat("reeve-bench-", getpid(), "-", serial);
  };

  std::vector<Contender> contenders;
  std::vector<std::unique_ptr<v1::TaskService::Stub>> agents;
  for (const std::string& socket :
       std::vector<std::string>(absl::StrSplit(argv[1], ','))) {
    agents.push_back(v1::TaskService::NewStub(grpc::CreateChannel(
        absl::StrCat("unix:", socket), grpc::InsecureChannelCredentials())));
    contenders.push_back(
        {agents.size() == 1 ? "reeve" : absl::StrCat("reeve ", agents.size()),
         [&, stub = agents.back().get()](int serial) {
           LaunchThroughAgent(*stub, id_of(serial), program);
         }});
  }
  contenders.push_back(
      {"crun run", [&](int serial) {
         RunProgram({"crun", "run", "--bundle", bundle, id_of(serial)});
       }});
  contenders.push_back({"posix_spawn", [&](int) { RunProgram({program}); }});

  TimeContenders(rounds, contenders);
  PrintContenders("launch to exit", contenders);
  for (const auto& agent : agents) PrintEmptyCalls(*agent);
  return 0;
}

}  // namespace
}  // namespace reeve

int main(int argc, char** argv) { return reeve::Main(argc, argv); }
