#include "agent/http/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <cstddef>

namespace reeve {
namespace {

// Metrics compress to less than a tenth.
constexpr size_t kExpectedRatio = 10;
constexpr size_t kSmallest = 4096;

// Compresses `piece`, making room in `out` as needed; `stream` writes at
// out + stream->total_out.
void Deflate(const std::string& piece, int flush, z_stream* stream,
             std::string* out) {
  // zlib does not write through next_in, but its type is not const.
  stream->next_in =
      reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));  // NOLINT
  stream->avail_in = static_cast<uInt>(piece.size());
  do {
    if (stream->total_out == out->size()) out->resize(out->size() * 2);
    stream->next_out = reinterpret_cast<Bytef*>(&(*out)[stream->total_out]);
    stream->avail_out = static_cast<uInt>(out->size() - stream->total_out);
    if (deflate(stream, flush) == Z_STREAM_END) return;
  } while (stream->avail_in > 0 || stream->avail_out == 0 || flush == Z_FINISH);
}

}  // namespace

std::string Gzip(
    const std::vector<std::shared_ptr<const std::string>>& pieces) {
  constexpr int kGzipFormat = 16;
  constexpr int kMemoryLevel = 8;
  z_stream stream = {};
  if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, MAX_WBITS + kGzipFormat,
                   kMemoryLevel, Z_DEFAULT_STRATEGY) != Z_OK) {
    return "";
  }
  size_t size = 0;
  for (const auto& piece : pieces) size += piece->size();
  std::string out(std::max(kSmallest, size / kExpectedRatio), '\0');
  for (const auto& piece : pieces) Deflate(*piece, Z_NO_FLUSH, &stream, &out);
  Deflate("", Z_FINISH, &stream, &out);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace reeve
