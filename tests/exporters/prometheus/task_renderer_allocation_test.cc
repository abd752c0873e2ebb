// On its own because it replaces the global operator new.
#include <atomic>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <utility>

#include "exporters/prometheus/task_renderer.h"
#include "gtest/gtest.h"
#include "tests/exporters/prometheus/snapshots.h"

namespace {

std::atomic<long> allocations{0};  // NOLINT(google-runtime-int)

}  // namespace

void* operator new(size_t size) {
  ++allocations;
  void* memory = std::malloc(size);  // NOLINT: this is what allocates.
  if (memory == nullptr) std::abort();
  return memory;
}

void operator delete(void* memory) noexcept { std::free(memory); }  // NOLINT
void operator delete(void* memory, size_t) noexcept {
  std::free(memory);  // NOLINT
}

namespace reeve {
namespace {

TEST(TaskRendererAllocationTest, SecondPageOfItsSizeAllocatesNothing) {
  const auto snapshot = ManyTasks(100, 1);
  TaskRenderer renderer;
  std::string page;
  renderer.Append(*snapshot, &page);
  page.clear();
  const auto before = allocations.load();

  renderer.Append(*snapshot, &page);

  EXPECT_EQ(allocations.load(), before);
}

TEST(TaskRendererAllocationTest, SeriesOfDevicesAllocateNothingEither) {
  auto snapshot = std::make_shared<Snapshot>();
  const auto ordinary = ManyTasks(20, 1);
  for (const auto& task : ordinary->tasks) {
    TaskTarget target = *task->target;
    target.limits.io = {{"8:0", 1024, 1024, 10, 10}, {"8:16", 1, 1, 1, 1}};
    target.limits.hugetlb = {{"2MB", 4194304}, {"1GB", 0}};
    auto limited = std::make_shared<TaskSnapshot>(*task);
    limited->target = std::make_shared<const TaskTarget>(std::move(target));
    snapshot->tasks.push_back(std::move(limited));
  }
  TaskRenderer renderer;
  std::string page;
  renderer.Append(*snapshot, &page);
  page.clear();
  const auto before = allocations.load();

  renderer.Append(*snapshot, &page);

  EXPECT_EQ(allocations.load(), before);
}

TEST(TaskRendererAllocationTest, FirstPageAllocatesForGrowthAlone) {
  const auto small = ManyTasks(1, 1);
  const auto large = ManyTasks(1000, 1);
  TaskRenderer renderer;
  std::string page;
  renderer.Append(*small, &page);
  page.clear();
  const auto before = allocations.load();

  renderer.Append(*large, &page);

  // 29,000 series: a few doublings of the page and of the labels.
  EXPECT_LT(allocations.load() - before, 60);
}

}  // namespace
}  // namespace reeve
