#ifndef REEVE_AGENT_HOST_COLLECTORS_H_
#define REEVE_AGENT_HOST_COLLECTORS_H_

#include <memory>
#include <vector>

#include "absl/time/time.h"
#include "base/clock.h"
#include "collectors/background_collector.h"
#include "collectors/background_rounds.h"
#include "exporters/prometheus/page_source.h"

namespace reeve {

// The collectors of the host beside the tasks, each with its rounds and its
// part of the page. Add(), Start() and Stop() belong to one thread.
class HostCollectors {
 public:
  // `clock` must outlive the collectors.
  explicit HostCollectors(const Clock& clock);
  // Stops them.
  ~HostCollectors();
  HostCollectors(const HostCollectors&) = delete;
  HostCollectors& operator=(const HostCollectors&) = delete;

  // One more, before Start(). `source` writes what `collector` has found.
  void Add(std::shared_ptr<BackgroundCollector> collector,
           absl::Duration interval, std::shared_ptr<const PageSource> source);

  void Start();
  // See BackgroundRounds::Stop().
  void Stop();

  // What all of them write, and what they cost; the collectors keep them.
  // Nothing if there is no collector.
  std::vector<const PageSource*> Sources() const;

 private:
  class CollectorSource;
  class RoundsSource;

  const Clock& clock_;
  std::vector<std::unique_ptr<BackgroundRounds>> rounds_;
  std::vector<std::unique_ptr<const PageSource>> sources_;
  const std::unique_ptr<RoundsSource> rounds_source_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_HOST_COLLECTORS_H_
