#include "agent/policy/policy_text.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/quantity.h"

namespace reeve {
namespace {

std::string Percent(double ratio) {
  return absl::StrFormat("%.3g%%", ratio * 100);
}

std::string StepText(const PolicyRule& rule) {
  if (rule.step.factor.has_value()) {
    return absl::StrFormat("by a factor of %.3g", *rule.step.factor);
  }
  return absl::StrCat(
      "by ", LimitText(rule.action, rule.step.amount),
      rule.action == PolicyAction::kRaiseMemoryHigh ? "" : " cores");
}

std::string MemoryHighText(const PolicyRule& rule) {
  const std::string condition =
      rule.pressure.has_value()
          ? absl::StrCat("waits for memory in ", Percent(*rule.pressure),
                         " of the time or more")
          : "reaches its memory.high again and again";
  return absl::StrCat("a task ", condition, " for ", ShortDuration(rule.hold),
                      ": raise that ", StepText(rule),
                      ", up to its --memory-max and its memory limit");
}

std::string StopText(const PolicyRule& rule) {
  std::string condition =
      absl::StrCat("has ", Percent(rule.memory),
                   " or more of its memory limit in memory that cannot be "
                   "reclaimed");
  if (rule.pressure.has_value()) {
    absl::StrAppend(&condition, ", or waits for memory in ",
                    Percent(*rule.pressure), " of the time or more,");
  }
  return absl::StrCat(
      "a group ", condition, " for ", ShortDuration(rule.hold),
      ": stop its task of the lowest priority with ",
      rule.grace.has_value()
          ? absl::StrCat("a grace of ", ShortDuration(*rule.grace))
          : "its own grace",
      ", and keep ", rule.keep, " running");
}

std::string ConditionText(const PolicyRule& rule) {
  switch (rule.action) {
    case PolicyAction::kRaiseCpus:
      return absl::StrCat(
          "a task is throttled in ", Percent(rule.throttled),
          " of its periods or more for ", ShortDuration(rule.hold),
          ": raise its CPU limit ", StepText(rule), ", up to its --cpus-max",
          rule.cap.has_value() ? absl::StrCat(" and ", *rule.cap, " cores")
                               : "");
    case PolicyAction::kLowerCpus:
      return absl::StrCat(
          "a task uses less than ", Percent(rule.usage_below),
          " of its CPU limit, and is not throttled, for ",
          ShortDuration(rule.hold), ": lower it ", StepText(rule), ", down to ",
          rule.floor.has_value() ? absl::StrCat(*rule.floor, " cores")
                                 : "what it was started with");
    case PolicyAction::kRaiseMemoryHigh:
      return MemoryHighText(rule);
    case PolicyAction::kStopLowestPriority:
      return StopText(rule);
  }
  return "";
}

}  // namespace

std::string RuleText(const PolicyRule& rule) {
  return absl::StrCat(rule.name, rule.dry_run ? " (dry run)" : "", ": if ",
                      ConditionText(rule), "; then leave it alone for ",
                      ShortDuration(rule.cooldown), "; ", rule.max_per_minute,
                      " times a minute at most");
}

std::string LimitText(PolicyAction action, double value) {
  if (action == PolicyAction::kRaiseMemoryHigh) {
    return ShortSize(static_cast<uint64_t>(value));
  }
  return absl::StrFormat("%.6g", value);
}

std::string DecisionText(const PolicyDecision& decision) {
  if (decision.action == PolicyAction::kStopLowestPriority) return "stop";
  const PolicyVerdict& verdict = decision.verdict;
  std::string text = decision.action == PolicyAction::kRaiseMemoryHigh
                         ? "memory.high"
                         : "cpus";
  if (verdict.from.has_value()) {
    absl::StrAppend(&text, " ", LimitText(decision.action, *verdict.from));
  }
  if (verdict.to.has_value()) {
    absl::StrAppend(&text, " -> ", LimitText(decision.action, *verdict.to));
  }
  return text;
}

}  // namespace reeve
