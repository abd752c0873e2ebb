#include "agent/cli/detach_keys.h"

namespace reeve {
namespace {

constexpr char kFirst = 'p' - 'a' + 1;
constexpr char kSecond = 'q' - 'a' + 1;

}  // namespace

bool DetachKeys::Take(absl::string_view typed, std::string* passed) {
  for (const char key : typed) {
    if (holds_first_) {
      if (key == kSecond) return true;
      passed->push_back(kFirst);
    }
    holds_first_ = key == kFirst;
    if (!holds_first_) passed->push_back(key);
  }
  return false;
}

}  // namespace reeve
