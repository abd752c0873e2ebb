#include "enforcement/shim/text.h"

namespace reeve {

Text& Text::Add(const char* text) {
  while (*text != '\0' && size_ + 1 < kCapacity) data_[size_++] = *text++;
  data_[size_] = '\0';
  return *this;
}

Text& Text::AddNumber(int64_t number) {
  char digits[24];
  char* first = digits + sizeof(digits) - 1;
  *first = '\0';
  // Negative throughout: the most negative number has no positive one.
  int64_t left = number < 0 ? number : -number;
  do {
    *--first = static_cast<char>('0' - left % 10);
    left /= 10;
  } while (left != 0);
  if (number < 0) *--first = '-';
  return Add(first);
}

int64_t ParseNumber(const char* text, const char* end) {
  int64_t number = -1;
  for (; text != end && *text >= '0' && *text <= '9'; ++text) {
    if (number < 0) number = 0;
    if (__builtin_mul_overflow(number, 10, &number) ||
        __builtin_add_overflow(number, *text - '0', &number)) {
      return -1;
    }
  }
  return number;
}

}  // namespace reeve
