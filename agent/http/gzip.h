#ifndef REEVE_AGENT_HTTP_GZIP_H_
#define REEVE_AGENT_HTTP_GZIP_H_

#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace reeve {

// A text as a part of a gzip stream (RFC 1952), whatever parts come before and
// after it: compressed once, it is in every stream that has it.
struct DeflatedText {
  std::string bytes;
  uint32_t checksum = 0;
  size_t text_size = 0;
};

// Makes such parts, quickly rather than small. Thread-compatible.
class Deflater {
 public:
  Deflater();
  ~Deflater();
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  // Into the buffer that `deflated` has. False if there is no memory for it.
  bool Deflate(absl::string_view text, DeflatedText* deflated);

 private:
  z_stream stream_ = {};
  bool is_ready_ = false;
};

// What a gzip stream begins and ends with.
std::string GzipHead();
class GzipTail {
 public:
  // The next part of the stream is this one.
  void Add(const DeflatedText& part);
  // To follow the last of them.
  std::string Text() const;

 private:
  uint32_t checksum_ = 0;
  size_t text_size_ = 0;
};

}  // namespace reeve

#endif  // REEVE_AGENT_HTTP_GZIP_H_
