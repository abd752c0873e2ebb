#include "collectors/procfs/network_reader.h"

#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "collectors/procfs/net_dev.h"
#include "collectors/procfs/pid_stat.h"

namespace reeve {
namespace {

constexpr char kCollector[] = "network";

// /proc/PID/ns/net is a link to "net:[4026531840]".
absl::StatusOr<std::string> NamespaceOf(int process_dir_fd) {
  char target[64];
  const ssize_t size =
      readlinkat(process_dir_fd, "ns/net", target, sizeof(target));
  if (size < 0) return ErrnoStatus(errno, "read ns/net");
  return std::string(target, static_cast<size_t>(size));
}

absl::StatusOr<std::vector<InterfaceTraffic>> ReadInterfaces(
    const KeptFile& file, ReadBuffer& buffer) {
  const absl::StatusOr<absl::string_view> contents = file.ReadToEnd(buffer);
  if (!contents.ok()) return contents.status();
  absl::StatusOr<std::vector<InterfaceTraffic>> interfaces =
      ParseNetDev(*contents);
  if (interfaces.ok()) return interfaces;
  return absl::Status(
      interfaces.status().code(),
      absl::StrCat("parse ", file.name(), ": ", interfaces.status().message()));
}

}  // namespace

void NetworkReader::SetMain(const ProcessIdentity& main) {
  main_ = main;
  if (main.pid != 0) return;
  // Nobody is in it: it is not to live because we look at it.
  entered_.clear();
  file_.Close();
}

void NetworkReader::Look(ReadBuffer& buffer, ReadErrorSink on_error) {
  if (main_.pid == 0) return;
  const absl::Status entered = Enter(buffer);
  if (!entered.ok() && !absl::IsNotFound(entered)) {
    on_error(kCollector, entered);
  }
}

absl::Status NetworkReader::Enter(ReadBuffer& buffer) {
  const absl::StatusOr<UniqueFd> own = OpenDirAt(procfs_fd_, "self");
  if (!own.ok()) return own.status();
  const absl::StatusOr<std::string> host = NamespaceOf(own->get());
  if (!host.ok()) return host.status();

  const absl::StatusOr<UniqueFd> process =
      OpenDirAt(procfs_fd_, absl::StrCat(main_.pid));
  if (!process.ok()) return process.status();
  const absl::StatusOr<KeptFile> stat_file =
      KeptFile::Open(process->get(), "stat");
  if (!stat_file.ok()) return stat_file.status();
  if (!stat_file->Exists()) return absl::NotFoundError("it has ended");
  const absl::StatusOr<PidStat> stat =
      ReadParsed(*stat_file, buffer, ParsePidStat);
  if (!stat.ok()) return stat.status();
  // Another process with the same pid.
  if (stat->starttime != main_.start_time_ticks) return absl::OkStatus();

  const absl::StatusOr<std::string> name = NamespaceOf(process->get());
  if (!name.ok()) return name.status();
  if (*name == entered_) return absl::OkStatus();
  if (*name == *host) {
    entered_.clear();
    file_.Close();
    last_.clear();
    return absl::OkStatus();
  }
  absl::StatusOr<KeptFile> file = KeptFile::Open(process->get(), "net/dev");
  if (!file.ok()) return file.status();
  if (!file->Exists()) return absl::NotFoundError("it has ended");
  file_ = *std::move(file);
  entered_ = *name;
  last_.clear();
  return absl::OkStatus();
}

void NetworkReader::Read(ReadBuffer& buffer, ReadErrorSink on_error,
                         ExtraSample& sample) {
  if (file_.Exists()) {
    absl::StatusOr<std::vector<InterfaceTraffic>> interfaces =
        ReadInterfaces(file_, buffer);
    if (interfaces.ok()) {
      last_ = *std::move(interfaces);
    } else if (!absl::IsNotFound(interfaces.status())) {
      last_.clear();
      on_error(kCollector, interfaces.status());
    }
  }
  sample.network = last_;
}

}  // namespace reeve
