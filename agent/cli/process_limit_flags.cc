#include "agent/cli/process_limit_flags.h"

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/quantity.h"
#include "enforcement/spec/rlimit_name.h"
#include "enforcement/spec/scheduling_policy_text.h"

namespace reeve {
namespace {

using RlimitValue = std::optional<uint64_t>;

absl::StatusOr<RlimitValue> ParseRlimitValue(const std::string& text,
                                             int resource) {
  return IsRlimitInBytes(resource) ? ParseSizeLimit(text)
                                   : ParseCountLimit(text);
}

bool IsAbove(const RlimitValue& a, const RlimitValue& b) {
  return b.has_value() && (!a.has_value() || *a > *b);
}

absl::Status SetOomScoreAdj(const std::string& text, v1::Limits* limits) {
  const auto score = ParseInteger(text);
  if (!score.ok()) return score.status();
  limits->set_oom_score_adj(*score);
  return absl::OkStatus();
}

absl::Status SetNice(const std::string& text, v1::Limits* limits) {
  const auto nice = ParseInteger(text);
  if (!nice.ok()) return nice.status();
  limits->set_nice(*nice);
  return absl::OkStatus();
}

absl::Status SetSched(const std::string& text, v1::Limits* limits) {
  const auto policy = ParseSchedulingPolicy(text);
  if (!policy.ok()) return policy.status();
  limits->set_scheduling_policy(text);
  return absl::OkStatus();
}

// Replaces the one of that name.
absl::Status SetRlimit(const std::string& text, v1::Limits* limits) {
  const auto rlimit = ParseRlimit(text);
  if (!rlimit.ok()) return rlimit.status();
  for (v1::Rlimit& known : *limits->mutable_rlimits()) {
    if (known.name() != rlimit->name()) continue;
    known = *rlimit;
    return absl::OkStatus();
  }
  *limits->add_rlimits() = *rlimit;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::Rlimit> ParseRlimit(const std::string& text) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos) {
    return absl::InvalidArgumentError(absl::StrCat(
        text.empty() ? "\"\"" : text,
        ": give NAME=SOFT or NAME=SOFT:HARD, such as nofile=1024:4096"));
  }
  v1::Rlimit rlimit;
  rlimit.set_name(text.substr(0, equals));
  const absl::StatusOr<int> resource = ParseRlimitName(rlimit.name());
  if (!resource.ok()) return resource.status();

  const std::string values = text.substr(equals + 1);
  const size_t colon = values.find(':');
  const auto soft = ParseRlimitValue(values.substr(0, colon), *resource);
  if (!soft.ok()) return soft.status();
  const auto hard = colon == std::string::npos
                        ? soft
                        : ParseRlimitValue(values.substr(colon + 1), *resource);
  if (!hard.ok()) return hard.status();
  if (IsAbove(*soft, *hard)) {
    return absl::InvalidArgumentError(
        absl::StrCat(text, ": give a soft limit of no more than the hard one"));
  }
  if (soft->has_value()) rlimit.set_soft(**soft);
  if (hard->has_value()) rlimit.set_hard(**hard);
  return rlimit;
}

void AddProcessLimitFlags(FlagSet* flags,
                          const std::function<v1::Limits*()>& limits) {
  using Set = absl::Status (*)(const std::string&, v1::Limits*);
  const auto setter = [&limits](Set set) {
    return
        [limits, set](const std::string& text) { return set(text, limits()); };
  };
  flags->BeginGroup("Limits of each process");
  flags->AddValue("--oom-score-adj", "N",
                  "How soon the kernel kills it when the machine is out of "
                  "memory: -1000 (never) to 1000 (first) [0]",
                  setter(SetOomScoreAdj));
  flags->AddValue("--nice", "N", "-20 (first) to 19 [the agent's]",
                  setter(SetNice));
  flags->AddValue("--sched", "POLICY",
                  "other, batch, idle, or fifo:PRIORITY and rr:PRIORITY with 1 "
                  "to 99",
                  setter(SetSched));
  flags->AddList("--rlimit", "NAME=SOFT[:HARD]",
                 "Limit of getrlimit(2), such as nofile=1024:4096, core=0 or "
                 "memlock=unlimited; one value is both; may be repeated",
                 setter(SetRlimit));
}

}  // namespace reeve
