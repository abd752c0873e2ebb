#include "enforcement/launch/seccomp_profile.h"

#include <google/protobuf/util/json_util.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/capability.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "enforcement/launch/seccomp_call.h"
#include "enforcement/launch/seccomp_document.pb.h"
#include "enforcement/launch/seccomp_names.h"

namespace reeve {
namespace {

using Strings = google::protobuf::RepeatedPtrField<std::string>;

// The greatest that the kernel passes on.
constexpr uint32_t kMaxErrno = 4095;

constexpr uint32_t kMaxArgumentIndex = 5;

// What this machine is called in includes and excludes.
constexpr char kOwnArch[] = "amd64";

absl::Status Wrong(absl::string_view where, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("seccomp profile: ", where, where.empty() ? "" : ": ", why));
}

absl::Status Unknown(absl::string_view where, absl::string_view what,
                     absl::string_view name) {
  return Wrong(where, absl::StrCat("unknown ", what, " \"",
                                   absl::CHexEscape(name), "\""));
}

absl::Status TooMany(absl::string_view where, size_t count,
                     absl::string_view what, size_t most) {
  return Wrong(where,
               absl::StrCat(count, " ", what, ": give ", most, " at most"));
}

absl::StatusOr<seccomp::Document> ParseDocument(absl::string_view json) {
  if (json.size() > kMaxSeccompProfileBytes) {
    return TooMany("", json.size(), "bytes", kMaxSeccompProfileBytes);
  }
  seccomp::Document document;
  const auto status = google::protobuf::util::JsonStringToMessage(
      {json.data(), json.size()}, &document);
  if (status.ok()) return document;
  // The parser adds the text around the error and a caret below it.
  const std::string text = status.message().ToString();
  const absl::string_view line =
      absl::string_view(text).substr(0, text.find('\n'));
  return Wrong("", absl::CHexEscape(
                       absl::StripSuffix(absl::StripSuffix(line, " "), ".")));
}

// The error that a call gets: by its name, its number or both, EPERM by
// neither.
absl::StatusOr<uint32_t> ParseErrno(absl::string_view where,
                                    const std::string& name,
                                    std::optional<uint32_t> number) {
  std::optional<uint32_t> error = number;
  if (!name.empty()) {
    error = ErrnoOfName(name);
    if (!error.has_value()) return Unknown(where, "error", name);
    if (number.value_or(*error) != *error) {
      return Wrong(where,
                   absl::StrCat(name, " is ", *error, ", and not ", *number));
    }
  }
  if (error.value_or(0) > kMaxErrno) {
    return Wrong(where, absl::StrCat("error ", *error, ": give ", kMaxErrno,
                                     " at most"));
  }
  return error.value_or(EPERM);
}

absl::StatusOr<uint32_t> ParseAction(absl::string_view where,
                                     const std::string& name,
                                     const std::string& errno_name,
                                     std::optional<uint32_t> errno_number) {
  if (name.empty()) return Wrong(where, "it has no action");
  if (name == "SCMP_ACT_NOTIFY") {
    return Wrong(where,
                 "SCMP_ACT_NOTIFY is not supported: there is nobody to "
                 "listen");
  }
  const std::optional<uint32_t> action = SeccompAction(name);
  if (!action.has_value()) return Unknown(where, "action", name);
  if (*action == SECCOMP_RET_ERRNO || *action == SECCOMP_RET_TRACE) {
    const absl::StatusOr<uint32_t> error =
        ParseErrno(where, errno_name, errno_number);
    if (!error.ok()) return error.status();
    return *action | *error;
  }
  if (!errno_name.empty() || errno_number.has_value()) {
    return Wrong(where, absl::StrCat(name, " goes without an error"));
  }
  return *action;
}

absl::Status AddArchitecture(const std::string& name, SeccompProfile* profile) {
  const auto architecture = SeccompArchitectureOf(name);
  if (!architecture.has_value()) return Unknown("", "architecture", name);
  if (*architecture == SeccompArchitecture::kX86) profile->with_x86 = true;
  if (*architecture == SeccompArchitecture::kX32) profile->with_x32 = true;
  return absl::OkStatus();
}

absl::Status AddArchitectures(const seccomp::Document& document,
                              SeccompProfile* profile) {
  if (document.architectures_size() > 0 && document.arch_map_size() > 0) {
    return Wrong("", "give architectures or archMap, not both");
  }
  for (const std::string& name : document.architectures()) {
    absl::Status status = AddArchitecture(name, profile);
    if (!status.ok()) return status;
  }
  for (const seccomp::ArchMap& map : document.arch_map()) {
    const auto main = SeccompArchitectureOf(map.architecture());
    if (!main.has_value()) {
      return Unknown("archMap", "architecture", map.architecture());
    }
    if (*main != SeccompArchitecture::kX86_64) continue;
    for (const std::string& name : map.sub_architectures()) {
      absl::Status status = AddArchitecture(name, profile);
      if (!status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

absl::Status AddFlags(const Strings& names, SeccompProfile* profile) {
  for (const std::string& name : names) {
    const std::optional<uint32_t> flag = SeccompFlag(name);
    if (!flag.has_value()) return Unknown("", "flag", name);
    profile->flags |= *flag;
  }
  return absl::OkStatus();
}

absl::StatusOr<SeccompCondition> ParseCondition(
    absl::string_view where, const seccomp::Condition& message) {
  SeccompCondition condition;
  for (const std::string& name : message.caps()) {
    cap_value_t capability = 0;
    if (!absl::StartsWith(name, "CAP_") ||
        cap_from_name(name.c_str(), &capability) != 0) {
      return Unknown(where, "capability", name);
    }
    condition.capabilities |= uint64_t{1} << capability;
  }
  if (!message.min_kernel().empty()) {
    condition.kernel = ParseKernelVersion(message.min_kernel());
    if (!condition.kernel.has_value()) {
      return Unknown(where, "kernel version", message.min_kernel());
    }
  }
  return condition;
}

bool Names(const Strings& arches, absl::string_view arch) {
  return std::find(arches.begin(), arches.end(), arch) != arches.end();
}

bool IsForThisMachine(const seccomp::Rule& message) {
  const Strings& included = message.includes().arches();
  return (included.empty() || Names(included, kOwnArch)) &&
         !Names(message.excludes().arches(), kOwnArch);
}

absl::StatusOr<SeccompArgument> ParseArgument(
    absl::string_view where, const seccomp::Argument& message) {
  if (message.index() > kMaxArgumentIndex) {
    return Wrong(where, absl::StrCat("argument ", message.index(),
                                     ": they are 0 to ", kMaxArgumentIndex));
  }
  const auto op = SeccompOperatorOf(message.op());
  if (!op.has_value()) return Unknown(where, "operator", message.op());
  return SeccompArgument{message.index(), *op, message.value(),
                         message.value_two()};
}

absl::Status AddNames(absl::string_view where, const seccomp::Rule& message,
                      SeccompRule* rule) {
  rule->names.assign(message.names().begin(), message.names().end());
  if (!message.name().empty()) {
    if (!rule->names.empty()) return Wrong(where, "give name or names");
    rule->names.push_back(message.name());
  }
  if (rule->names.empty()) return Wrong(where, "it names no system call");
  return absl::OkStatus();
}

absl::Status AddArguments(absl::string_view where, const seccomp::Rule& message,
                          SeccompRule* rule) {
  const auto count = static_cast<size_t>(message.args_size());
  if (count > kMaxSeccompArguments) {
    return TooMany(where, count, "args", kMaxSeccompArguments);
  }
  for (const seccomp::Argument& argument : message.args()) {
    const auto parsed = ParseArgument(where, argument);
    if (!parsed.ok()) return parsed.status();
    rule->arguments.push_back(*parsed);
  }
  return absl::OkStatus();
}

absl::StatusOr<SeccompRule> ParseRule(absl::string_view where,
                                      const seccomp::Rule& message) {
  SeccompRule rule;
  absl::Status status = AddNames(where, message, &rule);
  if (status.ok()) status = AddArguments(where, message, &rule);
  if (!status.ok()) return status;
  const auto action = ParseAction(where, message.action(), message.errno_name(),
                                  message.has_errno_ret()
                                      ? std::make_optional(message.errno_ret())
                                      : std::nullopt);
  if (!action.ok()) return action.status();
  const auto includes = ParseCondition(where, message.includes());
  if (!includes.ok()) return includes.status();
  const auto excludes = ParseCondition(where, message.excludes());
  if (!excludes.ok()) return excludes.status();
  rule.action = *action;
  rule.includes = *includes;
  rule.excludes = *excludes;
  return rule;
}

// A profile of which nothing is known is of another system, or no profile.
bool NamesKnownCall(const std::vector<SeccompRule>& rules) {
  return std::any_of(rules.begin(), rules.end(), [](const SeccompRule& rule) {
    return std::any_of(
        rule.names.begin(), rule.names.end(), [](const std::string& name) {
          return SeccompCallNumber(name, SCMP_ARCH_X86_64).has_value();
        });
  });
}

absl::Status CheckSize(const std::vector<SeccompRule>& rules) {
  size_t names = 0;
  size_t comparisons = 0;
  for (const SeccompRule& rule : rules) {
    names += rule.names.size();
    comparisons += rule.names.size() * rule.arguments.size();
  }
  if (names > kMaxSeccompNames) {
    return TooMany("", names, "names of system calls", kMaxSeccompNames);
  }
  if (comparisons > kMaxSeccompComparisons) {
    return TooMany("", comparisons, "comparisons of arguments",
                   kMaxSeccompComparisons);
  }
  return absl::OkStatus();
}

absl::Status AddRules(const seccomp::Document& document,
                      SeccompProfile* profile) {
  const auto count = static_cast<size_t>(document.syscalls_size());
  if (count > kMaxSeccompRules) {
    return TooMany("", count, "rules", kMaxSeccompRules);
  }
  for (int i = 0; i < document.syscalls_size(); ++i) {
    auto rule =
        ParseRule(absl::StrCat("syscalls[", i, "]"), document.syscalls(i));
    if (!rule.ok()) return rule.status();
    if (!IsForThisMachine(document.syscalls(i))) continue;
    profile->rules.push_back(*std::move(rule));
  }
  absl::Status status = CheckSize(profile->rules);
  if (!status.ok()) return status;
  if (count > 0 && !NamesKnownCall(profile->rules)) {
    return Wrong("", "no system call that it names is known to this machine");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<SeccompProfile> ParseSeccompProfile(absl::string_view json) {
  const absl::StatusOr<seccomp::Document> document = ParseDocument(json);
  if (!document.ok()) return document.status();
  SeccompProfile profile;
  const auto action = ParseAction(
      "defaultAction", document->default_action(), document->default_errno(),
      document->has_default_errno_ret()
          ? std::make_optional(document->default_errno_ret())
          : std::nullopt);
  if (!action.ok()) return action.status();
  profile.default_action = *action;
  absl::Status status = AddArchitectures(*document, &profile);
  if (status.ok()) status = AddFlags(document->flags(), &profile);
  if (status.ok()) status = AddRules(*document, &profile);
  if (!status.ok()) return status;
  return profile;
}

}  // namespace reeve
