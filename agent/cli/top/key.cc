#include "agent/cli/top/key.h"

#include <cstddef>

#include "absl/strings/strip.h"

namespace reeve {
namespace {

struct Sequence {
  const char* text;
  Key::Kind kind;
};

// Behind ESC [ or ESC O.
constexpr Sequence kSequences[] = {
    {"A", Key::Kind::kUp},      {"B", Key::Kind::kDown},
    {"C", Key::Kind::kRight},   {"D", Key::Kind::kLeft},
    {"H", Key::Kind::kHome},    {"F", Key::Kind::kEnd},
    {"1~", Key::Kind::kHome},   {"7~", Key::Kind::kHome},
    {"4~", Key::Kind::kEnd},    {"8~", Key::Kind::kEnd},
    {"5~", Key::Kind::kPageUp}, {"6~", Key::Kind::kPageDown},
};

Key::Kind KindOf(absl::string_view sequence) {
  for (const Sequence& known : kSequences) {
    if (sequence == known.text) return known.kind;
  }
  return Key::Kind::kOther;
}

size_t CharacterBytes(char first) {
  const auto byte = static_cast<unsigned char>(first);
  if (byte < 0xC0) return 1;
  if (byte < 0xE0) return 2;
  return byte < 0xF0 ? 3 : 4;
}

// `rest` is what follows ESC [ or ESC O: parameters, then a final byte of @ to
// ~. Returns how long that is; 0 if the end is not there.
size_t SequenceBytes(absl::string_view rest) {
  for (size_t i = 0; i < rest.size(); ++i) {
    if (rest[i] >= '@' && rest[i] <= '~') return i + 1;
  }
  return 0;
}

// `input` begins with ESC.
bool ConsumeEscape(absl::string_view* input, bool is_all, Key* key) {
  absl::string_view rest = input->substr(1);
  if (!absl::ConsumePrefix(&rest, "[") && !absl::ConsumePrefix(&rest, "O")) {
    if (rest.empty() && !is_all) return false;
    // ESC and another key: one after the other.
    input->remove_prefix(1);
    key->kind = Key::Kind::kEscape;
    return true;
  }
  const size_t bytes = SequenceBytes(rest);
  if (bytes == 0) {
    if (!is_all) return false;
    *input = absl::string_view();
    return true;
  }
  key->kind = KindOf(rest.substr(0, bytes));
  *input = rest.substr(bytes);
  return true;
}

Key::Kind KindOfControl(char c) {
  switch (c) {
    case '\r':
    case '\n':
      return Key::Kind::kEnter;
    case '\b':
    case '\x7f':
      return Key::Kind::kBackspace;
    default:
      return Key::Kind::kOther;
  }
}

}  // namespace

bool ConsumeKey(absl::string_view* input, bool is_all, Key* key) {
  if (input->empty()) return false;
  *key = Key();
  const char first = input->front();
  if (first == '\x1b') return ConsumeEscape(input, is_all, key);
  const auto byte = static_cast<unsigned char>(first);
  if (byte < 0x20 || byte == 0x7F) {
    key->kind = KindOfControl(first);
    input->remove_prefix(1);
    return true;
  }
  const size_t bytes = CharacterBytes(first);
  if (bytes > input->size() && !is_all) return false;
  key->kind = Key::Kind::kText;
  key->text = std::string(input->substr(0, bytes));
  *input = input->substr(key->text.size());
  return true;
}

}  // namespace reeve
