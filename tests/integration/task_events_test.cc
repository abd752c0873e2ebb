// What a whole agent tells of its tasks, through the control API.

#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/config.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "agent/agent.h"
#include "agent/agent_options.h"
#include "agent/api/task_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/runfiles.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

// Long, since a machine may be emulated.
constexpr absl::Duration kPatience = absl::Seconds(60);

std::string TypeName(const v1::Event& event) {
  return absl::AsciiStrToLower(
      absl::StripPrefix(v1::EventType_Name(event.type()), "EVENT_TYPE_"));
}

std::string Attribute(const v1::Event& event, const std::string& key) {
  const auto found = event.attributes().find(key);
  return found == event.attributes().end() ? "none" : found->second;
}

class TaskEventsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "needs root to make cgroups";
#ifdef ABSL_HAVE_THREAD_SANITIZER
    GTEST_SKIP() << "Debian's gRPC is not instrumented for this sanitizer";
#endif
    StartAgent();
  }

  void StartAgent() {
    AgentOptions options;
    options.state_dir = tree_.Path("state");
    options.cgroup_parent = absl::StrCat("/reeve-test-", getpid());
    options.sample_interval = absl::Milliseconds(200);
    options.shim_path = RunfilePath("enforcement/shim/reeve-shim");
    absl::StatusOr<std::unique_ptr<Agent>> agent = Agent::StartLocal(options);
    ASSERT_THAT(agent, IsOk());
    agent_ = *std::move(agent);
    stub_ = v1::TaskService::NewStub(agent_->InProcessChannel());
  }

  void TearDown() override {
    if (agent_ != nullptr) Stop("0s");
  }

  grpc::Status Launch(const std::vector<std::string>& command,
                      const std::function<void(v1::TaskSpec*)>& change = {}) {
    v1::LaunchRequest request;
    request.mutable_spec()->set_id("t");
    for (const std::string& word : command) {
      request.mutable_spec()->add_command(word);
    }
    if (change) change(request.mutable_spec());
    grpc::ClientContext context;
    v1::LaunchResponse response;
    return stub_->Launch(&context, request, &response);
  }

  void Stop(const std::string& grace) {
    v1::StopRequest request;
    request.set_id("t");
    request.set_signal("SIGTERM");
    request.mutable_grace()->set_seconds(grace == "0s" ? 0 : 30);
    grpc::ClientContext context;
    v1::StopResponse response;
    stub_->Stop(&context, request, &response);
  }

  void Wait() {
    v1::WaitRequest request;
    request.set_id("t");
    grpc::ClientContext context;
    v1::WaitResponse response;
    ASSERT_TRUE(stub_->Wait(&context, request, &response).ok());
  }

  grpc::Status Update(const std::function<void(v1::Limits*)>& change) {
    v1::UpdateRequest request;
    request.set_id("t");
    change(request.mutable_limits());
    grpc::ClientContext context;
    v1::UpdateResponse response;
    return stub_->Update(&context, request, &response);
  }

  std::vector<v1::Event> Events(const v1::EventsRequest& request = {}) {
    grpc::ClientContext context;
    const auto reader = stub_->Events(&context, request);
    std::vector<v1::Event> events;
    v1::Event event;
    while (reader->Read(&event)) events.push_back(event);
    EXPECT_TRUE(reader->Finish().ok());
    return events;
  }

  std::vector<std::string> Types(const v1::EventsRequest& request = {}) {
    std::vector<std::string> types;
    for (const v1::Event& event : Events(request)) {
      types.push_back(TypeName(event));
    }
    return types;
  }

  // The event of that type, once there is one.
  v1::Event Await(v1::EventType type) {
    v1::EventsRequest request;
    request.add_type(type);
    const absl::Time deadline = absl::Now() + kPatience;
    while (absl::Now() < deadline) {
      const std::vector<v1::Event> events = Events(request);
      if (!events.empty()) return events.back();
      absl::SleepFor(absl::Milliseconds(20));
    }
    ADD_FAILURE() << "no " << v1::EventType_Name(type);
    return {};
  }

  FakeTree tree_;
  std::unique_ptr<Agent> agent_;
  std::unique_ptr<v1::TaskService::Stub> stub_;
};

