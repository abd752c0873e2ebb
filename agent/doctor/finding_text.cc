#include "agent/doctor/finding_text.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"

namespace reeve {
namespace {

std::string JsonString(absl::string_view text) {
  std::string json = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      absl::StrAppend(&json, "\\", absl::string_view(&c, 1));
    } else if (static_cast<unsigned char>(c) < 0x20) {
      absl::StrAppendFormat(&json, "\\u%04x", static_cast<unsigned>(c));
    } else {
      json += c;
    }
  }
  return json + "\"";
}

using JsonFields = std::vector<std::pair<std::string, std::string>>;

std::string JsonStrings(const std::vector<std::string>& texts) {
  return absl::StrCat(
      "[",
      absl::StrJoin(texts, ", ",
                    [](std::string* out, const std::string& text) {
                      out->append(JsonString(text));
                    }),
      "]");
}

// Three spaces before each field, in a list of objects.
std::string JsonObject(const JsonFields& fields) {
  std::vector<std::string> lines;
  for (const auto& [name, value] : fields) {
    lines.push_back(absl::StrCat("   \"", name, "\": ", value));
  }
  return absl::StrCat("  {\n", absl::StrJoin(lines, ",\n"), "\n  }");
}

std::string JsonList(const std::vector<std::string>& objects) {
  if (objects.empty()) return "[]";
  return absl::StrCat("[\n", absl::StrJoin(objects, ",\n"), "\n ]");
}

std::string CheckLines(const std::vector<Finding>& findings) {
  size_t width = 0;
  for (const Finding& finding : findings) {
    width = std::max(width, finding.check.size());
  }
  std::string text;
  for (const Finding& finding : findings) {
    absl::StrAppendFormat(&text, "%-4s  %-*s  %s\n",
                          VerdictText(finding.verdict), static_cast<int>(width),
                          finding.check, finding.detail);
    if (!finding.remedy.empty()) {
      absl::StrAppend(&text, std::string(width + 8, ' '), "-> ", finding.remedy,
                      "\n");
    }
  }
  return text;
}

std::string LimitsText(const ControllerFinding& controller) {
  if (!controller.limits.empty()) {
    return absl::StrJoin(controller.limits, " ");
  }
  return "not enabled in any cgroup yet, which the agent does";
}

std::string ControllerLines(const ControllerFinding& controller) {
  const std::string place = controller.version.has_value()
                                ? absl::StrCat("v", *controller.version, " at ",
                                               controller.mount_point)
                                : "nowhere";
  const std::string indent(6, ' ');
  std::string text = absl::StrFormat(
      "%-4s  %-7s  %s%s\n",
      VerdictText(controller.reason.empty() ? Verdict::kOk : Verdict::kWarn),
      controller.name, place,
      controller.usable ? absl::StrCat(": ", LimitsText(controller)) : "");
  if (!controller.reason.empty()) {
    absl::StrAppend(&text, indent, "-> ", controller.reason, ": ",
                    controller.why, "\n");
  }
  if (controller.usable && !controller.missing_limits.empty()) {
    absl::StrAppend(&text, indent, "no ",
                    absl::StrJoin(controller.missing_limits, ", "), "\n");
  }
  return text;
}

}  // namespace

std::string VerdictText(Verdict verdict) {
  switch (verdict) {
    case Verdict::kOk:
      return "ok";
    case Verdict::kWarn:
      return "warn";
    case Verdict::kFail:
      return "fail";
  }
  return "";
}

std::string FindingsText(const Findings& findings) {
  std::string text = CheckLines(findings.findings);
  if (findings.controllers.empty()) return text;
  absl::StrAppend(&text, "\nLimits:\n");
  for (const ControllerFinding& controller : findings.controllers) {
    absl::StrAppend(&text, ControllerLines(controller));
  }
  return text;
}

std::string FindingsJson(const Findings& findings) {
  std::vector<std::string> checks;
  for (const Finding& finding : findings.findings) {
    checks.push_back(
        JsonObject({{"check", JsonString(finding.check)},
                    {"verdict", JsonString(VerdictText(finding.verdict))},
                    {"detail", JsonString(finding.detail)},
                    {"remedy", JsonString(finding.remedy)}}));
  }
  std::vector<std::string> controllers;
  for (const ControllerFinding& controller : findings.controllers) {
    controllers.push_back(JsonObject(
        {{"name", JsonString(controller.name)},
         {"version", absl::StrCat(controller.version.value_or(0))},
         {"mount_point", JsonString(controller.mount_point)},
         {"usable", controller.usable ? "true" : "false"},
         {"reason", JsonString(controller.reason)},
         {"why", JsonString(controller.why)},
         {"limits", JsonStrings(controller.limits)},
         {"missing_limits", JsonStrings(controller.missing_limits)}}));
  }
  return absl::StrCat("{\n \"findings\": ", JsonList(checks),
                      ",\n \"controllers\": ", JsonList(controllers), "\n}\n");
}

}  // namespace reeve
