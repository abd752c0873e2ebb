#include "enforcement/cgroup/device_programs.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/algorithm/container.h"
#include "enforcement/cgroup/device_attachment.h"
#include "enforcement/cgroup/device_program.h"

namespace reeve {
namespace {

constexpr size_t kKept = 16;

}  // namespace

absl::StatusOr<std::shared_ptr<const UniqueFd>> DevicePrograms::Get(
    const std::vector<DeviceAccess>& allowed) {
  absl::MutexLock lock(&mutex_);
  const auto known = absl::c_find_if(loaded_, [&allowed](const Loaded& loaded) {
    return loaded.allowed == allowed;
  });
  if (known != loaded_.end()) {
    std::rotate(loaded_.begin(), known, known + 1);
    return loaded_.front().program;
  }
  absl::StatusOr<UniqueFd> program =
      LoadDeviceProgram(AssembleDeviceProgram(allowed));
  if (!program.ok()) return program.status();
  if (loaded_.size() == kKept) loaded_.pop_back();
  loaded_.push_front(
      {allowed, std::make_shared<const UniqueFd>(*std::move(program))});
  return loaded_.front().program;
}

}  // namespace reeve
