#include "collectors/processes/group_template.h"

#include <cstddef>
#include <optional>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace reeve {
namespace {

constexpr absl::string_view kOpen = "{{";
constexpr absl::string_view kClose = "}}";

struct NamedTrait {
  absl::string_view name;
  ProcessTrait trait;
};

// What a group can be asked for by without a template.
constexpr NamedTrait kWords[] = {
    {"comm", ProcessTrait::kComm},     {"exe", ProcessTrait::kExe},
    {"cgroup", ProcessTrait::kCgroup}, {"user", ProcessTrait::kUser},
    {"task", ProcessTrait::kTask},
};

constexpr NamedTrait kFields[] = {
    {"Comm", ProcessTrait::kComm},       {"Exe", ProcessTrait::kExe},
    {"ExePath", ProcessTrait::kExePath}, {"User", ProcessTrait::kUser},
    {"Cgroup", ProcessTrait::kCgroup},   {"Task", ProcessTrait::kTask},
    {"Pid", ProcessTrait::kPid},
};

template <size_t kCount>
std::optional<ProcessTrait> Find(const NamedTrait (&traits)[kCount],
                                 absl::string_view name) {
  for (const NamedTrait& one : traits) {
    if (one.name == name) return one.trait;
  }
  return std::nullopt;
}

absl::Status Refuse(absl::string_view text, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("\"", absl::CEscape(text), "\": ", why));
}

// Of what stands between the braces: " .Comm ".
absl::StatusOr<ProcessTrait> ParseField(absl::string_view text) {
  absl::string_view name = absl::StripAsciiWhitespace(text);
  if (absl::ConsumePrefix(&name, ".")) {
    if (const auto trait = Find(kFields, name)) return *trait;
  }
  return Refuse(absl::StrCat(kOpen, text, kClose),
                "use {{.Comm}}, {{.Exe}}, {{.ExePath}}, {{.User}}, "
                "{{.Cgroup}}, {{.Task}} or {{.Pid}}");
}

absl::string_view FileName(absl::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == absl::string_view::npos ? path : path.substr(slash + 1);
}

// `pid_text` is where that of a pid is kept.
absl::string_view TextOf(ProcessTrait trait, const ProcessTraits& traits,
                         std::string& pid_text) {
  switch (trait) {
    case ProcessTrait::kComm:
      return traits.comm;
    case ProcessTrait::kExe:
      return FileName(traits.exe_path);
    case ProcessTrait::kExePath:
      return traits.exe_path;
    case ProcessTrait::kUser:
      return traits.user;
    case ProcessTrait::kCgroup:
      return traits.cgroup;
    case ProcessTrait::kTask:
      return traits.task;
    case ProcessTrait::kPid:
      pid_text = absl::StrCat(traits.pid);
      return pid_text;
  }
  return "";
}

}  // namespace

GroupTemplate::GroupTemplate() : parts_({{"", ProcessTrait::kComm}}) {}

absl::StatusOr<GroupTemplate> GroupTemplate::Parse(absl::string_view text) {
  GroupTemplate parsed;
  parsed.parts_.clear();
  if (const auto trait = Find(kWords, text)) {
    parsed.parts_.push_back({"", *trait});
    return parsed;
  }
  absl::string_view rest = text;
  for (size_t open = rest.find(kOpen); open != absl::string_view::npos;
       open = rest.find(kOpen)) {
    const absl::string_view before = rest.substr(0, open);
    rest.remove_prefix(open + kOpen.size());
    const size_t close = rest.find(kClose);
    if (close == absl::string_view::npos) {
      return Refuse(text, "{{ without }}");
    }
    const absl::StatusOr<ProcessTrait> trait =
        ParseField(rest.substr(0, close));
    if (!trait.ok()) return trait.status();
    parsed.parts_.push_back({std::string(before), *trait});
    rest.remove_prefix(close + kClose.size());
  }
  if (parsed.parts_.empty()) {
    return Refuse(text,
                  "use comm, exe, cgroup, user, task or a template such as "
                  "{{.Comm}};{{.User}}");
  }
  parsed.text_after_ = std::string(rest);
  return parsed;
}

void GroupTemplate::Name(const ProcessTraits& traits, std::string& name) const {
  name.clear();
  bool has_any = false;
  std::string pid_text;
  for (const Part& part : parts_) {
    const absl::string_view text = TextOf(part.trait, traits, pid_text);
    has_any = has_any || !text.empty();
    absl::StrAppend(&name, part.text, text);
  }
  absl::StrAppend(&name, text_after_);
  if (!has_any) name.clear();
}

bool GroupTemplate::Uses(ProcessTrait trait) const {
  return absl::c_any_of(
      parts_, [trait](const Part& part) { return part.trait == trait; });
}

}  // namespace reeve
