#ifndef REEVE_COLLECTORS_PROCFS_NETWORK_READER_H_
#define REEVE_COLLECTORS_PROCFS_NETWORK_READER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "base/kept_file.h"
#include "base/unique_fd.h"
#include "collectors/cgroup/sample_pass.h"
#include "collectors/extra_sample.h"
#include "collectors/snapshot.h"

namespace reeve {

// The interfaces of a task that has a network namespace of its own: one that is
// not the agent's. Its file is kept open, so the last values can be read after
// the last process has ended; the namespace lives until then.
// Thread-compatible.
class NetworkReader {
 public:
  // `procfs_fd`, a handle of procfs, must outlive the reader.
  explicit NetworkReader(int procfs_fd) : procfs_fd_(procfs_fd) {}

  // Whose namespace is looked at; pid 0 if there is none now.
  void SetMain(const ProcessIdentity& main);

  // Finds out which namespace the main process is in: it may have entered
  // another one. Nothing changes if the process has ended.
  void Look(ReadBuffer& buffer, ReadErrorSink on_error);

  // Sets the interfaces. If the namespace is left or its process ends, the last
  // values stay until another is found.
  void Read(ReadBuffer& buffer, ReadErrorSink on_error, ExtraSample& sample);

 private:
  absl::Status Enter(ReadBuffer& buffer);

  int procfs_fd_;
  ProcessIdentity main_;
  // "net:[4026531840]" of the file; empty if there is none.
  std::string entered_;
  KeptFile file_;
  std::vector<InterfaceTraffic> last_;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCFS_NETWORK_READER_H_
