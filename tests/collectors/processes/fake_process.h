#ifndef REEVE_TESTS_COLLECTORS_PROCESSES_FAKE_PROCESS_H_
#define REEVE_TESTS_COLLECTORS_PROCESSES_FAKE_PROCESS_H_

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/testing/fake_tree.h"

namespace reeve {

// What /proc/PID/stat says of a process. CPU times are in clock ticks.
struct FakeProcess {
  pid_t pid = 0;
  std::string comm = "prog";
  char state = 'S';
  uint64_t flags = 4'194'304;
  uint64_t utime = 0;
  uint64_t stime = 0;
  uint64_t starttime = 1000;
  uint64_t minflt = 0;
  uint64_t majflt = 0;
  uint64_t threads = 1;
  uint64_t vsize = 4'571'136;
  uint64_t rss_pages = 100;

  std::string Stat() const {
    return absl::StrCat(
        pid, " (", comm, ") ", std::string(1, state), " 1 1234 1234 0 -1 ",
        flags, " ", minflt, " 2210 ", majflt, " 3 ", utime, " ", stime,
        " 5 6 20 0 ", threads, " 0 ", starttime, " ", vsize, " ", rss_pages,
        " 18446744073709551615 94 95 14 0 0 0 65536 4 65538 1 0 0 17 1 0 0 "
        "77777 0 0 94 94 94 14 14 14 14 0\n");
  }

  void WriteTo(FakeTree& proc) const {
    proc.Write(absl::StrCat(pid, "/stat"), Stat());
  }
};

}  // namespace reeve

#endif  // REEVE_TESTS_COLLECTORS_PROCESSES_FAKE_PROCESS_H_
