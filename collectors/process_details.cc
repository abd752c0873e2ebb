#include "collectors/process_details.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "collectors/procfs/open_descriptors.h"
#include "collectors/procfs/process_state.h"

namespace reeve {
ProcessDetails::ProcessDetails(const CollectorSet& collectors, int procfs_fd)
    : procfs_fd_(procfs_fd),
      has_descriptors_(collectors.descriptors),
      has_states_(collectors.process_states) {
  if (collectors.schedstat) run_queue_.emplace(procfs_fd);
}

void ProcessDetails::Look(const std::vector<ProcessSnapshot>& processes,
                          ReadBuffer& buffer, ReadErrorSink on_error) {
  if (has_descriptors_) CountOpenDescriptors(processes, on_error);
  if (run_queue_.has_value()) run_queue_->Look(processes, buffer, on_error);
  if (!has_states_) return;
  states_ = ProcessStateCounts();
  for (const ProcessSnapshot& process : processes) {
    ++(*states_)[ProcessStateOf(process.state)];
  }
}

void ProcessDetails::CountOpenDescriptors(
    const std::vector<ProcessSnapshot>& processes, ReadErrorSink on_error) {
  // A number that leaves a process out would be wrong.
  bool is_whole = true;
  uint64_t total = 0;
  for (const ProcessSnapshot& process : processes) {
    const absl::StatusOr<uint64_t> count = CountDescriptors(
        procfs_fd_, absl::StrCat(process.identity.pid, "/fd").c_str());
    if (count.ok()) {
      total += *count;
    } else if (!absl::IsNotFound(count.status())) {
      on_error("descriptors", count.status());
      is_whole = false;
    }
  }
  open_descriptors_ = is_whole ? std::optional<uint64_t>(total) : std::nullopt;
}

void ProcessDetails::Fill(ExtraSample& sample) const {
  sample.open_descriptors = open_descriptors_;
  sample.process_states = states_;
  if (run_queue_.has_value()) sample.run_queue_wait_ns = run_queue_->wait_ns();
}

}  // namespace reeve
