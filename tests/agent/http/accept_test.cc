#include "agent/http/accept.h"

#include "gtest/gtest.h"

namespace reeve {
namespace {

TEST(FormatForTest, OpenMetricsIsForThoseWhoPreferIt) {
  for (const char* accept : {
           // Prometheus 2.42.
           "application/openmetrics-text;version=1.0.0,"
           "application/openmetrics-text;version=0.0.1;q=0.75,"
           "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
           "application/openmetrics-text",
           "text/plain; q=0.4, Application/OpenMetrics-Text; version=1.0.0",
           "application/openmetrics-text; version=\"1.0.0\"; q=0.5, text/*; "
           "q=0.4",
           "application/openmetrics-text, text/plain",
       }) {
    EXPECT_EQ(FormatFor(accept), TextFormat::kOpenMetrics) << accept;
  }
}

// Which is not served.
constexpr char kProtobufFirst[] =
    "application/vnd.google.protobuf;proto=io.prometheus.client."
    "MetricFamily;encoding=delimited,text/plain;version=0.0.4;q=0.3";

TEST(FormatForTest, OthersGetTheTextOfPrometheus) {
  for (const char* accept :
       {"", "*/*", "text/plain", "text/html,application/xhtml+xml,*/*;q=0.8",
        "text/plain, application/openmetrics-text",
        "application/openmetrics-text;q=0.4, */*;q=0.5",
        "application/openmetrics-text;q=0", "application/openmetrics-text;q=x",
        "application/openmetrics-text;q=nan",
        "application/openmetrics-text;version=0.0.1", kProtobufFirst, ",;,;q",
        "application/json"}) {
    EXPECT_EQ(FormatFor(accept), TextFormat::kPrometheus) << accept;
  }
}

}  // namespace
}  // namespace reeve
