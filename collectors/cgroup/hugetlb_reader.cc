#include "collectors/cgroup/hugetlb_reader.h"

#include <dirent.h>
#include <fcntl.h>

#include <cerrno>
#include <cstdint>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "base/file.h"
#include "base/kernel_number.h"

namespace reeve {
namespace {

constexpr char kCollector[] = "hugetlb";

struct CloseDir {
  void operator()(DIR* dir) const { closedir(dir); }
};

// "2MB" of "hugetlb.2MB.current"; hugetlb.2MB.rsvd.current is of what is
// reserved and not yet used.
std::optional<std::string> PageSizeOf(absl::string_view file,
                                      absl::string_view suffix) {
  if (!absl::ConsumePrefix(&file, "hugetlb.") ||
      !absl::ConsumeSuffix(&file, suffix) || file.empty() ||
      absl::StrContains(file, ".")) {
    return std::nullopt;
  }
  return std::string(file);
}

}  // namespace

absl::Status HugetlbReader::OpenFiles() {
  if (listed_ || !dir_.has_value()) return absl::OkStatus();
  const std::unique_ptr<DIR, CloseDir> dir(opendir(dir_->path.c_str()));
  if (dir == nullptr) {
    return ErrnoStatus(errno, absl::StrCat("open ", dir_->path));
  }
  const absl::string_view suffix =
      dir_->version == CgroupVersion::kV1 ? ".usage_in_bytes" : ".current";
  while (const dirent* entry = readdir(dir.get())) {
    std::optional<std::string> name = PageSizeOf(entry->d_name, suffix);
    if (!name.has_value()) continue;
    auto file_name = std::make_unique<const std::string>(entry->d_name);
    absl::StatusOr<KeptFile> file =
        KeptFile::Open(dirfd(dir.get()), file_name->c_str());
    if (!file.ok()) return file.status();
    page_sizes_.push_back(
        {*std::move(name), std::move(file_name), *std::move(file)});
  }
  absl::c_sort(page_sizes_, [](const PageSize& a, const PageSize& b) {
    return a.name < b.name;
  });
  listed_ = true;
  return absl::OkStatus();
}

void HugetlbReader::Read(ReadBuffer& buffer, ReadErrorSink on_error,
                         ExtraSample& sample) {
  const absl::Status opened = OpenFiles();
  if (!opened.ok() && !absl::IsNotFound(opened)) {
    page_sizes_.clear();
    on_error(kCollector, opened);
  }
  SamplePass pass(buffer, on_error);
  for (PageSize& size : page_sizes_) {
    const std::optional<uint64_t> bytes =
        pass.Read(kCollector, size.file, ParseKernelNumber);
    if (bytes.has_value()) sample.hugetlb.push_back({size.name, *bytes});
  }
}

}  // namespace reeve
