#include "agent/cli/top/top_rows.h"

#include <algorithm>
#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace reeve {
namespace {

bool Contains(const std::string& text, const std::string& lower_part) {
  return absl::StrContains(absl::AsciiStrToLower(text), lower_part);
}

using Entries = std::vector<const TopEntry*>;

Entries ShownTasks(const TopSample& sample, const TopOrder& order) {
  const std::string filter = absl::AsciiStrToLower(order.filter);
  Entries shown;
  for (const TopEntry& task : sample.tasks) {
    if (order.group.has_value() && task.group != *order.group) continue;
    if (Contains(task.id, filter) || Contains(task.group, filter)) {
      shown.push_back(&task);
    }
  }
  return shown;
}

void Sort(const TopOrder& order, Entries* entries) {
  std::sort(entries->begin(), entries->end(),
            [&order](const TopEntry* a, const TopEntry* b) {
              return IsBefore(order.sort, order.reversed, *a, *b);
            });
}

void AddRows(const Entries& entries, bool is_member,
             std::vector<TopRow>* rows) {
  for (const TopEntry* entry : entries) rows->push_back({entry, is_member});
}

// Those whose group is not known stand behind the groups, as those without one.
std::vector<TopRow> Tree(const TopSample& sample, const TopOrder& order,
                         const Entries& tasks) {
  std::map<std::string, Entries> members;
  for (const TopEntry* task : tasks) members[task->group].push_back(task);

  Entries groups;
  for (const TopEntry& group : sample.groups) {
    if (members.count(group.id) > 0) groups.push_back(&group);
  }
  Sort(order, &groups);
  std::vector<TopRow> rows;
  for (const TopEntry* group : groups) {
    rows.push_back({group, false});
    AddRows(members[group->id], true, &rows);
    members.erase(group->id);
  }
  Entries rest;
  for (const TopEntry* task : tasks) {
    if (members.count(task->group) > 0) rest.push_back(task);
  }
  AddRows(rest, false, &rows);
  return rows;
}

}  // namespace

std::vector<TopRow> RowsOf(const TopSample& sample, const TopOrder& order) {
  Entries tasks = ShownTasks(sample, order);
  Sort(order, &tasks);
  if (order.tree) return Tree(sample, order, tasks);
  std::vector<TopRow> rows;
  AddRows(tasks, false, &rows);
  return rows;
}

}  // namespace reeve
