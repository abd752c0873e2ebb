#include "agent/http/http_server.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/agent/http/gunzip.h"
#include "tests/agent/http/http_client.h"
#include "tests/agent/http/http_server_fixture.h"
#include "tests/exporters/prometheus/snapshots.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

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

TEST_F(HttpServerTest, OpenMetricsIsSentIfAskedFor) {
  Start();
  store_.Publish(ManyTasks(2, 7));

  const HttpReply reply =
      Ask("GET /metrics",
          "Accept: application/openmetrics-text;version=1.0.0\r\n"
          "Accept: text/plain;q=0.5\r\n");

  EXPECT_THAT(reply.head,
              AllOf(HasSubstr("\r\nContent-Type: application/openmetrics-text; "
                              "version=1.0.0; charset=utf-8\r\n"),
                    HasSubstr("\r\nVary: Accept, Accept-Encoding\r\n")));
  EXPECT_THAT(reply.body, AllOf(HasSubstr("# TYPE reeve_task info\n"),
                                EndsWith("\n# EOF\n")));
  EXPECT_TRUE(WasScraped(7));
}

TEST_F(HttpServerTest, PartsOfThePageCanBeAskedFor) {
  Start();
  store_.Publish(ManyTasks(2, 7));

  const std::string cpu = Ask("GET /metrics?collect[]=cpu").body;
  const std::string rest =
      Gunzip(Ask("GET /metrics?exclude%5B%5D=cpu&exclude%5B%5D=agent",
                 "Accept-Encoding: gzip\r\n")
                 .body);

  EXPECT_THAT(
      cpu,
      AllOf(HasSubstr("reeve_task_cpu_usage_seconds_total{"),
            Not(HasSubstr("reeve_task_memory")), Not(HasSubstr("reeve_group_")),
            Not(HasSubstr("reeve_build_info")), Not(HasSubstr("process_"))));
  EXPECT_THAT(rest,
              AllOf(Not(HasSubstr("reeve_task_cpu_usage_seconds_total")),
                    HasSubstr("reeve_task_memory"), HasSubstr("reeve_group_"),
                    Not(HasSubstr("reeve_build_info")),
                    HasSubstr("\nprocess_open_fds ")));
  EXPECT_EQ(store_.ScrapedGeneration(), 0)
      << "the last values of a task were not seen whole";
}

TEST_F(HttpServerTest, UnknownPartIsRefusedWithTheKnownOnes) {
  Start();

  const HttpReply reply = Ask("GET /metrics?collect[]=disk");

  EXPECT_EQ(reply.code, 400);
  EXPECT_THAT(reply.body, AllOf(HasSubstr("\"disk\""), HasSubstr("memory")));
  EXPECT_EQ(Ask("GET /metrics?collect[]=cpu&exclude[]=task").code, 400);
}

TEST_F(HttpServerTest, CadvisorsNamesAreServedWhereTheyAreWanted) {
  HttpServerOptions options;
  options.has_cadvisor = true;
  Start(options);
  store_.Publish(ManyTasks(2, 7));

  const HttpReply reply =
      Ask("GET /metrics/cadvisor", "Accept-Encoding: gzip\r\n");

  EXPECT_THAT(Gunzip(reply.body),
              AllOf(HasSubstr("\ncontainer_memory_usage_bytes{"),
                    HasSubstr("name=\"task-1\""), Not(HasSubstr("reeve_"))));
  EXPECT_EQ(Gunzip(reply.body), Ask("GET /metrics/cadvisor").body);
  EXPECT_THAT(Ask("GET /metrics").body, Not(HasSubstr("container_")));
}

