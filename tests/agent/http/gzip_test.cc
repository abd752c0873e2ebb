#include "agent/http/gzip.h"

#include <cstddef>

#include "gtest/gtest.h"
#include "tests/agent/http/gunzip.h"

namespace reeve {
namespace {

std::shared_ptr<const std::string> Piece(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

TEST(GzipTest, PiecesBecomeOneStream) {
  EXPECT_EQ(Gunzip(Gzip({Piece("one "), Piece(""), Piece("two")})), "one two");
}

TEST(GzipTest, NothingIsAValidStream) { EXPECT_EQ(Gunzip(Gzip({})), ""); }

TEST(GzipTest, OutputMayBeLargerThanExpected) {
  // A linear congruential generator: text that does not compress.
  std::string noise;
  uint32_t state = 1;
  for (size_t i = 0; i < 300'000; ++i) {
    state = state * 1'664'525 + 1'013'904'223;
    noise.push_back(static_cast<char>(state >> 24));
  }

  EXPECT_EQ(Gunzip(Gzip({Piece(noise)})), noise);
}

}  // namespace
}  // namespace reeve
