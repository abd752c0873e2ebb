#include "enforcement/launch/seccomp_lookup.h"

#include <cstddef>
#include <limits>
#include <utility>

namespace reeve {
namespace {

struct Range {
  uint32_t first;
  std::optional<uint32_t> action;
};

// Of all numbers, without neighbours that have the same action.
std::vector<Range> Merged(const SeccompRanges& ranges) {
  std::vector<Range> merged = {{0, std::nullopt}};
  for (const auto& [first, action] : ranges) {
    if (action == merged.back().action) continue;
    if (first == 0) merged.clear();
    merged.push_back({first, action});
  }
  return merged;
}

// A binary tree of comparisons, written from its end to its beginning: jumps
// lead forward only, so that where they lead to is there already.
class Writer {
 public:
  explicit Writer(std::vector<Range> ranges) : ranges_(std::move(ranges)) {}

  std::vector<sock_filter> Write() {
    // Where what others decide leaves.
    Push(BPF_STMT(BPF_JMP | BPF_JA, 0));
    const size_t root = WriteTree(0, ranges_.size());
    if (root + 1 != reversed_.size()) PushJump(root);
    return {reversed_.rbegin(), reversed_.rend()};
  }

 private:
  // Each returns the place of what it wrote, counted from the end.

  size_t Push(const sock_filter& instruction) {
    reversed_.push_back(instruction);
    return reversed_.size() - 1;
  }

  size_t PushJump(size_t place) {
    return Push(BPF_STMT(BPF_JMP | BPF_JA, Distance(place)));
  }

  // How many instructions are between the next one and `place`.
  uint32_t Distance(size_t place) const {
    return static_cast<uint32_t>(reversed_.size() - place - 1);
  }

  // Distances of comparisons are of 8 bits. There may be another such jump
  // before the comparison.
  size_t Near(size_t place) {
    return Distance(place) < std::numeric_limits<uint8_t>::max()
               ? place
               : PushJump(place);
  }

  size_t WriteLeaf(const std::optional<uint32_t>& action) {
    if (!action.has_value()) return 0;
    const auto known = leaves_.find(*action);
    if (known != leaves_.end()) return known->second;
    const size_t place = Push(BPF_STMT(BPF_RET | BPF_K, *action));
    leaves_.emplace(*action, place);
    return place;
  }

  // Of the ranges from `begin` on before `end`.
  size_t WriteTree(size_t begin, size_t end) {
    if (end - begin == 1) return WriteLeaf(ranges_[begin].action);
    const size_t middle = begin + (end - begin) / 2;
    size_t above = WriteTree(middle, end);
    size_t below = WriteTree(begin, middle);
    above = Near(above);
    below = Near(below);
    return Push(BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, ranges_[middle].first,
                         static_cast<uint8_t>(Distance(above)),
                         static_cast<uint8_t>(Distance(below))));
  }

  const std::vector<Range> ranges_;
  std::vector<sock_filter> reversed_;
  std::map<uint32_t, size_t> leaves_;
};

}  // namespace

void SetSeccompAction(uint32_t number, uint32_t action, SeccompRanges* ranges) {
  const auto next = ranges->upper_bound(number);
  const std::optional<uint32_t> around =
      next == ranges->begin() ? std::nullopt : std::prev(next)->second;
  // What follows stays as it is.
  if (number != std::numeric_limits<uint32_t>::max()) {
    ranges->emplace(number + 1, around);
  }
  (*ranges)[number] = action;
}

std::vector<sock_filter> SeccompLookup(const SeccompRanges& ranges) {
  return Writer(Merged(ranges)).Write();
}

}  // namespace reeve
