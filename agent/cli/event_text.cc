#include "agent/cli/event_text.h"

#include <map>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

namespace reeve {
namespace {

constexpr char kPrefix[] = "EVENT_TYPE_";

std::string TypeName(v1::EventType type) {
  const std::string& name = v1::EventType_Name(type);
  // Of an agent that is newer than this program.
  if (name.empty()) return absl::StrCat("type_", static_cast<int>(type));
  return absl::AsciiStrToLower(absl::StripPrefix(name, kPrefix));
}

std::string Value(const std::string& value) {
  const std::string escaped = absl::Utf8SafeCEscape(value);
  if (!absl::StrContains(value, ' ') && escaped == value && !value.empty()) {
    return value;
  }
  return absl::StrCat("\"", escaped, "\"");
}

std::string Details(const v1::Event& event) {
  // In the order of their names: a map has none.
  const std::map<std::string, std::string> attributes(
      event.attributes().begin(), event.attributes().end());
  std::vector<std::string> parts;
  if (!event.task().empty() && !event.group().empty()) {
    parts.push_back(absl::StrCat("group=", event.group()));
  }
  for (const auto& [key, value] : attributes) {
    parts.push_back(absl::StrCat(key, "=", Value(value)));
  }
  return absl::StrJoin(parts, " ");
}

std::string Subject(const v1::Event& event) {
  if (!event.task().empty()) return event.task();
  return event.group().empty() ? "-" : absl::StrCat("@", event.group());
}

}  // namespace

std::string EventLine(const v1::Event& event, absl::TimeZone zone) {
  const absl::Time time = absl::FromUnixSeconds(event.time().seconds()) +
                          absl::Nanoseconds(event.time().nanos());
  std::string line = absl::StrFormat(
      "%s  %6d  %-16s  %-14s  %s",
      absl::FormatTime("%Y-%m-%d %H:%M:%E3S", time, zone), event.sequence(),
      Subject(event), TypeName(event.type()), Details(event));
  absl::StripTrailingAsciiWhitespace(&line);
  return absl::StrCat(line, "\n");
}

absl::StatusOr<v1::EventType> EventTypeFromText(absl::string_view name) {
  const std::string wanted =
      absl::StrReplaceAll(absl::AsciiStrToLower(name), {{"-", "_"}});
  std::vector<std::string> known;
  for (int i = v1::EventType_MIN + 1; i <= v1::EventType_MAX; ++i) {
    if (!v1::EventType_IsValid(i)) continue;
    const auto type = static_cast<v1::EventType>(i);
    if (TypeName(type) == wanted) return type;
    known.push_back(TypeName(type));
  }
  return absl::InvalidArgumentError(
      absl::StrCat("\"", name, "\" is no type of event: use one of ",
                   absl::StrJoin(known, ", ")));
}

}  // namespace reeve
