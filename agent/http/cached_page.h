#ifndef REEVE_AGENT_HTTP_CACHED_PAGE_H_
#define REEVE_AGENT_HTTP_CACHED_PAGE_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "agent/http/gzip.h"

namespace reeve {

// A page but for what the agent tells of itself. Shared by all who read it.
struct CachedPage {
  struct Piece {
    absl::string_view collector;
    // If the page is compressed, only `bytes` of it are the text's.
    DeflatedText text;
  };

  // Of its snapshot.
  uint64_t generation = 0;
  // What tells of tasks and groups. None is empty.
  std::vector<Piece> pieces;
  // What stands behind it, which pages of several snapshots may share.
  std::vector<std::shared_ptr<const Piece>> shared_pieces;
};

// Pages whose buffers are used again. Thread-safe.
class PagePool {
 public:
  // A page to be filled; what it held before is still in it. It comes back once
  // nobody has it any more.
  std::shared_ptr<CachedPage> Take();

 private:
  // Outlives the pool while pages are in use.
  struct FreePages {
    absl::Mutex mutex;
    std::vector<std::unique_ptr<CachedPage>> pages ABSL_GUARDED_BY(mutex);
  };

  const std::shared_ptr<FreePages> free_ = std::make_shared<FreePages>();
};

}  // namespace reeve

#endif  // REEVE_AGENT_HTTP_CACHED_PAGE_H_
