#include "agent/http/http_request.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "agent/http/percent_encoding.h"

namespace reeve {
namespace {

absl::Status Bad(absl::string_view what) {
  return absl::InvalidArgumentError(what);
}

// RFC 9110 5.6.2.
bool IsToken(absl::string_view text) {
  if (text.empty()) return false;
  for (const char c : text) {
    const bool special = c != '\0' && absl::StrContains("!#$%&'*+-.^_`|~", c);
    if (!absl::ascii_isalnum(static_cast<unsigned char>(c)) && !special) {
      return false;
    }
  }
  return true;
}

absl::Status ParseTarget(absl::string_view target, HttpRequest* request) {
  // A proxy sends the whole URL.
  if (absl::ConsumePrefix(&target, "http://") ||
      absl::ConsumePrefix(&target, "https://")) {
    target.remove_prefix(std::min(target.find('/'), target.size()));
    if (target.empty()) target = "/";
  }
  if (target.empty() || target[0] != '/') return Bad("request target");
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(target, absl::MaxSplits('?', 1));
  absl::StatusOr<std::string> path = DecodePercent(parts.first);
  if (!path.ok()) return path.status();
  request->path = *std::move(path);
  request->query = std::string(parts.second);
  return absl::OkStatus();
}

absl::Status ParseRequestLine(absl::string_view line, HttpRequest* request) {
  const std::vector<absl::string_view> parts = absl::StrSplit(line, ' ');
  if (parts.size() != 3 || !IsToken(parts[0])) return Bad("request line");
  if (parts[2] == "HTTP/1.1") {
    request->keep_alive = true;
  } else if (parts[2] != "HTTP/1.0") {
    if (!absl::StartsWith(parts[2], "HTTP/")) return Bad("request line");
    return absl::UnimplementedError("HTTP version");
  }
  request->method = std::string(parts[0]);
  return ParseTarget(parts[1], request);
}

// Accept-Encoding, RFC 9110 12.5.3: "gzip, deflate;q=0.5", "gzip;q=0", "*".
bool AcceptsGzip(absl::string_view value) {
  for (const absl::string_view item : absl::StrSplit(value, ',')) {
    const std::vector<absl::string_view> parts = absl::StrSplit(item, ';');
    const absl::string_view coding = absl::StripAsciiWhitespace(parts[0]);
    if (!absl::EqualsIgnoreCase(coding, "gzip") && coding != "*") continue;
    double quality = 1;
    for (size_t i = 1; i < parts.size(); ++i) {
      absl::string_view weight = absl::StripAsciiWhitespace(parts[i]);
      if (!absl::ConsumePrefix(&weight, "q=")) continue;
      if (!absl::SimpleAtod(weight, &quality)) return false;
    }
    return quality > 0;
  }
  return false;
}

void ParseConnection(absl::string_view value, HttpRequest* request) {
  for (const absl::string_view item : absl::StrSplit(value, ',')) {
    const absl::string_view option = absl::StripAsciiWhitespace(item);
    if (absl::EqualsIgnoreCase(option, "close")) request->keep_alive = false;
    if (absl::EqualsIgnoreCase(option, "keep-alive")) {
      request->keep_alive = true;
    }
  }
}

absl::Status ParseHeader(absl::string_view line, HttpRequest* request) {
  const size_t colon = line.find(':');
  if (colon == absl::string_view::npos || !IsToken(line.substr(0, colon))) {
    return Bad("header");
  }
  const absl::string_view name = line.substr(0, colon);
  const absl::string_view value =
      absl::StripAsciiWhitespace(line.substr(colon + 1));
  const bool says_body =
      absl::EqualsIgnoreCase(name, "transfer-encoding") ||
      (absl::EqualsIgnoreCase(name, "content-length") && value != "0");
  if (absl::EqualsIgnoreCase(name, "connection")) {
    ParseConnection(value, request);
  } else if (absl::EqualsIgnoreCase(name, "accept-encoding")) {
    request->accepts_gzip = AcceptsGzip(value);
  } else if (absl::EqualsIgnoreCase(name, "accept")) {
    // A list may come in several lines.
    if (!request->accept.empty()) request->accept += ',';
    absl::StrAppend(&request->accept, value);
  } else if (absl::EqualsIgnoreCase(name, "authorization")) {
    request->authorization = std::string(value);
  } else if (says_body) {
    request->has_body = true;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<HttpRequest> ParseHttpRequest(absl::string_view head) {
  // Of a view of nothing there is not even an empty line.
  if (head.empty()) return Bad("request line");
  HttpRequest request;
  const std::vector<absl::string_view> lines = absl::StrSplit(head, "\r\n");
  absl::Status status = ParseRequestLine(lines[0], &request);
  for (size_t i = 1; i < lines.size() && status.ok(); ++i) {
    status = ParseHeader(lines[i], &request);
  }
  if (!status.ok()) return status;
  return request;
}

}  // namespace reeve
