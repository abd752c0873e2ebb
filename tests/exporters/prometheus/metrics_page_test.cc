#include "exporters/prometheus/metrics_page.h"

#include <memory>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/exporters/prometheus/snapshots.h"
#include "tests/testing/fake_clock.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

class MetricsPageTest : public ::testing::Test {
 protected:
  FakeClock clock_;
  SnapshotStore store_;
  AgentMetrics metrics_{{}, clock_};
  MetricsPage page_{store_, metrics_};
};

TEST_F(MetricsPageTest, BeforeTheFirstSnapshotOnlyTheAgentIsShown) {
  const RenderedMetrics rendered = page_.Render();

  EXPECT_EQ(*rendered.tasks, "");
  EXPECT_THAT(*rendered.agent, HasSubstr("reeve_build_info"));
  EXPECT_EQ(rendered.generation, 0);
}

TEST_F(MetricsPageTest, PagesOfOneSnapshotShareItsText) {
  store_.Publish(ManyTasks(2, 1));

  const RenderedMetrics first = page_.Render();
  const RenderedMetrics second = page_.Render();

  EXPECT_EQ(first.tasks, second.tasks);
  EXPECT_EQ(second.generation, 1);
}

TEST_F(MetricsPageTest, NewSnapshotLeavesAPageThatIsBeingReadAlone) {
  store_.Publish(ManyTasks(1, 1));
  const RenderedMetrics first = page_.Render();
  const std::string text = *first.tasks;

  store_.Publish(ManyTasks(2, 2));
  const RenderedMetrics second = page_.Render();

  EXPECT_EQ(*first.tasks, text);
  EXPECT_EQ(first.generation, 1);
  EXPECT_THAT(*second.tasks, HasSubstr("task=\"task-1\""));
  EXPECT_EQ(second.generation, 2);
}

TEST_F(MetricsPageTest, BufferOfAPageThatNobodyReadsIsUsedAgain) {
  store_.Publish(ManyTasks(2, 1));
  const std::string* const buffer = page_.Render().tasks.get();
  store_.Publish(ManyTasks(2, 2));

  EXPECT_EQ(page_.Render().tasks.get(), buffer);
}

}  // namespace
}  // namespace reeve
