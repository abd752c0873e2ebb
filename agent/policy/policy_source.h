#ifndef REEVE_AGENT_POLICY_POLICY_SOURCE_H_
#define REEVE_AGENT_POLICY_POLICY_SOURCE_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/http/file_stamp.h"
#include "agent/policy/policy_host.h"
#include "agent/policy/policy_rule.h"

namespace reeve {

// The policy file of an agent, which is read again once it has changed.
// Thread-compatible.
class PolicySource {
 public:
  // Reads the file for the first time. The error is one line that names the
  // file, and says what to change in which line of it.
  static absl::StatusOr<std::unique_ptr<PolicySource>> Open(
      std::string path, const PolicyHost& host);

  const std::string& path() const { return path_; }

  // As it was when it was last read well.
  const Policy& policy() const { return policy_; }

  // Reads it again if it has changed since it was last read, well or not; what
  // cannot be taken leaves policy() as it is. nullopt if it has not changed,
  // which costs a stat(2).
  std::optional<absl::Status> ReadIfChanged();

 private:
  PolicySource(std::string path, const PolicyHost& host)
      : path_(std::move(path)), host_(host) {}

  absl::Status Read();

  const std::string path_;
  const PolicyHost host_;
  FileStamp stamp_;
  Policy policy_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_POLICY_POLICY_SOURCE_H_
