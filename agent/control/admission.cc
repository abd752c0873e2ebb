#include "agent/control/admission.h"

#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>
#include <string>

#include "absl/strings/string_view.h"

namespace reeve {
namespace {

constexpr timeval kPatience = {10, 0};
constexpr size_t kMaxAnswer = 1024;

// Up to its line break, and nothing of what follows; less if there is no more.
std::string ReadLine(int fd) {
  std::string line;
  while (line.size() < kMaxAnswer) {
    char byte;
    const ssize_t n = recv(fd, &byte, 1, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0 || byte == '\n') break;
    line.push_back(byte);
  }
  return line;
}

}  // namespace

absl::Status AskForAdmission(int connection_fd) {
  setsockopt(connection_fd, SOL_SOCKET, SO_RCVTIMEO, &kPatience,
             sizeof(kPatience));
  // An agent that refuses may have closed already; its answer is there.
  (void)send(connection_fd, kAdmissionGreeting, kAdmissionGreetingSize,
             MSG_NOSIGNAL);
  const std::string answer = ReadLine(connection_fd);
  const timeval forever = {0, 0};
  setsockopt(connection_fd, SOL_SOCKET, SO_RCVTIMEO, &forever, sizeof(forever));
  if (answer == kAdmitted) return absl::OkStatus();
  if (answer.empty()) {
    return absl::UnavailableError("it does not answer: try again");
  }
  return absl::PermissionDeniedError(answer);
}

}  // namespace reeve
