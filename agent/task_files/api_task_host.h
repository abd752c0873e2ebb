#ifndef REEVE_AGENT_TASK_FILES_API_TASK_HOST_H_
#define REEVE_AGENT_TASK_FILES_API_TASK_HOST_H_

#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "agent/api/task_service.grpc.pb.h"
#include "agent/task_files/task_host.h"

namespace reeve {

// The tasks of the agent behind a stub, be it this process'. What is done to
// them is done as for its other callers. Thread-safe.
class ApiTaskHost final : public TaskHost {
 public:
  // The stub must outlive this.
  explicit ApiTaskHost(v1::TaskService::StubInterface& stub) : stub_(stub) {}

  absl::StatusOr<std::vector<KnownTask>> List() override;
  absl::StatusOr<v1::TaskSpec> CurrentSpec(const std::string& id) override;
  absl::Status CheckLaunch(const v1::TaskSpec& spec) override;
  absl::Status Launch(const v1::TaskSpec& spec,
                      const std::string& origin) override;
  absl::Status Update(const v1::UpdateRequest& request) override;
  absl::Status Stop(const std::string& id) override;
  absl::Status Remove(const std::string& id) override;

  // Calls that are under way end soon, with kCancelled, and so do all after
  // them. The agent may go on with what they asked for.
  void Cancel();

 private:
  // A call that Cancel() reaches.
  class Call;

  v1::TaskService::StubInterface& stub_;
  absl::Mutex mutex_;
  bool is_cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  std::set<grpc::ClientContext*> calls_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace reeve

#endif  // REEVE_AGENT_TASK_FILES_API_TASK_HOST_H_
