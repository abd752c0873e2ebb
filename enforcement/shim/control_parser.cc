#include "enforcement/shim/control_parser.h"

namespace reeve {
namespace {

constexpr uint32_t kCloseStdinType = 0;
constexpr uint32_t kResizeType = 1;
// What a terminal's size can hold.
constexpr uint32_t kMaxNumber = UINT16_MAX;

}  // namespace

ControlCommand ControlParser::Take(char byte) {
  if (byte == '\n') return EndLine();
  TakeInLine(byte);
  return {};
}

void ControlParser::TakeInLine(char byte) {
  if (byte == ' ' && has_digit_ && index_ + 1 < kNumbers) {
    ++index_;
    has_digit_ = false;
  } else if (byte >= '0' && byte <= '9') {
    uint32_t& number = numbers_[index_];
    number = number * 10 + static_cast<uint32_t>(byte - '0');
    has_digit_ = true;
    if (number > kMaxNumber) is_bad_ = true;
    // Never near an overflow, however many digits follow.
    if (is_bad_) number = 0;
  } else {
    is_bad_ = true;
  }
}

ControlCommand ControlParser::EndLine() {
  ControlCommand command;
  if (!is_bad_ && has_digit_ && index_ + 1 == kNumbers) {
    const uint32_t* const n = numbers_;
    if (n[0] == kCloseStdinType && n[1] == 0 && n[2] == 0) {
      command.type = ControlCommand::Type::kCloseStdin;
    } else if (n[0] == kResizeType) {
      command.type = ControlCommand::Type::kResize;
      command.width = static_cast<uint16_t>(n[1]);
      command.height = static_cast<uint16_t>(n[2]);
    }
  }
  *this = ControlParser();
  return command;
}

}  // namespace reeve
