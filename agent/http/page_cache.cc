#include "agent/http/page_cache.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "exporters/prometheus/page_piece.h"

namespace reeve {
namespace {

// A piece is written into the buffer that it had on an earlier page: with some
// thousand tasks, one more buffer is megabytes.
void LendBuffers(CachedPage& page, std::vector<PagePiece>& pieces) {
  // A collector may have several, in the same order on both.
  auto next = pieces.begin();
  for (CachedPage::Piece& cached : page.pieces) {
    next = std::find_if(next, pieces.end(), [&](const PagePiece& piece) {
      return piece.collector == cached.collector;
    });
    if (next == pieces.end()) return;
    next->text.swap(cached.text.bytes);
    ++next;
  }
}

// A string that grew has up to as much again in reserve. A little is left, or
// the next page would grow again for a digit more.
void ReleaseSlack(std::string& text) {
  // One part in so many.
  constexpr size_t kTolerated = 4;
  constexpr size_t kLeft = 32;
  if (text.capacity() - text.size() <= text.size() / kTolerated) return;
  std::string fitted;
  fitted.reserve(text.size() + text.size() / kLeft);
  fitted = text;
  text.swap(fitted);
}

}  // namespace

PageCache::PageCache(SnapshotStore& store,
                     std::vector<const PageSource*> sources,
                     std::function<void()> on_page)
    : store_(store),
      sources_(std::move(sources)),
      on_page_(std::move(on_page)),
      worker_("reeve-pages", kForms) {
  listener_ = store_.AddListener(
      [this](uint64_t generation) { OnPublish(generation); });
}

PageCache::~PageCache() { Stop(); }

void PageCache::Stop() {
  store_.RemoveListener(listener_);
  worker_.Stop();
}

size_t PageCache::IndexOf(PageForm form) {
  constexpr size_t kOpenMetrics = 2;
  constexpr size_t kCadvisor = 4;
  size_t index = form.is_compressed ? 1 : 0;
  if (form.is_cadvisor) return index + kCadvisor;
  if (form.format == TextFormat::kOpenMetrics) index += kOpenMetrics;
  return index;
}

PageCache::Renderer& PageCache::RendererOf(PageForm form) {
  if (form.is_cadvisor) return cadvisor_;
  return form.format == TextFormat::kOpenMetrics ? open_metrics_ : prometheus_;
}

std::shared_ptr<const CachedPage> PageCache::Get(PageForm form,
                                                 uint64_t* at_least) {
  const std::shared_ptr<const Snapshot> latest = store_.Latest();
  if (latest == nullptr) return std::make_shared<CachedPage>();
  absl::MutexLock lock(&mutex_);
  Form& known = forms_[IndexOf(form)];
  if (*at_least == 0) {
    *at_least = latest->generation;
    known.forecast.OnScrape(latest->generation);
  }
  if (known.page != nullptr && known.page->generation >= *at_least) {
    return known.page;
  }
  Order(form);
  return nullptr;
}

void PageCache::OnPublish(uint64_t generation) {
  absl::MutexLock lock(&mutex_);
  for (const bool is_compressed : {false, true}) {
    for (const PageForm form :
         {PageForm{TextFormat::kPrometheus, is_compressed},
          PageForm{TextFormat::kOpenMetrics, is_compressed},
          PageForm{TextFormat::kPrometheus, is_compressed, true}}) {
      if (forms_[IndexOf(form)].forecast.IsExpected(generation)) Order(form);
    }
  }
}

void PageCache::Order(PageForm form) {
  Form& known = forms_[IndexOf(form)];
  if (known.is_being_made) return;
  known.is_being_made = worker_.Submit([this, form] { Make(form); });
}

void PageCache::Make(PageForm form) {
  // The latest by now, which may be newer than the one it was ordered for.
  const std::shared_ptr<const Snapshot> snapshot = store_.Latest();
  const size_t index = IndexOf(form);
  ReleasePage(index);
  std::shared_ptr<CachedPage> page = pools_[index].Take();
  Fill(form, *snapshot, page.get());
  {
    absl::MutexLock lock(&mutex_);
    forms_[index].page = std::move(page);
    forms_[index].is_being_made = false;
  }
  on_page_();
}

// Nobody is given it any more, since there is a newer snapshot. If nobody reads
// it either, the next is written over it: with some thousand tasks, one page
// more is megabytes.
void PageCache::ReleasePage(size_t form_index) {
  std::shared_ptr<const CachedPage> released;
  absl::MutexLock lock(&mutex_);
  released.swap(forms_[form_index].page);
}

void PageCache::Fill(PageForm form, const Snapshot& snapshot,
                     CachedPage* page) {
  Renderer& renderer = RendererOf(form);
  if (!form.is_compressed) LendBuffers(*page, renderer.pieces);
  renderer.tasks.Render(snapshot, &renderer.pieces);
  page->generation = snapshot.generation;
  size_t used = 0;
  for (PagePiece& piece : renderer.pieces) {
    if (piece.text.empty()) continue;
    if (page->pieces.size() == used) page->pieces.emplace_back();
    CachedPage::Piece& cached = page->pieces[used++];
    cached.collector = piece.collector;
    if (!form.is_compressed) {
      cached.text.bytes.swap(piece.text);
      ReleaseSlack(cached.text.bytes);
    } else if (!deflater_.Deflate(piece.text, &cached.text)) {
      --used;
    }
  }
  page->pieces.resize(used);
  page->shared_pieces.clear();
  if (!form.is_cadvisor) AddSources(form, page);
}

void PageCache::AddSources(PageForm form, CachedPage* page) {
  std::vector<SourcePiece>& kept = source_pieces_[IndexOf(form)];
  kept.resize(sources_.size());
  for (size_t i = 0; i < sources_.size(); ++i) {
    // Before it is written: what changes meanwhile is written again.
    const uint64_t version = sources_[i]->version();
    if (version == 0 || version != kept[i].version) {
      kept[i] = {version, MakePiece(form, *sources_[i])};
    }
    if (kept[i].piece != nullptr) page->shared_pieces.push_back(kept[i].piece);
  }
}

std::shared_ptr<const CachedPage::Piece> PageCache::MakePiece(
    PageForm form, const PageSource& source) {
  source_text_.clear();
  source.Append(form.format, &source_text_);
  if (source_text_.empty()) return nullptr;
  auto piece = std::make_shared<CachedPage::Piece>();
  piece->collector = source.collector();
  if (!form.is_compressed) {
    piece->text.bytes = source_text_;
  } else if (!deflater_.Deflate(source_text_, &piece->text)) {
    return nullptr;
  }
  return piece;
}

}  // namespace reeve
