#include "agent/http/http_request.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

TEST(ParseHttpRequestTest, PrometheusAsksForGzipAndKeepsTheConnection) {
  const absl::StatusOr<HttpRequest> request = ParseHttpRequest(
      "GET /metrics?debug=1 HTTP/1.1\r\n"
      "Host: localhost:19100\r\n"
      "User-Agent: Prometheus/2.42.0\r\n"
      "Accept: application/openmetrics-text;version=1.0.0,*/*;q=0.1\r\n"
      "Accept-Encoding: gzip\r\n"
      "X-Prometheus-Scrape-Timeout-Seconds: 10");

  ASSERT_THAT(request, IsOk());
  EXPECT_EQ(request->method, "GET");
  EXPECT_EQ(request->path, "/metrics");
  EXPECT_EQ(request->query, "debug=1");
  EXPECT_EQ(request->accept,
            "application/openmetrics-text;version=1.0.0,*/*;q=0.1");
  EXPECT_EQ(request->authorization, "");
  EXPECT_TRUE(request->keep_alive);
  EXPECT_TRUE(request->accepts_gzip);
  EXPECT_FALSE(request->has_body);
}

TEST(ParseHttpRequestTest, QueryIsKeptAsItWasSent) {
  EXPECT_EQ(ParseHttpRequest("GET /a?since=1%2E5&b=? HTTP/1.1")->query,
            "since=1%2E5&b=?");
  EXPECT_EQ(ParseHttpRequest("GET /a HTTP/1.1")->query, "");
  EXPECT_EQ(ParseHttpRequest("GET http://host?a=1 HTTP/1.1")->query, "");
}

TEST(ParseHttpRequestTest, Http10ClosesUnlessToldOtherwise) {
  EXPECT_FALSE(ParseHttpRequest("GET / HTTP/1.0")->keep_alive);
  EXPECT_TRUE(
      ParseHttpRequest("GET / HTTP/1.0\r\nConnection: Keep-Alive")->keep_alive);
  EXPECT_FALSE(
      ParseHttpRequest("GET / HTTP/1.1\r\nconnection: close")->keep_alive);
}

struct PathRow {
  const char* target;
  const char* path;
};

class ParseHttpRequestPathTest : public ::testing::TestWithParam<PathRow> {};

TEST_P(ParseHttpRequestPathTest, IsDecoded) {
  const absl::StatusOr<HttpRequest> request =
      ParseHttpRequest(std::string("GET ") + GetParam().target + " HTTP/1.1");

  ASSERT_THAT(request, IsOk());
  EXPECT_EQ(request->path, GetParam().path);
}

INSTANTIATE_TEST_SUITE_P(
    Targets, ParseHttpRequestPathTest,
    ::testing::Values(PathRow{"/", "/"}, PathRow{"/a?b=c?d", "/a"},
                      PathRow{"/%2D/healthy", "/-/healthy"},
                      PathRow{"/a%2f%2E%2e", "/a/.."},
                      PathRow{"http://host:1/metrics", "/metrics"},
                      PathRow{"http://host", "/"}));

struct EncodingRow {
  const char* value;
  bool accepts_gzip;
};

class ParseHttpRequestEncodingTest
    : public ::testing::TestWithParam<EncodingRow> {};

TEST_P(ParseHttpRequestEncodingTest, GzipIsTakenIfNotRefused) {
  const absl::StatusOr<HttpRequest> request = ParseHttpRequest(
      std::string("GET / HTTP/1.1\r\nAccept-Encoding: ") + GetParam().value);

  ASSERT_THAT(request, IsOk());
  EXPECT_EQ(request->accepts_gzip, GetParam().accepts_gzip);
}

INSTANTIATE_TEST_SUITE_P(
    Values, ParseHttpRequestEncodingTest,
    ::testing::Values(EncodingRow{"gzip", true},
                      EncodingRow{"deflate, GZIP;q=0.5, br", true},
                      EncodingRow{"*", true}, EncodingRow{"gzip;q=0", false},
                      EncodingRow{"gzip; q=0.000", false},
                      EncodingRow{"identity", false}, EncodingRow{"", false},
                      EncodingRow{"gzip;q=x", false}));

TEST(ParseHttpRequestTest, BodyIsNoticed) {
  EXPECT_TRUE(
      ParseHttpRequest("POST / HTTP/1.1\r\nContent-Length: 5")->has_body);
  EXPECT_FALSE(
      ParseHttpRequest("POST / HTTP/1.1\r\nContent-Length: 0")->has_body);
  EXPECT_TRUE(ParseHttpRequest("POST / HTTP/1.1\r\nTransfer-Encoding: chunked")
                  ->has_body);
}

class ParseHttpRequestBadTest : public ::testing::TestWithParam<const char*> {};

TEST_P(ParseHttpRequestBadTest, IsRefused) {
  EXPECT_THAT(ParseHttpRequest(GetParam()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

INSTANTIATE_TEST_SUITE_P(
    Heads, ParseHttpRequestBadTest,
    ::testing::Values("", "GET", "GET /", "GET  / HTTP/1.1", "GET / HTTP/1.1 x",
                      "GET / FTP/1.1", "G(T / HTTP/1.1", "GET metrics HTTP/1.1",
                      "GET * HTTP/1.1", "GET /%zz HTTP/1.1", "GET /% HTTP/1.1",
                      "GET /%2 HTTP/1.1", "GET / HTTP/1.1\r\nno colon",
                      "GET / HTTP/1.1\r\n: no name",
                      "GET / HTTP/1.1\r\nHost: a\r\n folded: b",
                      "\x16\x03\x01\x02"));

TEST(ParseHttpRequestTest, AViewOfNothingIsRefused) {
  EXPECT_THAT(ParseHttpRequest(absl::string_view()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(ParseHttpRequestTest, OtherVersionsAreUnimplemented) {
  EXPECT_THAT(ParseHttpRequest("GET / HTTP/2.0"),
              StatusIs(absl::StatusCode::kUnimplemented));
}

}  // namespace
}  // namespace reeve
