#ifndef REEVE_BASE_KEPT_FILE_H_
#define REEVE_BASE_KEPT_FILE_H_

#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/unique_fd.h"

namespace reeve {

// Memory that readers share, so that a steady state allocates nothing. What was
// read last is valid until the next read. Thread-compatible.
using ReadBuffer = std::vector<char>;

// A kernel file that is opened once and read again and again from its start,
// which costs a fraction of opening it each time. For files that the kernel
// makes up in one go, as it does all but lists (cgroup.procs).
// Thread-compatible.
class KeptFile {
 public:
  // A file that is not there.
  KeptFile() = default;

  // `name` must outlive the file: it is used in messages. A file that the
  // kernel does not have or does not support (ENOENT, ENOTSUP) gives one for
  // which Exists() is false.
  static absl::StatusOr<KeptFile> Open(int dir_fd, const char* name);

  bool Exists() const { return static_cast<bool>(fd_); }
  const char* name() const { return name_; }

  // The contents as the kernel makes them up now, in `buffer`, which grows as
  // needed. kNotFound if what the file tells of has gone (a removed cgroup),
  // kUnimplemented if the kernel does not support reading it.
  absl::StatusOr<absl::string_view> Read(ReadBuffer& buffer) const;

  // The same of a file that the kernel makes up piece by piece, such as
  // /proc/PID/net/dev, of which one read(2) may give but the first.
  absl::StatusOr<absl::string_view> ReadToEnd(ReadBuffer& buffer) const;

  // Closes it: from now on it does not exist.
  void Close() { fd_.Reset(); }

 private:
  KeptFile(UniqueFd fd, const char* name) : fd_(std::move(fd)), name_(name) {}

  UniqueFd fd_;
  const char* name_ = "";
};

// Reads a file and parses what it holds, with a `Parse...` that makes a
// StatusOr of text; its errors get the name of the file.
template <typename Parse>
auto ReadParsed(const KeptFile& file, ReadBuffer& buffer, const Parse& parse)
    -> decltype(parse(absl::string_view())) {
  const absl::StatusOr<absl::string_view> contents = file.Read(buffer);
  if (!contents.ok()) return contents.status();
  auto parsed = parse(*contents);
  if (parsed.ok()) return parsed;
  return absl::Status(
      parsed.status().code(),
      absl::StrCat("parse ", file.name(), ": ", parsed.status().message()));
}

}  // namespace reeve

#endif  // REEVE_BASE_KEPT_FILE_H_
