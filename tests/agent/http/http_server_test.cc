#include "agent/http/http_server.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/system_clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/agent/http/gunzip.h"
#include "tests/agent/http/http_client.h"
#include "tests/exporters/prometheus/snapshots.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kHost[] = "Host: localhost\r\n";

class HttpServerTest : public ::testing::Test {
 protected:
  void Start(HttpServerOptions options = {}) {
    options.listen_address = "127.0.0.1:0";
    options.version = "1.2.3";
    server_ = MakeServer(options);
    ASSERT_THAT(server_->Start(), IsOk());
  }

  std::unique_ptr<HttpServer> MakeServer(const HttpServerOptions& options) {
    TaskJson json;
    json.list = [] { return R"({"tasks":[]})"; };
    json.inspect = [](const std::string& id) -> absl::StatusOr<std::string> {
      if (id == "web") return R"({"id":"web"})";
      if (id == "broken") return absl::InternalError("cannot tell");
      return absl::NotFoundError("no task " + id);
    };
    return std::make_unique<HttpServer>(options, store_, metrics_, clock_,
                                        json);
  }

  HttpReply Ask(const std::string& method_and_path,
                const std::string& headers = "") {
    return Request(server_->port(), method_and_path, headers);
  }

  // Waits until a scrape of this generation was marked: the client has its
  // answer before the server gets round to that.
  bool WasScraped(uint64_t generation) {
    for (int i = 0; i < 1000; ++i) {
      if (store_.ScrapedGeneration() == generation) return true;
      absl::SleepFor(absl::Milliseconds(5));
    }
    return false;
  }

  SystemClock clock_;
  SnapshotStore store_;
  AgentMetrics metrics_{{"1.2.3", "abc", "gcc"}, clock_};
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, MetricsAreThoseOfTheLatestSnapshot) {
  Start();
  store_.Publish(ManyTasks(2, 1));

  const HttpReply reply = Ask("GET /metrics");

  EXPECT_EQ(reply.code, 200);
  EXPECT_THAT(
      reply.head,
      HasSubstr(
          "\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"));
  EXPECT_THAT(reply.body, HasSubstr("reeve_task_threads{task=\"task-1\""));
  EXPECT_THAT(reply.body, HasSubstr("\nreeve_samples_age_seconds "));
  EXPECT_THAT(reply.body, EndsWith("\n"));
}

TEST_F(HttpServerTest, MetricsBeforeTheFirstSnapshotAreTheAgentsOwn) {
  Start();

  const HttpReply reply = Ask("GET /metrics");

  EXPECT_EQ(reply.code, 200);
  EXPECT_THAT(reply.body, HasSubstr("reeve_build_info"));
  EXPECT_THAT(reply.body, Not(HasSubstr("reeve_task_info")));
}

TEST_F(HttpServerTest, WholeScrapeIsMarked) {
  Start();
  store_.Publish(ManyTasks(2, 7));

  Ask("GET /metrics");

  EXPECT_TRUE(WasScraped(7));
}

TEST_F(HttpServerTest, HeadHasTheHeadersOfGetAndMarksNothing) {
  Start();
  store_.Publish(ManyTasks(2, 7));
  HttpClient client(server_->port());

  client.Send(absl::StrCat("HEAD /metrics HTTP/1.1\r\n", kHost, "\r\n"));
  const HttpReply head = client.Receive(/*with_body=*/false);
  client.Send(absl::StrCat("GET /-/healthy HTTP/1.1\r\n", kHost, "\r\n"));
  const HttpReply next = client.Receive();

  EXPECT_EQ(head.code, 200);
  EXPECT_THAT(head.head, Not(HasSubstr("Content-Length: 0\r\n")));
  EXPECT_EQ(next.body, "Healthy\n") << "no body stands between the two";
  EXPECT_EQ(store_.ScrapedGeneration(), 0);
}

TEST_F(HttpServerTest, GzipIsSentIfAskedFor) {
  Start();
  store_.Publish(ManyTasks(100, 7));

  const HttpReply reply = Ask("GET /metrics", "Accept-Encoding: gzip\r\n");

  EXPECT_THAT(reply.head, HasSubstr("\r\nContent-Encoding: gzip\r\n"));
  const std::string page = Gunzip(reply.body);
  EXPECT_LT(reply.body.size() * 5, page.size());
  EXPECT_THAT(page, AllOf(HasSubstr("task=\"task-99\""),
                          HasSubstr("\nreeve_build_info")));
  EXPECT_TRUE(WasScraped(7));
}

TEST_F(HttpServerTest, TelemetryPathCanBeSet) {
  HttpServerOptions options;
  options.telemetry_path = "/m";
  Start(options);

  EXPECT_THAT(Ask("GET /m").body, HasSubstr("reeve_build_info"));
  EXPECT_EQ(Ask("GET /metrics").code, 404);
}

