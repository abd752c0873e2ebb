#include "enforcement/cgroup/device_program.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

constexpr std::nullopt_t kAny = std::nullopt;

constexpr uint32_t kRead = BPF_DEVCG_ACC_READ;
constexpr uint32_t kWrite = BPF_DEVCG_ACC_WRITE;
constexpr uint32_t kMknod = BPF_DEVCG_ACC_MKNOD;
constexpr uint32_t kChar = BPF_DEVCG_DEV_CHAR;
constexpr uint32_t kBlock = BPF_DEVCG_DEV_BLOCK;

uint32_t Computed(uint8_t operation, uint32_t a, uint32_t b) {
  switch (operation) {
    case BPF_MOV:
      return b;
    case BPF_AND:
      return a & b;
    case BPF_OR:
      return a | b;
    case BPF_XOR:
      return a ^ b;
    case BPF_RSH:
      return a >> b;
    default:
      ADD_FAILURE() << "operation " << int{operation};
      return 0;
  }
}

// The kernel's part: as much of the machine as these programs use. nullopt if a
// program does what it must not.
std::optional<uint32_t> Run(const std::vector<bpf_insn>& program,
                            const bpf_cgroup_dev_ctx& context) {
  std::array<uint32_t, 11> registers = {};
  for (size_t at = 0; at < program.size(); ++at) {
    const bpf_insn& step = program[at];
    uint32_t& to = registers.at(step.dst_reg);
    const bool is_from_register = BPF_SRC(step.code) == BPF_X;
    const uint32_t operand = is_from_register ? registers.at(step.src_reg)
                                              : static_cast<uint32_t>(step.imm);
    if (step.code == (BPF_JMP | BPF_EXIT)) return registers[0];
    if (step.code == (BPF_LDX | BPF_MEM | BPF_W)) {
      if (step.off < 0 || step.off > 8 || step.src_reg != 1) break;
      std::memcpy(&to, reinterpret_cast<const char*>(&context) + step.off, 4);
    } else if (step.code == (BPF_JMP | BPF_JNE | BPF_K)) {
      if (step.off < 0) break;
      if (to != operand) at += static_cast<size_t>(step.off);
    } else if (BPF_CLASS(step.code) == BPF_ALU) {
      to = Computed(BPF_OP(step.code), to, operand);
    } else {
      break;
    }
  }
  return std::nullopt;
}

bool Allows(const std::vector<DeviceAccess>& allowed, uint32_t type,
            uint32_t major, uint32_t minor, uint32_t access) {
  const std::optional<uint32_t> result =
      Run(AssembleDeviceProgram(allowed), {access << 16 | type, major, minor});
  EXPECT_TRUE(result.has_value());
  return result == 1U;
}

TEST(AssembleDeviceProgramTest, WithoutEntriesNothingIsAllowed) {
  EXPECT_FALSE(Allows({}, kChar, 1, 3, kRead));
  EXPECT_FALSE(Allows({}, kBlock, 0, 0, kMknod));
}

TEST(AssembleDeviceProgramTest, AnEntryAllowsItsNumberAlone) {
  const std::vector<DeviceAccess> fuse = {{'c', 10, 229, true, true, false}};

  EXPECT_TRUE(Allows(fuse, kChar, 10, 229, kRead));
  EXPECT_TRUE(Allows(fuse, kChar, 10, 229, kRead | kWrite));
  EXPECT_FALSE(Allows(fuse, kChar, 10, 229, kMknod));
  EXPECT_FALSE(Allows(fuse, kBlock, 10, 229, kRead));
  EXPECT_FALSE(Allows(fuse, kChar, 10, 230, kRead));
  EXPECT_FALSE(Allows(fuse, kChar, 11, 229, kRead));
  EXPECT_FALSE(Allows(fuse, kChar, 229, 10, kRead));
}

TEST(AssembleDeviceProgramTest, AbsentNumbersAreAny) {
  const std::vector<DeviceAccess> some = {
      {'c', 136, kAny, true, true, true},
      {'b', kAny, kAny, false, false, true}};

  EXPECT_TRUE(Allows(some, kChar, 136, 0, kRead | kWrite));
  EXPECT_TRUE(Allows(some, kChar, 136, 1048575, kRead));
  EXPECT_FALSE(Allows(some, kChar, 137, 0, kRead));
  EXPECT_TRUE(Allows(some, kBlock, 7, 3, kMknod));
  EXPECT_FALSE(Allows(some, kBlock, 7, 3, kMknod | kRead));
}

TEST(AssembleDeviceProgramTest, AnyTypeIsBoth) {
  const std::vector<DeviceAccess> all = {{'a', kAny, kAny, true, true, true}};

  EXPECT_TRUE(Allows(all, kChar, 1, 1, kRead | kWrite | kMknod));
  EXPECT_TRUE(Allows(all, kBlock, 8, 0, kRead | kWrite | kMknod));
}

TEST(AssembleDeviceProgramTest, OneEntryHasToAllowAllThatIsAsked) {
  const std::vector<DeviceAccess> parted = {{'c', 1, kAny, true, false, false},
                                            {'c', 1, 9, false, true, false}};

  EXPECT_TRUE(Allows(parted, kChar, 1, 9, kRead));
  EXPECT_TRUE(Allows(parted, kChar, 1, 9, kWrite));
  EXPECT_FALSE(Allows(parted, kChar, 1, 9, kRead | kWrite));
}

TEST(AssembleDeviceProgramTest, EveryNumberIsCompared) {
  const std::vector<DeviceAccess> large = {
      {'c', 4095, 0xffffffff, true, false, false}};

  EXPECT_TRUE(Allows(large, kChar, 4095, 0xffffffff, kRead));
  EXPECT_FALSE(Allows(large, kChar, 4095, 0x7fffffff, kRead));
}

// The kernel takes a million instructions, and looks at each of these once or
// twice.
TEST(AssembleDeviceProgramTest, GrowsWithTheEntriesAndNoFaster) {
  const size_t none = AssembleDeviceProgram({}).size();
  EXPECT_LE(none, 8U);
  std::vector<DeviceAccess> many;
  for (uint32_t i = 0; i < 300; ++i) {
    many.push_back({'c', i, i, true, false, false});
  }
  EXPECT_LE(AssembleDeviceProgram(many).size(), none + many.size() * 14);
}

TEST(AssembleDeviceProgramTest, ADeviceGivenTwiceIsOneEntry) {
  const std::vector<DeviceAccess> once = {{'c', 1, 3, true, true, false}};
  const std::vector<DeviceAccess> twice = {{'c', 1, 3, true, false, false},
                                           {'c', 1, 3, false, true, false}};

  EXPECT_EQ(AssembleDeviceProgram(once).size(),
            AssembleDeviceProgram(twice).size());
  EXPECT_TRUE(Allows(twice, kChar, 1, 3, kRead | kWrite));
}

}  // namespace
}  // namespace reeve
