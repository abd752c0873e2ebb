#include "agent/http/cached_page.h"

#include <cstddef>
#include <utility>

namespace reeve {
namespace {

// More are in use only while clients are slow to read.
constexpr size_t kMaxFree = 1;

}  // namespace

std::shared_ptr<CachedPage> PagePool::Take() {
  std::unique_ptr<CachedPage> page;
  {
    absl::MutexLock lock(&free_->mutex);
    if (!free_->pages.empty()) {
      page = std::move(free_->pages.back());
      free_->pages.pop_back();
    }
  }
  if (page == nullptr) page = std::make_unique<CachedPage>();
  return {page.release(), [free = free_](CachedPage* returned) {
            std::unique_ptr<CachedPage> owned(returned);
            absl::MutexLock lock(&free->mutex);
            if (free->pages.size() < kMaxFree) {
              free->pages.push_back(std::move(owned));
            }
          }};
}

}  // namespace reeve