TEST_F(HttpServerTest, ReadyWaitsForTheFirstSnapshot) {
  Start();
  EXPECT_EQ(Ask("GET /-/ready").code, 503);
  EXPECT_EQ(Ask("GET /-/healthy").code, 200);

  store_.Publish(ManyTasks(0, 1));

  EXPECT_EQ(Ask("GET /-/ready").code, 200);
}

TEST_F(HttpServerTest, LandingPageShowsTheTasks) {
  Start();
  store_.Publish(ManyTasks(2, 1));

  const HttpReply reply = Ask("GET /");

  EXPECT_EQ(reply.code, 200);
  EXPECT_THAT(reply.head,
              HasSubstr("Content-Type: text/html; charset=utf-8\r\n"));
  EXPECT_THAT(reply.body, AllOf(HasSubstr("1.2.3"), HasSubstr("task-1")));
}

TEST_F(HttpServerTest, TasksAreJson) {
  Start();

  const HttpReply list = Ask("GET /api/v1/tasks");
  const HttpReply one = Ask("GET /api/v1/tasks/web");

  EXPECT_EQ(list.body, R"({"tasks":[]})");
  EXPECT_THAT(list.head, HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_EQ(one.body, R"({"id":"web"})");
}

TEST_F(HttpServerTest, UnknownTaskIsNotFound) {
  Start();

  const HttpReply reply = Ask("GET /api/v1/tasks/db");

  EXPECT_EQ(reply.code, 404);
  EXPECT_EQ(reply.body, "no task db\n");
  EXPECT_EQ(Ask("GET /api/v1/tasks/broken").code, 500);
}

TEST_F(HttpServerTest, OtherPathsAreNotFound) {
  Start();

  for (const char* path : {"/x", "/metrics/", "/api/v1/tasksweb", "/-/reload",
                           "/../etc/passwd", "//"}) {
    EXPECT_EQ(Ask(absl::StrCat("GET ", path)).code, 404) << path;
  }
}

TEST_F(HttpServerTest, OtherMethodsAreNotAllowed) {
  Start();

  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "PATCH"}) {
    const HttpReply reply = Ask(absl::StrCat(method, " /api/v1/tasks/web"),
                                "Content-Length: 0\r\n");
    EXPECT_EQ(reply.code, 405) << method;
    EXPECT_THAT(reply.head, HasSubstr("\r\nAllow: GET, HEAD\r\n"));
  }
}

TEST_F(HttpServerTest, BodyOfARequestIsNotTakenForTheNextOne) {
  Start();
  HttpClient client(server_->port());

  client.Send(absl::StrCat("POST /metrics HTTP/1.1\r\n", kHost,
                           "Content-Length: 27\r\n\r\n",
                           "GET /-/healthy HTTP/1.1\r\n\r\n"));

  EXPECT_EQ(client.Receive().code, 405);
  EXPECT_TRUE(client.IsClosed());
}

TEST_F(HttpServerTest, ConnectionServesRequestAfterRequest) {
  Start();
  HttpClient client(server_->port());

  for (int i = 0; i < 3; ++i) {
    client.Send(absl::StrCat("GET /-/healthy HTTP/1.1\r\n", kHost, "\r\n"));
    const HttpReply reply = client.Receive();
    EXPECT_EQ(reply.code, 200);
    EXPECT_THAT(reply.head, HasSubstr("Connection: keep-alive\r\n"));
  }
}

TEST_F(HttpServerTest, RequestsSentAtOnceAreAnsweredInOrder) {
  Start();
  HttpClient client(server_->port());

  client.Send(absl::StrCat("GET /-/healthy HTTP/1.1\r\n", kHost, "\r\n",
                           "GET /x HTTP/1.1\r\n", kHost, "\r\n",
                           "GET /-/ready HTTP/1.0\r\n\r\n"));

  EXPECT_EQ(client.Receive().code, 200);
  EXPECT_EQ(client.Receive().code, 404);
  EXPECT_EQ(client.Receive().code, 503);
  EXPECT_TRUE(client.IsClosed());
}

TEST_F(HttpServerTest, RequestMayComeByteByByte) {
  Start();
  HttpClient client(server_->port());

  for (const char c :
       absl::StrCat("GET /-/healthy HTTP/1.1\r\n", kHost, "\r\n")) {
    client.Send(std::string(1, c));
  }

  EXPECT_EQ(client.Receive().code, 200);
}

TEST_F(HttpServerTest, WhatIsNotHttpIsRefused) {
  Start();

  HttpClient tls(server_->port());
  tls.Send("\x16\x03\x01\x02\r\n\r\n");
  EXPECT_EQ(tls.Receive().code, 400);
  EXPECT_TRUE(tls.IsClosed());

  HttpClient newer(server_->port());
  newer.Send("GET / HTTP/3.0\r\n\r\n");
  EXPECT_EQ(newer.Receive().code, 505);
}

