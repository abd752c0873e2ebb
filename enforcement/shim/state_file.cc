#include "enforcement/shim/state_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "enforcement/shim/wall_time.h"

namespace reeve {
namespace {

constexpr char kExitStatus[] = "exitStatus";
constexpr char kNewExitStatus[] = "exitStatus.tmp";
constexpr mode_t kMode = 0644;
constexpr int kSignalBase = 128;

int WriteAll(int fd, const Text& text) {
  size_t done = 0;
  while (done < text.size()) {
    const ssize_t n = write(fd, text.data() + done, text.size() - done);
    if (n < 0 && errno != EINTR) return errno;
    if (n > 0) done += static_cast<size_t>(n);
  }
  return 0;
}

int WriteNewFile(int state_dir_fd, const char* name, const Text& text,
                 bool sync) {
  const int fd =
      openat(state_dir_fd, name,
             O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, kMode);
  if (fd < 0) return errno;
  int error = WriteAll(fd, text);
  if (error == 0 && sync && fsync(fd) != 0) error = errno;
  close(fd);
  return error;
}

}  // namespace

int WriteNumberFile(int state_dir_fd, const char* name, int64_t number) {
  return WriteNewFile(state_dir_fd, name, Text().AddNumber(number).Add("\n"),
                      /*sync=*/false);
}

Text ExitStatusText(int wait_status, int64_t unix_nanos) {
  const int signal_number =
      WIFSIGNALED(wait_status) ? WTERMSIG(wait_status) : 0;
  const int code = signal_number != 0 ? kSignalBase + signal_number
                                      : WEXITSTATUS(wait_status);
  return Text()
      .AddNumber(code)
      .Add(" ")
      .AddNumber(signal_number)
      .Add(" ")
      .AddNumber(unix_nanos)
      .Add("\n");
}

int WriteExitStatus(int state_dir_fd, const Text& text) {
  int error = WriteNewFile(state_dir_fd, kNewExitStatus, text, /*sync=*/true);
  if (error == 0 &&
      renameat(state_dir_fd, kNewExitStatus, state_dir_fd, kExitStatus) != 0) {
    error = errno;
  }
  if (error != 0) unlinkat(state_dir_fd, kNewExitStatus, 0);
  return error;
}

namespace {

void Log(int state_dir_fd, const char* level, const char* message,
         int error_number) {
  const int fd =
      openat(state_dir_fd, "shim.log",
             O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, kMode);
  if (fd < 0) return;
  WriteAll(fd, Text()
                   .Add("{\"level\":\"")
                   .Add(level)
                   .Add("\",\"unix_nanos\":")
                   .AddNumber(UnixNanos())
                   .Add(",\"message\":\"")
                   .Add(message)
                   .Add("\",\"errno\":")
                   .AddNumber(error_number)
                   .Add("}\n"));
  close(fd);
}

}  // namespace

void LogError(int state_dir_fd, const char* message, int error_number) {
  Log(state_dir_fd, "error", message, error_number);
}

void LogWarning(int state_dir_fd, const char* message, int error_number) {
  Log(state_dir_fd, "warning", message, error_number);
}

}  // namespace reeve
