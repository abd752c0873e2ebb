#ifndef REEVE_ENFORCEMENT_CGROUP_CEILING_RECORD_H_
#define REEVE_ENFORCEMENT_CGROUP_CEILING_RECORD_H_

#include <string>

#include "absl/status/status.h"

namespace reeve {

// Where it is kept what memory.high of one cgroup held before it was lowered
// for a while, so that another process can put it back if this one is killed
// meanwhile.
class CeilingRecord {
 public:
  virtual ~CeilingRecord() = default;

  // Before memory.high is lowered, which an error prevents.
  virtual absl::Status Keep(const std::string& high) = 0;

  // After it was put back. OK if nothing is kept.
  virtual absl::Status Drop() = 0;
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_CEILING_RECORD_H_
