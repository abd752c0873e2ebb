#include "enforcement/cgroup/device_attachment.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/file.h"

namespace reeve {
namespace {

// By which it is found again; at most BPF_OBJ_NAME_LEN bytes with the NUL.
constexpr char kName[] = "reeve_devices";
constexpr char kLicense[] = "Apache-2.0";

// BPF_CGROUP_MAX_PROGS of the kernel.
constexpr size_t kMostPrograms = 64;

constexpr size_t kLogBytes = 64 << 10;

constexpr char kOtherWay[] =
    ", or mount the v1 hierarchy of the devices controller";

// The kernel wants 0 in all that an operation does not use.
bpf_attr NoAttributes() {
  bpf_attr attributes;
  std::memset(&attributes, 0, sizeof(attributes));
  return attributes;
}

long Bpf(bpf_cmd command, bpf_attr& attributes) {
  return syscall(SYS_bpf, command, &attributes, sizeof(attributes));
}

uint64_t AddressOf(const void* pointer) {
  return reinterpret_cast<uintptr_t>(pointer);
}

// `what` failed with errno.
absl::Status WhyNot(int error, const std::string& what) {
  if (error == ENOSYS || error == EINVAL) {
    return absl::UnimplementedError(absl::StrCat(
        what, ": ", std::strerror(error),
        ": use a kernel of 5.6 or later with CONFIG_CGROUP_BPF", kOtherWay));
  }
  if (error == EPERM) {
    return absl::PermissionDeniedError(absl::StrCat(
        what, ": ", std::strerror(error),
        ": run the agent as root, below no cgroup whose own device program "
        "forbids others; before Linux 5.11 also with LimitMEMLOCK=infinity"));
  }
  return ErrnoStatus(error, what);
}

bpf_attr LoadAttributes(const std::vector<bpf_insn>& program) {
  bpf_attr attributes = NoAttributes();
  attributes.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
  attributes.insns = AddressOf(program.data());
  attributes.insn_cnt = static_cast<uint32_t>(program.size());
  attributes.license = AddressOf(kLicense);
  std::memcpy(attributes.prog_name, kName, sizeof(kName));
  return attributes;
}

// What the verifier says when the program is loaded once more.
std::string AskVerifier(const std::vector<bpf_insn>& program) {
  std::string log(kLogBytes, '\0');
  bpf_attr attributes = LoadAttributes(program);
  attributes.log_level = 1;
  attributes.log_buf = AddressOf(log.data());
  attributes.log_size = kLogBytes;
  const UniqueFd unexpected(static_cast<int>(Bpf(BPF_PROG_LOAD, attributes)));
  return VerifierComplaint(log.c_str());
}

absl::StatusOr<bpf_prog_info> InfoOf(const UniqueFd& program) {
  bpf_prog_info info;
  std::memset(&info, 0, sizeof(info));
  bpf_attr attributes = NoAttributes();
  attributes.info.bpf_fd = static_cast<uint32_t>(program.get());
  attributes.info.info_len = sizeof(info);
  attributes.info.info = AddressOf(&info);
  if (Bpf(BPF_OBJ_GET_INFO_BY_FD, attributes) != 0) {
    return WhyNot(errno, "look at a device program");
  }
  return info;
}

// The ids of the device programs that are attached to the cgroup itself.
absl::StatusOr<std::vector<uint32_t>> AttachedTo(int dir_fd) {
  std::vector<uint32_t> ids(kMostPrograms);
  bpf_attr attributes = NoAttributes();
  attributes.query.target_fd = static_cast<uint32_t>(dir_fd);
  attributes.query.attach_type = BPF_CGROUP_DEVICE;
  attributes.query.prog_ids = AddressOf(ids.data());
  attributes.query.prog_cnt = kMostPrograms;
  if (Bpf(BPF_PROG_QUERY, attributes) != 0) {
    return WhyNot(errno, "list the device programs of the cgroup");
  }
  ids.resize(std::min<size_t>(attributes.query.prog_cnt, ids.size()));
  return ids;
}

// The program that AttachDeviceProgram() has left; empty if there is none.
absl::StatusOr<UniqueFd> FindOurs(int dir_fd) {
  const absl::StatusOr<std::vector<uint32_t>> ids = AttachedTo(dir_fd);
  if (!ids.ok()) return ids.status();
  for (const uint32_t id : *ids) {
    bpf_attr attributes = NoAttributes();
    attributes.prog_id = id;
    UniqueFd program(static_cast<int>(Bpf(BPF_PROG_GET_FD_BY_ID, attributes)));
    // It may have been taken away meanwhile.
    if (!program && errno == ENOENT) continue;
    if (!program) return WhyNot(errno, "open a device program of the cgroup");
    const absl::StatusOr<bpf_prog_info> info = InfoOf(program);
    if (!info.ok()) return info.status();
    if (absl::string_view(info->name) == kName) return program;
  }
  return UniqueFd();
}

}  // namespace

// The last line but the statistics; what comes before is how it got there.
std::string VerifierComplaint(absl::string_view log) {
  absl::string_view complaint;
  for (const absl::string_view line : absl::StrSplit(log, '\n')) {
    const bool is_statistics = absl::StartsWith(line, "processed ") ||
                               absl::StartsWith(line, "verification time ") ||
                               absl::StartsWith(line, "stack depth ");
    if (!is_statistics && !line.empty()) complaint = line;
  }
  return std::string(absl::StripAsciiWhitespace(complaint));
}

absl::StatusOr<UniqueFd> LoadDeviceProgram(
    const std::vector<bpf_insn>& program) {
  bpf_attr attributes = LoadAttributes(program);
  UniqueFd loaded(static_cast<int>(Bpf(BPF_PROG_LOAD, attributes)));
  if (loaded) return loaded;
  const int error = errno;
  const std::string what = "load a device program";
  const std::string complaint = AskVerifier(program);
  if (complaint.empty()) return WhyNot(error, what);
  return absl::InternalError(
      absl::StrCat(what, ": ", std::strerror(error), ": ", complaint));
}

absl::Status AttachDeviceProgram(int dir_fd, const UniqueFd& program) {
  const absl::StatusOr<bpf_prog_info> info = InfoOf(program);
  if (!info.ok()) return info.status();
  const absl::StatusOr<UniqueFd> before = FindOurs(dir_fd);
  if (!before.ok()) return before.status();

  bpf_attr attributes = NoAttributes();
  attributes.target_fd = static_cast<uint32_t>(dir_fd);
  attributes.attach_bpf_fd = static_cast<uint32_t>(program.get());
  attributes.attach_type = BPF_CGROUP_DEVICE;
  attributes.attach_flags = BPF_F_ALLOW_MULTI;
  if (*before) {
    attributes.attach_flags |= BPF_F_REPLACE;
    attributes.replace_bpf_fd = static_cast<uint32_t>(before->get());
  }
  if (Bpf(BPF_PROG_ATTACH, attributes) != 0) {
    return WhyNot(errno, "attach a device program to the cgroup");
  }
  const absl::StatusOr<std::vector<uint32_t>> ids = AttachedTo(dir_fd);
  if (!ids.ok()) return ids.status();
  if (absl::c_linear_search(*ids, info->id)) return absl::OkStatus();
  return absl::InternalError(
      "the kernel does not list the device program that was attached");
}

}  // namespace reeve
