#include "agent/cli/policy_bound_flags.h"

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "base/quantity.h"
#include "enforcement/spec/policy_bounds.h"

namespace reeve {
namespace {

// Messages name the fields alike.
template <typename Message>
absl::Status SetCpusMax(const std::string& text, Message* message) {
  const absl::StatusOr<std::optional<double>> cpus = ParseCpusLimit(text);
  if (!cpus.ok()) return cpus.status();
  if (!cpus->has_value()) {
    return absl::InvalidArgumentError(
        absl::StrCat(text, ": a bound is a number of cores, such as 2"));
  }
  message->set_cpus_max(**cpus);
  return absl::OkStatus();
}

template <typename Message>
absl::Status SetMemoryMax(const std::string& text, Message* message) {
  const absl::StatusOr<uint64_t> bytes = ParseSize(text);
  if (!bytes.ok()) return bytes.status();
  if (*bytes == 0) {
    return absl::InvalidArgumentError("0: a bound is a size, such as 512M");
  }
  message->set_memory_max_bytes(*bytes);
  return absl::OkStatus();
}

template <typename Message>
absl::Status SetPriority(const std::string& text, Message* message) {
  const absl::StatusOr<uint64_t> priority = ParseCount(text);
  if (!priority.ok()) return priority.status();
  if (*priority > PolicyBounds::kHighestPriority) {
    return absl::InvalidArgumentError(
        absl::StrCat(text, ": use 0 to ", PolicyBounds::kHighestPriority));
  }
  message->set_priority(static_cast<uint32_t>(*priority));
  return absl::OkStatus();
}

constexpr char kHeading[] = "Bounds of policies (reeve agent --policy)";
constexpr char kCpusHelp[] =
    "Cores up to which policies may raise --cpus; without it they leave it "
    "alone";
constexpr char kMemoryHelp[] =
    "Up to which policies may raise --memory-high; without it they leave it "
    "alone";
constexpr char kPriorityHelp[] =
    "0 to 100: where a policy has to stop a task of the group, it stops the "
    "one with the lowest; 50 is an ordinary task's";

}  // namespace

void AddPolicyBoundFlags(FlagSet* flags,
                         const std::function<v1::TaskSpec*()>& spec) {
  flags->BeginGroup(kHeading);
  flags->AddValue(
      "--cpus-max", "CPUS", kCpusHelp,
      [spec](const std::string& text) { return SetCpusMax(text, spec()); });
  flags->AddValue(
      "--memory-max", "SIZE", kMemoryHelp,
      [spec](const std::string& text) { return SetMemoryMax(text, spec()); });
  flags->AddValue(
      "--priority", "N", kPriorityHelp,
      [spec](const std::string& text) { return SetPriority(text, spec()); });
}

void AddPolicyBoundChangeFlags(FlagSet* flags, v1::UpdateRequest* request) {
  flags->BeginGroup(kHeading);
  flags->AddValue("--cpus-max", "CPUS|none", kCpusHelp,
                  [request](const std::string& text) {
                    if (text != "none") return SetCpusMax(text, request);
                    request->set_cpus_max(0);
                    return absl::OkStatus();
                  });
  flags->AddValue("--memory-max", "SIZE|none", kMemoryHelp,
                  [request](const std::string& text) {
                    if (text != "none") return SetMemoryMax(text, request);
                    request->set_memory_max_bytes(0);
                    return absl::OkStatus();
                  });
  flags->AddValue("--priority", "N", kPriorityHelp,
                  [request](const std::string& text) {
                    return SetPriority(text, request);
                  });
}

}  // namespace reeve
