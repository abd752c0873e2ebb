#include "agent/cli/top/top_session.h"

#include <algorithm>
#include <csignal>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "agent/cli/top/batch_json.h"
#include "agent/cli/top/batch_text.h"
#include "agent/cli/top/top_frame.h"
#include "agent/cli/top/top_terminal.h"

namespace reeve {
namespace {

// One that draws, asks and listens, in turn.
class Session {
 public:
  Session(const TopOptions& options, const Look& look, TopSource& source,
          const CliEnvironment& env)
      : source_(source), env_(env) {
    state_.order = options.order;
    view_.look = look;
    view_.interval = options.interval;
    view_.time_zone = absl::LocalTimeZone();
  }

  // Asks the agent and the host. What was there stays after an error.
  absl::Status Refresh();

  // Until the user ends it. Returns the exit code.
  int Run(TopTerminal& terminal);

 private:
  void Draw(TopTerminal& terminal);
  // True if the user ends it.
  bool Apply(const std::vector<Key>& keys);

  TopSource& source_;
  const CliEnvironment& env_;
  TopState state_;
  TopView view_;
  TopSample sample_;
  absl::Time next_;
};

absl::Status Session::Refresh() {
  const absl::Time now = env_.now();
  next_ = now + view_.interval;
  absl::StatusOr<TopSample> sample =
      source_.Take({now, state_.order.tree, state_.detail});
  view_.error = std::string(sample.status().message());
  if (!sample.ok()) return sample.status();
  sample_ = *std::move(sample);
  return absl::OkStatus();
}

void Session::Draw(TopTerminal& terminal) {
  const TopTerminal::Size size = terminal.size();
  view_.columns = size.columns;
  view_.lines = size.lines;
  const std::vector<TopRow> rows = RowsOf(sample_, state_.order);
  state_.scrolled = ScrollFor(SelectedIndex(rows, state_), rows.size(),
                              PageOf(view_), state_.scrolled);
  terminal.Draw(ScreenText(DrawTop(sample_, rows, state_, view_), view_.columns,
                           view_.look));
}

bool Session::Apply(const std::vector<Key>& keys) {
  for (const Key& key : keys) {
    const std::string detail = state_.detail;
    const bool tree = state_.order.tree;
    const std::vector<TopRow> rows = RowsOf(sample_, state_.order);
    if (ApplyKey(key, rows, PageOf(view_), &state_) == TopAction::kQuit) {
      return true;
    }
    // What is wanted now was not asked for before.
    if (state_.detail != detail || state_.order.tree != tree) {
      sample_.processes.clear();
      (void)Refresh();
    }
  }
  return false;
}

int Session::Run(TopTerminal& terminal) {
  while (true) {
    Draw(terminal);
    const absl::Duration left =
        state_.paused ? absl::Hours(1) : next_ - env_.now();
    const TopTerminal::Input input =
        terminal.Wait(std::min(left, view_.interval));
    if (input.end.has_value()) {
      // Ctrl-C is the way to end it, too.
      return *input.end == SIGINT ? 0 : 128 + *input.end;
    }
    if (Apply(input.keys)) return 0;
    // An error is shown.
    if (!state_.paused && env_.now() >= next_) (void)Refresh();
  }
}

}  // namespace

absl::StatusOr<int> RunTopSession(const TopOptions& options, const Look& look,
                                  TopSignals& signals, TopSource& source,
                                  const CliEnvironment& env) {
  Session session(options, look, source, env);
  const absl::Status first = session.Refresh();
  if (!first.ok()) return first;
  TopTerminal terminal(env.stdin_fd, env.stdout_fd, signals);
  return session.Run(terminal);
}

absl::Status RunTopBatch(const TopOptions& options, TopSource& source,
                         const CliEnvironment& env) {
  const bool groups = options.order.tree || options.json;
  for (uint64_t round = 1;; ++round) {
    const absl::StatusOr<TopSample> sample =
        source.Take({env.now(), groups, ""});
    if (!sample.ok()) return sample.status();
    const std::vector<TopRow> rows = RowsOf(*sample, options.order);
    *env.out << (options.json
                     ? BatchJson(*sample, options.order, rows)
                     : BatchText(*sample, rows, absl::LocalTimeZone()));
    env.out->flush();
    if (!*env.out || round == options.iterations) return absl::OkStatus();
    absl::SleepFor(options.interval);
  }
}

}  // namespace reeve
