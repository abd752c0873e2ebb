#ifndef REEVE_ENFORCEMENT_CGROUP_MEMORY_CEILING_H_
#define REEVE_ENFORCEMENT_CGROUP_MEMORY_CEILING_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "enforcement/cgroup/ceiling_record.h"
#include "enforcement/cgroup/limit_files.h"

namespace reeve {

// Keeps a cgroup v2 from growing for a while, by memory.high: what would take
// more is slowed down and has memory taken back, and is not killed.
// Thread-compatible.
class MemoryCeiling {
 public:
  // Both must outlive the ceiling; without `record` nobody else can restore.
  explicit MemoryCeiling(LimitFiles& files, CeilingRecord* record = nullptr)
      : files_(files), record_(record) {}
  // As Restore().
  ~MemoryCeiling();
  MemoryCeiling(const MemoryCeiling&) = delete;
  MemoryCeiling& operator=(const MemoryCeiling&) = delete;

  // From now on no more than `bytes`. The kernel takes back what is above them
  // before this returns, as far as it can. One that is lower already stays.
  absl::Status Lower(uint64_t bytes);

  // Puts back what memory.high held before. OK if the cgroup was removed.
  absl::Status Restore();

 private:
  LimitFiles& files_;
  CeilingRecord* const record_;
  // Of the file; "" if it was not written.
  std::string before_;
  uint64_t now_ = 0;
};

// Puts back what memory.high held before a process was killed that had lowered
// it. OK if the cgroup was removed.
absl::Status RestoreMemoryHigh(const std::string& high, LimitFiles& files);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_MEMORY_CEILING_H_
