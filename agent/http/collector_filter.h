#ifndef REEVE_AGENT_HTTP_COLLECTOR_FILTER_H_
#define REEVE_AGENT_HTTP_COLLECTOR_FILTER_H_

#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// Which collectors' families a page is to have.
class CollectorFilter {
 public:
  // Of a URL's query: any number of collect[]=NAME, or of exclude[]=NAME; all
  // if there is neither. Other parameters are passed over. kInvalidArgument for
  // both at once, and for names that are none, with those that are.
  static absl::StatusOr<CollectorFilter> Parse(absl::string_view query);

  bool Has(absl::string_view collector) const {
    return (names_.count(std::string(collector)) > 0) == is_collect_;
  }
  bool HasAll() const { return !is_collect_ && names_.empty(); }

 private:
  std::set<std::string> names_;
  // Those alone, or all but those.
  bool is_collect_ = false;
};

}  // namespace reeve

#endif  // REEVE_AGENT_HTTP_COLLECTOR_FILTER_H_
