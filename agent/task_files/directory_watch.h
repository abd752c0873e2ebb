#ifndef REEVE_AGENT_TASK_FILES_DIRECTORY_WATCH_H_
#define REEVE_AGENT_TASK_FILES_DIRECTORY_WATCH_H_

#include <set>
#include <string>

#include "absl/time/time.h"
#include "base/unique_fd.h"

struct inotify_event;

namespace reeve {

// Tells when something in a directory has changed, by inotify. Where that
// cannot be had, or while the directory is not there, it tells nothing, and
// time has to do. Wake() may be called by any thread, all else by one.
class DirectoryWatch {
 public:
  explicit DirectoryWatch(std::string directory);
  DirectoryWatch(const DirectoryWatch&) = delete;
  DirectoryWatch& operator=(const DirectoryWatch&) = delete;

  // Begins to watch the directory, if it is not watched. Whether it is now.
  bool Begin();

  // Waits until something has changed and then until nothing has for a moment,
  // or for `timeout`, or until Wake() is called. What changes between two calls
  // counts for the second.
  void Wait(absl::Duration timeout);

  // Files that were written to and not closed since, as far as is known: what
  // they hold may be half of what it is to be.
  const std::set<std::string>& being_written() const { return being_written_; }

  // Ends Wait(), and all to come.
  void Wake();

 private:
  // Whether anything came within `timeout`.
  bool Poll(absl::Duration timeout);
  // Whether what was read matters.
  bool ReadEvents();
  bool Note(const inotify_event& event);

  const std::string directory_;
  const UniqueFd wake_;
  const UniqueFd inotify_;
  int watch_ = -1;
  std::set<std::string> being_written_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_TASK_FILES_DIRECTORY_WATCH_H_