TEST_F(HttpServerTest, CadvisorsNamesAreNotServedUnasked) {
  Start();

  EXPECT_EQ(Ask("GET /metrics/cadvisor").code, 404);
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

TEST_F(HttpServerTest, GroupsAreJson) {
  Start();

  const HttpReply reply = Ask("GET /api/v1/groups");

  EXPECT_EQ(reply.body, R"({"groups":[]})");
  EXPECT_THAT(reply.head, HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_EQ(Ask("GET /api/v1/groups/shop").code, 404);
}

TEST_F(HttpServerTest, HistoryIsThatOfATaskOrAGroup) {
  Start();

  const HttpReply task = Ask("GET /api/v1/tasks/web/history");

  EXPECT_EQ(task.code, 200);
  EXPECT_EQ(task.body, "task web since ever");
  EXPECT_THAT(task.head, HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_EQ(Ask("GET /api/v1/groups/web/history").body, "group web since ever");
  EXPECT_EQ(Ask("GET /api/v1/tasks/web/history?x=1&since=12.5").body,
            "task web since 12500 ms");
}

TEST_F(HttpServerTest, HistoryIsCompressedIfAskedTo) {
  Start();

  const HttpReply reply =
      Ask("GET /api/v1/tasks/web/history", "Accept-Encoding: gzip\r\n");

  EXPECT_THAT(reply.head, HasSubstr("\r\nContent-Encoding: gzip\r\n"));
  EXPECT_EQ(Gunzip(reply.body), "task web since ever");
}

TEST_F(HttpServerTest, HistoryOfWhatIsNotThereIsNotFound) {
  Start();

  EXPECT_EQ(Ask("GET /api/v1/tasks/db/history").code, 404);
  EXPECT_EQ(Ask("GET /api/v1/tasks/web/history/").code, 404);
  EXPECT_EQ(Ask("GET /api/v1/tasks/history").code, 404);
  EXPECT_EQ(Ask("GET /api/v1/groups/db/history").code, 404);
  EXPECT_EQ(Ask("POST /api/v1/tasks/web/history").code, 405);
}

TEST_F(HttpServerTest, HistorySinceNoTimeIsABadRequest) {
  Start();

  const HttpReply reply = Ask("GET /api/v1/tasks/web/history?since=noon");

  EXPECT_EQ(reply.code, 400);
  EXPECT_THAT(reply.body, HasSubstr("since: not a time"));
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

TEST_F(HttpServerTest, PagesAreForThoseWithAPassword) {
  HttpServerOptions options;
  options.web_config_file = UsersFile();
  Start(options);

  for (const char* path : {"/", "/metrics", "/-/healthy", "/nowhere"}) {
    const HttpReply reply = Ask(absl::StrCat("GET ", path));
    EXPECT_EQ(reply.code, 401) << path;
    EXPECT_THAT(reply.head,
                HasSubstr("\r\nWWW-Authenticate: Basic realm=\"reeve\"\r\n"));
  }
  EXPECT_EQ(Ask("GET /metrics", Authorization("alice:wrong")).code, 401);
  EXPECT_EQ(Ask("GET /metrics", Authorization("bob:secret")).code, 401);
  const HttpReply reply = Ask("GET /metrics", Authorization("alice:secret"));
  EXPECT_EQ(reply.code, 200);
  EXPECT_THAT(
      reply.body,
      HasSubstr("reeve_http_requests_total{code=\"401\",path=\"other\"} 6\n"));
}

TEST_F(HttpServerTest, ConfiguredHeadersAreOnEveryAnswer) {
  HttpServerOptions options;
  options.web_config_file = UsersFile();
  Start(options);

  EXPECT_THAT(Ask("GET /").head, HasSubstr("\r\nX-Frame-Options: deny\r\n"));
  EXPECT_THAT(Ask("GET /", Authorization("alice:secret")).head,
              AllOf(HasSubstr("\r\nX-Frame-Options: deny\r\n"),
                    HasSubstr("\r\nX-Content-Type-Options: nosniff\r\n")));
}

TEST_F(HttpServerTest, RequestsThatWaitForTheirPasswordStayInOrder) {
  HttpServerOptions options;
  options.web_config_file = UsersFile();
  Start(options);
  HttpClient client(server_->port());

  client.Send(absl::StrCat(
      "HEAD / HTTP/1.1\r\n", Authorization("alice:wrong"), "\r\n",
      "GET /-/healthy HTTP/1.1\r\n", Authorization("alice:secret"), "\r\n",
      "GET /nowhere HTTP/1.1\r\n", Authorization("alice:secret"), "\r\n",
      "GET /-/healthy HTTP/1.1\r\n\r\n"));

  EXPECT_EQ(client.Receive(/*with_body=*/false).code, 401);
  EXPECT_EQ(client.Receive().code, 200);
  EXPECT_EQ(client.Receive().code, 404);
  EXPECT_EQ(client.Receive().code, 401);
}

TEST_F(HttpServerTest, PasswordThatIsNotCheckedInTimeIsRefused) {
  HttpServerOptions options;
  options.web_config_file = UsersFile();
  options.limits.waiting_time = absl::ZeroDuration();
  Start(options);

  // The verdict may be there first.
  EXPECT_THAT(Ask("GET /", Authorization("alice:secret")).code,
              AnyOf(503, 200));
}

TEST_F(HttpServerTest, BadWebConfigurationIsOneLineWithTheFile) {
  HttpServerOptions options;
  options.listen_address = "127.0.0.1:0";
  options.web_config_file = "/nowhere/web.yml";

  EXPECT_THAT(MakeServer(options)->Start(),
              StatusIs(absl::StatusCode::kNotFound,
                       AllOf(HasSubstr("web configuration /nowhere/web.yml"),
                             Not(HasSubstr("\n")))));
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

TEST_F(HttpServerTest, ServerThatWasNeverStartedEndsQuietly) { MakeServer({}); }

}  // namespace
}  // namespace reeve
