#include "agent/api/io_limits_convert.h"

#include <cstdint>
#include <optional>

namespace reeve {
namespace {

std::optional<Bound> RateFrom(bool has_value, uint64_t value) {
  if (!has_value) return std::nullopt;
  return value == 0 ? Bound::Unlimited() : Bound::Of(value);
}

// Of either kind of limits.
uint64_t RateOf(const Bound& rate) { return rate.value.value_or(0); }
uint64_t RateOf(uint64_t rate) { return rate; }

template <typename Rate>
void SetIf(const std::optional<Rate>& rate, v1::IoMax* message,
           void (v1::IoMax::*set)(uint64_t)) {
  if (rate.has_value()) (message->*set)(RateOf(*rate));
}

}  // namespace

void IoFromProto(const v1::Limits& message, ResourceLimits* limits) {
  if (message.has_io_weight()) limits->io_weight = message.io_weight();
  for (const v1::IoMax& io : message.io_max()) {
    limits->io_max.push_back({io.device(),
                              RateFrom(io.has_read_bps(), io.read_bps()),
                              RateFrom(io.has_write_bps(), io.write_bps()),
                              RateFrom(io.has_read_iops(), io.read_iops()),
                              RateFrom(io.has_write_iops(), io.write_iops())});
  }
}

void IoToProto(const ResourceLimits& limits, v1::Limits* message) {
  if (limits.io_weight.has_value()) message->set_io_weight(*limits.io_weight);
  for (const IoMax& io : limits.io_max) {
    v1::IoMax* const device = message->add_io_max();
    device->set_device(io.device);
    SetIf(io.read_bps, device, &v1::IoMax::set_read_bps);
    SetIf(io.write_bps, device, &v1::IoMax::set_write_bps);
    SetIf(io.read_iops, device, &v1::IoMax::set_read_iops);
    SetIf(io.write_iops, device, &v1::IoMax::set_write_iops);
  }
}

void IoToProto(const LimitValues& limits, v1::Limits* message) {
  if (limits.io_weight.has_value()) {
    message->set_io_weight(static_cast<uint32_t>(*limits.io_weight));
  }
  for (const IoLimitValues& io : limits.io) {
    v1::IoMax* const device = message->add_io_max();
    device->set_device(io.device);
    SetIf(io.read_bytes, device, &v1::IoMax::set_read_bps);
    SetIf(io.write_bytes, device, &v1::IoMax::set_write_bps);
    SetIf(io.read_operations, device, &v1::IoMax::set_read_iops);
    SetIf(io.write_operations, device, &v1::IoMax::set_write_iops);
  }
}

}  // namespace reeve
