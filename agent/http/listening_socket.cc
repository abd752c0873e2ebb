#include "agent/http/listening_socket.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "base/file.h"

namespace reeve {
namespace {

struct HostAndPort {
  // Empty for every address.
  std::string host;
  std::string port;
};

using AddressList = std::unique_ptr<addrinfo, void (*)(addrinfo*)>;

absl::StatusOr<HostAndPort> Parse(const std::string& address) {
  const size_t colon = address.rfind(':');
  int port = -1;
  if (colon == std::string::npos ||
      !absl::SimpleAtoi(absl::string_view(address).substr(colon + 1), &port) ||
      port < 0 || port > UINT16_MAX) {
    return absl::InvalidArgumentError(absl::StrCat(
        "listen on \"", address,
        "\": not HOST:PORT, [IPV6]:PORT or :PORT with a port up to 65535"));
  }
  absl::string_view host = absl::string_view(address).substr(0, colon);
  if (absl::ConsumePrefix(&host, "[")) {
    if (!absl::ConsumeSuffix(&host, "]")) {
      return absl::InvalidArgumentError(
          absl::StrCat("listen on \"", address, "\": \"[\" without \"]\""));
    }
  } else if (host.find(':') != absl::string_view::npos) {
    return absl::InvalidArgumentError(
        absl::StrCat("listen on \"", address,
                     "\": an IPv6 address needs brackets, as in [::1]:19100"));
  }
  return HostAndPort{std::string(host), absl::StrCat(port)};
}

absl::StatusOr<AddressList> Resolve(const std::string& address,
                                    const std::string& host,
                                    const std::string& port) {
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
  if (error != 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("listen on ", address, ": ", gai_strerror(error)));
  }
  return AddressList(found, freeaddrinfo);
}

absl::StatusOr<UniqueFd> Listen(const addrinfo& place, absl::string_view what) {
  UniqueFd socket(::socket(place.ai_family,
                           SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
                           place.ai_protocol));
  if (!socket) return ErrnoStatus(errno, what);
  const int yes = 1;
  const int no = 0;
  setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  if (place.ai_family == AF_INET6) {
    setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof(no));
  }
  constexpr int kBacklog = 128;
  if (bind(socket.get(), place.ai_addr, place.ai_addrlen) != 0 ||
      listen(socket.get(), kBacklog) != 0) {
    return ErrnoStatus(errno, what);
  }
  return socket;
}

}  // namespace

absl::StatusOr<UniqueFd> ListenOn(const std::string& address) {
  const absl::StatusOr<HostAndPort> parsed = Parse(address);
  if (!parsed.ok()) return parsed.status();

  // An IPv6 socket takes IPv4 connections too; a host may lack IPv6.
  const std::vector<std::string> hosts =
      parsed->host.empty() ? std::vector<std::string>{"::", "0.0.0.0"}
                           : std::vector<std::string>{parsed->host};
  absl::Status first_error;
  for (const std::string& host : hosts) {
    const absl::StatusOr<AddressList> places =
        Resolve(address, host, parsed->port);
    first_error.Update(places.status());
    if (!places.ok()) continue;
    for (const addrinfo* place = places->get(); place != nullptr;
         place = place->ai_next) {
      absl::StatusOr<UniqueFd> socket =
          Listen(*place, absl::StrCat("listen on ", address));
      if (socket.ok()) return socket;
      first_error.Update(socket.status());
    }
  }
  return first_error;
}

absl::StatusOr<int> PortOf(const UniqueFd& socket) {
  sockaddr_storage address = {};
  socklen_t size = sizeof(address);
  if (getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) !=
      0) {
    return ErrnoStatus(errno, "getsockname");
  }
  const in_port_t port =
      address.ss_family == AF_INET6
          ? reinterpret_cast<const sockaddr_in6*>(&address)->sin6_port
          : reinterpret_cast<const sockaddr_in*>(&address)->sin_port;
  return ntohs(port);
}

}  // namespace reeve
