#include "enforcement/cgroup/device_program.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

namespace reeve {
namespace {

// The result, and what differs from one entry.
constexpr uint8_t kResult = BPF_REG_0;
// The argument: bpf_cgroup_dev_ctx.
constexpr uint8_t kContext = BPF_REG_1;
constexpr uint8_t kType = BPF_REG_2;
constexpr uint8_t kAccess = BPF_REG_3;
constexpr uint8_t kMajor = BPF_REG_4;
constexpr uint8_t kMinor = BPF_REG_5;
constexpr uint8_t kDifference = BPF_REG_6;

constexpr uint32_t kAllAccess =
    BPF_DEVCG_ACC_MKNOD | BPF_DEVCG_ACC_READ | BPF_DEVCG_ACC_WRITE;

// BPF_DEVCG_ACC_* of a use are the upper half of access_type, BPF_DEVCG_DEV_*
// the lower.
constexpr int kAccessShift = 16;
constexpr int kTypeMask = 0xffff;

class Assembler {
 public:
  void LoadField(uint8_t to, size_t offset) {
    Add(BPF_LDX | BPF_MEM | BPF_W, to, kContext, static_cast<int16_t>(offset),
        0);
  }

  // `operation` is BPF_MOV, BPF_AND …: 32 bits wide, the upper ones are 0.
  void Compute(uint8_t operation, uint8_t to, uint32_t value) {
    Add(static_cast<uint8_t>(BPF_ALU | operation | BPF_K), to, 0, 0, value);
  }
  void ComputeFrom(uint8_t operation, uint8_t to, uint8_t from) {
    Add(static_cast<uint8_t>(BPF_ALU | operation | BPF_X), to, from, 0, 0);
  }

  // Goes on after the next `count` instructions unless a register is 0.
  void SkipUnlessZero(uint8_t which, int16_t count) {
    Add(BPF_JMP | BPF_JNE | BPF_K, which, 0, count, 0);
  }

  void Return(uint32_t value) {
    Compute(BPF_MOV, kResult, value);
    Add(BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
  }

  std::vector<bpf_insn> Program() && { return std::move(program_); }

 private:
  void Add(uint8_t code, uint8_t to, uint8_t from, int16_t offset,
           uint32_t value) {
    bpf_insn instruction = {};
    instruction.code = code;
    instruction.dst_reg = to & 0xf;
    instruction.src_reg = from & 0xf;
    instruction.off = offset;
    instruction.imm = static_cast<int32_t>(value);
    program_.push_back(instruction);
  }

  std::vector<bpf_insn> program_;
};

uint32_t TypeBit(const DeviceAccess& access) {
  return access.type == 'b' ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR;
}

uint32_t AccessBits(const DeviceAccess& access) {
  uint32_t bits = 0;
  if (access.read) bits |= BPF_DEVCG_ACC_READ;
  if (access.write) bits |= BPF_DEVCG_ACC_WRITE;
  if (access.mknod) bits |= BPF_DEVCG_ACC_MKNOD;
  return bits;
}

// Adds to kDifference what a register differs in from `value`.
void Compare(Assembler& assembler, uint8_t which,
             std::optional<uint32_t> value) {
  if (!value.has_value()) return;
  assembler.ComputeFrom(BPF_MOV, kResult, which);
  assembler.Compute(BPF_XOR, kResult, *value);
  assembler.ComputeFrom(BPF_OR, kDifference, kResult);
}

// One jump for each entry, whatever it compares: the verifier learns nothing
// about the registers that the next entries look at, so it takes no longer for
// each of many.
void AllowEntry(Assembler& assembler, const DeviceAccess& access) {
  assembler.ComputeFrom(BPF_MOV, kDifference, kAccess);
  assembler.Compute(BPF_AND, kDifference, kAllAccess & ~AccessBits(access));
  Compare(assembler, kType, TypeBit(access));
  Compare(assembler, kMajor, access.major);
  Compare(assembler, kMinor, access.minor);
  assembler.SkipUnlessZero(kDifference, 2);
  assembler.Return(1);
}

}  // namespace

std::vector<bpf_insn> AssembleDeviceProgram(
    const std::vector<DeviceAccess>& allowed) {
  Assembler assembler;
  assembler.LoadField(kType, offsetof(bpf_cgroup_dev_ctx, access_type));
  assembler.ComputeFrom(BPF_MOV, kAccess, kType);
  assembler.Compute(BPF_AND, kType, kTypeMask);
  assembler.Compute(BPF_RSH, kAccess, kAccessShift);
  assembler.LoadField(kMajor, offsetof(bpf_cgroup_dev_ctx, major));
  assembler.LoadField(kMinor, offsetof(bpf_cgroup_dev_ctx, minor));
  for (const DeviceAccess& access : MergeDeviceAccess(allowed)) {
    AllowEntry(assembler, access);
  }
  assembler.Return(0);
  return std::move(assembler).Program();
}

}  // namespace reeve
