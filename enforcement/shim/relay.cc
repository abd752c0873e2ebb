#include "enforcement/shim/relay.h"

#include <errno.h>
#include <unistd.h>

#include "enforcement/shim/monotonic_time.h"

namespace reeve {

Relay::Relay(const PlanRelay& plan, int state_dir_fd, RelayBuffers* buffers)
    : is_terminal_(plan.terminal_fd != kNoFd),
      terminal_fd_(plan.terminal_fd),
      first_log_(plan.logs[0], state_dir_fd),
      second_log_(plan.logs[1], state_dir_fd),
      input_(plan.input_fd, is_terminal_, buffers->input),
      outputs_{
          {plan.output_fds[0], 0, buffers->outputs[0], &first_log_, clients_},
          {plan.output_fds[1], 1, buffers->outputs[1],
           plan.has_one_log != 0 ? &first_log_ : &second_log_, clients_}},
      attach_(plan.attach_fd) {
  if (plan.client_fds[0] == kNoFd) return;
  AttachedStreams streams;
  for (int i = 0; i < kAttachStreams; ++i) streams.fds[i] = plan.client_fds[i];
  streams.closes_input = plan.client_closes_input != 0;
  Admit(streams);
}

bool Relay::Admit(const AttachedStreams& streams) {
  for (RelayClient& client : clients_) {
    if (client.is_attached()) continue;
    unsigned outputs = 0;
    for (int i = 0; i < kOutputs; ++i) {
      if (outputs_[i].is_open()) outputs |= 1u << i;
    }
    client.Attach(streams, input_.is_open(), outputs);
    return true;
  }
  return false;
}

void Relay::Register(PollSet& set) {
  attach_.Register(set);
  input_.Register(set);
  for (const RelayOutput& output : outputs_) output.Register(set);
  for (RelayClient& client : clients_) {
    client.Register(set, input_.is_free());
  }
}

void Relay::Serve(const PollSet& set) {
  for (RelayClient& client : clients_) client.NoteEvents(set);
  ServeOutputs();
  ServeInput();
  ServeAttach();
}

bool Relay::ServeOutputs() {
  const int64_t now_ms = MonotonicMs();
  // First: with it gone an output may have nobody left to wait for.
  for (RelayClient& client : clients_) {
    if (client.DropIfStalled(now_ms) && client.closes_input()) {
      input_.RequestClose();
    }
  }
  bool has_more = false;
  for (RelayOutput& output : outputs_) {
    if (output.Serve(now_ms)) has_more = true;
  }
  return has_more;
}

void Relay::ServeAttach() {
  AttachedStreams streams;
  if (!attach_.Take(&streams)) return;
  if (Admit(streams)) return attach_.Answer(AttachReply::kAttached);
  for (const int fd : streams.fds) close(fd);
  attach_.Answer(AttachReply::kFull);
}

void Relay::ServeInput() {
  input_.Serve();
  for (int i = 0; i < kMaxClients; ++i) {
    RelayClient& client = clients_[(next_reader_ + i) % kMaxClients];
    if (!client.has_input()) continue;
    if (!input_.is_open()) {
      client.CloseInput();
      continue;
    }
    if (!input_.is_free()) return;
    const long n = client.ReadInput(input_.buffer(), RelayInput::kCapacity);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (n > 0) {
      input_.Fill(static_cast<size_t>(n));
      next_reader_ = (next_reader_ + i + 1) % kMaxClients;
    } else {
      client.CloseInput();
      if (client.closes_input()) input_.RequestClose();
    }
    input_.Serve();
    return;
  }
}

void Relay::ServeControl(int control_fd) {
  char bytes[512];
  while (true) {
    const ssize_t n = read(control_fd, bytes, sizeof(bytes));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;
    for (ssize_t i = 0; i < n; ++i) {
      const ControlCommand command = control_.Take(bytes[i]);
      if (command.type == ControlCommand::Type::kCloseStdin) {
        input_.RequestClose();
        input_.Serve();
      } else if (command.type == ControlCommand::Type::kResize) {
        input_.Resize(command.width, command.height);
      }
    }
  }
}

bool Relay::IsPending() const {
  return outputs_[0].is_pending() || outputs_[1].is_pending();
}

void Relay::Finish() {
  if (terminal_fd_ != kNoFd) close(terminal_fd_);
  terminal_fd_ = kNoFd;
  const int64_t end_ms = MonotonicMs() + kFinishMs;
  for (int64_t left_ms = kFinishMs; left_ms > 0;
       left_ms = end_ms - MonotonicMs()) {
    if (ServeOutputs()) continue;
    // A pipe that somebody else still has is not waited for.
    if (!IsPending()) return;
    PollSet set;
    set.LimitWait(static_cast<int>(left_ms));
    for (RelayClient& client : clients_) client.Register(set, false);
    set.Wait();
    for (RelayClient& client : clients_) client.NoteEvents(set);
  }
}

}  // namespace reeve
