#include "agent/spec/launch_order.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace reeve {
namespace {

using Indexes = std::map<std::string, size_t>;
using Specs = std::vector<const v1::TaskSpec*>;

// The ids from `start` to a task that comes after it, as "after" leads; empty
// if it leads nowhere back. Walks, so that a long chain needs no deep stack.
std::vector<std::string> CycleFrom(const Specs& specs, const Indexes& indexes,
                                   size_t start) {
  // How each was come to.
  std::map<size_t, size_t> from;
  std::vector<size_t> left = {start};
  while (!left.empty()) {
    const size_t at = left.back();
    left.pop_back();
    for (const std::string& id : specs[at]->after()) {
      const auto found = indexes.find(id);
      if (found == indexes.end()) continue;
      if (found->second == start) {
        std::vector<std::string> ids = {specs[start]->id()};
        for (size_t step = at; step != start; step = from[step]) {
          ids.push_back(specs[step]->id());
        }
        std::reverse(ids.begin() + 1, ids.end());
        ids.push_back(specs[start]->id());
        return ids;
      }
      if (from.emplace(found->second, at).second) {
        left.push_back(found->second);
      }
    }
  }
  return {};
}

absl::Status CheckAfter(const Specs& specs, const Indexes& indexes,
                        const std::set<std::string>& known, size_t index) {
  for (const std::string& id : specs[index]->after()) {
    if (indexes.count(id) != 0 || known.count(id) != 0) continue;
    return absl::FailedPreconditionError(
        absl::StrCat("after: there is no task ", id));
  }
  const std::vector<std::string> cycle = CycleFrom(specs, indexes, index);
  if (cycle.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("after: ", absl::StrJoin(cycle, " after "),
                   ": none of them can be the first"));
}

}  // namespace

LaunchOrder OrderLaunches(const Specs& specs,
                          const std::set<std::string>& known) {
  LaunchOrder result;
  Indexes indexes;
  for (size_t i = 0; i < specs.size(); ++i) indexes[specs[i]->id()] = i;
  // Ids of what is still to be placed.
  std::set<std::string> waiting;
  for (size_t i = 0; i < specs.size(); ++i) {
    absl::Status status = CheckAfter(specs, indexes, known, i);
    if (status.ok()) {
      waiting.insert(specs[i]->id());
    } else {
      result.errors[i] = std::move(status);
    }
  }
  // Without cycles each pass places one at least.
  result.order.reserve(waiting.size());
  while (!waiting.empty()) {
    for (size_t i = 0; i < specs.size(); ++i) {
      if (waiting.count(specs[i]->id()) == 0) continue;
      const auto& after = specs[i]->after();
      const bool is_next = std::none_of(
          after.begin(), after.end(),
          [&](const std::string& id) { return waiting.count(id) != 0; });
      if (!is_next) continue;
      result.order.push_back(i);
      waiting.erase(specs[i]->id());
    }
  }
  return result;
}

}  // namespace reeve
