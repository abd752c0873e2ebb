#include "agent/events/event_log.h"

#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_clock.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr size_t kAll = 1'000'000;

TaskEvent Event(const std::string& task) {
  return {EventType::kCreated, task, ""};
}

std::vector<std::string> TasksOf(const EventLog::Batch& batch) {
  std::vector<std::string> tasks;
  for (const auto& event : batch.events) tasks.push_back(event->event.task);
  return tasks;
}

TEST(EventLogTest, NumbersEventsFromOneAndStampsThem) {
  FakeClock clock;
  EventLog log(clock);
  EXPECT_EQ(log.last_sequence(), 0u);
  EXPECT_EQ(log.first_sequence(), 1u);

  log.Append(Event("a"));
  const absl::Time first = clock.WallNow();
  clock.Advance(absl::Seconds(1));
  log.Append(Event("b"));

  const EventLog::Batch batch = log.ReadAfter(0, kAll);
  ASSERT_EQ(batch.events.size(), 2u);
  EXPECT_EQ(batch.events[0]->sequence, 1u);
  EXPECT_EQ(batch.events[0]->time, first);
  EXPECT_EQ(batch.events[1]->sequence, 2u);
  EXPECT_EQ(batch.events[1]->time, first + absl::Seconds(1));
  EXPECT_EQ(batch.lost, 0u);
  EXPECT_EQ(log.last_sequence(), 2u);
}

TEST(EventLogTest, AReaderGoesOnWhereItWas) {
  FakeClock clock;
  EventLog log(clock);
  for (const char* task : {"a", "b", "c"}) log.Append(Event(task));

  EXPECT_THAT(TasksOf(log.ReadAfter(0, 2)), ElementsAre("a", "b"));
  EXPECT_THAT(TasksOf(log.ReadAfter(2, 2)), ElementsAre("c"));
  EXPECT_THAT(TasksOf(log.ReadAfter(3, 2)), IsEmpty());
}

TEST(EventLogTest, TheOldestMakeRoomAndAReaderIsToldHowMany) {
  FakeClock clock;
  EventLog log(clock, {/*max_events=*/3, /*max_bytes=*/1 << 20});
  for (int i = 1; i <= 10; ++i) log.Append(Event(absl::StrCat(i)));

  const EventLog::Batch batch = log.ReadAfter(2, kAll);

  EXPECT_EQ(batch.lost, 5u);
  EXPECT_THAT(TasksOf(batch), ElementsAre("8", "9", "10"));
  EXPECT_EQ(log.first_sequence(), 8u);
  EXPECT_EQ(log.ReadAfter(7, kAll).lost, 0u);
}

TEST(EventLogTest, MemoryIsBoundedWhateverEventsHold) {
  FakeClock clock;
  EventLog log(clock, {/*max_events=*/1000, /*max_bytes=*/10'000});
  for (int i = 0; i < 100; ++i) {
    log.Append({EventType::kStartFailed,
                "t",
                "",
                {{"error", std::string(1'000'000, 'x')}}});
  }

  const EventLog::Batch batch = log.ReadAfter(0, kAll);

  EXPECT_EQ(batch.events.size(), 9u);
  EXPECT_EQ(batch.lost, 91u);
  EXPECT_EQ(batch.events[0]->event.attributes[0].second.size(), 1024u);
}

TEST(EventLogTest, TextIsNotCutWithinACharacter) {
  FakeClock clock;
  EventLog log(clock);
  std::string text(1023, 'x');
  absl::StrAppend(&text, "\xC3\xA4");
  TaskEvent event = Event("t");
  event.attributes = {{"error", text}};
  log.Append(std::move(event));

  EXPECT_EQ(log.ReadAfter(0, kAll).events[0]->event.attributes[0].second,
            std::string(1023, 'x'));
}

TEST(EventLogTest, EachStartHasAnIdOfItsOwn) {
  FakeClock clock;
  EXPECT_NE(EventLog(clock).stream_id(), EventLog(clock).stream_id());
}

TEST(EventLogTest, WaitingEndsWithNewsAndWithTheLog) {
  FakeClock clock;
  EventLog log(clock);
  log.Append(Event("a"));
  EXPECT_TRUE(log.AwaitNews(0));

  std::thread appender([&log] { log.Append(Event("b")); });
  EXPECT_TRUE(log.AwaitNews(1));
  appender.join();

  std::thread closer([&log] { log.Close(); });
  EXPECT_FALSE(log.AwaitNews(2));
  closer.join();
}

TEST(EventLogTest, AfterTheEndReadersGetTheRestAndKnowThatItIsAll) {
  FakeClock clock;
  EventLog log(clock);
  log.Append(Event("a"));
  log.Append(Event("b"));
  EXPECT_FALSE(log.ReadAfter(0, kAll).is_last);
  log.Close();
  log.Append(Event("c"));

  EXPECT_FALSE(log.ReadAfter(0, 1).is_last);
  const EventLog::Batch rest = log.ReadAfter(1, kAll);
  EXPECT_TRUE(rest.is_last);
  EXPECT_THAT(TasksOf(rest), ElementsAre("b"));
}

TEST(EventLogTest, ManyMayAppendAndReadAtOnce) {
  constexpr int kThreads = 4;
  constexpr int kEach = 500;
  FakeClock clock;
  EventLog log(clock, {/*max_events=*/100, /*max_bytes=*/1 << 20});
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&log] {
      for (int n = 0; n < kEach; ++n) log.Append(Event("t"));
    });
  }

  constexpr uint64_t kEvents = uint64_t{kThreads} * kEach;
  uint64_t position = 0;
  uint64_t seen = 0;
  while (position < kEvents) {
    ASSERT_TRUE(log.AwaitNews(position));
    const EventLog::Batch batch = log.ReadAfter(position, 7);
    position += batch.lost;
    seen += batch.lost;
    for (const auto& event : batch.events) {
      ASSERT_EQ(event->sequence, ++position);
      ++seen;
    }
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(seen, kEvents);
}

}  // namespace
}  // namespace reeve
