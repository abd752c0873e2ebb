#ifndef REEVE_TESTS_ENFORCEMENT_CGROUP_FAKE_LIMIT_FILES_H_
#define REEVE_TESTS_ENFORCEMENT_CGROUP_FAKE_LIMIT_FILES_H_

#include <cerrno>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "enforcement/cgroup/limit_files.h"

namespace reeve {

// The limit files of a cgroup in memory, with the rules of the kernel that
// bind them together, and with writes that fail on demand.
class FakeLimitFiles final : public LimitFiles {
 public:
  // What a new cgroup has.
  static FakeLimitFiles V1() {
    return FakeLimitFiles({{"memory.limit_in_bytes", kV1Unlimited},
                           {"memory.memsw.limit_in_bytes", kV1Unlimited},
                           {"memory.swappiness", "60"},
                           {"../memory.swappiness", "60"},
                           {"cpu.shares", "1024"},
                           {"cpu.cfs_quota_us", "-1"},
                           {"cpu.cfs_period_us", "100000"},
                           {"cpu.cfs_burst_us", "0"},
                           {"cpu.idle", "0"},
                           {"pids.max", "max"},
                           {"cpuset.cpus", "0-3"},
                           {"../cpuset.cpus", "0-3"},
                           {"cpuset.mems", "0"},
                           {"../cpuset.mems", "0"},
                           {"blkio.bfq.weight", "100"},
                           {"blkio.throttle.read_bps_device", ""},
                           {"blkio.throttle.write_bps_device", ""},
                           {"blkio.throttle.read_iops_device", ""},
                           {"blkio.throttle.write_iops_device", ""},
                           {"hugetlb.2MB.limit_in_bytes", kV1Unlimited2MB}});
  }
  static FakeLimitFiles V2() {
    return FakeLimitFiles({{"memory.max", "max"},
                           {"memory.swap.max", "max"},
                           {"memory.high", "max"},
                           {"memory.low", "0"},
                           {"memory.min", "0"},
                           {"memory.oom.group", "0"},
                           {"cpu.weight", "100"},
                           {"cpu.max", "max 100000"},
                           {"cpu.max.burst", "0"},
                           {"cpu.idle", "0"},
                           {"pids.max", "max"},
                           {"cpuset.cpus", ""},
                           {"../cpuset.cpus.effective", "0-3"},
                           {"cpuset.mems", ""},
                           {"../cpuset.mems.effective", "0"},
                           {"io.weight", "default 100"},
                           {"io.max", ""},
                           {"hugetlb.2MB.max", "max"}});
  }

  static constexpr char kV1Unlimited2MB[] = "9223372036852678656";
  static constexpr char kV1Unlimited[] = "9223372036854771712";

  // The n-th write from now, counted from 0, is refused.
  void FailWrite(size_t n) { failing_.insert(writes_.size() + n); }

  // There are processes: v2 leaves them no cpuset without CPUs or nodes.
  void Populate() { is_populated_ = true; }

  void Remove(const std::string& file) { texts_.erase(file); }
  void Put(const std::string& file, const std::string& text) {
    texts_[file] = text;
  }

  const std::map<std::string, std::string>& texts() const { return texts_; }
  // "FILE=VALUE" of every write, those refused too.
  const std::vector<std::string>& writes() const { return writes_; }
  void ForgetWrites() {
    writes_.clear();
    failing_.clear();
  }

  absl::StatusOr<std::string> Read(const std::string& /*controller*/,
                                   const std::string& file) const override {
    const auto text = texts_.find(file);
    if (text == texts_.end()) return absl::NotFoundError(file);
    return text->second + "\n";
  }

  absl::StatusOr<std::string> Write(const std::string& controller,
                                    const std::string& file,
                                    const std::string& value) override {
    if (file.rfind(controller + ".", 0) != 0) {
      return absl::InternalError(absl::StrCat(file, " in ", controller));
    }
    const bool fails = failing_.count(writes_.size()) != 0;
    writes_.push_back(absl::StrCat(file, "=", value));
    if (fails) return absl::ErrnoToStatus(EIO, "write " + file);
    if (is_populated_ && value.empty() && absl::StartsWith(file, "cpuset.")) {
      return absl::ErrnoToStatus(ENOSPC, "write " + file);
    }
    std::map<std::string, std::string> changed = texts_;
    changed[file] = Kept(file, value, texts_[file]);
    if (file == "cpu.idle") ForgetWeight(changed);
    if (!IsValid(changed)) return absl::ErrnoToStatus(EINVAL, "write " + file);
    texts_ = std::move(changed);
    return texts_[file] + "\n";
  }

