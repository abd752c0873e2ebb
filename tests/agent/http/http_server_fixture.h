#ifndef REEVE_TESTS_AGENT_HTTP_HTTP_SERVER_FIXTURE_H_
#define REEVE_TESTS_AGENT_HTTP_HTTP_SERVER_FIXTURE_H_

#include <cstdint>
#include <fstream>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "agent/http/http_server.h"
#include "base/system_clock.h"
#include "collectors/snapshot_store.h"
#include "exporters/prometheus/agent_metrics.h"
#include "gtest/gtest.h"
#include "tests/agent/http/http_client.h"
#include "tests/testing/status_matchers.h"

namespace reeve {

constexpr char kHost[] = "Host: localhost\r\n";

// A server on loopback, with a snapshot store and JSON of its own.
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
    json.groups = [] { return R"({"groups":[]})"; };
    json.task_history = History("task");
    json.group_history = History("group");
    return std::make_unique<HttpServer>(options, store_, metrics_, clock_,
                                        json);
  }

  // Of one called "web", tells what it was asked for.
  static TaskJson::History History(const std::string& kind) {
    return [kind](const std::string& name,
                  absl::Time since) -> absl::StatusOr<std::string> {
      if (name != "web") return absl::NotFoundError("no " + kind);
      return absl::StrCat(kind, " ", name, " since ",
                          since == absl::InfinitePast()
                              ? "ever"
                              : absl::StrCat(absl::ToUnixMillis(since), " ms"));
    };
  }

  // A configuration of who may see the pages: alice, whose password is
  // "secret".
  static std::string UsersFile() {
    std::string path = absl::StrCat(::testing::TempDir(), "/web.yml");
    std::ofstream(path)
        << "basic_auth_users:\n  alice: "
           "$2b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW\n"
           "http_server_config: {headers: {X-Frame-Options: deny}}\n";
    return path;
  }

  static std::string Authorization(const std::string& credentials) {
    return absl::StrCat("Authorization: Basic ",
                        absl::Base64Escape(credentials), "\r\n");
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

}  // namespace reeve

#endif  // REEVE_TESTS_AGENT_HTTP_HTTP_SERVER_FIXTURE_H_
