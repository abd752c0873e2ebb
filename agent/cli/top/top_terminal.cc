#include "agent/cli/top/top_terminal.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace reeve {
namespace {

// Alternate screen, no cursor, no going on in the next line. And back.
constexpr char kEnter[] = "\x1b[?1049h\x1b[?25l\x1b[?7l";
constexpr char kLeave[] = "\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l";

// How long the rest of a key may take that begins as Esc does.
constexpr absl::Duration kEscapeTime = absl::Milliseconds(50);

void WriteAll(int fd, absl::string_view text) {
  while (!text.empty()) {
    const ssize_t n = write(fd, text.data(), text.size());
    if (n > 0) {
      text.remove_prefix(static_cast<size_t>(n));
    } else if (errno == EAGAIN) {
      pollfd writable = {fd, POLLOUT, 0};
      poll(&writable, 1, -1);
    } else if (errno != EINTR) {
      // The terminal is gone: Wait() will say so.
      return;
    }
  }
}

}  // namespace

TopTerminal::TopTerminal(int in, int out, TopSignals& signals)
    : in_(in), out_(out), signals_(signals) {
  Enter();
}

TopTerminal::~TopTerminal() { Leave(); }

void TopTerminal::Enter() {
  termios now;
  if (tcgetattr(in_, &now) == 0) {
    before_ = now;
    // Keys that send signals still do: they come by TopSignals.
    now.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    now.c_cc[VMIN] = 1;
    now.c_cc[VTIME] = 0;
    tcsetattr(in_, TCSADRAIN, &now);
  }
  WriteAll(out_, kEnter);
}

void TopTerminal::Leave() {
  WriteAll(out_, kLeave);
  if (before_.has_value()) tcsetattr(in_, TCSADRAIN, &*before_);
}

TopTerminal::Size TopTerminal::size() const {
  winsize size = {};
  if (ioctl(out_, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 ||
      size.ws_row == 0) {
    return {};
  }
  return {size.ws_col, size.ws_row};
}

void TopTerminal::Draw(absl::string_view frame) { WriteAll(out_, frame); }

TopTerminal::Input TopTerminal::Wait(absl::Duration timeout) {
  Input input;
  if (!unread_.empty()) timeout = std::min(timeout, kEscapeTime);
  pollfd fds[2] = {{in_, POLLIN, 0}, {signals_.fd(), POLLIN, 0}};
  const int milliseconds =
      static_cast<int>(absl::ToInt64Milliseconds(absl::Ceil(
          std::max(timeout, absl::ZeroDuration()), absl::Milliseconds(1))));
  const int ready = poll(fds, 2, milliseconds);
  if (ready > 0 && fds[1].revents != 0) HandleSignals(&input);
  if (ready > 0 && fds[0].revents != 0) {
    ReadKeys(&input);
  } else if (!unread_.empty()) {
    // Nothing followed: it is all there is.
    absl::string_view rest = unread_;
    Key key;
    while (ConsumeKey(&rest, /*is_all=*/true, &key)) input.keys.push_back(key);
    unread_.clear();
  }
  return input;
}

void TopTerminal::HandleSignals(Input* input) {
  while (const std::optional<int> signal = signals_.Take()) {
    switch (*signal) {
      case SIGWINCH:
        input->redraw = true;
        break;
      case SIGTSTP:
        Leave();
        TopSignals::Stop();
        Enter();
        input->redraw = true;
        break;
      case SIGCONT:
        // Somebody else has stopped it, and a shell used the terminal.
        Leave();
        Enter();
        input->redraw = true;
        break;
      default:
        input->end = *signal;
        return;
    }
  }
}

void TopTerminal::ReadKeys(Input* input) {
  char bytes[256];
  const ssize_t n = read(in_, bytes, sizeof(bytes));
  if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN)) {
    input->end = SIGHUP;
    return;
  }
  if (n > 0) unread_.append(bytes, static_cast<size_t>(n));
  absl::string_view rest = unread_;
  Key key;
  while (ConsumeKey(&rest, /*is_all=*/false, &key)) input->keys.push_back(key);
  unread_ = std::string(rest);
}

}  // namespace reeve
