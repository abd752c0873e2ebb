#include "agent/doctor/finding_text.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
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

std::string FindingsText(const std::vector<Finding>& findings) {
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

std::string FindingsJson(const std::vector<Finding>& findings) {
  std::string json = "{\n \"findings\": [";
  const char* separator = "\n";
  for (const Finding& finding : findings) {
    absl::StrAppend(
        &json, separator, "  {\n   \"check\": ", JsonString(finding.check),
        ",\n   \"verdict\": ", JsonString(VerdictText(finding.verdict)),
        ",\n   \"detail\": ", JsonString(finding.detail),
        ",\n   \"remedy\": ", JsonString(finding.remedy), "\n  }");
    separator = ",\n";
  }
  return json + "\n ]\n}\n";
}

}  // namespace reeve
