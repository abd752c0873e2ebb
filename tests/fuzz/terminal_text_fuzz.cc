// What a terminal sends, and what programs call themselves.

#include <string>

#include "agent/cli/top/display_width.h"
#include "agent/cli/top/key.h"
#include "tests/fuzz/fuzz_check.h"

namespace {

// Every byte belongs to some key.
void TakeKeys(absl::string_view input) {
  reeve::Key key;
  while (!input.empty()) {
    const size_t left = input.size();
    if (!reeve::ConsumeKey(&input, /*is_all=*/false, &key)) {
      FUZZ_CHECK(input.size() == left);
      FUZZ_CHECK(reeve::ConsumeKey(&input, /*is_all=*/true, &key));
    }
    FUZZ_CHECK(input.size() < left);
  }
}

void ShowText(absl::string_view text) {
  const std::string printable = reeve::Printable(text);
  FUZZ_CHECK(reeve::Printable(printable) == printable);
  for (const char c : printable) {
    FUZZ_CHECK(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
  }
  const size_t width = reeve::DisplayWidth(printable);
  for (const size_t columns : {size_t{0}, size_t{1}, width / 2, width}) {
    const std::string cut = reeve::CutTo(printable, columns, "~");
    FUZZ_CHECK(reeve::DisplayWidth(cut) <= columns);
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  TakeKeys(reeve::TextOf(data, size));
  ShowText(reeve::TextOf(data, size));
  return 0;
}
