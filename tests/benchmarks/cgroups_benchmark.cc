// What it costs to measure the cgroups of a host: as many of them as one says
// are made in every hierarchy that is measured, walked, read, and written on a
// page, in processor time. Then others are made and removed, to see whether
// anything is left of them.
//
//   cgroups_benchmark [CGROUPS [CHURN]]
//
// Needs root. What it made is removed in the end.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "base/file.h"
#include "base/system_clock.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "collectors/cgroups/cgroup_walk.h"
#include "collectors/cgroups/cgroups_collector.h"
#include "collectors/cgroups/measured_hierarchies.h"
#include "exporters/prometheus/cgroups_page.h"

namespace reeve {
namespace {

constexpr int kRounds = 24;
constexpr size_t kChurnAtOnce = 1000;

class CountingObserver final : public CollectorObserver {
 public:
  void OnRound(absl::Duration, absl::Duration, uint64_t, uint64_t) override {}
  void OnError(absl::string_view, const absl::Status& status) override {
    if (errors_++ == 0) std::printf("%s\n", status.ToString().c_str());
  }
  uint64_t errors() const { return errors_; }

 private:
  uint64_t errors_ = 0;
};

// Asks every cgroup.
class NobodysVisitor final : public CgroupVisitor {
 public:
  bool Visit(absl::string_view, uint64_t) override { return false; }
  void Learn(bool) override {}
};

// Cgroups of one name in every hierarchy.
class Cgroups {
 public:
  explicit Cgroups(const MeasuredHierarchies& hierarchies)
      : hierarchies_(hierarchies) {
    Make("");
    // Where there is no v1, those below have controllers only if told so.
    for (const CgroupHierarchy* one : hierarchies_.all()) {
      if (one->version != CgroupVersion::kV2) continue;
      for (const char* controller : {"cpu", "memory", "pids"}) {
        (void)WriteFileAt(
            AT_FDCWD,
            absl::StrCat(one->mount_point, parent_, "/cgroup.subtree_control"),
            absl::StrCat("+", controller));
      }
    }
  }
  ~Cgroups() {
    while (!names_.empty()) RemoveLast();
    Remove("");
  }
  Cgroups(const Cgroups&) = delete;
  Cgroups& operator=(const Cgroups&) = delete;

  void Add(size_t count) {
    for (size_t i = 0; i < count; ++i) {
      names_.push_back(absl::StrCat("/service-", ++made_, ".service"));
      Make(names_.back());
    }
  }

  void RemoveLast() {
    Remove(names_.back());
    names_.pop_back();
  }

  void RemoveLast(size_t count) {
    for (size_t i = 0; i < count; ++i) RemoveLast();
  }

  const std::string& parent() const { return parent_; }

 private:
  void Make(const std::string& name) {
    for (const CgroupHierarchy* one : hierarchies_.all()) {
      const std::string path = absl::StrCat(one->mount_point, parent_, name);
      if (mkdir(path.c_str(), 0755) != 0) std::perror(path.c_str());
    }
  }

  void Remove(const std::string& name) {
    for (const CgroupHierarchy* one : hierarchies_.all()) {
      const std::string path = absl::StrCat(one->mount_point, parent_, name);
      if (rmdir(path.c_str()) != 0) std::perror(path.c_str());
    }
  }

  const MeasuredHierarchies& hierarchies_;
  const std::string parent_ = absl::StrCat("/reeve-bench-", getpid());
  std::vector<std::string> names_;
  size_t made_ = 0;
};

uint64_t ResidentKib() {
  const std::string status = ReadFile("/proc/self/status").value_or("");
  const size_t at = status.find("VmRSS:");
  uint64_t kib = 0;
  if (at != std::string::npos) {
    const std::vector<absl::string_view> words =
        absl::StrSplit(absl::string_view(status).substr(at),
                       absl::ByAnyChar("\t \n"), absl::SkipEmpty());
    if (words.size() > 1) (void)absl::SimpleAtoi(words[1], &kib);
  }
  return kib;
}

// Processor time: others use the machine, too.
double ThreadMilliseconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return absl::ToDoubleMilliseconds(absl::DurationFromTimespec(now));
}

template <typename Work>
double MillisecondsOf(const Work& work) {
  const double began = ThreadMilliseconds();
  work();
  return ThreadMilliseconds() - began;
}

void Print(const char* what, std::vector<double> milliseconds) {
  std::sort(milliseconds.begin(), milliseconds.end());
  std::printf("%-28s median %8.1f ms, %8.1f to %.1f\n", what,
              milliseconds[milliseconds.size() / 2], milliseconds.front(),
              milliseconds.back());
}

size_t SeriesOf(const std::string& page) {
  size_t series = 0;
  for (const absl::string_view line : absl::StrSplit(page, '\n')) {
    if (!line.empty() && line[0] != '#') ++series;
  }
  return series;
}

class Benchmark {
 public:
  explicit Benchmark(CgroupMounts mounts)
      : hierarchies_(mounts), cgroups_(hierarchies_) {
    CgroupsCollectorOptions options;
    options.max_cgroups = 1'000'000;
    collector_ = std::make_unique<CgroupsCollector>(
        std::move(mounts), std::move(options), clock_, observer_);
    page_source_ =
        std::make_unique<CgroupsPage>([this] { return collector_->Latest(); });
  }

