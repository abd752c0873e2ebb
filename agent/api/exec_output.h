#ifndef REEVE_AGENT_API_EXEC_OUTPUT_H_
#define REEVE_AGENT_API_EXEC_OUTPUT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "agent/api/task_service.pb.h"
#include "base/unique_fd.h"

namespace reeve {

// What a command writes, in answers of one chunk each, of both streams in turn.
// Never blocks. Thread-compatible.
class ExecOutput {
 public:
  static constexpr size_t kChunkSize = 65'536;

  // Read ends that do not block; a terminal has but one of them.
  void AddStdout(UniqueFd fd) { sources_[0].fd = std::move(fd); }
  void AddStderr(UniqueFd fd) { sources_[1].fd = std::move(fd); }

  // Reads the next answer unless there is one. Returns whether there is.
  bool Prepare();
  bool is_prepared() const { return is_prepared_; }

  // The next answer, which stays as it is until the next Take().
  const v1::ExecStreamResponse* Take();

  // Whether all streams have ended, and answers were taken that say so.
  bool is_closed() const;

  // What there is to be read now must not be lost.
  void NoteOwed();
  // Whether some of that has still to be read.
  bool is_owed() const;

  // The descriptor to wait for, of two; -1 if that would be of no use.
  int fd_to_await(size_t index) const {
    return is_prepared_ ? -1 : sources_[index].fd.get();
  }

 private:
  struct Source {
    UniqueFd fd;
    int64_t owed = 0;
  };

  bool Read(size_t index);

  std::array<Source, 2> sources_;
  std::array<v1::ExecStreamResponse, 2> answers_;
  size_t next_answer_ = 0;
  size_t next_source_ = 0;
  bool is_prepared_ = false;
};

}  // namespace reeve

#endif  // REEVE_AGENT_API_EXEC_OUTPUT_H_
