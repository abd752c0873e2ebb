#ifndef REEVE_COLLECTORS_HOST_FILESYSTEM_COLLECTOR_H_
#define REEVE_COLLECTORS_HOST_FILESYSTEM_COLLECTOR_H_

#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/name_pattern.h"
#include "collectors/background_collector.h"
#include "collectors/collector_observer.h"
#include "collectors/host/filesystem_sample.h"
#include "collectors/host/patient_statfs.h"
#include "collectors/latest.h"

namespace reeve {

// Which file systems are left out, by their types and by where they are.
struct FilesystemFilter {
  NamePattern type_exclude;
  NamePattern mount_exclude;
};

// Those that are kept in memory, that the kernel makes up, and that show what
// is in others.
extern const char kDefaultFilesystemTypeExclude[];

FilesystemFilter DefaultFilesystemFilter();

// Measures how full the file systems are that the agent sees.
class FilesystemCollector final : public BackgroundCollector {
 public:
  // How long a file system may take to answer.
  static constexpr absl::Duration kPatience = absl::Seconds(2);

  // `observer` must outlive the collector.
  FilesystemCollector(const std::string& procfs, FilesystemFilter filter,
                      std::shared_ptr<Latest<FilesystemSample>> latest,
                      CollectorObserver& observer,
                      PatientStatfs::Ask ask = ReadFilesystemUsage,
                      absl::Duration patience = kPatience);

  absl::string_view name() const override { return kFilesystemCollector; }
  void Collect() override;

 private:
  void Measure(Filesystem& filesystem);

  const std::string mountinfo_;
  const FilesystemFilter filter_;
  PatientStatfs statfs_;
  const std::shared_ptr<Latest<FilesystemSample>> latest_;
  CollectorObserver& observer_;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_HOST_FILESYSTEM_COLLECTOR_H_
