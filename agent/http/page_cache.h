#ifndef REEVE_AGENT_HTTP_PAGE_CACHE_H_
#define REEVE_AGENT_HTTP_PAGE_CACHE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "agent/http/bounded_worker.h"
#include "agent/http/cached_page.h"
#include "agent/http/gzip.h"
#include "agent/http/scrape_forecast.h"
#include "collectors/snapshot_store.h"
#include "exporters/prometheus/page_piece.h"
#include "exporters/prometheus/page_source.h"
#include "exporters/prometheus/task_renderer.h"
#include "exporters/prometheus/text_format.h"

namespace reeve {

// In which form a page is wanted.
struct PageForm {
  TextFormat format = TextFormat::kPrometheus;
  bool is_compressed = false;
  // The page with cAdvisor's names, in Prometheus' format.
  bool is_cadvisor = false;
};

// Renders and compresses the tasks of snapshots, and with them what other
// sources of the page have when that has changed, each at most once in a form
// and on a thread of its own. A form that is scraped regularly is made as soon
// as there is a snapshot that the next scrape may ask for; others when they are
// asked for; and where nobody scrapes nothing is done. Buffers are used again
// once nobody reads what is in them. Thread-safe.
class PageCache {
 public:
  // `store` and `sources` must outlive the cache. `on_page` is called on the
  // cache's thread when a page was made.
  PageCache(SnapshotStore& store, std::vector<const PageSource*> sources,
            std::function<void()> on_page);
  ~PageCache();
  PageCache(const PageCache&) = delete;
  PageCache& operator=(const PageCache&) = delete;

  // The page of the latest snapshot, or null: ask again after `on_page`, with
  // the same `*at_least`, which is 0 at first. A page that others have asked
  // for since then may be given too, but none of an older snapshot.
  std::shared_ptr<const CachedPage> Get(PageForm form, uint64_t* at_least)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Makes no more pages.
  void Stop();

 private:
  static constexpr size_t kForms = 6;

  // What there is of one form.
  struct Form {
    std::shared_ptr<const CachedPage> page;
    ScrapeForecast forecast;
    bool is_being_made = false;
  };

  // What the thread has for the forms of one page.
  struct Renderer {
    explicit Renderer(TaskRenderer renderer) : tasks(std::move(renderer)) {}

    TaskRenderer tasks;
    std::vector<PagePiece> pieces;
  };

  // What a source had when its version was that.
  struct SourcePiece {
    uint64_t version = 0;
    // Null if it had no series.
    std::shared_ptr<const CachedPage::Piece> piece;
  };

  static size_t IndexOf(PageForm form);
  Renderer& RendererOf(PageForm form);

  void OnPublish(uint64_t generation) ABSL_LOCKS_EXCLUDED(mutex_);
  void Order(PageForm form) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // On the thread.
  void Make(PageForm form) ABSL_LOCKS_EXCLUDED(mutex_);
  void ReleasePage(size_t form_index) ABSL_LOCKS_EXCLUDED(mutex_);
  void Fill(PageForm form, const Snapshot& snapshot, CachedPage* page);
  void AddSources(PageForm form, CachedPage* page);
  // Null if the source has no series.
  std::shared_ptr<const CachedPage::Piece> MakePiece(PageForm form,
                                                     const PageSource& source);

  SnapshotStore& store_;
  const std::vector<const PageSource*> sources_;
  const std::function<void()> on_page_;

  absl::Mutex mutex_;
  std::array<Form, kForms> forms_ ABSL_GUARDED_BY(mutex_);

  // Of each form: a page may be read while the next is written.
  std::array<PagePool, kForms> pools_;

  // These belong to the thread.
  Renderer prometheus_{TaskRenderer(TextFormat::kPrometheus)};
  Renderer open_metrics_{TaskRenderer(TextFormat::kOpenMetrics)};
  Renderer cadvisor_{TaskRenderer::ForCadvisor()};
  // Of each form.
  std::array<std::vector<SourcePiece>, kForms> source_pieces_;
  std::string source_text_;
  Deflater deflater_;
  int listener_ = 0;
  // Last, for it uses all of them.
  BoundedWorker worker_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_HTTP_PAGE_CACHE_H_
