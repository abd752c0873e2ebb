// The `control` fifo of a task: no bytes may confuse what a whole line says,
// and each line asks for one thing at most.

#include "enforcement/shim/control_parser.h"
#include "tests/fuzz/fuzz_check.h"

using reeve::ControlCommand;
using reeve::ControlParser;

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ControlParser parser;
  for (const char byte : reeve::TextOf(data, size)) {
    const ControlCommand command = parser.Take(byte);
    FUZZ_CHECK(byte == '\n' || command.type == ControlCommand::Type::kNone);
  }
  parser.Take('\n');
  ControlCommand last;
  for (const char byte : absl::string_view("1 120 40\n")) {
    last = parser.Take(byte);
  }
  FUZZ_CHECK(last.type == ControlCommand::Type::kResize);
  FUZZ_CHECK(last.width == 120 && last.height == 40);
  return 0;
}
