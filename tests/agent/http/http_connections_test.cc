// How the server takes requests, and what it bears from its clients.
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/agent/http/http_client.h"
#include "tests/agent/http/http_server_fixture.h"
#include "tests/exporters/prometheus/snapshots.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

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
  ASSERT_TRUE(client.AwaitAnswer());
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

TEST_F(HttpServerTest, StopClosesConnections) {
  Start();
  HttpClient client(server_->port());
  client.Send(absl::StrCat("GET /-/healthy HTTP/1.1\r\n", kHost, "\r\n"));
  client.Receive();

  server_->Stop();

  EXPECT_TRUE(client.IsClosed());
}

}  // namespace
}  // namespace reeve
