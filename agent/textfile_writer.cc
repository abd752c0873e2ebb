#include "agent/textfile_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "glog/logging.h"

namespace reeve {
namespace {

// Those who read it are other users.
constexpr mode_t kMode = 0644;

absl::Status WithPath(const std::string& path, const absl::Status& status) {
  return {status.code(),
          absl::StrCat("textfile ", path, ": ", status.message())};
}

}  // namespace

absl::StatusOr<std::unique_ptr<TextfileWriter>> TextfileWriter::Start(
    TextfileOptions options, SnapshotStore& store, const AgentMetrics& metrics,
    const Clock& clock) {
  const size_t slash = options.path.rfind('/');
  const std::string name = options.path.substr(slash + 1);
  absl::StatusOr<UniqueFd> directory =
      OpenDirAt(AT_FDCWD, options.path.substr(0, std::max<size_t>(slash, 1)));
  if (!directory.ok()) return WithPath(options.path, directory.status());
  std::unique_ptr<TextfileWriter> writer(new TextfileWriter(
      std::move(options), *std::move(directory), name, store, metrics, clock));
  const absl::Status written = writer->Write();
  if (!written.ok()) return WithPath(writer->options_.path, written);
  writer->listener_ = store.AddListener(
      [raw = writer.get()](uint64_t /*generation*/) { raw->OnPublish(); });
  return writer;
}

TextfileWriter::TextfileWriter(TextfileOptions options, UniqueFd directory,
                               std::string name, SnapshotStore& store,
                               const AgentMetrics& metrics, const Clock& clock)
    : options_(std::move(options)),
      directory_(std::move(directory)),
      name_(std::move(name)),
      store_(store),
      metrics_(metrics),
      clock_(clock),
      worker_("reeve-textfile", 1) {}

TextfileWriter::~TextfileWriter() {
  if (listener_ != 0) store_.RemoveListener(listener_);
  worker_.Stop();
  if (listener_ != 0) unlinkat(directory_.get(), name_.c_str(), 0);
}

void TextfileWriter::OnPublish() {
  const absl::Duration now = clock_.MonotonicNow();
  if (now < next_) return;
  // If the one before is still waiting, the latest is what it will write.
  worker_.Submit([this] { Log(Write()); });
  next_ = now + options_.interval;
}

absl::Status TextfileWriter::Write() {
  const std::shared_ptr<const Snapshot> snapshot = store_.Latest();
  page_.clear();
  if (snapshot != nullptr) renderer_.Append(*snapshot, &page_);
  for (const PageSource* source : options_.sources) {
    source->Append(TextFormat::kPrometheus, &page_);
  }
  metrics_.AppendText(snapshot.get(), &page_);
  return ReplaceFileAt(directory_.get(), name_, page_, kMode);
}

void TextfileWriter::Log(const absl::Status& status) {
  // Once for each change, not for each round.
  if (status == last_) return;
  last_ = status;
  if (status.ok()) {
    LOG(INFO) << "textfile " << options_.path << " is written again";
  } else {
    LOG(ERROR) << WithPath(options_.path, status).message();
  }
}

}  // namespace reeve