TEST_F(TaskEventsTest, ALifeInOrder) {
  ASSERT_TRUE(Launch({"/bin/sh", "-c", "exit 3"}, [](v1::TaskSpec* spec) {
                spec->set_group("g");
              }).ok());
  Wait();
  v1::RemoveRequest remove;
  remove.set_id("t");
  grpc::ClientContext context;
  v1::RemoveResponse removed;
  ASSERT_TRUE(stub_->Remove(&context, remove, &removed).ok());

  const std::vector<v1::Event> events = Events();

  EXPECT_THAT(Types(), ElementsAre("created", "group_created", "started",
                                   "group_removed", "exited", "removed"));
  ASSERT_EQ(events.size(), 6u);
  for (size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(events[i].sequence(), i + 1);
    EXPECT_EQ(events[i].stream_id(), events[0].stream_id());
    EXPECT_EQ(events[i].group(), "g");
  }
  EXPECT_NE(events[0].stream_id(), 0u);
  EXPECT_EQ(events[2].task(), "t");
  EXPECT_THAT(Attribute(events[2], "pid"), MatchesRegex("[0-9]+"));
  EXPECT_EQ(Attribute(events[4], "code"), "3");
  EXPECT_EQ(Attribute(events[4], "signal"), "none");
  EXPECT_EQ(Attribute(events[4], "oom"), "false");
}

TEST_F(TaskEventsTest, CommandsInATaskAreToldWithTheirEnd) {
  ASSERT_TRUE(Launch({"/bin/sleep", "1000"}).ok());
  v1::ExecRequest request;
  request.set_id("t");
  for (const char* const word : {"/bin/sh", "-c", "exit 5"}) {
    request.add_command(word);
  }
  grpc::ClientContext context;
  v1::ExecResponse response;

  ASSERT_TRUE(stub_->Exec(&context, request, &response).ok());

  EXPECT_EQ(response.exit().code(), 5);
  const v1::Event ended = Await(v1::EVENT_TYPE_EXEC_EXITED);
  EXPECT_EQ(Attribute(ended, "code"), "5");
  const v1::Event started = Await(v1::EVENT_TYPE_EXEC_STARTED);
  EXPECT_EQ(Attribute(started, "pid"), Attribute(ended, "pid"));
  EXPECT_EQ(Attribute(started, "command"), "/bin/sh");
}

TEST_F(TaskEventsTest, AnAttemptIsToldFromItsStartToTheNext) {
  ASSERT_TRUE(Launch({"/bin/sh", "-c", "exit 4"}, [](v1::TaskSpec* spec) {
                spec->mutable_restart()->set_when(v1::RESTART_WHEN_ON_FAILURE);
                spec->mutable_restart()->set_max_restarts(1);
                spec->mutable_restart()->mutable_backoff()->set_nanos(
                    20'000'000);
              }).ok());
  Wait();

  EXPECT_THAT(Types(), ElementsAre("created", "started", "exited", "restarting",
                                   "started", "exited"));
  const std::vector<v1::Event> events = Events();
  EXPECT_EQ(Attribute(events[2], "attempt"), "1");
  EXPECT_EQ(Attribute(events[3], "attempt"), "2");
  EXPECT_EQ(Attribute(events[3], "delay"), "20ms");
  EXPECT_EQ(Attribute(events[5], "attempt"), "2");
}

TEST_F(TaskEventsTest, ALaunchThatFailsSaysWhy) {
  ASSERT_FALSE(Launch({"/nonexistent/program"}).ok());

  const std::vector<v1::Event> events = Events();
  ASSERT_THAT(Types(), ElementsAre("created", "start_failed"));
  EXPECT_THAT(Attribute(events[1], "error"), HasSubstr("/nonexistent/program"));
}

