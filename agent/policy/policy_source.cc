#include "agent/policy/policy_source.h"

#include "absl/strings/str_cat.h"
#include "agent/policy/policy_file.h"

namespace reeve {

absl::StatusOr<std::unique_ptr<PolicySource>> PolicySource::Open(
    std::string path, const PolicyHost& host) {
  std::unique_ptr<PolicySource> source(new PolicySource(std::move(path), host));
  absl::Status status = source->Read();
  if (!status.ok()) return status;
  return source;
}

std::optional<absl::Status> PolicySource::ReadIfChanged() {
  if (StampOf(path_) == stamp_) return std::nullopt;
  return Read();
}

absl::Status PolicySource::Read() {
  // Before the file is read: what changes meanwhile is seen the next time.
  stamp_ = StampOf(path_);
  absl::StatusOr<Policy> policy = ReadPolicy(path_, TrustedWriters::kOwner);
  if (!policy.ok()) return policy.status();
  const absl::Status status = CheckPolicyOnHost(*policy, host_);
  if (!status.ok()) {
    return absl::Status(status.code(),
                        absl::StrCat("policy ", path_, ": ", status.message()));
  }
  policy_ = *std::move(policy);
  return absl::OkStatus();
}

}  // namespace reeve
