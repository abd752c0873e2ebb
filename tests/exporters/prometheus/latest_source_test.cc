#include "exporters/prometheus/latest_source.h"

#include <memory>
#include <string>

#include "gtest/gtest.h"

namespace reeve {
namespace {

TEST(LatestSourceTest, WritesWhatWasFoundLast) {
  const auto latest = std::make_shared<Latest<uint64_t>>();
  const LatestSource<uint64_t> source(
      "x",
      {{{"a", "Help.", "gauge", "", {}, "x"},
        [](const uint64_t& sample, HostFamilyWriter& writer) {
          writer.Add(sample);
        }}},
      latest);
  std::string page;

  source.Append(TextFormat::kPrometheus, &page);
  EXPECT_EQ(page, "") << "nothing was found yet";
  latest->Publish(std::make_shared<const uint64_t>(1));
  latest->Publish(std::make_shared<const uint64_t>(2));
  source.Append(TextFormat::kPrometheus, &page);

  EXPECT_EQ(page, "# HELP a Help.\n# TYPE a gauge\na 2\n");
  EXPECT_EQ(source.collector(), "x");
}

}  // namespace
}  // namespace reeve
