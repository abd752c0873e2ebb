#ifndef REEVE_EXPORTERS_PROMETHEUS_CGROUPS_PAGE_H_
#define REEVE_EXPORTERS_PROMETHEUS_CGROUPS_PAGE_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "collectors/cgroups/cgroups_snapshot.h"
#include "exporters/prometheus/host_family.h"
#include "exporters/prometheus/page_source.h"
#include "exporters/prometheus/series_renderer.h"
#include "exporters/prometheus/text_format.h"

namespace reeve {

// The cgroups of the host on the page: CgroupMetrics() of each, and how many
// there are.
class CgroupsPage final : public PageSource {
 public:
  // Null before the first round.
  using Latest = std::function<std::shared_ptr<const CgroupsSnapshot>()>;

  explicit CgroupsPage(Latest latest);

  absl::string_view collector() const override;
  void Append(TextFormat format, std::string* page) const override;

 private:
  const Latest latest_;
  mutable absl::Mutex mutex_;
  mutable SeriesRenderer prometheus_ ABSL_GUARDED_BY(mutex_);
  mutable SeriesRenderer open_metrics_ ABSL_GUARDED_BY(mutex_);
};

// The families that are not of one cgroup, for the documentation.
std::vector<HostFamily> CgroupCountFamilies();

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_CGROUPS_PAGE_H_
