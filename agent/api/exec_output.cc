#include "agent/api/exec_output.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>

namespace reeve {

bool ExecOutput::Prepare() {
  for (size_t i = 0; i < sources_.size() && !is_prepared_; ++i) {
    is_prepared_ = Read((next_source_ + i) % sources_.size());
  }
  if (is_prepared_) next_source_ = (next_source_ + 1) % sources_.size();
  return is_prepared_;
}

bool ExecOutput::Read(size_t index) {
  Source& source = sources_[index];
  if (!source.fd) return false;
  v1::ExecStreamResponse& answer = answers_[next_answer_];
  std::string* const bytes =
      index == 0 ? answer.mutable_stdout() : answer.mutable_stderr();
  bytes->resize(kChunkSize);
  ssize_t n;
  do {
    n = read(source.fd.get(), &(*bytes)[0], bytes->size());
  } while (n < 0 && errno == EINTR);
  if (n > 0) {
    bytes->resize(static_cast<size_t>(n));
    source.owed -= n;
    return true;
  }
  if (n < 0 && errno == EAGAIN) return false;
  // The end, which a terminal that nobody has open any more tells by EIO.
  source.fd.Reset();
  source.owed = 0;
  if (index == 0) {
    answer.set_stdout_closed(true);
  } else {
    answer.set_stderr_closed(true);
  }
  return true;
}

const v1::ExecStreamResponse* ExecOutput::Take() {
  const v1::ExecStreamResponse* const answer = &answers_[next_answer_];
  next_answer_ = (next_answer_ + 1) % answers_.size();
  is_prepared_ = false;
  return answer;
}

bool ExecOutput::is_closed() const {
  return !is_prepared_ && !sources_[0].fd && !sources_[1].fd;
}

void ExecOutput::NoteOwed() {
  for (Source& source : sources_) {
    int size = 0;
    if (source.fd && ioctl(source.fd.get(), FIONREAD, &size) == 0) {
      source.owed = size;
    }
  }
}

bool ExecOutput::is_owed() const {
  return std::any_of(sources_.begin(), sources_.end(),
                     [](const Source& source) { return source.owed > 0; });
}

}  // namespace reeve
