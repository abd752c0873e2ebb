#include "tests/testing/seccomp_machine.h"

#include <cstddef>
#include <cstring>

namespace reeve {
namespace {

// One of the comparisons that libseccomp uses.
std::optional<bool> Compare(uint16_t code, uint32_t accumulator, uint32_t k) {
  switch (code) {
    case BPF_JMP | BPF_JEQ | BPF_K:
      return accumulator == k;
    case BPF_JMP | BPF_JGT | BPF_K:
      return accumulator > k;
    case BPF_JMP | BPF_JGE | BPF_K:
      return accumulator >= k;
    case BPF_JMP | BPF_JSET | BPF_K:
      return (accumulator & k) != 0;
    case BPF_JMP | BPF_JA:
      return true;
    default:
      return std::nullopt;
  }
}

// How far a jump goes beyond the instruction after it.
size_t Distance(const sock_filter& jump, bool holds) {
  if (jump.code == (BPF_JMP | BPF_JA)) return jump.k;
  return holds ? jump.jt : jump.jf;
}

}  // namespace

std::optional<uint32_t> RunSeccompFilter(
    const std::vector<sock_filter>& program, const seccomp_data& call) {
  uint32_t accumulator = 0;
  for (size_t at = 0; at < program.size(); ++at) {
    const sock_filter& step = program[at];
    if (step.code == (BPF_RET | BPF_K)) return step.k;
    if (step.code == (BPF_LD | BPF_W | BPF_ABS)) {
      if (step.k > sizeof(call) - sizeof(accumulator)) return std::nullopt;
      std::memcpy(&accumulator, reinterpret_cast<const char*>(&call) + step.k,
                  sizeof(accumulator));
    } else if (step.code == (BPF_ALU | BPF_AND | BPF_K)) {
      accumulator &= step.k;
    } else {
      const auto holds = Compare(step.code, accumulator, step.k);
      if (!holds.has_value()) return std::nullopt;
      at += Distance(step, *holds);
    }
  }
  return std::nullopt;
}

}  // namespace reeve
