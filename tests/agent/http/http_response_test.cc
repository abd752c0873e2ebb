#include "agent/http/http_response.h"

#include "gtest/gtest.h"

namespace reeve {
namespace {

TEST(ResponseHeadTest, LengthIsThatOfAllPieces) {
  HttpResponse response = TextResponse(200, "one");
  response.body.push_back(std::make_shared<std::string>("two"));
  response.headers.push_back("Vary: Accept-Encoding");

  EXPECT_EQ(ResponseHead(response, /*keep_alive=*/true,
                         absl::FromUnixSeconds(1'700'000'000)),
            "HTTP/1.1 200 OK\r\n"
            "Date: Tue, 14 Nov 2023 22:13:20 GMT\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            "Content-Length: 7\r\n"
            "Connection: keep-alive\r\n"
            "Vary: Accept-Encoding\r\n"
            "\r\n");
}

TEST(SetHeaderTest, ReplacesTheOneOfThatName) {
  HttpResponse response;
  response.headers = {"Vary: Accept", "x-frame-options: none",
                      "X-Frame-Options-Not: this"};

  SetHeader("X-Frame-Options", "deny", &response);

  EXPECT_EQ(response.headers, (std::vector<std::string>{
                                  "Vary: Accept", "X-Frame-Options-Not: this",
                                  "X-Frame-Options: deny"}));
}

}  // namespace
}  // namespace reeve
