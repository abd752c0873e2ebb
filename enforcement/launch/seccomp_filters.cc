#include "enforcement/launch/seccomp_filters.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "base/kernel_version.h"
#include "enforcement/launch/seccomp_default.h"

namespace reeve {
namespace {

absl::StatusOr<SeccompProfile> ProfileOf(absl::string_view json) {
  return json.empty() ? DefaultSeccompProfile() : ParseSeccompProfile(json);
}

}  // namespace

absl::StatusOr<SharedSeccompFilter> SeccompFilters::Default(
    uint64_t capabilities) {
  return Get("", capabilities);
}

absl::StatusOr<SharedSeccompFilter> SeccompFilters::OfProfile(
    absl::string_view json, uint64_t capabilities) {
  if (json.empty()) {
    return absl::InvalidArgumentError("seccomp profile: it is empty");
  }
  return Get(json, capabilities);
}

absl::StatusOr<SharedSeccompFilter> SeccompFilters::Get(absl::string_view json,
                                                        uint64_t capabilities) {
  SharedSeccompFilter found = Find(json, capabilities);
  if (found != nullptr) return found;
  absl::MutexLock lock(&compiling_);
  // Who was here before may have wanted the same.
  found = Find(json, capabilities);
  if (found != nullptr) return found;
  const absl::StatusOr<SeccompProfile> profile = ProfileOf(json);
  if (!profile.ok()) return profile.status();
  absl::StatusOr<SeccompFilter> filter =
      CompileSeccompProfile(*profile, capabilities, RunningKernelVersion());
  if (!filter.ok()) return filter.status();
  found = std::make_shared<const SeccompFilter>(*std::move(filter));
  Keep(json, capabilities, found);
  return found;
}

SharedSeccompFilter SeccompFilters::Find(absl::string_view json,
                                         uint64_t capabilities) {
  absl::MutexLock lock(&mutex_);
  const auto entry = std::find_if(
      entries_.begin(), entries_.end(), [&](const Entry& candidate) {
        return candidate.capabilities == capabilities && candidate.json == json;
      });
  if (entry == entries_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, entry);
  return entry->filter;
}

void SeccompFilters::Keep(absl::string_view json, uint64_t capabilities,
                          const SharedSeccompFilter& filter) {
  absl::MutexLock lock(&mutex_);
  entries_.push_front({std::string(json), capabilities, filter});
  bytes_ += json.size();
  while (entries_.size() > kMostFilters || bytes_ > kMostBytes) {
    bytes_ -= entries_.back().json.size();
    entries_.pop_back();
  }
}

}  // namespace reeve
