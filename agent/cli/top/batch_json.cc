#include "agent/cli/top/batch_json.h"

#include <cstdint>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"

namespace reeve {
namespace {

// UTF-8 as it is.
std::string Quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted.push_back('\\');
      quoted.push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      absl::StrAppendFormat(&quoted, "\\u%04x", static_cast<unsigned char>(c));
    } else {
      quoted.push_back(c);
    }
  }
  return quoted + "\"";
}

// The members of one object, in the order in which they are added.
class JsonObject {
 public:
  void Add(const char* name, const std::string& json) {
    absl::StrAppend(&members_, members_.empty() ? "" : ",", "\"", name,
                    "\":", json);
  }
  void AddText(const char* name, const std::string& text) {
    if (!text.empty()) Add(name, Quoted(text));
  }
  void AddNumber(const char* name, std::optional<double> number) {
    if (number.has_value()) Add(name, absl::StrFormat("%.6g", *number));
  }
  void AddCount(const char* name, std::optional<uint64_t> count) {
    if (count.has_value()) Add(name, absl::StrCat(*count));
  }
  std::string Text() const { return absl::StrCat("{", members_, "}"); }

 private:
  std::string members_;
};

std::string HostJson(const HostUsage& usage) {
  const HostLoad& host = usage.load;
  JsonObject json;
  if (host.cpu.has_value()) json.AddCount("cpus", host.cpu->cpus);
  json.AddNumber("cpu_percent", usage.cpu_percent);
  if (host.memory.has_value()) {
    json.AddCount("memory_total_bytes", host.memory->total_bytes);
    json.AddCount("memory_available_bytes", host.memory->available_bytes);
  }
  if (host.load.has_value()) {
    const auto& [one, five, fifteen] = *host.load;
    json.Add("load", absl::StrFormat("[%.2f,%.2f,%.2f]", one, five, fifteen));
  }
  json.AddNumber("cpu_pressure_percent", host.cpu_pressure);
  json.AddNumber("memory_pressure_percent", host.memory_pressure);
  json.AddNumber("io_pressure_percent", host.io_pressure);
  return json.Text();
}

std::string EntryJson(const TopEntry& entry) {
  JsonObject json;
  if (entry.is_group) {
    json.AddText("group", entry.id);
  } else {
    json.AddText("id", entry.id);
    json.AddText("group", entry.group);
    json.AddText("state", entry.state_text);
  }
  json.AddNumber("cpu_percent", entry.cpu_percent);
  json.AddNumber("throttled_percent", entry.throttled_percent);
  json.AddCount("memory_bytes", entry.memory_bytes);
  json.AddCount("memory_limit_bytes", entry.memory_limit_bytes);
  json.AddCount("working_set_bytes", entry.working_set_bytes);
  json.AddCount("threads", entry.threads);
  json.AddCount("threads_limit", entry.threads_limit);
  json.AddCount("oom_kills", entry.oom_kills);
  if (entry.uptime.has_value()) {
    json.AddNumber("uptime_seconds", absl::ToDoubleSeconds(*entry.uptime));
  }
  json.AddText("command", entry.command);
  return json.Text();
}

// An array of what is not empty.
class JsonArray {
 public:
  void Add(const std::string& json) {
    absl::StrAppend(&elements_, elements_.empty() ? "" : ",", json);
  }
  std::string Text() const { return absl::StrCat("[", elements_, "]"); }

 private:
  std::string elements_;
};

}  // namespace

std::string BatchJson(const TopSample& sample, const TopOrder& order,
                      const std::vector<TopRow>& rows) {
  JsonArray groups;
  for (const TopEntry& group : sample.groups) {
    if (group.id == order.group.value_or(group.id)) {
      groups.Add(EntryJson(group));
    }
  }
  JsonArray tasks;
  for (const TopRow& row : rows) {
    if (!row.entry->is_group) tasks.Add(EntryJson(*row.entry));
  }
  JsonObject json;
  json.AddText("time", absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", sample.taken_at,
                                        absl::UTCTimeZone()));
  json.Add("host", HostJson(sample.host));
  json.Add("groups", groups.Text());
  json.Add("tasks", tasks.Text());
  return json.Text() + "\n";
}

}  // namespace reeve
