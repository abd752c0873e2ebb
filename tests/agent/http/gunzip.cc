#include "tests/agent/http/gunzip.h"

#include <zlib.h>

#include "gtest/gtest.h"

namespace reeve {

std::string Gunzip(const std::string& compressed) {
  constexpr int kGzipFormat = 16;
  z_stream stream = {};
  EXPECT_EQ(inflateInit2(&stream, MAX_WBITS + kGzipFormat), Z_OK);
  std::string input = compressed;
  stream.next_in = reinterpret_cast<Bytef*>(&input[0]);
  stream.avail_in = static_cast<uInt>(input.size());
  std::string text;
  int result = Z_OK;
  while (result == Z_OK) {
    char chunk[4096];
    stream.next_out = reinterpret_cast<Bytef*>(chunk);
    stream.avail_out = sizeof(chunk);
    result = inflate(&stream, Z_NO_FLUSH);
    text.append(chunk, sizeof(chunk) - stream.avail_out);
  }
  EXPECT_EQ(result, Z_STREAM_END);
  EXPECT_EQ(stream.avail_in, 0U) << "bytes after the stream";
  inflateEnd(&stream);
  return text;
}

}  // namespace reeve
