#include "agent/api/limits_convert.h"

#include <cmath>
#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "agent/api/io_limits_convert.h"
#include "agent/api/process_limits_convert.h"

namespace reeve {
namespace {

absl::Status Contradiction(absl::string_view limit) {
  return absl::InvalidArgumentError(absl::StrCat(
      limit, " has both a value and ", limit, "_unlimited: give one of them"));
}

// A bound from the two fields that stand for it.
absl::Status BoundFrom(absl::string_view limit, bool has_value, uint64_t value,
                       bool unlimited, std::optional<Bound>* bound) {
  if (has_value && unlimited) return Contradiction(limit);
  if (has_value) *bound = Bound::Of(value);
  if (unlimited) *bound = Bound::Unlimited();
  return absl::OkStatus();
}

absl::Status MemoryFromProto(const v1::Limits& message,
                             ResourceLimits* limits) {
  absl::Status status =
      BoundFrom("memory", message.has_memory_bytes(), message.memory_bytes(),
                message.memory_unlimited(), &limits->memory_bytes);
  status.Update(BoundFrom("memory_high", message.has_memory_high_bytes(),
                          message.memory_high_bytes(),
                          message.memory_high_unlimited(),
                          &limits->memory_high_bytes));
  status.Update(BoundFrom("memory_swap", message.has_memory_swap_bytes(),
                          message.memory_swap_bytes(),
                          message.memory_swap_unlimited(),
                          &limits->memory_swap_bytes));
  if (message.has_memory_low_bytes()) {
    limits->memory_low_bytes = message.memory_low_bytes();
  }
  if (message.has_memory_min_bytes()) {
    limits->memory_min_bytes = message.memory_min_bytes();
  }
  if (message.has_memory_oom_group()) {
    limits->memory_oom_group = message.memory_oom_group();
  }
  return status;
}

void CpusetFromProto(const v1::Limits& message, ResourceLimits* limits) {
  if (message.has_cpuset_cpus()) limits->cpuset_cpus = message.cpuset_cpus();
  if (message.has_cpuset_mems()) limits->cpuset_mems = message.cpuset_mems();
  if (message.has_reserved_cpus()) {
    limits->reserved_cpus = message.reserved_cpus();
  }
}

absl::Status HugetlbFromProto(const v1::Limits& message,
                              ResourceLimits* limits) {
  for (const v1::HugetlbLimit& limit : message.hugetlb()) {
    if (limit.has_bytes() == limit.unlimited()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "hugetlb ", limit.page_size(), ": give either bytes or unlimited"));
    }
    limits->hugetlb.push_back(
        {limit.page_size(),
         limit.unlimited() ? Bound::Unlimited() : Bound::Of(limit.bytes())});
  }
  return absl::OkStatus();
}

// Sets an optional field of a message where there is a value.
template <typename Value, typename Message>
void SetIf(const std::optional<Value>& value, Message* message,
           void (Message::*set)(Value)) {
  if (value.has_value()) (message->*set)(*value);
}

}  // namespace

absl::StatusOr<ResourceLimits> LimitsFromProto(const v1::Limits& message) {
  ResourceLimits limits;
  const absl::Status status = MemoryFromProto(message, &limits);
  if (!status.ok()) return status;
  if (message.has_cpu_shares()) limits.cpu_shares = message.cpu_shares();
  if (message.has_cpu_burst_usec()) {
    limits.cpu_burst_usec = message.cpu_burst_usec();
  }
  if (message.has_cpu_idle()) limits.cpu_idle = message.cpu_idle();

  if (message.has_cpus() && message.cpus_unlimited()) {
    return Contradiction("cpus");
  }
  if (message.has_cpus() || message.cpus_unlimited()) {
    CpuQuota quota;
    if (message.has_cpus()) quota.cores = message.cpus();
    if (message.has_cpu_period_usec()) {
      quota.period_usec = message.cpu_period_usec();
    }
    limits.cpu_quota = quota;
  } else if (message.has_cpu_period_usec()) {
    return absl::InvalidArgumentError(
        "cpu_period_usec goes with cpus: give both");
  }

  const absl::Status pids =
      BoundFrom("pids", message.has_pids(), message.pids(),
                message.pids_unlimited(), &limits.pids);
  if (!pids.ok()) return pids;
  CpusetFromProto(message, &limits);
  IoFromProto(message, &limits);
  const absl::Status hugetlb = HugetlbFromProto(message, &limits);
  if (!hugetlb.ok()) return hugetlb;
  const absl::Status process = ProcessLimitsFromProto(message, &limits);
  if (!process.ok()) return process;
  return limits;
}

