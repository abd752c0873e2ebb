#ifndef REEVE_ENFORCEMENT_SHIM_CONTROL_PARSER_H_
#define REEVE_ENFORCEMENT_SHIM_CONTROL_PARSER_H_

#include <stdint.h>

namespace reeve {

// What a line of the `control` fifo asks for.
struct ControlCommand {
  enum class Type { kNone, kCloseStdin, kResize };

  Type type = Type::kNone;
  // Of kResize, in characters.
  uint16_t width = 0;
  uint16_t height = 0;
};

// Takes the `control` fifo apart, byte by byte: a line "0 0 0" closes standard
// input, "1 WIDTH HEIGHT" resizes the terminal. A line is three decimal numbers
// of at most 65535, with one space between two. All other lines are skipped,
// those with a type of a later version among them. Thread-compatible.
class ControlParser {
 public:
  // Returns what the line asks for that this byte completes; kNone for any
  // other byte.
  ControlCommand Take(char byte);

 private:
  static constexpr int kNumbers = 3;

  void TakeInLine(char byte);
  ControlCommand EndLine();

  uint32_t numbers_[kNumbers] = {};
  // The number that is read now, and whether it has a digit.
  int index_ = 0;
  bool has_digit_ = false;
  bool is_bad_ = false;
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_CONTROL_PARSER_H_
