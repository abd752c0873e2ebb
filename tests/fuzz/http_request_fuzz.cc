// The head of an HTTP request.

#include "agent/http/accept.h"
#include "agent/http/collector_filter.h"
#include "agent/http/http_request.h"
#include "tests/fuzz/fuzz_check.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::StatusOr<reeve::HttpRequest> request =
      reeve::ParseHttpRequest(reeve::TextOf(data, size));
  if (!request.ok()) return 0;
  FUZZ_CHECK(!request->method.empty());
  FUZZ_CHECK(!request->path.empty());
  reeve::FormatFor(request->accept);
  const absl::StatusOr<reeve::CollectorFilter> filter =
      reeve::CollectorFilter::Parse(request->query);
  // What is not known is collected only where it is not excluded.
  if (filter.ok()) FUZZ_CHECK(filter->Has("a") == filter->Has("b"));
  return 0;
}
