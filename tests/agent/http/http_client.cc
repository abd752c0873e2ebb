#include "tests/agent/http/http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

size_t ContentLength(const std::string& head) {
  constexpr absl::string_view kName = "Content-Length: ";
  size_t length = 0;
  const size_t at = head.find(kName.data());
  if (at == std::string::npos) return 0;
  const std::string line = head.substr(at + kName.size());
  EXPECT_TRUE(absl::SimpleAtoi(line.substr(0, line.find('\r')), &length));
  return length;
}

}  // namespace

HttpClient::HttpClient(int port)
    : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  const timeval limit = {20, 0};
  setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  setsockopt(socket_.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
  EXPECT_EQ(connect(socket_.get(), reinterpret_cast<sockaddr*>(&address),
                    sizeof(address)),
            0);
}

bool HttpClient::Send(const std::string& bytes) {
  return send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
         static_cast<ssize_t>(bytes.size());
}

bool HttpClient::ReceiveMore() {
  char chunk[65536];
  const ssize_t n = recv(socket_.get(), chunk, sizeof(chunk), 0);
  if (n > 0) received_.append(chunk, static_cast<size_t>(n));
  return n > 0;
}

HttpReply HttpClient::Receive(bool with_body) {
  HttpReply reply;
  size_t end;
  while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
    if (!ReceiveMore()) return reply;
  }
  end += 4;
  reply.head = received_.substr(0, end);
  const size_t length = with_body ? ContentLength(reply.head) : 0;
  while (received_.size() < end + length) {
    if (!ReceiveMore()) return reply;
  }
  reply.body = received_.substr(end, length);
  received_.erase(0, end + length);
  EXPECT_TRUE(absl::SimpleAtoi(reply.head.substr(9, 3), &reply.code))
      << reply.head;
  return reply;
}

bool HttpClient::AwaitAnswer() {
  char byte;
  return recv(socket_.get(), &byte, 1, MSG_PEEK) == 1;
}

bool HttpClient::IsClosed() {
  char byte;
  return received_.empty() && recv(socket_.get(), &byte, 1, 0) == 0;
}

HttpReply Request(int port, const std::string& method_and_path,
                  const std::string& headers) {
  HttpClient client(port);
  client.Send(absl::StrCat(method_and_path, " HTTP/1.1\r\nHost: localhost\r\n",
                           headers, "\r\n"));
  return client.Receive(!absl::StartsWith(method_and_path, "HEAD "));
}

}  // namespace reeve
