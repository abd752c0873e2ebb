#include "enforcement/cgroup/io_plan.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "enforcement/cgroup/io_rates.h"

namespace reeve {
namespace {

constexpr char kIoWeight[] = "io.weight";
constexpr char kIoBfqWeight[] = "io.bfq.weight";
constexpr char kBlkioBfqWeight[] = "blkio.bfq.weight";
constexpr char kBlkioWeight[] = "blkio.weight";
constexpr char kIoMax[] = "io.max";

constexpr uint32_t kMaxBfqWeight = 1000;
// CFQ's default of 500 is our 100.
constexpr uint32_t kCfqScale = 5;
constexpr uint32_t kMinCfqWeight = 10 / kCfqScale;
constexpr uint32_t kMaxCfqWeight = 1000 / kCfqScale;

// A rate with its key on v2 and its file on v1.
struct Rate {
  const char* key;
  const char* v1_file;
  std::optional<Bound> IoMax::*asked;
  Bound IoRates::*kept;
};

constexpr Rate kRates[] = {
    {"rbps", "blkio.throttle.read_bps_device", &IoMax::read_bps,
     &IoRates::read_bps},
    {"wbps", "blkio.throttle.write_bps_device", &IoMax::write_bps,
     &IoRates::write_bps},
    {"riops", "blkio.throttle.read_iops_device", &IoMax::read_iops,
     &IoRates::read_iops},
    {"wiops", "blkio.throttle.write_iops_device", &IoMax::write_iops,
     &IoRates::write_iops},
};

absl::Status OutOfRange(uint32_t weight, uint32_t min, uint32_t max,
                        const char* file) {
  return absl::InvalidArgumentError(
      absl::StrCat("io weight of ", weight, ": give ", min, " to ", max,
                   ", which is what ", file, " of this kernel takes"));
}

void PlanV2Weight(uint32_t weight, LimitPlanner& planner) {
  const std::string text = absl::StrCat(weight);
  const bool has_cost_model = planner.Text(kIoWeight).has_value();
  const bool has_bfq = planner.Text(kIoBfqWeight).has_value();
  if (has_cost_model || !has_bfq) planner.Add("io", kIoWeight, text, text);
  if (!has_bfq) return;
  if (weight > kMaxBfqWeight && !has_cost_model) {
    planner.Refuse(OutOfRange(weight, 1, kMaxBfqWeight, kIoBfqWeight));
  }
  planner.Add("io", kIoBfqWeight, text,
              absl::StrCat(std::min(weight, kMaxBfqWeight)));
}

void PlanV1Weight(uint32_t weight, LimitPlanner& planner) {
  const std::string text = absl::StrCat(weight);
  if (planner.Text(kBlkioWeight).has_value()) {
    if (weight < kMinCfqWeight || weight > kMaxCfqWeight) {
      planner.Refuse(
          OutOfRange(weight, kMinCfqWeight, kMaxCfqWeight, kBlkioWeight));
    }
    planner.Add("blkio", kBlkioWeight, text, absl::StrCat(weight * kCfqScale));
    return;
  }
  if (weight > kMaxBfqWeight) {
    planner.Refuse(OutOfRange(weight, 1, kMaxBfqWeight, kBlkioBfqWeight));
  }
  planner.Add("blkio", kBlkioBfqWeight, text, text);
}

// v1 takes 0 for no limit.
std::string V1Rate(const Bound& rate) {
  return absl::StrCat(rate.value.value_or(0));
}

void PlanV1Max(const IoMax& io, LimitPlanner& planner) {
  for (const Rate& rate : kRates) {
    const std::optional<Bound>& asked = io.*rate.asked;
    if (!asked.has_value()) continue;
    planner.AddItem("blkio", rate.v1_file, io.device, BoundText(*asked),
                    V1Rate(*asked));
  }
}

void PlanV2Max(const IoMax& io, LimitPlanner& planner) {
  IoRates rates = ParseIoRates(planner.ItemText(kIoMax, io.device));
  std::vector<std::string> requested;
  for (const Rate& rate : kRates) {
    const std::optional<Bound>& asked = io.*rate.asked;
    if (!asked.has_value()) continue;
    rates.*rate.kept = *asked;
    requested.push_back(absl::StrCat(rate.key, "=", BoundText(*asked)));
  }
  planner.AddItem("io", kIoMax, io.device, absl::StrJoin(requested, " "),
                  FormatIoRates(rates));
}

}  // namespace

const char* IoController(CgroupVersion version) {
  return version == CgroupVersion::kV1 ? "blkio" : "io";
}

std::vector<LimitFile> IoFilesOf(const ResourceLimits& limits,
                                 CgroupVersion version) {
  std::vector<LimitFile> files;
  const bool is_v1 = version == CgroupVersion::kV1;
  const char* const controller = IoController(version);
  if (limits.io_weight.has_value()) {
    files.push_back({controller, is_v1 ? kBlkioWeight : kIoWeight});
    files.push_back({controller, is_v1 ? kBlkioBfqWeight : kIoBfqWeight});
  }
  if (limits.io_max.empty()) return files;
  if (!is_v1) {
    files.push_back({controller, kIoMax});
    return files;
  }
  for (const Rate& rate : kRates) files.push_back({controller, rate.v1_file});
  return files;
}

void PlanIo(const ResourceLimits& limits, CgroupVersion version,
            LimitPlanner& planner) {
  const bool is_v1 = version == CgroupVersion::kV1;
  if (limits.io_weight.has_value()) {
    is_v1 ? PlanV1Weight(*limits.io_weight, planner)
          : PlanV2Weight(*limits.io_weight, planner);
  }
  for (const IoMax& io : limits.io_max) {
    is_v1 ? PlanV1Max(io, planner) : PlanV2Max(io, planner);
  }
}

}  // namespace reeve
