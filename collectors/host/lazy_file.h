#ifndef REEVE_COLLECTORS_HOST_LAZY_FILE_H_
#define REEVE_COLLECTORS_HOST_LAZY_FILE_H_

#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/kept_file.h"

namespace reeve {

// A kernel file that is opened by its first reading and then kept: to open one
// may hang, which is for a collector's own thread. Thread-compatible.
class LazyFile {
 public:
  // `name` must outlive the file.
  explicit LazyFile(const char* name) : name_(name) {}

  // What `parse`, a function from text to a StatusOr, makes of the contents;
  // nullopt if the kernel has no such file, and if it cannot be read or
  // understood, which is told to `on_error`. A file that cannot be opened is
  // tried again the next time.
  template <typename Parse, typename OnError>
  auto Read(int dir_fd, ReadBuffer& buffer, const Parse& parse,
            const OnError& on_error)
      -> std::optional<
          typename decltype(parse(absl::string_view()))::value_type> {
    const absl::StatusOr<absl::string_view> contents = Contents(dir_fd, buffer);
    if (!contents.ok()) {
      // The kernel has it, but not what it would tell.
      if (absl::IsUnimplemented(contents.status())) {
        file_->Close();
      } else if (!absl::IsNotFound(contents.status())) {
        on_error(contents.status());
      }
      return std::nullopt;
    }
    auto parsed = parse(*contents);
    if (parsed.ok()) return *std::move(parsed);
    on_error(absl::Status(
        parsed.status().code(),
        absl::StrCat("parse ", name_, ": ", parsed.status().message())));
    return std::nullopt;
  }

 private:
  absl::StatusOr<absl::string_view> Contents(int dir_fd, ReadBuffer& buffer) {
    if (!file_.has_value()) {
      absl::StatusOr<KeptFile> opened = KeptFile::Open(dir_fd, name_);
      if (!opened.ok()) return opened.status();
      file_ = *std::move(opened);
    }
    if (!file_->Exists()) return absl::NotFoundError(name_);
    return file_->ReadToEnd(buffer);
  }

  const char* name_;
  std::optional<KeptFile> file_;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_HOST_LAZY_FILE_H_
