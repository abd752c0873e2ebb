#include "exporters/prometheus/host_family_writer.h"

#include <string>

#include "gtest/gtest.h"

namespace reeve {
namespace {

TEST(HostFamilyWriterTest, CommentsComeBeforeTheFirstSeries) {
  const HostFamily family = {"a_total", "Help.", "counter", "", {}, "x"};
  std::string page;
  HostFamilyWriter writer(family, TextFormat::kPrometheus, &page);

  writer.Add({{"x", "1"}}, MetricValue());
  EXPECT_EQ(page, "");
  writer.Add({{"x", "1"}, {"y", "a\"b"}}, uint64_t{5});
  writer.Add(2.5);

  EXPECT_EQ(page,
            "# HELP a_total Help.\n# TYPE a_total counter\n"
            "a_total{x=\"1\",y=\"a\\\"b\"} 5\n"
            "a_total 2.5\n");
}

}  // namespace
}  // namespace reeve
