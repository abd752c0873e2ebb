#include "agent/http/gzip.h"

#include <algorithm>

namespace reeve {
namespace {

// Metrics compress to less than a tenth.
constexpr size_t kExpectedRatio = 10;
constexpr size_t kSmallest = 1024;

void AppendLittleEndian(uint32_t number, std::string* out) {
  constexpr unsigned kByteBits = 8;
  for (unsigned byte = 0; byte < sizeof(number); ++byte) {
    out->push_back(static_cast<char>(number >> (byte * kByteBits) & 0xFFU));
  }
}

}  // namespace

Deflater::Deflater() {
  constexpr int kMemoryLevel = 8;
  // Without a head and a tail of its own.
  constexpr int kRaw = -MAX_WBITS;
  is_ready_ = deflateInit2(&stream_, Z_BEST_SPEED, Z_DEFLATED, kRaw,
                           kMemoryLevel, Z_DEFAULT_STRATEGY) == Z_OK;
}

Deflater::~Deflater() {
  if (is_ready_) deflateEnd(&stream_);
}

bool Deflater::Deflate(absl::string_view text, DeflatedText* deflated) {
  if (!is_ready_) return false;
  deflateReset(&stream_);
  // zlib does not write through next_in, but its type is not const.
  const auto* const bytes = reinterpret_cast<const Bytef*>(text.data());
  stream_.next_in = const_cast<Bytef*>(bytes);  // NOLINT
  stream_.avail_in = static_cast<uInt>(text.size());
  std::string& out = deflated->bytes;
  out.resize(
      std::max({kSmallest, text.size() / kExpectedRatio, out.capacity()}));
  do {
    if (stream_.total_out == out.size()) out.resize(out.size() * 2);
    stream_.next_out = reinterpret_cast<Bytef*>(&out[stream_.total_out]);
    stream_.avail_out = static_cast<uInt>(out.size() - stream_.total_out);
    // Up to the end of a byte, and no end of the stream.
    deflate(&stream_, Z_SYNC_FLUSH);
  } while (stream_.avail_out == 0);
  out.resize(stream_.total_out);
  deflated->checksum =
      static_cast<uint32_t>(crc32(0, bytes, static_cast<uInt>(text.size())));
  deflated->text_size = text.size();
  return true;
}

std::string GzipHead() {
  // Deflate, no name, no time, the fastest level, made on Unix.
  constexpr char kHead[] = "\x1f\x8b\x08\0\0\0\0\0\x04\x03";
  return {kHead, sizeof(kHead) - 1};
}

void GzipTail::Add(const DeflatedText& part) {
  checksum_ = static_cast<uint32_t>(crc32_combine(
      checksum_, part.checksum, static_cast<z_off_t>(part.text_size)));
  text_size_ += part.text_size;
}

std::string GzipTail::Text() const {
  // A last block of nothing.
  std::string text("\x03\0", 2);
  AppendLittleEndian(checksum_, &text);
  AppendLittleEndian(static_cast<uint32_t>(text_size_), &text);
  return text;
}

}  // namespace reeve
