#include "agent/host_collectors.h"

#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "exporters/prometheus/collector_names.h"
#include "exporters/prometheus/collector_round_metrics.h"

namespace reeve {

// What the collectors cost: a part of what the agent tells of itself.
class HostCollectors::RoundsSource final : public PageSource {
 public:
  using AllRounds = std::vector<std::unique_ptr<BackgroundRounds>>;

  // `all` must outlive the source.
  explicit RoundsSource(const AllRounds& all) : all_(all) {}

  absl::string_view collector() const override { return kAgentCollector; }

  void Append(TextFormat format, std::string* page) const override {
    std::vector<CollectorRounds> rounds;
    rounds.reserve(all_.size());
    for (const auto& one : all_) rounds.push_back(one->Rounds());
    AppendCollectorRounds(rounds, format, page);
  }

 private:
  const AllRounds& all_;
};

// What a collector found, which changes with its rounds alone.
class HostCollectors::CollectorSource final : public PageSource {
 public:
  // `rounds` must outlive the source.
  CollectorSource(std::shared_ptr<const PageSource> source,
                  const BackgroundRounds& rounds)
      : source_(std::move(source)), rounds_(rounds) {}

  absl::string_view collector() const override { return source_->collector(); }

  uint64_t version() const override { return rounds_.Rounds().rounds + 1; }

  void Append(TextFormat format, std::string* page) const override {
    source_->Append(format, page);
  }

 private:
  const std::shared_ptr<const PageSource> source_;
  const BackgroundRounds& rounds_;
};

HostCollectors::HostCollectors(const Clock& clock)
    : clock_(clock), rounds_source_(std::make_unique<RoundsSource>(rounds_)) {}

HostCollectors::~HostCollectors() { Stop(); }

void HostCollectors::Add(std::shared_ptr<BackgroundCollector> collector,
                         absl::Duration interval,
                         std::shared_ptr<const PageSource> source) {
  rounds_.push_back(std::make_unique<BackgroundRounds>(std::move(collector),
                                                       interval, clock_));
  sources_.push_back(
      std::make_unique<CollectorSource>(std::move(source), *rounds_.back()));
}

void HostCollectors::Start() {
  for (const auto& rounds : rounds_) rounds->Start();
}

void HostCollectors::Stop() {
  for (const auto& rounds : rounds_) rounds->Stop();
}

std::vector<const PageSource*> HostCollectors::Sources() const {
  std::vector<const PageSource*> sources;
  for (const auto& source : sources_) sources.push_back(source.get());
  if (!rounds_.empty()) sources.push_back(rounds_source_.get());
  return sources;
}

}  // namespace reeve
