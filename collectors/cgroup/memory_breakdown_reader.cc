#include "collectors/cgroup/memory_breakdown_reader.h"

#include <fcntl.h>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/file.h"
#include "base/unique_fd.h"
#include "collectors/cgroup/memory_breakdown.h"
#include "collectors/cgroup/open_later.h"

namespace reeve {
namespace {

constexpr char kCollector[] = "memory-stat";

}  // namespace

absl::Status MemoryBreakdownReader::OpenFile() {
  if (!dir_.has_value() || stat_.Exists()) return absl::OkStatus();
  const absl::StatusOr<UniqueFd> dir = OpenDirAt(AT_FDCWD, dir_->path);
  if (!dir.ok()) return dir.status();
  return OpenLater(dir->get(), "memory.stat", stat_);
}

void MemoryBreakdownReader::Read(ReadBuffer& buffer, ReadErrorSink on_error,
                                 ExtraSample& sample) {
  const absl::Status opened = OpenFile();
  if (!opened.ok() && !absl::IsNotFound(opened)) on_error(kCollector, opened);
  if (!stat_.Exists()) return;
  SamplePass pass(buffer, on_error);
  const auto parse = [this](absl::string_view contents) {
    return ParseMemoryBreakdown(dir_->version, contents);
  };
  sample.memory =
      pass.Read(kCollector, stat_, parse).value_or(MemoryBreakdown());
}

}  // namespace reeve