  void Measure(size_t count) {
    cgroups_.Add(count);
    std::printf("%zu cgroups in %zu hierarchies\n", count,
                hierarchies_.all().size());
    MeasureWalks();
    std::printf("%-28s %8.1f ms\n", "first round",
                MillisecondsOf([this] { collector_->Collect(); }));
    std::vector<double> rounds;
    rounds.reserve(kRounds);
    for (int i = 0; i < kRounds; ++i) {
      rounds.push_back(MillisecondsOf([this] { collector_->Collect(); }));
    }
    Print("round, all asleep", rounds);
    std::printf("%-28s %8lu KiB\n", "resident, without page", ResidentKib());
    MeasurePage();
    std::printf("%-28s %8lu KiB\n", "resident, with a page", ResidentKib());
  }

  void Churn(size_t count) {
    std::printf("churn: %zu cgroups more, %zu at a time\n", count,
                kChurnAtOnce);
    for (size_t done = 0; done < count; done += kChurnAtOnce) {
      cgroups_.Add(kChurnAtOnce);
      collector_->Collect();
      cgroups_.RemoveLast(kChurnAtOnce);
      collector_->Collect();
      if (done % (count / 10 + 1) < kChurnAtOnce) PrintLeft(done);
    }
    PrintLeft(count);
    std::printf("errors: %lu\n", observer_.errors());
  }

 private:
  void PrintLeft(size_t done) {
    std::printf("  after %7zu: measured %lu, resident %lu KiB\n", done,
                collector_->Latest()->measured, ResidentKib());
    std::fflush(stdout);
  }

  void MeasureWalks() {
    for (const CgroupHierarchy* one : hierarchies_.all()) {
      std::vector<double> walks;
      walks.reserve(kRounds);
      for (int i = 0; i < kRounds; ++i) {
        walks.push_back(MillisecondsOf([one] {
          NobodysVisitor visitor;
          (void)WalkCgroups(one->mount_point, visitor);
        }));
      }
      Print(absl::StrCat("whole walk ", one->mount_point).c_str(), walks);
    }
  }

  void MeasurePage() {
    std::string page;
    std::vector<double> renderings;
    for (int i = 0; i < kRounds; ++i) {
      page.clear();
      renderings.push_back(MillisecondsOf([this, &page] {
        page_source_->Append(TextFormat::kPrometheus, &page);
      }));
    }
    Print("page", renderings);
    const size_t series = SeriesOf(page);
    std::sort(renderings.begin(), renderings.end());
    std::printf(
        "%zu series, %zu bytes, %.0f ns a series\n", series, page.size(),
        renderings[renderings.size() / 2] * 1e6 / static_cast<double>(series));
  }

  const SystemClock clock_;
  CountingObserver observer_;
  const MeasuredHierarchies hierarchies_;
  Cgroups cgroups_;
  std::unique_ptr<CgroupsCollector> collector_;
  std::unique_ptr<CgroupsPage> page_source_;
};

size_t NumberOr(const char* text, size_t otherwise) {
  size_t number = 0;
  return text != nullptr && absl::SimpleAtoi(text, &number) ? number
                                                            : otherwise;
}

}  // namespace
}  // namespace reeve

int main(int argc, char** argv) {
  const size_t cgroups = reeve::NumberOr(argc > 1 ? argv[1] : nullptr, 10'000);
  const size_t churn = reeve::NumberOr(argc > 2 ? argv[2] : nullptr, 0);
  const auto mounts = reeve::CgroupMounts::Discover();
  if (!mounts.ok() || geteuid() != 0) {
    std::fprintf(stderr, "needs root and cgroups\n");
    return 1;
  }
  reeve::Benchmark benchmark(*mounts);
  benchmark.Measure(cgroups);
  if (churn > 0) benchmark.Churn(churn);
  return 0;
}