v1::Limits ToProto(const ResourceLimits& limits) {
  v1::Limits message;
  if (limits.memory_bytes.has_value()) {
    SetIf(limits.memory_bytes->value, &message, &v1::Limits::set_memory_bytes);
    message.set_memory_unlimited(!limits.memory_bytes->value.has_value());
  }
  if (const auto& high = limits.memory_high_bytes) {
    SetIf(high->value, &message, &v1::Limits::set_memory_high_bytes);
    message.set_memory_high_unlimited(!high->value.has_value());
  }
  SetIf(limits.memory_low_bytes, &message, &v1::Limits::set_memory_low_bytes);
  SetIf(limits.memory_min_bytes, &message, &v1::Limits::set_memory_min_bytes);
  SetIf(limits.memory_oom_group, &message, &v1::Limits::set_memory_oom_group);
  if (const auto& swap = limits.memory_swap_bytes) {
    SetIf(swap->value, &message, &v1::Limits::set_memory_swap_bytes);
    message.set_memory_swap_unlimited(!swap->value.has_value());
  }
  SetIf(limits.cpu_shares, &message, &v1::Limits::set_cpu_shares);
  if (limits.cpu_quota.has_value()) {
    SetIf(limits.cpu_quota->cores, &message, &v1::Limits::set_cpus);
    message.set_cpus_unlimited(!limits.cpu_quota->cores.has_value());
    SetIf(limits.cpu_quota->period_usec, &message,
          &v1::Limits::set_cpu_period_usec);
  }
  SetIf(limits.cpu_burst_usec, &message, &v1::Limits::set_cpu_burst_usec);
  SetIf(limits.cpu_idle, &message, &v1::Limits::set_cpu_idle);
  if (limits.pids.has_value()) {
    SetIf(limits.pids->value, &message, &v1::Limits::set_pids);
    message.set_pids_unlimited(!limits.pids->value.has_value());
  }
  if (limits.cpuset_cpus) message.set_cpuset_cpus(*limits.cpuset_cpus);
  if (limits.cpuset_mems) message.set_cpuset_mems(*limits.cpuset_mems);
  SetIf(limits.reserved_cpus, &message, &v1::Limits::set_reserved_cpus);
  IoToProto(limits, &message);
  for (const HugetlbLimit& limit : limits.hugetlb) {
    v1::HugetlbLimit* const hugetlb = message.add_hugetlb();
    hugetlb->set_page_size(limit.page_size);
    SetIf(limit.bytes.value, hugetlb, &v1::HugetlbLimit::set_bytes);
    hugetlb->set_unlimited(!limit.bytes.value.has_value());
  }
  ProcessLimitsToProto(limits, &message);
  return message;
}

v1::Limits ToProto(const LimitValues& limits) {
  v1::Limits message;
  SetIf(limits.memory_bytes, &message, &v1::Limits::set_memory_bytes);
  SetIf(limits.memory_high_bytes, &message, &v1::Limits::set_memory_high_bytes);
  SetIf(limits.memory_low_bytes, &message, &v1::Limits::set_memory_low_bytes);
  SetIf(limits.memory_min_bytes, &message, &v1::Limits::set_memory_min_bytes);
  if (limits.memory_oom_group.has_value()) {
    message.set_memory_oom_group(*limits.memory_oom_group != 0);
  }
  SetIf(limits.memory_swap_bytes, &message, &v1::Limits::set_memory_swap_bytes);
  SetIf(limits.cpu_shares, &message, &v1::Limits::set_cpu_shares);
  SetIf(limits.cpu_cores, &message, &v1::Limits::set_cpus);
  if (limits.cpu_period_seconds.has_value()) {
    message.set_cpu_period_usec(
        static_cast<uint64_t>(std::llround(*limits.cpu_period_seconds * 1e6)));
  }
  if (limits.cpu_burst_seconds.has_value()) {
    message.set_cpu_burst_usec(
        static_cast<uint64_t>(std::llround(*limits.cpu_burst_seconds * 1e6)));
  }
  if (limits.cpu_idle.has_value()) message.set_cpu_idle(*limits.cpu_idle != 0);
  SetIf(limits.threads, &message, &v1::Limits::set_pids);
  if (limits.cpuset_cpus) message.set_cpuset_cpus(*limits.cpuset_cpus);
  if (limits.cpuset_mems) message.set_cpuset_mems(*limits.cpuset_mems);
  if (limits.reserved_cpu_count) {
    message.set_reserved_cpus(
        static_cast<uint32_t>(*limits.reserved_cpu_count));
  }
  IoToProto(limits, &message);
  for (const HugetlbLimitValue& limit : limits.hugetlb) {
    v1::HugetlbLimit* const hugetlb = message.add_hugetlb();
    hugetlb->set_page_size(limit.page_size);
    hugetlb->set_bytes(limit.bytes);
  }
  return message;
}

}  // namespace reeve
