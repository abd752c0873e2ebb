#include "agent/http/page_cache.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <set>
#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "exporters/prometheus/page_source.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/agent/http/gunzip.h"
#include "tests/exporters/prometheus/snapshots.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

// A part that tells which format it was asked for.
class HostSource final : public PageSource {
 public:
  absl::string_view collector() const override { return "host"; }

  void Append(TextFormat format, std::string* page) const override {
    if (is_empty_) return;
    *page += format == TextFormat::kPrometheus ? "reeve_host_x 1\n"
                                               : "reeve_host_x 2\n";
  }
  uint64_t version() const override { return version_; }

  std::atomic<uint64_t> version_{1};
  std::atomic<bool> is_empty_{false};
};

constexpr PageForm kPlain = {TextFormat::kPrometheus, false};
constexpr PageForm kCompressed = {TextFormat::kPrometheus, true};

std::string Text(const CachedPage& page) {
  std::string text;
  for (const auto& piece : page.pieces) text += piece.text.bytes;
  for (const auto& piece : page.shared_pieces) text += piece->text.bytes;
  return text;
}

class PageCacheTest : public ::testing::Test {
 protected:
  // As a connection does: asks, and asks again whenever a page was made.
  std::shared_ptr<const CachedPage> Await(PageForm form) {
    uint64_t at_least = 0;
    while (true) {
      const int seen = Made();
      auto page = cache_.Get(form, &at_least);
      if (page != nullptr) return page;
      AwaitMade(seen + 1);
    }
  }

  int Made() {
    absl::MutexLock lock(&mutex_);
    return made_;
  }

  void AwaitMade(int made) {
    absl::MutexLock lock(&mutex_);
    const auto is_made = [this, made] { return made_ >= made; };
    mutex_.Await(absl::Condition(&is_made));
  }

  absl::Mutex mutex_;
  int made_ = 0;
  SnapshotStore store_;
  HostSource source_;
  PageCache cache_{store_, {&source_}, [this] {
                     absl::MutexLock lock(&mutex_);
                     ++made_;
                   }};
};

TEST_F(PageCacheTest, BeforeTheFirstSnapshotThePageIsEmpty) {
  EXPECT_TRUE(Await(kPlain)->pieces.empty());
  EXPECT_EQ(Await(kPlain)->generation, 0);
}

TEST_F(PageCacheTest, PageIsMadeOnceForAll) {
  store_.Publish(ManyTasks(2, 7));

  const auto first = Await(kPlain);
  const auto second = Await(kPlain);

  EXPECT_EQ(first, second);
  EXPECT_EQ(first->generation, 7);
  EXPECT_THAT(Text(*first), HasSubstr("task=\"task-1\""));
  EXPECT_EQ(Made(), 1);
}

TEST_F(PageCacheTest, FormsAreTheSamePage) {
  store_.Publish(ManyTasks(2, 7));

  std::string stream = GzipHead();
  GzipTail tail;
  const auto compressed = Await(kCompressed);
  for (const auto& piece : compressed->pieces) {
    tail.Add(piece.text);
    stream += piece.text.bytes;
  }
  for (const auto& piece : compressed->shared_pieces) {
    tail.Add(piece->text);
    stream += piece->text.bytes;
  }

  EXPECT_EQ(Gunzip(stream + tail.Text()), Text(*Await(kPlain)));
  EXPECT_THAT(Text(*Await({TextFormat::kOpenMetrics, false})),
              HasSubstr("# TYPE reeve_task info\n"));
}

TEST_F(PageCacheTest, APlainPageIsWrittenOverTheOneBeforeWithoutSlack) {
  std::set<const void*> buffers;
  for (uint64_t generation = 1; generation <= 6; ++generation) {
    store_.Publish(ManyTasks(100, generation));
    const auto page = Await(kPlain);
    const std::string& largest =
        absl::c_max_element(page->pieces, [](const auto& a, const auto& b) {
          return a.text.bytes.size() < b.text.bytes.size();
        })->text.bytes;
    EXPECT_LE(largest.capacity(), largest.size() * 5 / 4);
    buffers.insert(largest.data());
  }
  EXPECT_THAT(buffers, SizeIs(1));
}

TEST_F(PageCacheTest, PiecesAreThoseOfTheirCollectors) {
  store_.Publish(ManyTasks(2, 7));

  for (const auto& piece : Await(kPlain)->pieces) {
    const bool is_cpu = piece.collector == "cpu";
    EXPECT_EQ(
        piece.text.bytes.find("reeve_task_cpu_usage_seconds_total{") !=
                std::string::npos ||
            piece.text.bytes.find("reeve_task_cpu_cfs_") != std::string::npos,
        is_cpu)
        << piece.collector;
  }
}

