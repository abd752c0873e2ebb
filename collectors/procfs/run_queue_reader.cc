#include "collectors/procfs/run_queue_reader.h"

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "base/kept_file.h"
#include "collectors/procfs/numbered_entries.h"
#include "collectors/procfs/schedstat.h"

namespace reeve {
namespace {

constexpr char kCollector[] = "schedstat";

void Report(const absl::Status& status, ReadErrorSink on_error) {
  if (!absl::IsNotFound(status)) on_error(kCollector, status);
}

}  // namespace

void RunQueueReader::Look(const std::vector<ProcessSnapshot>& processes,
                          ReadBuffer& buffer, ReadErrorSink on_error) {
  Waits waits;
  waits.reserve(waits_.size());
  for (const ProcessSnapshot& process : processes) {
    const pid_t pid = process.identity.pid;
    // Most processes have one thread, whose number is theirs.
    if (process.threads == 1) {
      LookAtThread(process, pid, waits, buffer, on_error);
      continue;
    }
    const absl::StatusOr<std::vector<int>> threads =
        ListNumberedEntries(procfs_fd_, absl::StrCat(pid, "/task"));
    if (!threads.ok()) {
      Report(threads.status(), on_error);
      continue;
    }
    for (const int thread : *threads) {
      LookAtThread(process, thread, waits, buffer, on_error);
    }
  }
  waits_ = std::move(waits);
}

void RunQueueReader::LookAtThread(const ProcessSnapshot& process, pid_t thread,
                                  Waits& waits, ReadBuffer& buffer,
                                  ReadErrorSink on_error) {
  const std::string name =
      absl::StrCat(process.identity.pid, "/task/", thread, "/schedstat");
  const absl::StatusOr<KeptFile> file =
      KeptFile::Open(procfs_fd_, name.c_str());
  if (!file.ok()) return Report(file.status(), on_error);
  if (!file->Exists()) return;
  const absl::StatusOr<Schedstat> stat =
      ReadParsed(*file, buffer, ParseSchedstat);
  if (!stat.ok()) return Report(stat.status(), on_error);

  const Thread key(process.identity.start_time_ticks, thread);
  const auto known = waits_.find(key);
  // One that waited less than before is another thread with its number.
  const uint64_t before =
      known != waits_.end() && known->second <= stat->wait_ns ? known->second
                                                              : 0;
  wait_ns_ = wait_ns_.value_or(0) + stat->wait_ns - before;
  waits[key] = stat->wait_ns;
}

}  // namespace reeve
