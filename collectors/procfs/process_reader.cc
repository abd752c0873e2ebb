#include "collectors/procfs/process_reader.h"

#include <fcntl.h>

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/clock_ticks.h"
#include "base/file.h"
#include "collectors/procfs/boot_time.h"
#include "collectors/procfs/pid_stat.h"
#include "collectors/procfs/pid_status.h"

namespace reeve {
namespace {

template <typename Parse>
auto ReadOnce(int process_dir_fd, const char* name, ReadBuffer& buffer,
              const Parse& parse) -> decltype(parse(absl::string_view())) {
  const absl::StatusOr<KeptFile> file = KeptFile::Open(process_dir_fd, name);
  if (!file.ok()) return file.status();
  if (!file->Exists()) return absl::NotFoundError("the process has ended");
  return ReadParsed(*file, buffer, parse);
}

}  // namespace

absl::StatusOr<ProcessReader> ProcessReader::Open(const std::string& procfs,
                                                  const Clock& clock) {
  absl::StatusOr<UniqueFd> fd = OpenDirAt(AT_FDCWD, procfs);
  if (!fd.ok()) return fd.status();
  const absl::StatusOr<absl::Time> boot_time = ReadBootTime(procfs);
  if (!boot_time.ok()) return boot_time.status();
  return ProcessReader(*std::move(fd), *boot_time, clock);
}

ProcessReader::ProcessReader(UniqueFd procfs, absl::Time boot_time,
                             const Clock& clock)
    : procfs_(std::move(procfs)), boot_time_(boot_time), clock_(&clock) {}

absl::StatusOr<ProcessReading> ProcessReader::Read(pid_t pid,
                                                   ReadBuffer& buffer) const {
  // By a handle of the directory, so that both files are of one process even if
  // the pid is given out again in between.
  const absl::StatusOr<UniqueFd> dir =
      OpenDirAt(procfs_.get(), absl::StrCat(pid));
  if (!dir.ok()) return dir.status();
  const absl::Duration taken_at = clock_->MonotonicNow();
  absl::StatusOr<PidStat> stat =
      ReadOnce(dir->get(), "stat", buffer, ParsePidStat);
  if (!stat.ok()) return stat.status();
  const absl::StatusOr<PidStatus> status =
      ReadOnce(dir->get(), "status", buffer, ParsePidStatus);
  if (!status.ok()) return status.status();

  ProcessReading reading;
  reading.taken_at = taken_at;
  ProcessSnapshot& process = reading.process;
  process.identity = {stat->pid, stat->starttime};
  process.comm = std::move(stat->comm);
  process.started_at =
      boot_time_ + absl::Nanoseconds(static_cast<int64_t>(
                       NanosecondsFromClockTicks(stat->starttime)));
  process.cpu_user_ns = NanosecondsFromClockTicks(stat->utime);
  process.cpu_system_ns = NanosecondsFromClockTicks(stat->stime);
  process.rss_bytes = status->vm_rss_kib * 1024;
  process.swap_bytes = status->vm_swap_kib * 1024;
  process.threads = status->threads;
  process.state = stat->state;
  return reading;
}

}  // namespace reeve
