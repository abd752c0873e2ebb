#include "enforcement/spec/id_map.h"

#include <limits>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace reeve {
namespace {

absl::Status Wrong(absl::string_view field, absl::string_view mapping,
                   absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat(field, " \"", absl::CHexEscape(mapping), "\": ", why));
}

// The largest id stands for none.
bool Fits(uint32_t first, uint32_t count) {
  return count > 0 &&
         uint64_t{first} + count <= std::numeric_limits<uint32_t>::max();
}

bool Overlap(uint32_t a, uint32_t a_count, uint32_t b, uint32_t b_count) {
  return a < uint64_t{b} + b_count && b < uint64_t{a} + a_count;
}

absl::Status CheckApart(absl::string_view field, const IdMap& map, size_t one) {
  for (size_t other = 0; other < one; ++other) {
    const IdMapping& a = map[one];
    const IdMapping& b = map[other];
    if (Overlap(a.inside, a.count, b.inside, b.count) ||
        Overlap(a.outside, a.count, b.outside, b.count)) {
      return Wrong(field, IdMappingText(a),
                   absl::StrCat("it overlaps ", IdMappingText(b)));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<IdMapping> ParseIdMapping(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ':');
  IdMapping mapping;
  if (parts.size() != 3 || !absl::SimpleAtoi(parts[0], &mapping.inside) ||
      !absl::SimpleAtoi(parts[1], &mapping.outside) ||
      !absl::SimpleAtoi(parts[2], &mapping.count)) {
    return Wrong("id map", text,
                 "give INSIDE:OUTSIDE:COUNT, as 0:100000:65536");
  }
  if (!Fits(mapping.inside, mapping.count) ||
      !Fits(mapping.outside, mapping.count)) {
    return Wrong("id map", text, "it has no id, or one beyond the largest");
  }
  return mapping;
}

std::string IdMappingText(const IdMapping& mapping) {
  return absl::StrCat(mapping.inside, ":", mapping.outside, ":", mapping.count);
}

absl::Status ValidateIdMap(absl::string_view field, const IdMap& map) {
  if (map.size() > kMaxIdMappings) {
    return absl::InvalidArgumentError(
        absl::StrCat(map.size(), " ranges in the ", field, ": give ",
                     kMaxIdMappings, " at most"));
  }
  for (size_t i = 0; i < map.size(); ++i) {
    if (!Fits(map[i].inside, map[i].count) ||
        !Fits(map[i].outside, map[i].count)) {
      return Wrong(field, IdMappingText(map[i]),
                   "it has no id, or one beyond the largest");
    }
    absl::Status apart = CheckApart(field, map, i);
    if (!apart.ok()) return apart;
  }
  if (!map.empty() && !ToHostId(map, 0).has_value()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the ", field, " leaves 0 out: map it too"));
  }
  return absl::OkStatus();
}

std::optional<uint32_t> ToHostId(const IdMap& map, uint32_t id) {
  if (map.empty()) return id;
  for (const IdMapping& mapping : map) {
    if (id >= mapping.inside && id - mapping.inside < mapping.count) {
      return mapping.outside + (id - mapping.inside);
    }
  }
  return std::nullopt;
}

std::string KernelText(const IdMap& map) {
  std::string text;
  for (const IdMapping& mapping : map) {
    absl::StrAppend(&text, mapping.inside, " ", mapping.outside, " ",
                    mapping.count, "\n");
  }
  return text;
}

}  // namespace reeve