TEST_F(HttpServerTest, LongHeadersAreRefused) {
  Start();
  HttpClient client(server_->port());

  client.Send("GET / HTTP/1.1\r\nX: " + std::string(10'000, 'x'));

  EXPECT_EQ(client.Receive().code, 431);
  EXPECT_TRUE(client.IsClosed());
}

TEST_F(HttpServerTest, UnfinishedRequestTimesOut) {
  HttpServerOptions options;
  options.limits.request_time = absl::Milliseconds(50);
  Start(options);
  HttpClient client(server_->port());

  client.Send("GET / HTTP/1.1\r\n");

  EXPECT_EQ(client.Receive().code, 408);
  EXPECT_TRUE(client.IsClosed());
}

TEST_F(HttpServerTest, SilentConnectionIsClosed) {
  HttpServerOptions options;
  options.limits.request_time = absl::Milliseconds(50);
  Start(options);
  HttpClient client(server_->port());

  EXPECT_TRUE(client.IsClosed());
}

TEST_F(HttpServerTest, IdleConnectionIsClosed) {
  HttpServerOptions options;
  options.limits.idle_time = absl::Milliseconds(50);
  Start(options);
  HttpClient client(server_->port());
  client.Send(absl::StrCat("GET /-/healthy HTTP/1.1\r\n", kHost, "\r\n"));
  client.Receive();

  EXPECT_TRUE(client.IsClosed());
}

TEST_F(HttpServerTest, ScrapeThatIsNotTakenInIsNotMarked) {
  HttpServerOptions options;
  options.limits.response_time = absl::Milliseconds(200);
  Start(options);
  // More than the sockets' buffers hold.
  store_.Publish(ManyTasks(5000, 7));
  HttpClient client(server_->port());

  client.Send(absl::StrCat("GET /metrics HTTP/1.1\r\n", kHost, "\r\n"));
  absl::SleepFor(absl::Milliseconds(800));

  EXPECT_EQ(store_.ScrapedGeneration(), 0);
  EXPECT_EQ(client.Receive().code, 0) << "cut off";
}

TEST_F(HttpServerTest, SlowClientsHoldNobodyUp) {
  Start();
  store_.Publish(ManyTasks(3000, 7));
  std::vector<std::unique_ptr<HttpClient>> slow;
  slow.reserve(20);
  for (int i = 0; i < 20; ++i) {
    // One kind never ends its request, the other never reads its answer.
    slow.push_back(std::make_unique<HttpClient>(server_->port()));
    slow.back()->Send("GET /metrics HTTP/1.1\r\n");
    if (i % 2 == 0) slow.back()->Send("\r\n");
  }
  const absl::Time begin = absl::Now();

  const HttpReply reply = Ask("GET /-/healthy");

  EXPECT_EQ(reply.code, 200);
  EXPECT_LT(absl::Now() - begin, absl::Seconds(3));
}

TEST_F(HttpServerTest, TooManyConnectionsCostTheLeastNeededOne) {
  HttpServerOptions options;
  options.limits.connections = 4;
  Start(options);
  std::vector<std::unique_ptr<HttpClient>> silent;
  silent.reserve(20);
  for (int i = 0; i < 20; ++i) {
    silent.push_back(std::make_unique<HttpClient>(server_->port()));
  }

  EXPECT_EQ(Ask("GET /-/healthy").code, 200);
  EXPECT_TRUE(silent.front()->IsClosed());
}

TEST_F(HttpServerTest, AnswersAreCounted) {
  Start();
  Ask("GET /-/ready");
  Ask("GET /nowhere");

  const HttpReply reply = Ask("GET /metrics");

  EXPECT_THAT(
      reply.body,
      HasSubstr(
          "reeve_http_requests_total{code=\"503\",path=\"/-/ready\"} 1\n"));
  EXPECT_THAT(
      reply.body,
      HasSubstr("reeve_http_requests_total{code=\"404\",path=\"other\"} "
                "1\n"));
}

TEST_F(HttpServerTest, PortInUseIsOneLineWithTheAddress) {
  Start();
  HttpServerOptions options;
  options.listen_address = absl::StrCat("127.0.0.1:", server_->port());

  const absl::Status status = MakeServer(options)->Start();

  EXPECT_FALSE(status.ok());
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr(options.listen_address), HasSubstr("in use"),
                    Not(HasSubstr("\n"))));
}

TEST_F(HttpServerTest, RelativeTelemetryPathIsRefused) {
  HttpServerOptions options;
  options.listen_address = "127.0.0.1:0";
  options.telemetry_path = "metrics";

  EXPECT_THAT(
      MakeServer(options)->Start(),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("\"metrics\"")));
}

TEST_F(HttpServerTest, StopClosesConnections) {
  Start();
  HttpClient client(server_->port());
  client.Send(absl::StrCat("GET /-/healthy HTTP/1.1\r\n", kHost, "\r\n"));
  client.Receive();

  server_->Stop();

  EXPECT_TRUE(client.IsClosed());
}

TEST_F(HttpServerTest, ServerThatWasNeverStartedEndsQuietly) { MakeServer({}); }

}  // namespace
}  // namespace reeve