TEST_F(PageCacheTest, SourcesArePiecesAfterTheTasks) {
  store_.Publish(ManyTasks(2, 7));

  const auto page = Await(kPlain);

  ASSERT_EQ(page->shared_pieces.size(), 1);
  EXPECT_EQ(page->shared_pieces[0]->collector, "host");
  EXPECT_EQ(page->shared_pieces[0]->text.bytes, "reeve_host_x 1\n");
  EXPECT_THAT(Text(*Await({TextFormat::kOpenMetrics, false})),
              ::testing::EndsWith("reeve_host_x 2\n"));
}

TEST_F(PageCacheTest, SourceIsWrittenAnewOnlyWhenItHasChanged) {
  store_.Publish(ManyTasks(2, 7));
  const auto first = Await(kPlain);
  store_.Publish(ManyTasks(2, 8));
  const auto second = Await(kPlain);
  EXPECT_EQ(second->shared_pieces[0], first->shared_pieces[0]);

  source_.version_ = 2;
  store_.Publish(ManyTasks(2, 9));
  const auto third = Await(kPlain);
  EXPECT_NE(third->shared_pieces[0], first->shared_pieces[0]);

  // One that changes all the time.
  source_.version_ = 0;
  store_.Publish(ManyTasks(2, 10));
  const auto fourth = Await(kPlain);
  store_.Publish(ManyTasks(2, 11));
  EXPECT_NE(Await(kPlain)->shared_pieces[0], fourth->shared_pieces[0]);
}

TEST_F(PageCacheTest, SourceWithoutSeriesIsNoPiece) {
  source_.is_empty_ = true;
  store_.Publish(ManyTasks(2, 7));

  EXPECT_TRUE(Await(kPlain)->shared_pieces.empty());
  EXPECT_TRUE(Await(kCompressed)->shared_pieces.empty());
}

TEST_F(PageCacheTest, CadvisorsPageIsOfTasksAlone) {
  store_.Publish(ManyTasks(2, 7));

  EXPECT_THAT(Text(*Await({TextFormat::kPrometheus, false, true})),
              Not(HasSubstr("reeve_host")));
}

TEST_F(PageCacheTest, PageThatIsBeingReadStaysAsItIs) {
  store_.Publish(ManyTasks(1, 7));
  const auto first = Await(kPlain);
  const std::string text = Text(*first);

  for (uint64_t generation = 8; generation < 12; ++generation) {
    store_.Publish(ManyTasks(2, generation));
    EXPECT_EQ(Await(kPlain)->generation, generation);
  }

  EXPECT_EQ(Text(*first), text);
  EXPECT_THAT(text, Not(HasSubstr("task-1")));
  EXPECT_THAT(Text(*Await(kPlain)), HasSubstr("task-1"));
}

TEST_F(PageCacheTest, PageOfFewerTasksHasNothingOfAnEarlierOne) {
  for (uint64_t generation = 7; generation < 12; ++generation) {
    store_.Publish(ManyTasks(generation % 2 == 0 ? 0 : 3, generation));
    const std::string text = Text(*Await(kPlain));
    EXPECT_EQ(text.find("task-1") == std::string::npos, generation % 2 == 0);
  }
}

TEST_F(PageCacheTest, NothingIsMadeWhereNobodyAsks) {
  for (uint64_t generation = 1; generation < 100; ++generation) {
    store_.Publish(ManyTasks(1, generation));
  }

  cache_.Stop();
  EXPECT_EQ(Made(), 0);
}

TEST_F(PageCacheTest, PageOfARegularScrapeIsMadeBeforeItComes) {
  store_.Publish(ManyTasks(1, 1));
  Await(kPlain);
  store_.Publish(ManyTasks(1, 2));
  Await(kPlain);
  EXPECT_EQ(Made(), 2);

  store_.Publish(ManyTasks(1, 3));
  AwaitMade(3);

  uint64_t at_least = 0;
  const auto page = cache_.Get(kPlain, &at_least);
  ASSERT_NE(page, nullptr) << "at once";
  EXPECT_EQ(page->generation, 3);
}

TEST_F(PageCacheTest, StoppedCacheMakesNoMore) {
  store_.Publish(ManyTasks(1, 1));
  cache_.Stop();

  uint64_t at_least = 0;
  EXPECT_EQ(cache_.Get(kPlain, &at_least), nullptr);
  store_.Publish(ManyTasks(1, 2));
  EXPECT_EQ(Made(), 0);
}

}  // namespace
}  // namespace reeve
