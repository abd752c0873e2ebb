#include "agent/http/landing_page.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/exporters/prometheus/snapshots.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(LandingPageTest, SaysWhatItIsAndWhereToGo) {
  const std::string page = LandingPage("1.2.3", "/m", nullptr);

  EXPECT_THAT(page, HasSubstr("<h1>reeve</h1>"));
  EXPECT_THAT(page, HasSubstr("1.2.3"));
  EXPECT_THAT(page, HasSubstr("href=\"/m\""));
  EXPECT_THAT(page, HasSubstr("href=\"/api/v1/tasks\""));
  EXPECT_THAT(page, HasSubstr("No sample has been taken yet"));
}

TEST(LandingPageTest, TaskIsARowWithItsUsage) {
  const Snapshot snapshot = SnapshotOf(TaskOnV2());

  const std::string page = LandingPage("", "/metrics", &snapshot);

  EXPECT_THAT(page, HasSubstr("<a href=\"/api/v1/tasks/web\">web</a>"));
  EXPECT_THAT(page, HasSubstr(">20.0</td>"));
  EXPECT_THAT(page, HasSubstr(">100.0 MiB</td>"));
  EXPECT_THAT(page, HasSubstr(">256.0 MiB</td>"));
  EXPECT_THAT(page, HasSubstr(">3</td>"));
}

TEST(LandingPageTest, AbsentValuesAreDashes) {
  const Snapshot snapshot = SnapshotOf(TaskNamed("new"));

  EXPECT_THAT(LandingPage("", "/metrics", &snapshot),
              HasSubstr("<td class=\"number\">–</td>"));
}

TEST(LandingPageTest, NamesAreEscaped) {
  const Snapshot snapshot = SnapshotOf(TaskNamed("<b>&\"'", "<script>"));

  const std::string page = LandingPage("<i>", "/\"x", &snapshot);

  EXPECT_THAT(page, HasSubstr("&lt;b&gt;&amp;&quot;&#39;"));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;"));
  EXPECT_THAT(page, Not(HasSubstr("<script>")));
  EXPECT_THAT(page, Not(HasSubstr("<i>")));
}

}  // namespace
}  // namespace reeve