 private:
  static constexpr uint64_t kPage = 4096;
  static constexpr uint64_t kHugePage = 2 << 20;

  // A task that becomes idle, or no more is, has lost its weight.
  static void ForgetWeight(std::map<std::string, std::string>& texts) {
    const bool is_idle = texts["cpu.idle"] == "1";
    if (texts.count("cpu.shares") != 0) {
      texts["cpu.shares"] = is_idle ? "3" : "1024";
    } else {
      texts["cpu.weight"] = is_idle ? "0" : "100";
    }
  }

  explicit FakeLimitFiles(std::map<std::string, std::string> texts)
      : texts_(std::move(texts)) {}

  static std::optional<uint64_t> Number(
      const std::map<std::string, std::string>& texts,
      const std::string& file) {
    uint64_t number = 0;
    const auto text = texts.find(file);
    if (text == texts.end() || !absl::SimpleAtoi(text->second, &number)) {
      return std::nullopt;
    }
    return number;
  }

  // The contents with the line of one device replaced; gone without a limit.
  static std::string WithLine(const std::string& contents,
                              const std::string& line) {
    const std::string device = line.substr(0, line.find(' ') + 1);
    std::set<std::string> lines;
    for (absl::string_view old :
         absl::StrSplit(contents, '\n', absl::SkipEmpty())) {
      if (!absl::StartsWith(old, device)) lines.emplace(old);
    }
    const bool is_unlimited =
        line == device + "0" ||
        line == device + "rbps=max wbps=max riops=max wiops=max";
    if (!is_unlimited) lines.insert(line);
    return absl::StrJoin(lines, "\n");
  }

  // How the kernel prints what it was given.
  static std::string Kept(const std::string& file, const std::string& value,
                          const std::string& before) {
    if (file == "io.max" || absl::StartsWith(file, "blkio.throttle.")) {
      return WithLine(before, value);
    }
    if (file == "io.weight") return absl::StrCat("default ", value);
    if (absl::StartsWith(file, "hugetlb.")) {
      if (value == "-1") return kV1Unlimited2MB;
      uint64_t bytes = 0;
      if (!absl::SimpleAtoi(value, &bytes)) return value;
      return absl::StrCat(bytes / kHugePage * kHugePage);
    }
    if (file == "memory.limit_in_bytes" ||
        file == "memory.memsw.limit_in_bytes" || file == "memory.max" ||
        file == "memory.swap.max" || file == "memory.high" ||
        file == "memory.low" || file == "memory.min") {
      if (value == "-1") return kV1Unlimited;
      uint64_t bytes = 0;
      if (!absl::SimpleAtoi(value, &bytes)) return value;
      return absl::StrCat(bytes / kPage * kPage);
    }
    return value;
  }

  // The bounds that hold between files: a v1 cpuset not empty, memory below
  // memory and swap, a burst below its quota, and a parent that grants two
  // cores.
  static bool IsValid(const std::map<std::string, std::string>& texts) {
    // A v1 cpuset with processes may not become empty.
    const auto cpus = texts.find("cpuset.cpus");
    if (texts.count("../cpuset.cpus") != 0 && cpus->second.empty()) {
      return false;
    }
    const auto memory = Number(texts, "memory.limit_in_bytes");
    const auto memsw = Number(texts, "memory.memsw.limit_in_bytes");
    if (memory && memsw && *memory > *memsw) return false;
    const auto max = texts.find("cpu.max");
    uint64_t v2_quota = 0;
    if (max != texts.end() &&
        absl::SimpleAtoi(max->second.substr(0, max->second.find(' ')),
                         &v2_quota) &&
        v2_quota < Number(texts, "cpu.max.burst").value_or(0)) {
      return false;
    }
    const auto quota = Number(texts, "cpu.cfs_quota_us");
    if (quota && *quota < Number(texts, "cpu.cfs_burst_us").value_or(0)) {
      return false;
    }
    const auto period = Number(texts, "cpu.cfs_period_us");
    return !quota || !period || (*quota >= 1000 && *quota <= 2 * *period);
  }

  bool is_populated_ = false;
  std::map<std::string, std::string> texts_;
  std::vector<std::string> writes_;
  std::set<size_t> failing_;
};

}  // namespace reeve

#endif  // REEVE_TESTS_ENFORCEMENT_CGROUP_FAKE_LIMIT_FILES_H_
