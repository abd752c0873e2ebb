#include "agent/cli/raw_terminal.h"

namespace reeve {

RawTerminal::RawTerminal(int fd) : fd_(fd) {
  termios now;
  if (tcgetattr(fd_, &now) != 0) return;
  before_ = now;
  cfmakeraw(&now);
  tcsetattr(fd_, TCSADRAIN, &now);
}

RawTerminal::~RawTerminal() {
  if (before_.has_value()) tcsetattr(fd_, TCSADRAIN, &*before_);
}

}  // namespace reeve
