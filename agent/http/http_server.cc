#include "agent/http/http_server.h"

#include <pthread.h>
#include <sys/eventfd.h>

#include <atomic>
#include <cerrno>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "agent/http/connection_loop.h"
#include "agent/http/gzip.h"
#include "agent/http/http_handler.h"
#include "agent/http/http_request.h"
#include "agent/http/http_response.h"
#include "agent/http/landing_page.h"
#include "agent/http/listening_socket.h"
#include "base/file.h"
#include "exporters/prometheus/metrics_page.h"

namespace reeve {
namespace {

constexpr int kNotFound = 404;
constexpr int kMethodNotAllowed = 405;
constexpr int kInternalError = 500;
constexpr int kUnavailable = 503;

constexpr char kTasksPath[] = "/api/v1/tasks";

HttpResponse JsonResponse(std::string json) {
  HttpResponse response;
  response.content_type = "application/json";
  response.body.push_back(std::make_shared<std::string>(std::move(json)));
  return response;
}

void Compress(HttpResponse* response) {
  std::string compressed = Gzip(response->body);
  if (compressed.empty()) return;
  response->body = {std::make_shared<std::string>(std::move(compressed))};
  response->headers.push_back("Content-Encoding: gzip");
}

}  // namespace

class HttpServer::Impl final : public HttpHandler {
 public:
  Impl(HttpServerOptions options, SnapshotStore& store, AgentMetrics& metrics,
       const Clock& clock, TaskJson json)
      : options_(std::move(options)),
        store_(store),
        metrics_(metrics),
        clock_(clock),
        json_(std::move(json)),
        page_(store, metrics) {}
  ~Impl() override { Stop(); }

  absl::Status Start();
  void Stop();
  int port() const { return port_; }

  HttpResponse Answer(const HttpRequest& request) override;
  HttpResponse Refuse(int code) override;

 private:
  HttpRoute RouteOf(absl::string_view path) const;
  HttpResponse Get(HttpRoute route, const HttpRequest& request);
  HttpResponse Landing() const;
  HttpResponse Metrics(bool gzip);
  HttpResponse Ready() const;
  HttpResponse Task(absl::string_view path) const;

  const HttpServerOptions options_;
  SnapshotStore& store_;
  AgentMetrics& metrics_;
  const Clock& clock_;
  const TaskJson json_;
  // Belongs to the thread.
  MetricsPage page_;
  std::atomic<int> port_{0};
  std::unique_ptr<ConnectionLoop> loop_;
  std::thread thread_;
};

absl::Status HttpServer::Impl::Start() {
  if (options_.telemetry_path.empty() || options_.telemetry_path[0] != '/') {
    return absl::InvalidArgumentError(
        "the telemetry path has to begin with /: \"" + options_.telemetry_path +
        "\"");
  }
  absl::StatusOr<UniqueFd> listener = ListenOn(options_.listen_address);
  if (!listener.ok()) return listener.status();
  const absl::StatusOr<int> port = PortOf(*listener);
  if (!port.ok()) return port.status();
  UniqueFd stop(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!stop) return ErrnoStatus(errno, "eventfd");

  port_ = *port;
  loop_ = std::make_unique<ConnectionLoop>(
      *std::move(listener), std::move(stop), options_.limits, clock_, *this);
  thread_ = std::thread([this] { loop_->Run(); });
  pthread_setname_np(thread_.native_handle(), "reeve-http");
  return absl::OkStatus();
}

void HttpServer::Impl::Stop() {
  if (!thread_.joinable()) return;
  loop_->Stop();
  thread_.join();
  loop_.reset();
}

HttpResponse HttpServer::Impl::Answer(const HttpRequest& request) {
  const HttpRoute route = RouteOf(request.path);
  HttpResponse response;
  if (request.method == "GET" || request.method == "HEAD") {
    response = Get(route, request);
  } else if (route == HttpRoute::kOther) {
    response = TextResponse(kNotFound, "Not found");
  } else {
    response = TextResponse(kMethodNotAllowed,
                            "This server only shows: use GET or HEAD");
    response.headers.push_back("Allow: GET, HEAD");
  }
  metrics_.OnHttpResponse(route, response.code);
  return response;
}

HttpResponse HttpServer::Impl::Refuse(int code) {
  metrics_.OnHttpResponse(HttpRoute::kOther, code);
  return TextResponse(code, "The request could not be understood");
}

HttpRoute HttpServer::Impl::RouteOf(absl::string_view path) const {
  if (path == options_.telemetry_path) return HttpRoute::kMetrics;
  if (path == "/") return HttpRoute::kLanding;
  if (path == "/-/healthy") return HttpRoute::kHealthy;
  if (path == "/-/ready") return HttpRoute::kReady;
  if (path == kTasksPath) return HttpRoute::kTasks;
  if (absl::ConsumePrefix(&path, kTasksPath) && absl::ConsumePrefix(&path, "/"))
    return HttpRoute::kTask;
  return HttpRoute::kOther;
}

HttpResponse HttpServer::Impl::Get(HttpRoute route,
                                   const HttpRequest& request) {
  switch (route) {
    case HttpRoute::kLanding:
      return Landing();
    case HttpRoute::kMetrics:
      return Metrics(request.accepts_gzip);
    case HttpRoute::kHealthy:
      return TextResponse(200, "Healthy");
    case HttpRoute::kReady:
      return Ready();
    case HttpRoute::kTasks:
      return JsonResponse(json_.list());
    case HttpRoute::kTask:
      return Task(request.path);
    case HttpRoute::kOther:
      break;
  }
  return TextResponse(kNotFound, "Not found");
}

HttpResponse HttpServer::Impl::Landing() const {
  HttpResponse response;
  response.content_type = "text/html; charset=utf-8";
  response.headers.push_back(
      "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'");
  response.body.push_back(std::make_shared<std::string>(LandingPage(
      options_.version, options_.telemetry_path, store_.Latest().get())));
  return response;
}

HttpResponse HttpServer::Impl::Metrics(bool gzip) {
  RenderedMetrics rendered = page_.Render();
  HttpResponse response;
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  response.headers.push_back("Vary: Accept-Encoding");
  response.body = {std::move(rendered.tasks), std::move(rendered.agent)};
  if (gzip) Compress(&response);
  response.on_sent = [this, generation = rendered.generation] {
    store_.MarkScraped(generation);
  };
  return response;
}

HttpResponse HttpServer::Impl::Ready() const {
  if (store_.Latest() == nullptr) {
    return TextResponse(kUnavailable, "No sample has been taken yet");
  }
  return TextResponse(200, "Ready");
}

HttpResponse HttpServer::Impl::Task(absl::string_view path) const {
  path.remove_prefix(sizeof(kTasksPath));
  absl::StatusOr<std::string> json = json_.inspect(std::string(path));
  if (json.ok()) return JsonResponse(*std::move(json));
  return TextResponse(
      absl::IsNotFound(json.status()) ? kNotFound : kInternalError,
      std::string(json.status().message()));
}

HttpServer::HttpServer(HttpServerOptions options, SnapshotStore& store,
                       AgentMetrics& metrics, const Clock& clock, TaskJson json)
    : impl_(std::make_unique<Impl>(std::move(options), store, metrics, clock,
                                   std::move(json))) {}

HttpServer::~HttpServer() = default;

absl::Status HttpServer::Start() { return impl_->Start(); }

void HttpServer::Stop() { impl_->Stop(); }

int HttpServer::port() const { return impl_->port(); }

}  // namespace reeve
