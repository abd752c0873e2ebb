#ifndef REEVE_ENFORCEMENT_SHIM_TEXT_H_
#define REEVE_ENFORCEMENT_SHIM_TEXT_H_

#include <stddef.h>
#include <stdint.h>

namespace reeve {

// A short text built in place. What does not fit is left out.
class Text {
 public:
  Text& Add(const char* text);
  Text& AddNumber(int64_t number);

  // Ended by NUL.
  const char* data() const { return data_; }
  size_t size() const { return size_; }

 private:
  static constexpr size_t kCapacity = 256;

  char data_[kCapacity] = "";
  size_t size_ = 0;
};

// The decimal number at the start of `text`, which ends at anything that is no
// digit; -1 if there is none or it is too large.
int64_t ParseNumber(const char* text, const char* end);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_TEXT_H_
