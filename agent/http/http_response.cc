#include "agent/http/http_response.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace reeve {
namespace {

const char* ReasonPhrase(int code) {
  switch (code) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 431:
      return "Request Header Fields Too Large";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Internal Server Error";
  }
}

}  // namespace

HttpResponse TextResponse(int code, const std::string& line) {
  HttpResponse response;
  response.code = code;
  response.body.push_back(std::make_shared<std::string>(line + "\n"));
  return response;
}

void SetHeader(absl::string_view name, absl::string_view value,
               HttpResponse* response) {
  const std::string beginning = absl::StrCat(name, ": ");
  std::vector<std::string>& headers = response->headers;
  headers.erase(std::remove_if(headers.begin(), headers.end(),
                               [&](const std::string& header) {
                                 return absl::StartsWithIgnoreCase(header,
                                                                   beginning);
                               }),
                headers.end());
  headers.push_back(absl::StrCat(beginning, value));
}

std::string ResponseHead(const HttpResponse& response, bool keep_alive,
                         absl::Time now) {
  size_t length = 0;
  for (const auto& piece : response.body) length += piece->size();
  std::string head = absl::StrCat(
      "HTTP/1.1 ", response.code, " ", ReasonPhrase(response.code),
      "\r\nDate: ",
      absl::FormatTime("%a, %d %b %E4Y %H:%M:%S GMT", now, absl::UTCTimeZone()),
      "\r\nContent-Type: ", response.content_type,
      "\r\nContent-Length: ", length,
      "\r\nConnection: ", keep_alive ? "keep-alive" : "close", "\r\n");
  for (const std::string& header : response.headers) {
    absl::StrAppend(&head, header, "\r\n");
  }
  return head + "\r\n";
}

}  // namespace reeve
