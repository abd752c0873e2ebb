#include "agent/tasks/memory_high.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "enforcement/cgroup/ceiling_record.h"
#include "enforcement/cgroup/cgroup_dir_fds.h"
#include "enforcement/cgroup/memory_ceiling.h"
#include "glog/logging.h"

namespace reeve {
namespace {

class KeptOnDisk final : public CeilingRecord {
 public:
  KeptOnDisk(const MemoryHighRecords& records, std::string cgroup)
      : records_(records), cgroup_(std::move(cgroup)) {}

  absl::Status Keep(const std::string& high) override {
    absl::Status status = records_.Write(cgroup_, high);
    if (status.ok()) return status;
    return absl::Status(
        status.code(),
        absl::StrCat("memory.high is not lowered: what it was cannot be kept "
                     "for an agent that is started again: ",
                     status.message()));
  }

  absl::Status Drop() override { return records_.Remove(cgroup_); }

 private:
  const MemoryHighRecords& records_;
  const std::string cgroup_;
};

absl::Status Restore(const state::MemoryHighRecord& record,
                     const CgroupMounts& mounts) {
  const absl::StatusOr<std::unique_ptr<CgroupDirFds>> dirs =
      CgroupDirFds::Open(mounts, record.cgroup(), {"memory"});
  if (absl::IsNotFound(dirs.status())) return absl::OkStatus();
  if (!dirs.ok()) return dirs.status();
  return RestoreMemoryHigh(record.memory_high(), **dirs);
}

}  // namespace

absl::StatusOr<LimitUpdate> UpdateRecordingHigh(
    const MemoryHighRecords& records, TaskCgroup& cgroup,
    const ResourceLimits& limits, MemoryDecreaseOptions decrease) {
  KeptOnDisk record(records, cgroup.path());
  decrease.record = &record;
  return cgroup.Update(limits, decrease);
}

void RestoreMemoryHighs(const MemoryHighRecords& records,
                        const CgroupMounts& mounts) {
  const absl::StatusOr<std::vector<std::string>> names = records.Names();
  if (!names.ok()) {
    LOG(WARNING) << "what memory.high was: " << names.status().message();
    return;
  }
  for (const std::string& name : *names) {
    const absl::StatusOr<state::MemoryHighRecord> record = records.Read(name);
    absl::Status status;
    if (record.ok()) {
      status = Restore(*record, mounts);
      if (!status.ok()) {
        LOG(WARNING) << "cgroup " << record->cgroup() << ": "
                     << status.message();
        continue;
      }
    } else if (!absl::IsFailedPrecondition(record.status())) {
      LOG(WARNING) << "what memory.high was: " << record.status().message();
      // What is no file may stay.
      if (absl::IsDataLoss(record.status())) records.Remove(name).IgnoreError();
      continue;
    }
    status = records.Remove(name);
    if (!status.ok()) LOG(WARNING) << status.message();
  }
}

}  // namespace reeve
