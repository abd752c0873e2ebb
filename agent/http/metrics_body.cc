#include "agent/http/metrics_body.h"

#include <utility>

namespace reeve {

MetricsBody::MetricsBody(bool is_compressed) : is_compressed_(is_compressed) {
  if (is_compressed)
    pieces_.push_back(std::make_shared<std::string>(GzipHead()));
}

void MetricsBody::AddPage(const std::shared_ptr<const CachedPage>& page,
                          const CollectorFilter& filter) {
  for (const CachedPage::Piece& piece : page->pieces) {
    if (!filter.Has(piece.collector)) continue;
    // Owns the page, points to the bytes.
    pieces_.emplace_back(page, &piece.text.bytes);
    if (is_compressed_) tail_.Add(piece.text);
  }
  for (const auto& piece : page->shared_pieces) {
    if (!filter.Has(piece->collector)) continue;
    pieces_.emplace_back(piece, &piece->text.bytes);
    if (is_compressed_) tail_.Add(piece->text);
  }
}

void MetricsBody::AddText(const std::string& text, Deflater* deflater) {
  if (!is_compressed_) {
    pieces_.push_back(std::make_shared<std::string>(text));
    return;
  }
  DeflatedText deflated;
  if (!deflater->Deflate(text, &deflated)) return;
  tail_.Add(deflated);
  pieces_.push_back(std::make_shared<std::string>(std::move(deflated.bytes)));
}

MetricsBody::Pieces MetricsBody::Finish() {
  if (is_compressed_) {
    pieces_.push_back(std::make_shared<std::string>(tail_.Text()));
  }
  return std::move(pieces_);
}

}  // namespace reeve
