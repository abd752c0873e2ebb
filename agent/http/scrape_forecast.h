#ifndef REEVE_AGENT_HTTP_SCRAPE_FORECAST_H_
#define REEVE_AGENT_HTTP_SCRAPE_FORECAST_H_

#include <algorithm>
#include <cstdint>

namespace reeve {

// Tells for which snapshots a scrape is to be expected, from when the latest
// ones came: scrapers are regular, and a page that nobody fetches is work for
// nothing. Thread-compatible.
class ScrapeForecast {
 public:
  // A scrape came while this was the latest snapshot; they count from 1.
  void OnScrape(uint64_t generation) {
    if (last_ > 0) {
      gap_before_ = gap_;
      gap_ = generation - std::min(last_, generation);
    }
    last_ = generation;
  }

  // Whether the next scrape may come while this is the latest one. Of two
  // scrapers that take turns, the gaps do so too.
  bool IsExpected(uint64_t generation) const {
    return IsAfterGap(generation, gap_) || IsAfterGap(generation, gap_before_);
  }

 private:
  bool IsAfterGap(uint64_t generation, uint64_t gap) const {
    const uint64_t now = generation - std::min(last_, generation);
    return gap > 0 && now + 1 >= gap && now <= gap + 1;
  }

  uint64_t last_ = 0;
  // In snapshots; 0 if unknown.
  uint64_t gap_ = 0;
  uint64_t gap_before_ = 0;
};

}  // namespace reeve

#endif  // REEVE_AGENT_HTTP_SCRAPE_FORECAST_H_