TEST_F(TaskEventsTest, UpdatesTellWhatWasAndIs) {
  ASSERT_TRUE(Launch({"/bin/sleep", "1000"}, [](v1::TaskSpec* spec) {
                spec->mutable_limits()->set_pids(64);
              }).ok());
  ASSERT_TRUE(Update([](v1::Limits* limits) { limits->set_pids(32); }).ok());
  // It is so already.
  ASSERT_TRUE(Update([](v1::Limits* limits) { limits->set_pids(32); }).ok());
  ASSERT_FALSE(
      Update([](v1::Limits* limits) { limits->set_memory_bytes(1); }).ok());

  const std::vector<v1::Event> events = Events();
  ASSERT_THAT(Types(), ElementsAre("created", "started", "limits_updated",
                                   "update_failed"));
  EXPECT_EQ(Attribute(events[2], "pids.max"), "64 -> 32");
  EXPECT_NE(Attribute(events[3], "error"), "none");
}

TEST_F(TaskEventsTest, PausesAndStopsAreToldOnce) {
  ASSERT_TRUE(Launch({"/bin/sleep", "1000"}).ok());
  const auto pause = [this] {
    v1::PauseRequest request;
    request.set_id("t");
    grpc::ClientContext context;
    v1::PauseResponse response;
    ASSERT_TRUE(stub_->Pause(&context, request, &response).ok());
  };
  const auto resume = [this] {
    v1::ResumeRequest request;
    request.set_id("t");
    grpc::ClientContext context;
    v1::ResumeResponse response;
    ASSERT_TRUE(stub_->Resume(&context, request, &response).ok());
  };
  pause();
  pause();
  resume();
  resume();
  pause();
  Stop("30s");

  const std::vector<v1::Event> events = Events();
  ASSERT_THAT(Types(), ElementsAre("created", "started", "paused", "resumed",
                                   "paused", "stopping", "resumed", "exited"));
  EXPECT_EQ(Attribute(events[5], "signal"), "SIGTERM");
  EXPECT_EQ(Attribute(events[5], "grace"), "30s");
  EXPECT_EQ(Attribute(events[7], "code"), "143");
  EXPECT_EQ(Attribute(events[7], "signal"), "SIGTERM");
}

TEST_F(TaskEventsTest, ATaskThatOutgrowsItsMemoryIsToldOfBeforeItsExit) {
  ASSERT_TRUE(Launch({RunfilePath("tests/programs/allocate"), "--mib", "200"},
                     [](v1::TaskSpec* spec) {
                       spec->mutable_limits()->set_memory_bytes(64 << 20);
                     })
                  .ok());
  Wait();

  const std::vector<v1::Event> events = Events();
  ASSERT_THAT(Types(), ElementsAre("created", "started", "oom_kill", "exited"));
  EXPECT_EQ(Attribute(events[2], "count"), "1");
  EXPECT_EQ(Attribute(events[3], "oom"), "true");
}

// Its main process goes on, so that only a sample can tell.
TEST_F(TaskEventsTest, AKillWithinATaskThatGoesOnIsToldMeanwhile) {
  ASSERT_TRUE(Launch({"/bin/sh", "-c",
                      absl::StrCat(RunfilePath("tests/programs/allocate"),
                                   " --mib 200; sleep 1000")},
                     [](v1::TaskSpec* spec) {
                       spec->mutable_limits()->set_memory_bytes(64 << 20);
                     })
                  .ok());

  EXPECT_EQ(Attribute(Await(v1::EVENT_TYPE_OOM_KILL), "total"), "1");
  Stop("0s");
  EXPECT_THAT(Types(), ElementsAre("created", "started", "oom_kill", "stopping",
                                   "exited"));
}

TEST_F(TaskEventsTest, ATaskBeyondItsCpuLimitIsThrottledUntilItIsRaised) {
  ASSERT_TRUE(
      Launch({RunfilePath("tests/programs/burn"), "--seconds", "600"},
             [](v1::TaskSpec* spec) { spec->mutable_limits()->set_cpus(0.05); })
          .ok());
  EXPECT_THAT(Attribute(Await(v1::EVENT_TYPE_THROTTLED), "ratio"),
              MatchesRegex("(0|1)\\.[0-9][0-9]"));

  ASSERT_TRUE(Update([](v1::Limits* limits) {
                limits->set_cpus_unlimited(true);
              }).ok());
  Await(v1::EVENT_TYPE_UNTHROTTLED);

  EXPECT_THAT(Types(), ElementsAre("created", "started", "throttled",
                                   "limits_updated", "unthrottled"));
}

