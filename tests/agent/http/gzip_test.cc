#include "agent/http/gzip.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/agent/http/gunzip.h"

namespace reeve {
namespace {

std::string Gzip(const std::vector<std::string>& texts) {
  Deflater deflater;
  DeflatedText part;
  GzipTail tail;
  std::string stream = GzipHead();
  for (const std::string& text : texts) {
    EXPECT_TRUE(deflater.Deflate(text, &part));
    tail.Add(part);
    stream += part.bytes;
  }
  return stream + tail.Text();
}

// A linear congruential generator: text that does not compress.
std::string Noise(size_t size) {
  std::string noise;
  uint32_t state = 1;
  while (noise.size() < size) {
    state = state * 1'664'525 + 1'013'904'223;
    noise.push_back(static_cast<char>(state >> 24));
  }
  return noise;
}

TEST(GzipTest, PartsBecomeOneStream) {
  EXPECT_EQ(Gunzip(Gzip({"one ", "", "two"})), "one two");
}

TEST(GzipTest, NothingIsAValidStream) { EXPECT_EQ(Gunzip(Gzip({})), ""); }

TEST(GzipTest, OutputMayBeLargerThanExpected) {
  const std::string noise = Noise(300'000);

  EXPECT_EQ(Gunzip(Gzip({noise, "after"})), noise + "after");
}

TEST(GzipTest, EverySizeOfOutputEndsWell) {
  // Also those that fill the buffer to the last byte.
  for (size_t size = 900; size < 1'100; ++size) {
    const std::string noise = Noise(size);
    ASSERT_EQ(Gunzip(Gzip({noise})), noise) << size;
  }
}

TEST(GzipTest, PartIsInAnyStream) {
  Deflater deflater;
  DeflatedText part;
  deflater.Deflate(std::string(10'000, 'a'), &part);
  EXPECT_LT(part.bytes.size(), 100);

  for (const char* other : {"", "before"}) {
    DeflatedText before;
    deflater.Deflate(other, &before);
    GzipTail tail;
    tail.Add(before);
    tail.Add(part);
    EXPECT_EQ(Gunzip(GzipHead() + before.bytes + part.bytes + tail.Text()),
              other + std::string(10'000, 'a'));
  }
}

}  // namespace
}  // namespace reeve
