#include "agent/control/stdio_stash.h"

#include <sys/random.h>

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"

namespace reeve {

std::string StdioStash::Put(HandedStreams streams) {
  char random[16];
  while (getrandom(random, sizeof(random), 0) != sizeof(random)) {
  }
  std::string token =
      absl::BytesToHexString(absl::string_view(random, sizeof(random)));
  absl::MutexLock lock(&mutex_);
  streams_[token] = std::move(streams);
  return token;
}

absl::StatusOr<HandedStreams> StdioStash::Take(const std::string& token) {
  absl::MutexLock lock(&mutex_);
  const auto it = streams_.find(token);
  if (it == streams_.end()) {
    return absl::NotFoundError(
        "the standard streams of this launch were not handed over");
  }
  HandedStreams streams = std::move(it->second);
  streams_.erase(it);
  return streams;
}

void StdioStash::Drop(const std::string& token) {
  absl::MutexLock lock(&mutex_);
  streams_.erase(token);
}

}  // namespace reeve
