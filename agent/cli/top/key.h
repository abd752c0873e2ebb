#ifndef REEVE_AGENT_CLI_TOP_KEY_H_
#define REEVE_AGENT_CLI_TOP_KEY_H_

#include <string>

#include "absl/strings/string_view.h"

namespace reeve {

// A key that was pressed.
struct Key {
  enum class Kind {
    kText,
    kUp,
    kDown,
    kPageUp,
    kPageDown,
    kHome,
    kEnd,
    kLeft,
    kRight,
    kEnter,
    kEscape,
    kBackspace,
    // One that means nothing.
    kOther,
  };

  Kind kind = Kind::kOther;
  // Of kText: one character.
  std::string text;

  bool Is(absl::string_view character) const {
    return kind == Kind::kText && text == character;
  }
};

// Takes the first key off what a terminal sent. False if what there is may be
// only its beginning: wait for more, and if nothing comes, `is_all` says so.
bool ConsumeKey(absl::string_view* input, bool is_all, Key* key);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_TOP_KEY_H_
