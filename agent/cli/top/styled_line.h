#ifndef REEVE_AGENT_CLI_TOP_STYLED_LINE_H_
#define REEVE_AGENT_CLI_TOP_STYLED_LINE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace reeve {

// What a piece of text is, not how it looks.
enum class TextStyle {
  kPlain,
  // Beside the point: labels, what has ended.
  kDim,
  kStrong,
  // Names of what is shown.
  kAccent,
  kGood,
  kWarning,
  kBad,
};

// What the terminal can show.
struct Look {
  bool colours = false;
  // Lines and marks beyond ASCII.
  bool unicode = false;

  const char* ellipsis() const { return unicode ? "…" : "~"; }
};

// One line of the screen, in pieces of a style each. Thread-compatible.
class StyledLine {
 public:
  StyledLine& Add(absl::string_view text, TextStyle style = TextStyle::kPlain);
  StyledLine& Add(const StyledLine& other);
  // Blanks up to column `width`; none if the line is as long already.
  StyledLine& PadTo(size_t width);

  // Shown in reverse over the whole width.
  void Select() { selected_ = true; }
  bool selected() const { return selected_; }

  size_t width() const { return width_; }
  std::string Text() const;

  // At most `width` columns, the rest cut off, in escape sequences that leave
  // the terminal's style as it was.
  std::string Render(size_t width, const Look& look) const;

 private:
  struct Piece {
    std::string text;
    TextStyle style;
  };

  std::vector<Piece> pieces_;
  size_t width_ = 0;
  bool selected_ = false;
};

// The whole screen in one text: the lines, one below the other from the top on,
// each in the place of what was there before, and nothing below the last.
std::string ScreenText(const std::vector<StyledLine>& lines, size_t width,
                       const Look& look);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_TOP_STYLED_LINE_H_
