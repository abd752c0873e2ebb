// One limit of a running task changed through an agent, beside `crun update`
// and `runc update` of the same limit of a running container; and what is left
// of 10,000 such updates in the agent. Started by
// tests/benchmarks/update_vs_runtimes, which prepares agent and containers.
//
//   update_api_benchmark SOCKET AGENT_PID CONTAINER ROUNDS

#include <dirent.h>
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

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "agent/api/task_service.grpc.pb.h"
#include "base/file.h"
#include "tests/benchmarks/contenders.h"

namespace reeve {
namespace {

constexpr int kManyUpdates = 10'000;

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
  request.set_signal("SIGKILL");
  v1::StopResponse response;
  grpc::ClientContext context;
  const grpc::Status status = stub.Stop(&context, request, &response);
  if (!status.ok()) Die(status.error_message());
}

// Another value each time, so that there is always something to be written.
uint64_t SharesOf(int serial) {
  return 512 + static_cast<uint64_t>(serial) % 1000;
}

void Update(v1::TaskService::Stub& stub, const std::string& id, int serial) {
  v1::UpdateRequest request;
  request.set_id(id);
  request.mutable_limits()->set_cpu_shares(SharesOf(serial));
  v1::UpdateResponse response;
  grpc::ClientContext context;
  const grpc::Status status = stub.Update(&context, request, &response);
  if (!status.ok()) Die(status.error_message());
  if (response.changed().empty()) Die("an update has written nothing");
}

Contender Runtime(const std::string& runtime, const std::string& container) {
  return {absl::StrCat(runtime, " update"), [runtime, container](int serial) {
            RunProgram({runtime, "update", "--cpu-share",
                        absl::StrCat(SharesOf(serial)), container});
          }};
}

// The second field of /proc/PID/statm.
uint64_t ResidentKib(const std::string& pid) {
  const absl::StatusOr<std::string> text =
      ReadFile(absl::StrCat("/proc/", pid, "/statm"));
  if (!text.ok()) Die("the agent is gone");
  const std::vector<std::string> words = absl::StrSplit(*text, ' ');
  uint64_t pages = 0;
  if (words.size() < 2 || !absl::SimpleAtoi(words[1], &pages)) Die("statm");
  return pages * static_cast<uint64_t>(getpagesize()) / 1024;
}

int OpenFiles(const std::string& pid) {
  DIR* const dir = opendir(absl::StrCat("/proc/", pid, "/fd").c_str());
  if (dir == nullptr) Die("the agent's descriptors cannot be read");
  int count = 0;
  while (readdir(dir) != nullptr) ++count;
  closedir(dir);
  // Without "." and "..".
  return count - 2;
}

// Twice, since what a heap keeps for later is not growth.
void ShowGrowth(v1::TaskService::Stub& stub, const std::string& id,
                const std::string& agent) {
  const int files = OpenFiles(agent);
  std::printf("\n");
  for (const char* const which : {"first", "second"}) {
    const auto memory = static_cast<long long>(ResidentKib(agent));
    for (int i = 0; i < kManyUpdates; ++i) Update(stub, id, i);
    std::printf("The %s %d updates more: %lld KiB, %d open files more\n", which,
                kManyUpdates,
                static_cast<long long>(ResidentKib(agent)) - memory,
                OpenFiles(agent) - files);
  }
}

int Main(int argc, char** argv) {
  if (argc != 5) {
    Die("usage: update_api_benchmark SOCKET AGENT_PID CONTAINER ROUNDS");
  }
  const std::string agent = argv[2];
  const std::string container = argv[3];
  const std::string id = absl::StrCat("reeve-bench-", getpid());
  const auto stub = v1::TaskService::NewStub(grpc::CreateChannel(
      absl::StrCat("unix:", argv[1]), grpc::InsecureChannelCredentials()));
  Launch(*stub, id);

  std::vector<Contender> contenders = {
      {"reeve", [&](int serial) { Update(*stub, id, serial); }},
      Runtime("crun", container),
      Runtime("runc", container)};
  TimeContenders(std::max(1, std::atoi(argv[4])), contenders);
  PrintContenders("update", contenders);
  ShowGrowth(*stub, id, agent);

  Stop(*stub, id);
  return 0;
}

}  // namespace
}  // namespace reeve

int main(int argc, char** argv) { return reeve::Main(argc, argv); }
