#ifndef REEVE_ENFORCEMENT_SPEC_CAPABILITIES_H_
#define REEVE_ENFORCEMENT_SPEC_CAPABILITIES_H_

#include <linux/capability.h>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// Some of capabilities(7), by their numbers in linux/capability.h: a value.
class CapabilitySet {
 public:
  constexpr CapabilitySet() = default;
  // Bit N stands for capability N, as in CapEff of /proc/PID/status.
  constexpr explicit CapabilitySet(uint64_t bits) : bits_(bits) {}
  constexpr CapabilitySet(std::initializer_list<int> capabilities) {
    for (const int capability : capabilities) {
      bits_ |= uint64_t{1} << capability;
    }
  }
  // All from 0 to `last`: what a kernel has whose last one that is.
  static constexpr CapabilitySet UpTo(int last) {
    return CapabilitySet(~uint64_t{0} >> (63 - last));
  }

  constexpr uint64_t bits() const { return bits_; }
  constexpr bool IsEmpty() const { return bits_ == 0; }
  constexpr bool Has(int capability) const {
    return (bits_ >> capability & 1) != 0;
  }

  constexpr CapabilitySet Or(CapabilitySet other) const {
    return CapabilitySet(bits_ | other.bits_);
  }
  constexpr CapabilitySet And(CapabilitySet other) const {
    return CapabilitySet(bits_ & other.bits_);
  }
  constexpr CapabilitySet Without(CapabilitySet other) const {
    return CapabilitySet(bits_ & ~other.bits_);
  }
  constexpr bool operator==(CapabilitySet other) const {
    return bits_ == other.bits_;
  }
  constexpr bool operator!=(CapabilitySet other) const {
    return bits_ != other.bits_;
  }

 private:
  uint64_t bits_ = 0;
};

// What a task of root has unless it asks for others: enough for a service that
// changes its user, and not the CAP_NET_RAW with which it could pose as another
// one on its network.
constexpr CapabilitySet kDefaultCapabilities = {
    CAP_AUDIT_WRITE, CAP_CHOWN,  CAP_DAC_OVERRIDE,     CAP_FOWNER,  CAP_FSETID,
    CAP_KILL,        CAP_MKNOD,  CAP_NET_BIND_SERVICE, CAP_SETFCAP, CAP_SETGID,
    CAP_SETPCAP,     CAP_SETUID, CAP_SYS_CHROOT};

// "CAP_NET_RAW" or "net_raw", in any case. kInvalidArgument names one that
// there is not.
absl::StatusOr<int> ParseCapability(absl::string_view name);

// Each by its name; "ALL" is `all`. The error is that of ParseCapability().
absl::StatusOr<CapabilitySet> ParseCapabilities(
    const std::vector<std::string>& names, CapabilitySet all);

// "CAP_KILL"; the number, "41", for one that has no name yet.
std::string CapabilityName(int capability);

// The names by their numbers, ascending.
std::vector<std::string> CapabilityNames(CapabilitySet capabilities);

// What a task has that asks for `add` and gives up `drop`: of the default what
// the host allows, with `add`, without `drop`. "ALL" in `add` is all that is
// allowed; with "ALL" in `drop` it has no more than `add`, without what else is
// in `drop`. kPermissionDenied names one of `add` that is not allowed, and the
// flag of the agent that would allow it; kInvalidArgument names an unknown one.
absl::StatusOr<CapabilitySet> ResolveCapabilities(
    CapabilitySet allowed_by_host, const std::vector<std::string>& add,
    const std::vector<std::string>& drop);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SPEC_CAPABILITIES_H_
