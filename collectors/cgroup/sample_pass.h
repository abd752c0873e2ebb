#ifndef REEVE_COLLECTORS_CGROUP_SAMPLE_PASS_H_
#define REEVE_COLLECTORS_CGROUP_SAMPLE_PASS_H_

#include <optional>
#include <type_traits>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "base/kept_file.h"

namespace reeve {

// Told of a file that could not be read or understood, and in which collector.
using ReadErrorSink =
    absl::FunctionRef<void(absl::string_view collector, const absl::Status&)>;

// One reading of the files of one cgroup. A bad file costs its own values and
// no others; a file of a removed cgroup ends the pass. Thread-compatible.
class SamplePass {
 public:
  // `buffer` and what `on_error` refers to must outlive the pass.
  SamplePass(ReadBuffer& buffer, ReadErrorSink on_error)
      : buffer_(buffer), on_error_(on_error) {}

  // What `parse` makes of the file; nullopt if there is no such file, if it is
  // bad, and in a cgroup that is gone. Closes a file that the kernel turns out
  // not to support.
  template <typename Parse>
  auto Read(absl::string_view collector, KeptFile& file, const Parse& parse)
      -> std::optional<
          typename decltype(parse(absl::string_view()))::value_type> {
    if (cgroup_is_gone_ || !file.Exists()) return std::nullopt;
    auto parsed = ReadParsed(file, buffer_, parse);
    if (parsed.ok()) return *parsed;
    Note(collector, file, parsed.status());
    return std::nullopt;
  }

  bool cgroup_is_gone() const { return cgroup_is_gone_; }

 private:
  void Note(absl::string_view collector, KeptFile& file,
            const absl::Status& status) {
    if (absl::IsNotFound(status)) {
      cgroup_is_gone_ = true;
    } else if (absl::IsUnimplemented(status)) {
      file.Close();
    } else {
      on_error_(collector, status);
    }
  }

  ReadBuffer& buffer_;
  ReadErrorSink on_error_;
  bool cgroup_is_gone_ = false;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUP_SAMPLE_PASS_H_
