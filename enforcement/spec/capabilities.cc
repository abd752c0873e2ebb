#include "enforcement/spec/capabilities.h"

#include <sys/capability.h>

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace reeve {
namespace {

constexpr absl::string_view kPrefix = "cap_";
constexpr int kMaxCapabilities = 64;

bool IsAll(absl::string_view name) {
  return absl::EqualsIgnoreCase(name, "all");
}

// cap_from_name(3) takes numbers too, and ignores what follows a name.
bool LooksLikeName(absl::string_view name) {
  return std::all_of(name.begin(), name.end(),
                     [](char c) { return absl::ascii_islower(c) || c == '_'; });
}

absl::Status NotAllowed(CapabilitySet refused) {
  const std::string names = absl::StrJoin(CapabilityNames(refused), ",");
  return absl::PermissionDeniedError(absl::StrCat(
      "the agent allows no task ", names,
      ": leave it out, or start the agent with --allow-caps=", names,
      " beside what it allows now"));
}

}  // namespace

absl::StatusOr<int> ParseCapability(absl::string_view name) {
  std::string full = absl::AsciiStrToLower(name);
  if (!absl::StartsWith(full, kPrefix)) full.insert(0, kPrefix.data());
  cap_value_t capability = 0;
  if (!LooksLikeName(full) || cap_from_name(full.c_str(), &capability) != 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        "capability \"", absl::CHexEscape(name),
        "\": give one of capabilities(7), such as NET_BIND_SERVICE, or ALL"));
  }
  return capability;
}

absl::StatusOr<CapabilitySet> ParseCapabilities(
    const std::vector<std::string>& names, CapabilitySet all) {
  CapabilitySet capabilities;
  for (const std::string& name : names) {
    if (IsAll(name)) {
      capabilities = capabilities.Or(all);
      continue;
    }
    const absl::StatusOr<int> capability = ParseCapability(name);
    if (!capability.ok()) return capability.status();
    capabilities = capabilities.Or({*capability});
  }
  return capabilities;
}

std::string CapabilityName(int capability) {
  char* const name = cap_to_name(capability);
  if (name == nullptr) return absl::StrCat(capability);
  std::string upper = absl::AsciiStrToUpper(name);
  cap_free(name);
  return upper;
}

std::vector<std::string> CapabilityNames(CapabilitySet capabilities) {
  std::vector<std::string> names;
  for (int capability = 0; capability < kMaxCapabilities; ++capability) {
    if (capabilities.Has(capability)) {
      names.push_back(CapabilityName(capability));
    }
  }
  return names;
}

absl::StatusOr<CapabilitySet> ResolveCapabilities(
    CapabilitySet allowed_by_host, const std::vector<std::string>& add,
    const std::vector<std::string>& drop) {
  const absl::StatusOr<CapabilitySet> added =
      ParseCapabilities(add, allowed_by_host);
  if (!added.ok()) return added.status();
  const absl::StatusOr<CapabilitySet> dropped =
      ParseCapabilities(drop, CapabilitySet());
  if (!dropped.ok()) return dropped.status();
  const CapabilitySet refused = added->Without(allowed_by_host);
  if (!refused.IsEmpty()) return NotAllowed(refused);

  const bool drops_all = std::any_of(drop.begin(), drop.end(), IsAll);
  const CapabilitySet before =
      drops_all ? CapabilitySet() : kDefaultCapabilities.And(allowed_by_host);
  return before.Or(*added).Without(*dropped);
}

}  // namespace reeve
