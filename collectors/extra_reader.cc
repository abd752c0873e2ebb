#include "collectors/extra_reader.h"

namespace reeve {

ExtraReader::ExtraReader(const CgroupDirs& dirs, const CollectorSet& collectors,
                         const std::string& sysfs, int procfs_fd) {
  if (collectors.hugetlb) hugetlb_.emplace(dirs);
  if (collectors.io) io_.emplace(dirs, sysfs);
  if (collectors.memory_stat) memory_.emplace(dirs);
  if (collectors.network && procfs_fd >= 0) network_.emplace(procfs_fd);
  if (collectors.pressure) pressure_.emplace(dirs);
  if (procfs_fd >= 0) processes_.emplace(collectors, procfs_fd);
}

void ExtraReader::SetMain(const ProcessIdentity& main, ReadBuffer& buffer,
                          ReadErrorSink on_error) {
  if (!network_.has_value()) return;
  network_->SetMain(main);
  network_->Look(buffer, on_error);
}

void ExtraReader::Look(const std::vector<ProcessSnapshot>& processes,
                       ReadBuffer& buffer, ReadErrorSink on_error) {
  if (network_.has_value()) network_->Look(buffer, on_error);
  if (processes_.has_value()) processes_->Look(processes, buffer, on_error);
}

ExtraSample ExtraReader::Read(ReadBuffer& buffer, ReadErrorSink on_error) {
  ExtraSample sample;
  if (hugetlb_.has_value()) hugetlb_->Read(buffer, on_error, sample);
  if (io_.has_value()) io_->Read(buffer, on_error, sample);
  if (memory_.has_value()) memory_->Read(buffer, on_error, sample);
  if (network_.has_value()) network_->Read(buffer, on_error, sample);
  if (pressure_.has_value()) pressure_->Read(buffer, on_error, sample);
  if (processes_.has_value()) processes_->Fill(sample);
  return sample;
}

}  // namespace reeve
