#ifndef REEVE_TESTS_ENFORCEMENT_CGROUP_FAKE_MEMORY_FILES_H_
#define REEVE_TESTS_ENFORCEMENT_CGROUP_FAKE_MEMORY_FILES_H_

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "enforcement/cgroup/limit_files.h"

namespace reeve {

// The memory files of a cgroup that has some memory which can be reclaimed and
// some which cannot, with what the kernel does about limits below that.
class FakeMemoryFiles final : public LimitFiles {
 public:
  static constexpr uint64_t kMiB = 1 << 20;

  FakeMemoryFiles(uint64_t cache_mib, uint64_t anon_mib)
      : cache_(cache_mib * kMiB), anon_(anon_mib * kMiB) {
    texts_["memory.max"] = texts_["memory.high"] = "max";
    texts_["memory.limit_in_bytes"] = texts_["memory.memsw.limit_in_bytes"] =
        "9223372036854771712";
  }

  void Put(const std::string& file, const std::string& text) {
    texts_[file] = text;
  }
  // As before Linux 5.19.
  void RemoveReclaim() { has_reclaim_ = false; }
  void RemoveCgroup() { is_removed_ = true; }
  // The task takes that much more each time that somebody looks, unless it is
  // at its memory.high.
  void GrowAtEachLook(uint64_t mib) { growth_ = mib * kMiB; }
  // That much of what could not be reclaimed can be after each attempt.
  void FreeAtEachAttempt(uint64_t mib) { freed_ = mib * kMiB; }

  uint64_t usage() const { return cache_ + anon_; }
  uint64_t kills() const { return kills_; }
  std::string text(const std::string& file) const { return texts_.at(file); }
  // "FILE=VALUE" of every write.
  const std::vector<std::string>& writes() const { return writes_; }

  absl::StatusOr<std::string> Read(const std::string& /*controller*/,
                                   const std::string& file) const override {
    if (is_removed_) return absl::NotFoundError(file);
    if (file == "memory.current" || file == "memory.usage_in_bytes" ||
        file == "memory.memsw.usage_in_bytes") {
      if (usage() + growth_ <= NumberIn(texts_.at("memory.high")))
        anon_ += growth_;
      return absl::StrCat(usage(), "\n");
    }
    if (file == "memory.events") {
      return absl::StrCat("low 0\nhigh 0\nmax 0\noom 0\noom_kill ", kills_,
                          "\n");
    }
    const auto text = texts_.find(file);
    if (text == texts_.end()) return absl::NotFoundError(file);
    return text->second + "\n";
  }

  absl::StatusOr<std::string> Write(const std::string& /*controller*/,
                                    const std::string& file,
                                    const std::string& value) override {
    if (is_removed_) return absl::NotFoundError(file);
    writes_.push_back(absl::StrCat(file, "=", value));
    const uint64_t bytes = NumberIn(value);
    if (file == "memory.high" || file == "memory.max") ReclaimTo(bytes);
    if (file == "memory.max" && usage() > bytes) {
      ++kills_;
      anon_ = 0;
    }
    if (file == "memory.limit_in_bytes" ||
        file == "memory.memsw.limit_in_bytes") {
      ReclaimTo(bytes);
      if (usage() > bytes) return absl::ErrnoToStatus(EBUSY, "write " + file);
    }
    texts_[file] = value;
    return value + "\n";
  }

  absl::Status WriteOnly(const std::string& /*controller*/,
                         const std::string& file,
                         const std::string& value) override {
    if (is_removed_ || !has_reclaim_ || file != "memory.reclaim") {
      return absl::NotFoundError(file);
    }
    writes_.push_back(absl::StrCat(file, "=", value));
    const uint64_t wanted = NumberIn(value);
    const uint64_t had = std::min(wanted, cache_);
    cache_ -= had;
    Free();
    if (had == wanted) return absl::OkStatus();
    return absl::ErrnoToStatus(EAGAIN, "write " + file);
  }

 private:
  // The largest there is for "max".
  static uint64_t NumberIn(const std::string& text) {
    uint64_t number = 0;
    return absl::SimpleAtoi(text, &number)
               ? number
               : std::numeric_limits<uint64_t>::max();
  }

  void ReclaimTo(uint64_t bytes) {
    if (usage() <= bytes) return;
    cache_ -= std::min(cache_, usage() - bytes);
    Free();
  }

  void Free() {
    const uint64_t freed = std::min(anon_, freed_);
    anon_ -= freed;
    cache_ += freed;
  }

  mutable uint64_t cache_;
  mutable uint64_t anon_;
  uint64_t growth_ = 0;
  uint64_t freed_ = 0;
  uint64_t kills_ = 0;
  bool has_reclaim_ = true;
  bool is_removed_ = false;
  std::map<std::string, std::string> texts_;
  std::vector<std::string> writes_;
};

}  // namespace reeve

#endif  // REEVE_TESTS_ENFORCEMENT_CGROUP_FAKE_MEMORY_FILES_H_
