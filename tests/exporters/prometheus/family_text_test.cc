#include "exporters/prometheus/family_text.h"

#include <limits>

#include "gtest/gtest.h"

namespace reeve {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

std::string Text(const MetricFamily& family, TextFormat format) {
  std::string text;
  AppendFamily(family, format, &text);
  return text;
}

MetricFamily Counter() {
  MetricFamily family{
      "waits_seconds_total", "Time \"lost\".\n", MetricType::Counter, {}};
  ClientMetric metric;
  metric.label = {{"code", "a\"b"}, {"path", "/"}};
  metric.counter.value = 1000000;
  family.metric = {metric};
  return family;
}

MetricFamily Histogram() {
  MetricFamily family{"took_seconds", "Time.", MetricType::Histogram, {}};
  ClientMetric metric;
  metric.histogram.sample_count = 3;
  metric.histogram.sample_sum = 0.75;
  metric.histogram.bucket = {{1, 0.000025}, {2, 0.25}, {2, 10}};
  family.metric = {metric};
  return family;
}

TEST(AppendFamilyTest, CounterInEitherFormat) {
  const std::string sample =
      "waits_seconds_total{code=\"a\\\"b\",path=\"/\"} 1000000\n";

  EXPECT_EQ(Text(Counter(), TextFormat::kPrometheus),
            "# HELP waits_seconds_total Time \"lost\".\\n\n"
            "# TYPE waits_seconds_total counter\n" +
                sample);
  EXPECT_EQ(Text(Counter(), TextFormat::kOpenMetrics),
            "# HELP waits_seconds Time \\\"lost\\\".\\n\n"
            "# TYPE waits_seconds counter\n"
            "# UNIT waits_seconds seconds\n" +
                sample);
}

TEST(AppendFamilyTest, HistogramHasABucketForAll) {
  EXPECT_EQ(Text(Histogram(), TextFormat::kPrometheus),
            "# HELP took_seconds Time.\n"
            "# TYPE took_seconds histogram\n"
            "took_seconds_bucket{le=\"2.5e-05\"} 1\n"
            "took_seconds_bucket{le=\"0.25\"} 2\n"
            "took_seconds_bucket{le=\"10\"} 2\n"
            "took_seconds_bucket{le=\"+Inf\"} 3\n"
            "took_seconds_count 3\n"
            "took_seconds_sum 0.75\n");
}

TEST(AppendFamilyTest, BucketForAllIsThereOnce) {
  MetricFamily family = Histogram();
  family.metric[0].histogram.bucket.push_back(
      {3, std::numeric_limits<double>::infinity()});

  EXPECT_EQ(Text(family, TextFormat::kOpenMetrics),
            "# HELP took_seconds Time.\n"
            "# TYPE took_seconds histogram\n"
            "# UNIT took_seconds seconds\n"
            "took_seconds_bucket{le=\"2.5e-05\"} 1\n"
            "took_seconds_bucket{le=\"0.25\"} 2\n"
            "took_seconds_bucket{le=\"10\"} 2\n"
            "took_seconds_bucket{le=\"+Inf\"} 3\n"
            "took_seconds_count 3\n"
            "took_seconds_sum 0.75\n");
}

TEST(AppendFamilyTest, InfoIsATypeInOpenMetrics) {
  MetricFamily family{"build_info", "Build.", MetricType::Gauge, {}};
  family.metric.resize(1);
  family.metric[0].gauge.value = 1;

  EXPECT_EQ(Text(family, TextFormat::kOpenMetrics),
            "# HELP build Build.\n# TYPE build info\nbuild_info 1\n");
}

TEST(AppendFamilyTest, ValuesAreExact) {
  MetricFamily family{"x", "X.", MetricType::Gauge, {}};
  family.metric.resize(4);
  family.metric[0].gauge.value = 0.1;
  family.metric[1].gauge.value = -2;
  family.metric[2].gauge.value = 1e300;
  family.metric[3].gauge.value = std::numeric_limits<double>::quiet_NaN();

  EXPECT_EQ(Text(family, TextFormat::kPrometheus),
            "# HELP x X.\n# TYPE x gauge\nx 0.1\nx -2\nx 1e+300\nx NaN\n");
}

}  // namespace
}  // namespace reeve
