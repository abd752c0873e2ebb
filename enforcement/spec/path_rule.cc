#include "enforcement/spec/path_rule.h"

#include <cstddef>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace reeve {
namespace {

struct Letter {
  char letter;
  bool PathRule::*allowed;
};

constexpr Letter kLetters[] = {{'r', &PathRule::read},
                               {'w', &PathRule::write},
                               {'x', &PathRule::execute},
                               {'c', &PathRule::create}};

absl::Status Wrong(absl::string_view rule, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("landlock rule \"", absl::CHexEscape(rule), "\": ", why));
}

absl::string_view LettersOf(absl::string_view text) {
  if (text == "ro") return "rx";
  if (text == "rw") return "rwxc";
  return text;
}

}  // namespace

std::string PathAccessText(const PathRule& rule) {
  std::string text;
  for (const Letter& letter : kLetters) {
    if (rule.*letter.allowed) text.push_back(letter.letter);
  }
  return text;
}

absl::Status ParsePathAccess(absl::string_view text, PathRule* rule) {
  PathRule allowed;
  for (const char wanted : LettersOf(text)) {
    bool is_known = false;
    for (const Letter& letter : kLetters) {
      if (letter.letter != wanted || allowed.*letter.allowed) continue;
      allowed.*letter.allowed = true;
      is_known = true;
    }
    if (!is_known) {
      return Wrong(text, "use ro, rw, or some of the letters r, w, x and c");
    }
  }
  allowed.path = rule->path;
  *rule = allowed;
  return absl::OkStatus();
}

absl::StatusOr<PathRule> ParsePathRule(absl::string_view text) {
  const size_t colon = text.find(':');
  if (colon == absl::string_view::npos) {
    return Wrong(text, "give ACCESS:PATH, such as ro:/usr");
  }
  PathRule rule;
  rule.path = std::string(text.substr(colon + 1));
  absl::Status status = ParsePathAccess(text.substr(0, colon), &rule);
  if (status.ok()) status = ValidatePathRules({rule});
  if (!status.ok()) return status;
  return rule;
}

absl::Status ValidatePathRules(const std::vector<PathRule>& rules) {
  if (rules.size() > kMaxPathRules) {
    return absl::InvalidArgumentError(absl::StrCat(
        rules.size(), " landlock rules: give ", kMaxPathRules, " at most"));
  }
  for (const PathRule& rule : rules) {
    const std::string access = PathAccessText(rule);
    const std::string text = absl::StrCat(access, ":", rule.path);
    if (access.empty()) return Wrong(text, "it allows nothing");
    if (!absl::StartsWith(rule.path, "/")) {
      return Wrong(text, "use an absolute path");
    }
    if (rule.path.find('\0') != std::string::npos) {
      return Wrong(text, "a path has no NUL");
    }
  }
  return absl::OkStatus();
}

}  // namespace reeve