TEST_F(TaskEventsTest, AReaderResumesAndIsToldOfAnotherStart) {
  ASSERT_TRUE(Launch({"/bin/true"}).ok());
  Wait();
  const uint64_t stream = Events()[0].stream_id();

  v1::EventsRequest request;
  request.set_after_sequence(2);
  request.set_stream_id(stream);
  EXPECT_THAT(Types(request), ElementsAre("exited"));
  request.set_after_sequence(3);
  EXPECT_THAT(Types(request), IsEmpty());

  request.set_stream_id(stream + 1);
  EXPECT_THAT(Types(request),
              ElementsAre("lost", "created", "started", "exited"));
  EXPECT_THAT(Attribute(Events(request)[0], "reason"), HasSubstr("anew"));
  request.clear_stream_id();
  request.set_after_sequence(1000);
  EXPECT_THAT(Types(request),
              ElementsAre("lost", "created", "started", "exited"));
}

TEST_F(TaskEventsTest, EventsAreChosenByTaskTypeAndGroup) {
  ASSERT_TRUE(Launch({"/bin/true"}, [](v1::TaskSpec* spec) {
                spec->set_group("g");
              }).ok());
  Wait();

  v1::EventsRequest request;
  request.add_task("u");
  EXPECT_THAT(Types(request), IsEmpty());
  request.add_task("t");
  request.add_type(v1::EVENT_TYPE_CREATED);
  request.add_type(v1::EVENT_TYPE_EXITED);
  EXPECT_THAT(Types(request), ElementsAre("created", "exited"));
  request.set_group("h");
  EXPECT_THAT(Types(request), IsEmpty());
  request.set_group("g");
  EXPECT_THAT(Types(request), ElementsAre("created", "exited"));
}

TEST_F(TaskEventsTest, WhoFollowsIsToldWhatHappensUntilHeGivesUp) {
  v1::EventsRequest request;
  request.set_follow(true);
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + kPatience));
  const auto reader = stub_->Events(&context, request);

  ASSERT_TRUE(Launch({"/bin/true"}).ok());

  std::vector<std::string> types;
  v1::Event event;
  while (types.size() < 3 && reader->Read(&event)) {
    types.push_back(TypeName(event));
  }
  EXPECT_THAT(types, ElementsAre("created", "started", "exited"));
  context.TryCancel();
  EXPECT_FALSE(reader->Read(&event));
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

// More followers than the server has threads.
TEST_F(TaskEventsTest, ManyMayFollowAndTooManyAreRefused) {
  constexpr int kMost = 256;
  // One to be told of at once, which shows that a follower is counted.
  ASSERT_TRUE(Launch({"/bin/true"}).ok());
  Wait();
  v1::EventsRequest request;
  request.set_follow(true);
  request.add_type(v1::EVENT_TYPE_EXITED);
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  std::vector<std::unique_ptr<grpc::ClientReader<v1::Event>>> readers;
  for (int i = 0; i < kMost; ++i) {
    contexts.push_back(std::make_unique<grpc::ClientContext>());
    readers.push_back(stub_->Events(contexts.back().get(), request));
  }
  for (const auto& reader : readers) {
    v1::Event event;
    ASSERT_TRUE(reader->Read(&event));
    EXPECT_EQ(TypeName(event), "exited");
  }
  const absl::Time deadline = absl::Now() + kPatience;
  grpc::Status refused;
  while (refused.ok() && absl::Now() < deadline) {
    grpc::ClientContext context;
    context.set_deadline(
        absl::ToChronoTime(absl::Now() + absl::Milliseconds(500)));
    const auto reader = stub_->Events(&context, request);
    v1::Event event;
    while (reader->Read(&event)) {
    }
    const grpc::Status status = reader->Finish();
    if (status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED) {
      refused = status;
    }
  }
  EXPECT_THAT(refused.error_message(), HasSubstr("followed by 256 others"));

  ASSERT_TRUE(Launch({"/bin/true"}, [](v1::TaskSpec* spec) {
                spec->set_id("another");
              }).ok());
  for (const auto& reader : readers) {
    v1::Event event;
    EXPECT_TRUE(reader->Read(&event));
    EXPECT_EQ(event.task(), "another");
  }
  for (const auto& context : contexts) context->TryCancel();
  for (const auto& reader : readers) (void)reader->Finish();
}

