// What it costs to render the metrics of many tasks, and to fetch the page.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "agent/http/gzip.h"
#include "agent/http/http_server.h"
#include "base/system_clock.h"
#include "exporters/prometheus/task_metrics.h"
#include "exporters/prometheus/task_renderer.h"
#include "tests/agent/http/http_client.h"
#include "tests/exporters/prometheus/snapshots.h"

namespace reeve {
namespace {

size_t SeriesOfATask() {
  size_t series = 0;
  for (const TaskMetric& metric : TaskMetrics()) series += metric.series.size();
  return series;
}

// Items are series: the goal is 100 ns each.
void BM_RenderTasks(benchmark::State& state) {
  const auto tasks = static_cast<size_t>(state.range(0));
  const auto snapshot = ManyTasks(tasks, 1);
  TaskRenderer renderer;
  std::string page;
  for (auto _ : state) {
    page.clear();
    renderer.Append(*snapshot, &page);
    benchmark::DoNotOptimize(page.data());
  }
  state.SetItemsProcessed(state.iterations() *
                          static_cast<int64_t>(tasks * SeriesOfATask()));
  state.counters["bytes"] = static_cast<double>(page.size());
}
BENCHMARK(BM_RenderTasks)
    ->Arg(100)
    ->Arg(1000)
    ->Arg(10000)
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
  auto page = std::make_shared<std::string>();
  renderer.Append(*ManyTasks(static_cast<size_t>(state.range(0)), 1),
                  page.get());
  size_t bytes = 0;
  for (auto _ : state) bytes = Gzip({page}).size();
  state.counters["bytes"] = static_cast<double>(bytes);
}
BENCHMARK(BM_CompressPage)->Arg(1000)->Unit(benchmark::kMillisecond);

// A scrape over loopback, of a new snapshot each time: range(0) tasks, gzipped
// if range(1). The goal for 1,000 tasks is 10 ms, plain.
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
    state.ResumeTiming();
    client.Send(request);
    bytes = client.Receive().body.size();
  }
  state.counters["bytes"] = static_cast<double>(bytes);
}
BENCHMARK(BM_Scrape)
    ->Args({0, 0})
    ->Args({100, 0})
    ->Args({1000, 0})
    ->Args({1000, 1})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace reeve

BENCHMARK_MAIN();
