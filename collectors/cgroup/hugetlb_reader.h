#ifndef REEVE_COLLECTORS_CGROUP_HUGETLB_READER_H_
#define REEVE_COLLECTORS_CGROUP_HUGETLB_READER_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "base/kept_file.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "collectors/cgroup/sample_pass.h"
#include "collectors/extra_sample.h"

namespace reeve {

// The huge pages of one cgroup, v1 or v2, by the page sizes that the cgroup has
// files for. A task may get its hugetlb cgroup on v1 later than it begins, so
// the files are looked for until they are there. Thread-compatible.
class HugetlbReader {
 public:
  explicit HugetlbReader(const CgroupDirs& dirs) : dir_(dirs.hugetlb) {}

  void Read(ReadBuffer& buffer, ReadErrorSink on_error, ExtraSample& sample);

 private:
  struct PageSize {
    // "2MB".
    std::string name;
    // Named by the file after it, so it must stay where it is.
    std::unique_ptr<const std::string> file_name;
    KeptFile file;
  };

  absl::Status OpenFiles();

  std::optional<CgroupDir> dir_;
  // The directory was listed: there will be no other files.
  bool listed_ = false;
  std::vector<PageSize> page_sizes_;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUP_HUGETLB_READER_H_
