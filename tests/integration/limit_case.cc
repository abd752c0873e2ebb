#include "tests/integration/limit_case.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace reeve {
namespace {

// v1 prints the largest multiple of a page for no limit.
constexpr double kSurelyNone = 9e18;

}  // namespace

std::string KernelTexts::Text(const std::string& file) const {
  const auto text = texts_.find(file);
  return text == texts_.end() ? "" : text->second;
}

double KernelTexts::Number(const std::string& file, double missing) const {
  if (!Has(file)) return missing;
  const std::string text = Text(file);
  return NumberInText(text.substr(0, text.find(' ')));
}

std::string KernelTexts::Line(const std::string& file,
                              const std::string& item) const {
  const std::string text = Text(file);
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    if (absl::ConsumePrefix(&line, absl::StrCat(item, " "))) {
      return std::string(line);
    }
  }
  return "";
}

double NumberInText(const std::string& word) {
  double number = 0;
  if (!absl::SimpleAtod(word, &number)) return kNoLimit;
  if (number == -1 || number > kSurelyNone) return kNoLimit;
  return number;
}

}  // namespace reeve
