// A command run in a task through an agent, beside `crun exec` and `runc exec`
// in a running container; and how fast the output of one comes through
// ExecStream. Started by tests/benchmarks/exec_vs_runtimes, which prepares
// agent and containers.
//
//   exec_api_benchmark SOCKET CONTAINER ROUNDS

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "agent/api/task_service.grpc.pb.h"
#include "tests/benchmarks/contenders.h"

namespace reeve {
namespace {

constexpr int kStreams = 5;
constexpr uint64_t kStreamBytes = uint64_t{1} << 30;

void Launch(v1::TaskService::Stub& stub, const std::string& id) {
  v1::LaunchRequest request;
  request.mutable_spec()->set_id(id);
  request.mutable_spec()->add_command("/bin/sleep");
  request.mutable_spec()->add_command("100000");
  request.mutable_spec()->mutable_limits()->set_memory_bytes(64 << 20);
  request.mutable_spec()->mutable_limits()->set_cpu_shares(512);
  v1::LaunchResponse response;
  grpc::ClientContext context;
  const grpc::Status status = stub.Launch(&context, request, &response);
  if (!status.ok()) Die(status.error_message());
}

void Stop(v1::TaskService::Stub& stub, const std::string& id) {
  v1::StopRequest request;
  request.set_id(id);
  request.mutable_grace()->set_seconds(0);
  v1::StopResponse response;
  grpc::ClientContext context;
  const grpc::Status status = stub.Stop(&context, request, &response);
  if (!status.ok()) Die(status.error_message());
}

void Exec(v1::TaskService::Stub& stub, const std::string& id) {
  v1::ExecRequest request;
  request.set_id(id);
  request.add_command("/bin/true");
  v1::ExecResponse response;
  grpc::ClientContext context;
  const grpc::Status status = stub.Exec(&context, request, &response);
  if (!status.ok()) Die(status.error_message());
  if (response.exit().code() != 0) Die("true has failed");
}

Contender Runtime(const std::string& runtime, const std::string& container) {
  return {absl::StrCat(runtime, " exec"), [runtime, container](int) {
            RunProgram({runtime, "exec", container, "/bin/true"});
          }};
}

// Bytes a second of the output of dd.
double Stream(v1::TaskService::Stub& stub, const std::string& id) {
  grpc::ClientContext context;
  const auto stream = stub.ExecStream(&context);
  v1::ExecStreamRequest request;
  request.mutable_setup()->set_id(id);
  for (const std::string& word :
       {std::string("/bin/dd"), std::string("if=/dev/zero"),
        std::string("bs=64k"), absl::StrCat("count=", kStreamBytes >> 16),
        std::string("status=none")}) {
    request.mutable_setup()->add_command(word);
  }
  const absl::Time began = absl::Now();
  if (!stream->Write(request)) Die("the stream has ended");
  v1::ExecStreamResponse response;
  uint64_t bytes = 0;
  while (stream->Read(&response)) bytes += response.stdout().size();
  const double seconds = MicrosecondsSince(began) / 1e6;
  const grpc::Status status = stream->Finish();
  if (!status.ok()) Die(status.error_message());
  if (bytes != kStreamBytes) Die("output is missing");
  return static_cast<double>(bytes) / seconds;
}

void ShowThroughput(v1::TaskService::Stub& stub, const std::string& id) {
  std::vector<double> rates;
  rates.reserve(kStreams);
  for (int i = 0; i < kStreams; ++i) rates.push_back(Stream(stub, id) / 1e6);
  std::printf("\nOutput through ExecStream: %.0f MB/s (%.0f to %.0f)\n",
              Percentile(rates, 0.5), Percentile(rates, 0),
              Percentile(rates, 1));
}

int Main(int argc, char** argv) {
  if (argc != 4) Die("usage: exec_api_benchmark SOCKET CONTAINER ROUNDS");
  const std::string container = argv[2];
  const std::string id = absl::StrCat("reeve-bench-", getpid());
  const auto stub = v1::TaskService::NewStub(grpc::CreateChannel(
      absl::StrCat("unix:", argv[1]), grpc::InsecureChannelCredentials()));
  Launch(*stub, id);

  std::vector<Contender> contenders = {{"reeve", [&](int) { Exec(*stub, id); }},
                                       Runtime("crun", container),
                                       Runtime("runc", container)};
  TimeContenders(std::max(1, std::atoi(argv[3])), contenders);
  PrintContenders("exec", contenders);
  ShowThroughput(*stub, id);

  Stop(*stub, id);
  return 0;
}

}  // namespace
}  // namespace reeve

int main(int argc, char** argv) { return reeve::Main(argc, argv); }