TEST_F(TaskEventsTest, AFollowerThatDoesNotReadHoldsNothingUp) {
  if (std::getenv("REEVE_VM") != nullptr) {
    GTEST_SKIP() << "thousands of launches take minutes in the test machine, "
                    "and no cgroup is in them";
  }
  v1::EventsRequest request;
  request.set_follow(true);
  grpc::ClientContext context;
  const auto reader = stub_->Events(&context, request);

  // Each is two events of a kilobyte, in all more than the log keeps.
  constexpr int kLaunches = 6'000;
  const std::string long_name(1000, 'x');
  for (int i = 0; i < kLaunches; ++i) {
    ASSERT_FALSE(Launch({absl::StrCat("/", long_name)}).ok());
  }

  constexpr uint64_t kAllEvents = uint64_t{2} * kLaunches;
  uint64_t last = 0;
  uint64_t lost = 0;
  v1::Event event;
  while (last < kAllEvents && reader->Read(&event)) {
    if (TypeName(event) == "lost") {
      lost += std::stoull(Attribute(event, "lost"));
      last = event.sequence();
    } else {
      ASSERT_EQ(event.sequence(), ++last);
    }
  }
  EXPECT_EQ(last, kAllEvents);
  EXPECT_GT(lost, 0u);
  context.TryCancel();
  (void)reader->Finish();
}

TEST_F(TaskEventsTest, AnAgentThatEndsDoesNotWaitForFollowers) {
  v1::EventsRequest request;
  request.set_follow(true);
  grpc::ClientContext context;
  const auto reader = stub_->Events(&context, request);
  ASSERT_TRUE(Launch({"/bin/true"}).ok());
  Wait();

  v1::Event event;
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(reader->Read(&event));
  EXPECT_EQ(TypeName(event), "exited");

  agent_.reset();

  EXPECT_FALSE(reader->Read(&event));
  const grpc::Status status = reader->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_THAT(status.error_message(), StartsWith("the agent is ending"));
}

// An event is on its way to it when the agent begins to end.
TEST_F(TaskEventsTest, AFollowerThatIsBehindHearsThatTheAgentIsEnding) {
  v1::EventsRequest request;
  request.set_follow(true);
  grpc::ClientContext context;
  const auto reader = stub_->Events(&context, request);
  ASSERT_TRUE(Launch({"/bin/true"}).ok());
  Wait();
  v1::Event event;
  ASSERT_TRUE(reader->Read(&event));

  std::thread end([this] { agent_.reset(); });
  int read = 1;
  while (reader->Read(&event)) ++read;
  end.join();

  const grpc::Status status = reader->Finish();
  EXPECT_EQ(read, 3);
  EXPECT_THAT(status.error_message(), StartsWith("the agent is ending"));
}

TEST_F(TaskEventsTest, AnAgentThatEndsDoesNotWaitForTasksThatAreBeingStopped) {
  const std::string ready = tree_.Path("ready");
  ASSERT_TRUE(Launch({"/bin/sh", "-c",
                      absl::StrCat("trap '' INT; echo > ", ready,
                                   "; while :; do sleep 0.1; done")})
                  .ok());
  while (!tree_.Exists("ready")) absl::SleepFor(absl::Milliseconds(10));
  grpc::Status stopped;
  std::thread stop([&] {
    v1::StopRequest request;
    request.set_id("t");
    request.mutable_grace()->set_seconds(600);
    grpc::ClientContext context;
    v1::StopResponse response;
    stopped = stub_->Stop(&context, request, &response);
  });
  Await(v1::EVENT_TYPE_STOPPING);

  // For ten minutes otherwise.
  agent_.reset();

  stop.join();
  EXPECT_EQ(stopped.error_code(), grpc::StatusCode::UNAVAILABLE);
  // Which leaves it to the next.
  StartAgent();
  Stop("0s");
  Wait();
}

}  // namespace
}  // namespace reeve
