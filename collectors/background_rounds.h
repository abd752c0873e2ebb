#ifndef REEVE_COLLECTORS_BACKGROUND_ROUNDS_H_
#define REEVE_COLLECTORS_BACKGROUND_ROUNDS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include "absl/time/time.h"
#include "base/clock.h"
#include "collectors/background_collector.h"

namespace reeve {

// What the rounds of one collector have cost so far, and how old the values are
// that it found.
struct CollectorRounds {
  std::string collector;
  uint64_t rounds = 0;
  // Left out, since one before took too long.
  uint64_t missed = 0;
  // Of all rounds together: how long they took, and the CPU time they used.
  absl::Duration duration;
  absl::Duration cpu_time;
  // Since the beginning of the last round that came to its end, or since the
  // start if none has: it grows while a round hangs.
  absl::Duration age;
};

// Has a collector measure at a fixed rate on a thread of its own, so that what
// hangs there, such as a file system whose server is gone, holds up nothing
// else. Start() and Stop() belong to one thread, Rounds() is for any.
class BackgroundRounds {
 public:
  // How long Stop() waits for the round that is under way.
  static constexpr absl::Duration kPatience = absl::Seconds(1);

  // `interval` > 0. `clock` must outlive the rounds.
  BackgroundRounds(std::shared_ptr<BackgroundCollector> collector,
                   absl::Duration interval, const Clock& clock);
  // Stops them.
  ~BackgroundRounds();
  BackgroundRounds(const BackgroundRounds&) = delete;
  BackgroundRounds& operator=(const BackgroundRounds&) = delete;

  // The first round is at once.
  void Start();

  // No round begins after this. One that hangs is left behind on its thread,
  // with the collector: that is for processes that are about to end.
  void Stop();

  CollectorRounds Rounds() const;

 private:
  // What the thread uses, which may outlive this.
  struct Shared;

  static void Run(Shared& shared);

  const std::shared_ptr<Shared> shared_;
  std::thread thread_;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_BACKGROUND_ROUNDS_H_
