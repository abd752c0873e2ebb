#include "enforcement/shim/control_parser.h"

#include <string>

#include "gtest/gtest.h"

namespace reeve {
namespace {

using Type = ControlCommand::Type;

// What the last byte of `text` completes.
ControlCommand Parse(const std::string& text) {
  ControlParser parser;
  ControlCommand command;
  for (const char byte : text) command = parser.Take(byte);
  return command;
}

TEST(ControlParserTest, ThreeZerosCloseStdin) {
  EXPECT_EQ(Parse("0 0 0\n").type, Type::kCloseStdin);
}

TEST(ControlParserTest, OneResizes) {
  const ControlCommand command = Parse("1 120 40\n");

  EXPECT_EQ(command.type, Type::kResize);
  EXPECT_EQ(command.width, 120);
  EXPECT_EQ(command.height, 40);
}

TEST(ControlParserTest, NothingHappensBeforeTheEndOfTheLine) {
  EXPECT_EQ(Parse("1 120 40").type, Type::kNone);
}

TEST(ControlParserTest, MalformedAndUnknownLinesAreSkipped) {
  for (const char* line :
       {"\n", "0\n", "0 0\n", "0 0 1\n", "0 0 0 0\n", "0 0 0 \n", " 0 0 0\n",
        "0  0 0\n", "2 1 1\n", "1 65536 1\n", "1 99999999999999999999 1\n",
        "1 -1 1\n", "1 a b\n", "1 80 24\r\n"}) {
    EXPECT_EQ(Parse(line).type, Type::kNone) << line;
    EXPECT_EQ(Parse(std::string(line) + "1 65535 1\n").width, 65535) << line;
  }
}

}  // namespace
}  // namespace reeve
