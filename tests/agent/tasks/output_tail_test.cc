#include "agent/tasks/output_tail.h"

#include <string>
#include <utility>

#include "gtest/gtest.h"

namespace reeve {
namespace {

TEST(OutputTailTest, WhatFitsIsKeptWhole) {
  OutputTail tail(4);
  tail.Append("a");
  tail.Append("");
  tail.Append("bcd");
  EXPECT_FALSE(tail.is_truncated());
  EXPECT_EQ(std::move(tail).Take(), "abcd");
}

TEST(OutputTailTest, OneByteMoreDropsTheFirst) {
  OutputTail tail(4);
  tail.Append("abcd");
  tail.Append("e");
  EXPECT_TRUE(tail.is_truncated());
  EXPECT_EQ(std::move(tail).Take(), "bcde");
}

TEST(OutputTailTest, OfAChunkThatIsTooLongTheEndIsKept) {
  OutputTail tail(4);
  tail.Append("ab");
  tail.Append("cdefghijklmnop");
  EXPECT_EQ(std::move(tail).Take(), "mnop");
}

TEST(OutputTailTest, ManySmallPiecesEndInTheLastBytes) {
  std::string all;
  for (int size = 1; size < 50; ++size) {
    OutputTail tail(16);
    all.clear();
    for (int i = 0; i < size; ++i) {
      const std::string piece(static_cast<size_t>(i % 7),
                              static_cast<char>('a' + i % 26));
      tail.Append(piece);
      all += piece;
    }
    EXPECT_EQ(tail.is_truncated(), all.size() > 16);
    EXPECT_EQ(std::move(tail).Take(),
              all.size() > 16 ? all.substr(all.size() - 16) : all);
  }
}

}  // namespace
}  // namespace reeve
