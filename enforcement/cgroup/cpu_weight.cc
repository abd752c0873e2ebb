#include "enforcement/cgroup/cpu_weight.h"

#include <algorithm>
#include <cmath>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace reeve {
namespace {

constexpr uint64_t kMinShares = 2;
constexpr uint64_t kMaxShares = 262'144;
constexpr uint64_t kMinWeight = 1;
constexpr uint64_t kMaxWeight = 10'000;

// log10(weight) = (l^2 + 125 l) / 612 - 7 / 34 with l = log2(shares).
constexpr double kLinearTerm = 125;
constexpr double kDivisor = 612;
constexpr double kOffset = 7.0 / 34;
// Of the exponent; what floating point makes of a whole number must not be
// rounded up to the next.
constexpr double kTolerance = 1e-12;

uint64_t QuadraticWeight(uint64_t shares) {
  if (shares <= kMinShares) return kMinWeight;
  if (shares >= kMaxShares) return kMaxWeight;
  const double l = std::log2(static_cast<double>(shares));
  const double exponent = (l * l + kLinearTerm * l) / kDivisor - kOffset;
  return static_cast<uint64_t>(std::ceil(std::pow(10, exponent - kTolerance)));
}

uint64_t QuadraticShares(uint64_t weight) {
  if (weight <= kMinWeight) return kMinShares;
  if (weight >= kMaxWeight) return kMaxShares;
  const double exponent = std::log10(static_cast<double>(weight)) + kOffset;
  const double l =
      (std::sqrt(kLinearTerm * kLinearTerm + 4 * kDivisor * exponent) -
       kLinearTerm) /
      2;
  const auto shares = static_cast<uint64_t>(std::llround(std::exp2(l)));
  // Weights are rounded up.
  return QuadraticWeight(shares) > weight ? shares - 1 : shares;
}

}  // namespace

absl::StatusOr<CpuWeightMapping> ParseCpuWeightMapping(absl::string_view text) {
  if (text == "linear") return CpuWeightMapping::kLinear;
  if (text == "classic") return CpuWeightMapping::kClassic;
  if (text == "quadratic") return CpuWeightMapping::kQuadratic;
  return absl::InvalidArgumentError(absl::StrCat(
      text.empty() ? "\"\"" : text, ": give linear, classic or quadratic"));
}

uint64_t CpuWeightFromShares(uint64_t shares, CpuWeightMapping mapping) {
  if (mapping == CpuWeightMapping::kQuadratic) return QuadraticWeight(shares);
  if (mapping == CpuWeightMapping::kLinear) {
    return std::clamp<uint64_t>(shares * 100 / 1024, kMinWeight, kMaxWeight);
  }
  shares = std::clamp(shares, kMinShares, kMaxShares);
  return kMinWeight + (shares - kMinShares) * (kMaxWeight - kMinWeight) /
                          (kMaxShares - kMinShares);
}

// Rounded up, since weights are rounded down: so they come back the same.
uint64_t CpuSharesFromWeight(uint64_t weight, CpuWeightMapping mapping) {
  if (mapping == CpuWeightMapping::kQuadratic) return QuadraticShares(weight);
  if (mapping == CpuWeightMapping::kLinear) {
    return std::clamp<uint64_t>((weight * 1024 + 99) / 100, kMinShares,
                                kMaxShares);
  }
  weight = std::clamp(weight, kMinWeight, kMaxWeight);
  constexpr uint64_t kWeights = kMaxWeight - kMinWeight;
  return kMinShares +
         ((weight - kMinWeight) * (kMaxShares - kMinShares) + kWeights - 1) /
             kWeights;
}

}  // namespace reeve
