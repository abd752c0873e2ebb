#include "agent/policy/policy_file.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "agent/policy/policy_values.h"
#include "base/quantity.h"
#include "base/yaml.h"

namespace reeve {
namespace {

constexpr size_t kMaxBytes = 1 << 20;
// Each is a few series.
constexpr size_t kMaxRules = 100;
constexpr absl::Duration kLongest = absl::Hours(24);
constexpr absl::Duration kLongestGrace = absl::Hours(1);

// Sets something from the text of a value.
using Setter = std::function<absl::Status(const std::string& text)>;

struct Key {
  absl::string_view name;
  Setter set;
};

// In one line, whatever the file has in its texts.
absl::Status Wrong(size_t line, absl::string_view what) {
  std::string message = absl::StrCat("line ", line, ": ", what);
  for (char& c : message) {
    if (absl::ascii_iscntrl(static_cast<unsigned char>(c))) c = ' ';
  }
  return absl::InvalidArgumentError(message);
}

absl::Status SetKey(const std::string& name, const YamlNode& value,
                    absl::string_view where, const std::vector<Key>& keys) {
  std::vector<absl::string_view> names;
  names.reserve(keys.size());
  for (const Key& key : keys) {
    names.push_back(key.name);
    if (key.name != name) continue;
    if (value.kind != YamlNode::Kind::kScalar) {
      return Wrong(value.line, absl::StrCat(name, " has to be one value"));
    }
    absl::Status status = key.set(value.text);
    if (status.ok()) return status;
    return Wrong(value.line, absl::StrCat(name, " ", status.message()));
  }
  return Wrong(value.line, absl::StrCat("unknown key \"", name, "\" in ", where,
                                        ": use ", absl::StrJoin(names, ", ")));
}

// What `parse` makes of the text.
template <typename Value, typename Target>
Setter Parsed(absl::StatusOr<Value> (*parse)(absl::string_view),
              Target* target) {
  return [parse, target](const std::string& text) {
    absl::StatusOr<Value> value = parse(text);
    if (!value.ok()) return value.status();
    *target = *std::move(value);
    return absl::OkStatus();
  };
}

template <typename Target>
Setter DurationOf(absl::Duration shortest, absl::Duration longest,
                  Target* target) {
  return [=](const std::string& text) {
    const absl::StatusOr<absl::Duration> duration = ParseDuration(text);
    if (!duration.ok()) return duration.status();
    if (*duration < shortest || *duration > longest) {
      return absl::InvalidArgumentError(
          absl::StrCat("\"", text, "\": use ", absl::FormatDuration(shortest),
                       " to ", absl::FormatDuration(longest)));
    }
    *target = *duration;
    return absl::OkStatus();
  };
}

template <typename Number>
Setter CountOf(Number fewest, Number most, Number* target) {
  return [=](const std::string& text) {
    const absl::StatusOr<uint64_t> count = ParseCount(text);
    if (!count.ok()) return count.status();
    if (*count < fewest || *count > most) {
      return absl::InvalidArgumentError(
          absl::StrCat("\"", text, "\": use ", fewest, " to ", most));
    }
    *target = static_cast<Number>(*count);
    return absl::OkStatus();
  };
}

Setter CoresOf(std::optional<double>* target) {
  return [=](const std::string& text) {
    const absl::StatusOr<std::optional<double>> cores = ParseCpusLimit(text);
    if (!cores.ok()) return cores.status();
    if (!cores->has_value()) {
      return absl::InvalidArgumentError(
          absl::StrCat("\"", text, "\": use a number of cores, such as 2"));
    }
    *target = **cores;
    return absl::OkStatus();
  };
}

Setter PatternOf(absl::Status (NameFilter::*set)(absl::string_view),
                 NameFilter* target) {
  return [=](const std::string& text) {
    if (text.empty()) {
      return absl::InvalidArgumentError("\"\": use a pattern, such as web-.*");
    }
    return (target->*set)(text);
  };
}

std::vector<Key> CommonKeys(PolicyRule* rule) {
  return {
      {"name", Parsed(&ParseRuleName, &rule->name)},
      // Found before the others, which depend on it.
      {"action", [](const std::string&) { return absl::OkStatus(); }},
      {"tasks", PatternOf(&NameFilter::SetInclude, &rule->tasks)},
      {"exclude_tasks", PatternOf(&NameFilter::SetExclude, &rule->tasks)},
      {"groups",
       [rule](const std::string& text) {
         rule->needs_group = true;
         return PatternOf(&NameFilter::SetInclude, &rule->groups)(text);
       }},
      {"exclude_groups", PatternOf(&NameFilter::SetExclude, &rule->groups)},
      {"for", DurationOf(absl::Milliseconds(100), kLongest, &rule->hold)},
      {"cooldown", DurationOf(absl::ZeroDuration(), kLongest, &rule->cooldown)},
      {"max_per_minute", CountOf<uint32_t>(1, 1000, &rule->max_per_minute)},
      {"dry_run", Parsed(&ParseBool, &rule->dry_run)},
  };
}

std::vector<Key> KeysOf(PolicyRule* rule) {
  std::vector<Key> keys = CommonKeys(rule);
  const auto add = [&keys](absl::string_view name, Setter set) {
    keys.push_back({name, std::move(set)});
  };
  switch (rule->action) {
    case PolicyAction::kRaiseCpus:
      add("throttled", Parsed(&ParseRatio, &rule->throttled));
      add("min_periods", CountOf<uint64_t>(1, 10'000, &rule->min_periods));
      add("step", Parsed(&ParseCpuStep, &rule->step));
      add("cap", CoresOf(&rule->cap));
      break;
    case PolicyAction::kLowerCpus:
      add("usage_below", Parsed(&ParseRatio, &rule->usage_below));
      add("step", Parsed(&ParseCpuStep, &rule->step));
      add("floor", CoresOf(&rule->floor));
      break;
    case PolicyAction::kRaiseMemoryHigh:
      add("pressure", Parsed(&ParseRatio, &rule->pressure));
      add("step", Parsed(&ParseMemoryStep, &rule->step));
      break;
    case PolicyAction::kStopLowestPriority:
      add("memory", Parsed(&ParseRatio, &rule->memory));
      add("pressure", Parsed(&ParseRatio, &rule->pressure));
      add("grace",
          DurationOf(absl::ZeroDuration(), kLongestGrace, &rule->grace));
      add("keep", CountOf<uint32_t>(0, 1000, &rule->keep));
      break;
  }
  return keys;
}

const YamlNode* FindEntry(const YamlNode& mapping, absl::string_view key) {
  for (const auto& entry : mapping.entries) {
    if (entry.first == key) return &entry.second;
  }
  return nullptr;
}

absl::Status SetAction(const YamlNode& node, PolicyRule* rule) {
  const YamlNode* const named = FindEntry(node, "action");
  std::vector<absl::string_view> names;
  for (const PolicyAction action : AllPolicyActions()) {
    names.push_back(PolicyActionName(action));
    if (named == nullptr || names.back() != named->text) continue;
    rule->action = action;
    return absl::OkStatus();
  }
  const std::string use = absl::StrCat("use ", absl::StrJoin(names, ", "));
  if (named == nullptr) {
    return Wrong(node.line, absl::StrCat("a rule without an action: ", use));
  }
  return Wrong(named->line,
               absl::StrCat("action \"", named->text, "\": ", use));
}

absl::StatusOr<PolicyRule> ParseRule(const YamlNode& node, bool dry_run) {
  if (node.kind != YamlNode::Kind::kMapping) {
    return Wrong(node.line, "a rule has to be a mapping");
  }
  PolicyRule rule;
  rule.line = node.line;
  rule.dry_run = dry_run;
  absl::Status status = SetAction(node, &rule);
  if (!status.ok()) return status;
  const std::string where =
      absl::StrCat("a rule of action ", PolicyActionName(rule.action));
  const std::vector<Key> keys = KeysOf(&rule);
  for (const auto& entry : node.entries) {
    status = SetKey(entry.first, entry.second, where, keys);
    if (!status.ok()) return status;
  }
  if (rule.name.empty()) return Wrong(node.line, "a rule without a name");
  return rule;
}

absl::Status ParseRules(const YamlNode& node, bool dry_run, Policy* policy) {
  if (node.kind != YamlNode::Kind::kSequence) {
    return Wrong(node.line, "rules has to be a list");
  }
  if (node.items.size() > kMaxRules) {
    return Wrong(node.line,
                 absl::StrCat(node.items.size(), " rules: up to ", kMaxRules));
  }
  std::set<std::string> names;
  policy->rules.reserve(node.items.size());
  for (const YamlNode& item : node.items) {
    absl::StatusOr<PolicyRule> rule = ParseRule(item, dry_run);
    if (!rule.ok()) return rule.status();
    if (!names.insert(rule->name).second) {
      return Wrong(item.line, absl::StrCat("a second rule of the name \"",
                                           rule->name, "\""));
    }
    policy->rules.push_back(*std::move(rule));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Policy> ParsePolicy(absl::string_view text) {
  const absl::StatusOr<YamlNode> root = ParseYaml(text);
  if (!root.ok()) return root.status();
  if (root->kind != YamlNode::Kind::kMapping) {
    return absl::InvalidArgumentError(
        "no policy: it is a mapping with the key rules");
  }
  bool dry_run = true;
  const YamlNode* rules = nullptr;
  const std::vector<Key> keys = {{"dry_run", Parsed(&ParseBool, &dry_run)},
                                 {"rules", nullptr}};
  for (const auto& entry : root->entries) {
    if (entry.first == "rules") {
      rules = &entry.second;
      continue;
    }
    absl::Status status = SetKey(entry.first, entry.second, "the file", keys);
    if (!status.ok()) return status;
  }
  if (rules == nullptr) {
    return absl::InvalidArgumentError("no policy: the key rules is missing");
  }
  Policy policy;
  absl::Status status = ParseRules(*rules, dry_run, &policy);
  if (!status.ok()) return status;
  return policy;
}

absl::StatusOr<Policy> ReadPolicy(const std::string& path,
                                  TrustedWriters writers) {
  const absl::StatusOr<std::string> text =
      ReadConfiguration(path, kMaxBytes, writers);
  absl::StatusOr<Policy> policy =
      text.ok() ? ParsePolicy(*text) : text.status();
  if (policy.ok()) return policy;
  return absl::Status(
      policy.status().code(),
      absl::StrCat("policy ", path, ": ", policy.status().message()));
}

}  // namespace reeve
