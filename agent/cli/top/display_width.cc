#include "agent/cli/top/display_width.h"

#include <cstdint>

#include "absl/strings/str_cat.h"

namespace reeve {
namespace {

// One character at the beginning of a text.
struct Character {
  // 0xFFFD for a byte that is no UTF-8.
  uint32_t code = 0xFFFD;
  size_t bytes = 1;
};

size_t LengthByFirstByte(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) return 2;
  if (first >= 0xE0 && first < 0xF0) return 3;
  if (first >= 0xF0 && first < 0xF5) return 4;
  return 0;
}

bool IsSurrogateOrTooLong(uint32_t code, size_t bytes) {
  return (code >= 0xD800 && code < 0xE000) || (bytes == 3 && code < 0x800) ||
         (bytes == 4 && (code < 0x10000 || code > 0x10FFFF));
}

// `text` is not empty.
Character FirstCharacter(absl::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  const size_t bytes = LengthByFirstByte(first);
  if (bytes == 0 || bytes > text.size()) return {};
  if (bytes == 1) return {first, 1};
  uint32_t code = first & (0xFFU >> (bytes + 1));
  for (size_t i = 1; i < bytes; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0U) != 0x80) return {};
    code = code << 6 | (byte & 0x3FU);
  }
  if (IsSurrogateOrTooLong(code, bytes)) return {};
  return {code, bytes};
}

bool IsControl(uint32_t code) {
  // Below: line and paragraph separators, marks that turn the direction round.
  return code < 0x20 || (code >= 0x7F && code < 0xA0) ||
         (code >= 0x200E && code <= 0x200F) ||
         (code >= 0x2028 && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069);
}

struct Range {
  uint32_t first;
  uint32_t last;
};

constexpr Range kNoColumn[] = {
    {0x0300, 0x036F}, {0x200B, 0x200D}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}};
constexpr Range kTwoColumns[] = {
    {0x1100, 0x115F},   {0x2E80, 0xA4CF},   {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},
    {0xFFE0, 0xFFE6},   {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF},
    {0x1F900, 0x1FAFF}, {0x20000, 0x3FFFD}};

template <size_t N>
bool IsIn(const Range (&ranges)[N], uint32_t code) {
  for (const Range& range : ranges) {
    if (code >= range.first && code <= range.last) return true;
  }
  return false;
}

size_t ColumnsOf(uint32_t code) {
  if (code < 0x300) return 1;
  if (IsIn(kNoColumn, code)) return 0;
  return IsIn(kTwoColumns, code) ? 2 : 1;
}

}  // namespace

size_t DisplayWidth(absl::string_view text) {
  size_t width = 0;
  while (!text.empty()) {
    const Character character = FirstCharacter(text);
    width += ColumnsOf(character.code);
    text.remove_prefix(character.bytes);
  }
  return width;
}

std::string Printable(absl::string_view text) {
  std::string printable;
  while (!text.empty()) {
    const Character character = FirstCharacter(text);
    const bool is_whole = character.bytes > 1 || character.code < 0x80;
    if (is_whole && !IsControl(character.code)) {
      printable.append(text.data(), character.bytes);
    } else {
      printable.push_back('?');
    }
    text.remove_prefix(character.bytes);
  }
  return printable;
}

std::string CutTo(absl::string_view text, size_t width,
                  absl::string_view ellipsis) {
  if (DisplayWidth(text) <= width) return std::string(text);
  const size_t mark = DisplayWidth(ellipsis);
  if (mark > width) return std::string(width, ' ');
  size_t used = mark;
  size_t bytes = 0;
  while (bytes < text.size()) {
    const Character next = FirstCharacter(text.substr(bytes));
    if (used + ColumnsOf(next.code) > width) break;
    used += ColumnsOf(next.code);
    bytes += next.bytes;
  }
  return absl::StrCat(text.substr(0, bytes), ellipsis);
}

}  // namespace reeve
