#include "agent/cli/top/styled_line.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "agent/cli/top/display_width.h"

namespace reeve {
namespace {

// Parameters of SGR, "select graphic rendition"; "" is the terminal's own.
const char* Sgr(TextStyle style, bool colours) {
  switch (style) {
    case TextStyle::kPlain:
      return "";
    case TextStyle::kDim:
      return "2";
    case TextStyle::kStrong:
      return "1";
    case TextStyle::kAccent:
      return colours ? "36" : "1";
    case TextStyle::kGood:
      return colours ? "32" : "";
    case TextStyle::kWarning:
      return colours ? "33" : "";
    case TextStyle::kBad:
      return colours ? "31" : "1";
  }
  return "";
}

std::string Styled(absl::string_view text, absl::string_view sgr) {
  if (sgr.empty() || text.empty()) return std::string(text);
  return absl::StrCat("\x1b[", sgr, "m", text, "\x1b[0m");
}

}  // namespace

StyledLine& StyledLine::Add(absl::string_view text, TextStyle style) {
  if (text.empty()) return *this;
  pieces_.push_back({std::string(text), style});
  width_ += DisplayWidth(text);
  return *this;
}

StyledLine& StyledLine::Add(const StyledLine& other) {
  pieces_.insert(pieces_.end(), other.pieces_.begin(), other.pieces_.end());
  width_ += other.width_;
  return *this;
}

StyledLine& StyledLine::PadTo(size_t width) {
  return Add(std::string(width - std::min(width, width_), ' '));
}

std::string StyledLine::Text() const {
  std::string text;
  for (const Piece& piece : pieces_) text += piece.text;
  return text;
}

std::string StyledLine::Render(size_t width, const Look& look) const {
  if (selected_) {
    std::string text = CutTo(Text(), width, look.ellipsis());
    text.append(width - DisplayWidth(text), ' ');
    return Styled(text, "7");
  }
  std::string rendered;
  size_t left = width;
  for (const Piece& piece : pieces_) {
    const std::string text = CutTo(piece.text, left, "");
    left -= DisplayWidth(text);
    rendered += Styled(text, Sgr(piece.style, look.colours));
  }
  return rendered;
}

std::string ScreenText(const std::vector<StyledLine>& lines, size_t width,
                       const Look& look) {
  std::string text = "\x1b[H";
  const char* separator = "";
  for (const StyledLine& line : lines) {
    absl::StrAppend(&text, separator, line.Render(width, look));
    // Behind a whole line the cursor is on its last column.
    if (line.width() < width && !line.selected()) {
      absl::StrAppend(&text, "\x1b[K");
    }
    separator = "\r\n";
  }
  absl::StrAppend(&text, lines.empty() ? "\x1b[J" : "");
  return text;
}

}  // namespace reeve
