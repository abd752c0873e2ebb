#ifndef REEVE_AGENT_CLI_TOP_TOP_TERMINAL_H_
#define REEVE_AGENT_CLI_TOP_TOP_TERMINAL_H_

#include <termios.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "agent/cli/top/key.h"
#include "agent/cli/top/top_signals.h"

namespace reeve {

// A terminal whose screen is taken over: the alternate screen without a cursor,
// keys one by one and not shown. Thread-compatible.
class TopTerminal {
 public:
  // `in` and `out` are borrowed: the same terminal. `signals` must outlive it.
  TopTerminal(int in, int out, TopSignals& signals);
  // Leaves the terminal as it was.
  ~TopTerminal();
  TopTerminal(const TopTerminal&) = delete;
  TopTerminal& operator=(const TopTerminal&) = delete;

  struct Size {
    size_t columns = 80;
    size_t lines = 24;
  };
  Size size() const;

  // Shows what was rendered in the place of what is there, by one write.
  void Draw(absl::string_view frame);

  // What came while waiting.
  struct Input {
    std::vector<Key> keys;
    // A signal that ends the program, or SIGHUP if the terminal is gone.
    std::optional<int> end;
    // The screen has to be drawn: it has another size, or was somebody else's.
    bool redraw = false;
  };

  // Waits for keys and signals, `timeout` at most. Stops, and goes on, with the
  // terminal as it was before.
  Input Wait(absl::Duration timeout);

 private:
  void Enter();
  void Leave();
  void HandleSignals(Input* input);
  void ReadKeys(Input* input);

  const int in_;
  const int out_;
  TopSignals& signals_;
  std::optional<termios> before_;
  // Keys of which more may come.
  std::string unread_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_TOP_TOP_TERMINAL_H_
