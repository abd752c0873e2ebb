#ifndef REEVE_AGENT_HTTP_METRICS_BODY_H_
#define REEVE_AGENT_HTTP_METRICS_BODY_H_

#include <memory>
#include <string>
#include <vector>

#include "agent/http/cached_page.h"
#include "agent/http/collector_filter.h"
#include "agent/http/gzip.h"

namespace reeve {

// Puts the body of an answer together, of pieces that are shared with others
// who read the same page: nothing large is copied, or compressed again.
class MetricsBody {
 public:
  using Pieces = std::vector<std::shared_ptr<const std::string>>;

  explicit MetricsBody(bool is_compressed);

  // What `filter` wants of the page, which is in the body's form.
  void AddPage(const std::shared_ptr<const CachedPage>& page,
               const CollectorFilter& filter);

  void AddText(const std::string& text, Deflater* deflater);

  // The whole of it.
  Pieces Finish();

 private:
  const bool is_compressed_;
  Pieces pieces_;
  GzipTail tail_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_HTTP_METRICS_BODY_H_
