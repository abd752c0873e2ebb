#include "agent/cli/top/bar.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace reeve {
namespace {

std::string Repeated(const char* text, size_t times) {
  std::string repeated;
  for (size_t i = 0; i < times; ++i) repeated += text;
  return repeated;
}

// In steps of 1/`per_column` of a column.
size_t Steps(double share, size_t width, size_t per_column) {
  const size_t all = width * per_column;
  if (all == 0 || !(share > 0)) return 0;
  if (share >= 1) return all;
  const double steps = std::round(share * static_cast<double>(all));
  return std::clamp<size_t>(static_cast<size_t>(steps), 1,
                            std::max<size_t>(all, 2) - 1);
}

}  // namespace

StyledLine Bar(double share, size_t width, TextStyle style, bool unicode) {
  StyledLine bar;
  if (!unicode) {
    const size_t full = Steps(share, width, 1);
    bar.Add(std::string(full, '='), style);
    bar.Add(std::string(width - full, '.'), TextStyle::kDim);
    return bar;
  }
  const size_t steps = Steps(share, width, 2);
  bar.Add(Repeated("━", steps / 2) + Repeated("╸", steps % 2), style);
  bar.Add(Repeated("─", width - (steps + 1) / 2), TextStyle::kDim);
  return bar;
}

TextStyle StyleOfShare(double share) {
  if (share >= 0.9) return TextStyle::kBad;
  return share >= 0.75 ? TextStyle::kWarning : TextStyle::kGood;
}

}  // namespace reeve
