#include "enforcement/spec/mount_spec.h"

#include <linux/limits.h>

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "base/quantity.h"

namespace reeve {
namespace {

constexpr char kForm[] =
    "give type=bind,src=/HOST,dst=/TASK or type=tmpfs,dst=/TASK, with ro, "
    "noexec, nosuid, nodev, propagation=, size= or mode= after it";

struct PropagationName {
  const char* name;
  Propagation propagation;
};

constexpr PropagationName kPropagations[] = {
    {"private", Propagation::kPrivate},
    {"host-to-task", Propagation::kHostToTask},
    {"bidirectional", Propagation::kBidirectional}};

struct Switch {
  const char* name;
  bool MountSpec::*field;
};

constexpr Switch kSwitches[] = {{"ro", &MountSpec::read_only},
                                {"noexec", &MountSpec::no_exec},
                                {"nosuid", &MountSpec::no_suid},
                                {"nodev", &MountSpec::no_dev}};

absl::Status Wrong(absl::string_view mount, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("mount \"", absl::CHexEscape(mount), "\": ", why));
}

absl::Status SetKind(absl::string_view value, MountSpec* mount) {
  if (value == "bind") {
    mount->kind = MountKind::kBind;
  } else if (value == "tmpfs") {
    mount->kind = MountKind::kTmpfs;
  } else {
    return absl::InvalidArgumentError("type is bind or tmpfs");
  }
  return absl::OkStatus();
}

absl::Status SetMode(absl::string_view value, MountSpec* mount) {
  uint32_t mode = 0;
  for (const char c : value) {
    if (c < '0' || c > '7' || mode > 07777 / 8) {
      return absl::InvalidArgumentError("mode is an octal number up to 7777");
    }
    mode = mode * 8 + static_cast<uint32_t>(c - '0');
  }
  mount->mode = mode;
  return absl::OkStatus();
}

absl::Status SetValue(absl::string_view key, absl::string_view value,
                      MountSpec* mount) {
  if (value.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(absl::CHexEscape(key), " has no value"));
  }
  if (key == "type") return SetKind(value, mount);
  if (key == "mode") return SetMode(value, mount);
  if (key == "src" || key == "source") {
    mount->source = std::string(value);
  } else if (key == "dst" || key == "target") {
    mount->target = std::string(value);
  } else if (key == "propagation") {
    const absl::StatusOr<Propagation> propagation = ParsePropagation(value);
    if (!propagation.ok()) return propagation.status();
    mount->propagation = *propagation;
  } else if (key == "size") {
    const absl::StatusOr<uint64_t> size = ParseSize(std::string(value));
    if (!size.ok()) {
      return absl::InvalidArgumentError(
          absl::CHexEscape(size.status().message()));
    }
    mount->size = *size;
  } else {
    return absl::InvalidArgumentError(
        absl::StrCat("there is no \"", absl::CHexEscape(key), "\": ", kForm));
  }
  return absl::OkStatus();
}

absl::Status SetPart(absl::string_view part, MountSpec* mount) {
  for (const Switch& known : kSwitches) {
    if (part == known.name) {
      mount->*known.field = true;
      return absl::OkStatus();
    }
  }
  const size_t equals = part.find('=');
  if (equals == absl::string_view::npos) {
    return absl::InvalidArgumentError(
        absl::StrCat("there is no \"", absl::CHexEscape(part), "\": ", kForm));
  }
  return SetValue(part.substr(0, equals), part.substr(equals + 1), mount);
}

absl::Status ValidateBind(const MountSpec& mount, absl::string_view text) {
  if (!IsPlainPath(mount.source)) {
    return Wrong(text,
                 "the source is an absolute path without \".\" and \"..\"");
  }
  if (mount.size != 0) return Wrong(text, "only a tmpfs has a size");
  return absl::OkStatus();
}

absl::Status ValidateTmpfs(const MountSpec& mount, absl::string_view text) {
  if (!mount.source.empty()) return Wrong(text, "a tmpfs has no source");
  if (mount.propagation != Propagation::kPrivate) {
    return Wrong(text,
                 "the host has no part in a tmpfs: leave propagation out");
  }
  if (mount.mode > 07777) return Wrong(text, "mode is at most 7777");
  return absl::OkStatus();
}

absl::Status ValidateMount(const MountSpec& mount) {
  const std::string text = MountText(mount);
  if (!IsPlainPath(mount.target) || mount.target == "/") {
    return Wrong(text,
                 "the target is an absolute path below \"/\" without \".\" and "
                 "\"..\"");
  }
  return mount.kind == MountKind::kBind ? ValidateBind(mount, text)
                                        : ValidateTmpfs(mount, text);
}

}  // namespace

std::string PropagationText(Propagation propagation) {
  for (const PropagationName& known : kPropagations) {
    if (known.propagation == propagation) return known.name;
  }
  return "";
}

absl::StatusOr<Propagation> ParsePropagation(absl::string_view text) {
  if (text.empty()) return Propagation::kPrivate;
  for (const PropagationName& known : kPropagations) {
    if (text == known.name) return known.propagation;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("propagation \"", absl::CHexEscape(text),
                   "\": use private, host-to-task or bidirectional"));
}

absl::StatusOr<MountSpec> ParseMount(absl::string_view text) {
  MountSpec mount;
  for (const absl::string_view part : absl::StrSplit(text, ',')) {
    const absl::Status status = SetPart(part, &mount);
    if (!status.ok()) return Wrong(text, status.message());
  }
  absl::Status valid = ValidateMount(mount);
  if (!valid.ok()) return valid;
  return mount;
}

std::string MountText(const MountSpec& mount) {
  const bool is_bind = mount.kind == MountKind::kBind;
  std::string text = is_bind ? "type=bind" : "type=tmpfs";
  if (!mount.source.empty()) absl::StrAppend(&text, ",src=", mount.source);
  absl::StrAppend(&text, ",dst=", mount.target);
  for (const Switch& known : kSwitches) {
    if (mount.*known.field) absl::StrAppend(&text, ",", known.name);
  }
  if (mount.propagation != Propagation::kPrivate) {
    absl::StrAppend(&text, ",propagation=", PropagationText(mount.propagation));
  }
  if (mount.size != 0) absl::StrAppend(&text, ",size=", mount.size);
  if (!is_bind) absl::StrAppendFormat(&text, ",mode=%o", mount.mode);
  return text;
}

absl::Status ValidateMounts(const std::vector<MountSpec>& mounts) {
  if (mounts.size() > kMaxMounts) {
    return absl::InvalidArgumentError(
        absl::StrCat(mounts.size(), " mounts: give ", kMaxMounts, " at most"));
  }
  absl::flat_hash_set<std::string> targets;
  for (const MountSpec& mount : mounts) {
    absl::Status status = ValidateMount(mount);
    if (!status.ok()) return status;
    if (!targets.insert(mount.target).second) {
      return Wrong(MountText(mount), "something else is mounted there already");
    }
  }
  return absl::OkStatus();
}

bool IsPlainPath(absl::string_view path) {
  if (path == "/") return true;
  if (path.empty() || path.front() != '/' || path.size() >= PATH_MAX ||
      absl::StrContains(path, '\0')) {
    return false;
  }
  const std::vector<absl::string_view> parts =
      absl::StrSplit(path.substr(1), '/');
  return std::all_of(parts.begin(), parts.end(), [](absl::string_view part) {
    return !part.empty() && part != "." && part != "..";
  });
}

}  // namespace reeve
