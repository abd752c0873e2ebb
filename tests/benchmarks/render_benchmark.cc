// What it costs to render the metrics of many tasks, and to fetch the page.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "agent/http/gzip.h"
#include "agent/http/http_server.h"
#include "base/system_clock.h"
#include "exporters/prometheus/task_renderer.h"
#include "tests/agent/http/http_client.h"
#include "tests/exporters/prometheus/snapshots.h"

namespace reeve {
namespace {

constexpr auto kText = static_cast<int64_t>(TextFormat::kPrometheus);
constexpr auto kOpen = static_cast<int64_t>(TextFormat::kOpenMetrics);

// Those on the page: its lines that are no comments.
size_t SeriesOf(const std::string& page) {
  size_t series = 0;
  for (const absl::string_view line : absl::StrSplit(page, '\n')) {
    if (!line.empty() && line[0] != '#') ++series;
  }
  return series;
}

// Items are series: the goal is 100 ns each.
void BM_RenderTasks(benchmark::State& state) {
  const auto tasks = static_cast<size_t>(state.range(0));
  const auto snapshot = ManyTasks(tasks, 1);
  const auto format = static_cast<TextFormat>(state.range(1));
  TaskRenderer renderer(format);
  std::string page;
  for (auto _ : state) {
    page.clear();
    renderer.Append(*snapshot, &page);
    benchmark::DoNotOptimize(page.data());
  }
  state.SetItemsProcessed(state.iterations() *
                          static_cast<int64_t>(SeriesOf(page)));
  state.counters["bytes"] = static_cast<double>(page.size());
  state.counters["series"] = static_cast<double>(SeriesOf(page));
}
BENCHMARK(BM_RenderTasks)
    ->Args({100, kText})
    ->Args({1000, kText})
    ->Args({10000, kText})
    ->Args({10000, kOpen})
    ->Unit(benchmark::kMicrosecond);

void BM_AgentMetrics(benchmark::State& state) {
  const SystemClock clock;
  const AgentMetrics metrics({}, clock);
  for (auto _ : state) {
    std::string page;
    metrics.AppendText(nullptr, &page);
    benchmark::DoNotOptimize(page.data());
  }
}
BENCHMARK(BM_AgentMetrics)->Unit(benchmark::kMicrosecond);

void BM_CompressPage(benchmark::State& state) {
  TaskRenderer renderer;
  std::string page;
  renderer.Append(*ManyTasks(static_cast<size_t>(state.range(0)), 1), &page);
  Deflater deflater;
  DeflatedText deflated;
  for (auto _ : state) deflater.Deflate(page, &deflated);
  state.counters["bytes"] = static_cast<double>(deflated.bytes.size());
}
BENCHMARK(BM_CompressPage)->Arg(1000)->Unit(benchmark::kMillisecond);

// The agent's part as it is in each answer.
void BM_CompressAgentMetrics(benchmark::State& state) {
  const SystemClock clock;
  const AgentMetrics metrics({}, clock);
  std::string page;
  metrics.AppendText(nullptr, &page);
  Deflater deflater;
  DeflatedText deflated;
  for (auto _ : state) deflater.Deflate(page, &deflated);
  state.counters["bytes"] = static_cast<double>(deflated.bytes.size());
}
BENCHMARK(BM_CompressAgentMetrics)->Unit(benchmark::kMicrosecond);

// A scrape over loopback, of a new snapshot each time: range(0) tasks, gzipped
// if range(1), by a scraper that is expected if range(2). The goal for 1,000
// tasks is 10 ms, plain.
void BM_Scrape(benchmark::State& state) {
  const auto tasks = static_cast<size_t>(state.range(0));
  const SystemClock clock;
  SnapshotStore store;
  AgentMetrics metrics({}, clock);
  HttpServerOptions options;
  options.listen_address = "127.0.0.1:0";
  HttpServer server(options, store, metrics, clock, {});
  if (!server.Start().ok()) {
    state.SkipWithError("cannot listen");
    return;
  }
  HttpClient client(server.port());
  const std::string request = absl::StrCat(
      "GET /metrics HTTP/1.1\r\nHost: localhost\r\n",
      state.range(1) != 0 ? "Accept-Encoding: gzip\r\n" : "", "\r\n");
  Snapshot snapshot = *ManyTasks(tasks, 1);
  size_t bytes = 0;
  for (auto _ : state) {
    state.PauseTiming();
    ++snapshot.generation;
    store.Publish(std::make_shared<const Snapshot>(snapshot));
    // Time to make the page, for who is expected.
    if (state.range(2) != 0) absl::SleepFor(absl::Milliseconds(100));
    state.ResumeTiming();
    client.Send(request);
    bytes = client.Receive().body.size();
  }
  state.counters["bytes"] = static_cast<double>(bytes);
}
BENCHMARK(BM_Scrape)
    ->Args({0, 0, 0})
    ->Args({100, 0, 0})
    ->Args({1000, 0, 0})
    ->Args({1000, 1, 0})
    ->Args({1000, 0, 1})
    ->Args({1000, 1, 1})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace reeve

BENCHMARK_MAIN();
