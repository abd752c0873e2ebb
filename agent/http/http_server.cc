#include "agent/http/http_server.h"

#include <pthread.h>
#include <sys/eventfd.h>

#include <atomic>
#include <cerrno>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "agent/http/accept.h"
#include "agent/http/bounded_worker.h"
#include "agent/http/collector_filter.h"
#include "agent/http/connection_loop.h"
#include "agent/http/gzip.h"
#include "agent/http/history_json.h"
#include "agent/http/http_handler.h"
#include "agent/http/http_request.h"
#include "agent/http/http_response.h"
#include "agent/http/landing_page.h"
#include "agent/http/listening_socket.h"
#include "agent/http/metrics_body.h"
#include "agent/http/page_cache.h"
#include "agent/http/web_settings_file.h"
#include "base/file.h"
#include "exporters/prometheus/collector_names.h"

namespace reeve {
namespace {

// Passwords that wait for their check.
constexpr size_t kMaxPasswords = 16;

constexpr int kBadRequest = 400;
constexpr int kUnauthorized = 401;
constexpr int kNotFound = 404;
constexpr int kMethodNotAllowed = 405;
constexpr int kInternalError = 500;
constexpr int kUnavailable = 503;

constexpr char kTasksPath[] = "/api/v1/tasks";
constexpr char kGroupsPath[] = "/api/v1/groups";
constexpr char kHistorySuffix[] = "/history";

// What stands between "TOP/" and `suffix`; nullopt if that is not the path.
std::optional<absl::string_view> NameIn(absl::string_view path,
                                        absl::string_view top,
                                        absl::string_view suffix) {
  if (!absl::ConsumePrefix(&path, top) || !absl::ConsumePrefix(&path, "/") ||
      !absl::ConsumeSuffix(&path, suffix)) {
    return std::nullopt;
  }
  return path;
}

HttpResponse ErrorResponse(const absl::Status& error) {
  const int code = absl::IsNotFound(error)          ? kNotFound
                   : absl::IsInvalidArgument(error) ? kBadRequest
                                                    : kInternalError;
  return TextResponse(code, std::string(error.message()));
}

HttpResponse JsonResponse(std::string json) {
  HttpResponse response;
  response.content_type = "application/json";
  response.body.push_back(std::make_shared<std::string>(std::move(json)));
  return response;
}

const char* ContentTypeOf(TextFormat format) {
  return format == TextFormat::kOpenMetrics
             ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
             : "text/plain; version=0.0.4; charset=utf-8";
}

}  // namespace

class HttpServer::Impl final : public HttpHandler {
 public:
  Impl(HttpServerOptions options, SnapshotStore& store, AgentMetrics& metrics,
       const Clock& clock, TaskJson json)
      : options_(std::move(options)),
        cadvisor_path_(options_.telemetry_path + "/cadvisor"),
        store_(store),
        metrics_(metrics),
        clock_(clock),
        json_(std::move(json)),
        pages_(store, options_.sources, [this] { Wake(); }),
        passwords_("reeve-password", kMaxPasswords),
        settings_(options_.web_config_file, passwords_, [this] { Wake(); }) {}
  ~Impl() override { Stop(); }

  absl::Status Start();
  void Stop();
  int port() const { return port_; }

  std::optional<HttpResponse> Answer(HttpRequest* request) override;
  HttpResponse Refuse(int code) override;

 private:
  HttpRoute RouteOf(absl::string_view path) const;
  void Wake();
  std::optional<HttpResponse> Get(HttpRoute route, HttpRequest* request);
  HttpResponse Landing() const;
  std::optional<HttpResponse> Metrics(HttpRequest* request);
  std::optional<HttpResponse> Cadvisor(HttpRequest* request);
  HttpResponse Ready() const;
  HttpResponse Task(absl::string_view path) const;
  HttpResponse History(const HttpRequest& request, absl::string_view top,
                       const TaskJson::History& history);

  const HttpServerOptions options_;
  const std::string cadvisor_path_;
  SnapshotStore& store_;
  AgentMetrics& metrics_;
  const Clock& clock_;
  const TaskJson json_;
  std::atomic<int> port_{0};
  PageCache pages_;
  // Belongs to the thread.
  Deflater deflater_;
  BoundedWorker passwords_;
  // Belongs to the thread, once that runs.
  WebSettingsFile settings_;
  std::unique_ptr<ConnectionLoop> loop_;
  std::thread thread_;
};

absl::Status HttpServer::Impl::Start() {
  if (options_.telemetry_path.empty() || options_.telemetry_path[0] != '/') {
    return absl::InvalidArgumentError(
        "the telemetry path has to begin with /: \"" + options_.telemetry_path +
        "\"");
  }
  absl::Status loaded = settings_.Load();
  if (!loaded.ok()) return loaded;
  absl::StatusOr<UniqueFd> listener = ListenOn(options_.listen_address);
  if (!listener.ok()) return listener.status();
  const absl::StatusOr<int> port = PortOf(*listener);
  if (!port.ok()) return port.status();
  UniqueFd wake(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!wake) return ErrnoStatus(errno, "eventfd");

  port_ = *port;
  loop_ = std::make_unique<ConnectionLoop>(
      *std::move(listener), std::move(wake), options_.limits, clock_, *this,
      [this] { return settings_.Current(); });
  thread_ = std::thread([this] { loop_->Run(); });
  pthread_setname_np(thread_.native_handle(), "reeve-http");
  return absl::OkStatus();
}

void HttpServer::Impl::Stop() {
  if (!thread_.joinable()) return;
  loop_->Stop();
  thread_.join();
  // The last verdict, or page, would wake the loop.
  passwords_.Stop();
  pages_.Stop();
  loop_.reset();
}

std::optional<HttpResponse> HttpServer::Impl::Answer(HttpRequest* request) {
  const HttpRoute route = RouteOf(request->path);
  std::optional<HttpResponse> response;
  if (request->method == "GET" || request->method == "HEAD") {
    response = Get(route, request);
  } else if (route == HttpRoute::kOther) {
    response = TextResponse(kNotFound, "Not found");
  } else {
    response = TextResponse(kMethodNotAllowed,
                            "This server only shows: use GET or HEAD");
    response->headers.push_back("Allow: GET, HEAD");
  }
  if (response) metrics_.OnHttpResponse(route, response->code);
  return response;
}

void HttpServer::Impl::Wake() { loop_->Wake(); }

HttpResponse HttpServer::Impl::Refuse(int code) {
  metrics_.OnHttpResponse(HttpRoute::kOther, code);
  if (code == kUnauthorized) {
    HttpResponse response = TextResponse(code, "Unauthorized");
    response.headers.push_back("WWW-Authenticate: Basic realm=\"reeve\"");
    return response;
  }
  if (code == kUnavailable) {
    return TextResponse(code, "Too busy: try again");
  }
  return TextResponse(code, "The request could not be understood");
}

HttpRoute HttpServer::Impl::RouteOf(absl::string_view path) const {
  if (path == options_.telemetry_path) return HttpRoute::kMetrics;
  if (path == cadvisor_path_ && options_.has_cadvisor) {
    return HttpRoute::kCadvisor;
  }
  if (path == "/") return HttpRoute::kLanding;
  if (path == "/-/healthy") return HttpRoute::kHealthy;
  if (path == "/-/ready") return HttpRoute::kReady;
  if (path == kTasksPath) return HttpRoute::kTasks;
  if (path == kGroupsPath) return HttpRoute::kGroups;
  if (NameIn(path, kTasksPath, kHistorySuffix).has_value()) {
    return HttpRoute::kTaskHistory;
  }
  if (NameIn(path, kGroupsPath, kHistorySuffix).has_value()) {
    return HttpRoute::kGroupHistory;
  }
  if (NameIn(path, kTasksPath, "").has_value()) return HttpRoute::kTask;
  return HttpRoute::kOther;
}

std::optional<HttpResponse> HttpServer::Impl::Get(HttpRoute route,
                                                  HttpRequest* request) {
  switch (route) {
    case HttpRoute::kLanding:
      return Landing();
    case HttpRoute::kMetrics:
      return Metrics(request);
    case HttpRoute::kCadvisor:
      return Cadvisor(request);
    case HttpRoute::kHealthy:
      return TextResponse(200, "Healthy");
    case HttpRoute::kReady:
      return Ready();
    case HttpRoute::kTasks:
      return JsonResponse(json_.list());
    case HttpRoute::kGroups:
      return JsonResponse(json_.groups());
    case HttpRoute::kTask:
      return Task(request->path);
    case HttpRoute::kTaskHistory:
      return History(*request, kTasksPath, json_.task_history);
    case HttpRoute::kGroupHistory:
      return History(*request, kGroupsPath, json_.group_history);
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

std::optional<HttpResponse> HttpServer::Impl::Metrics(HttpRequest* request) {
  const absl::StatusOr<CollectorFilter> filter =
      CollectorFilter::Parse(request->query);
  if (!filter.ok()) {
    return TextResponse(kBadRequest, std::string(filter.status().message()));
  }
  const TextFormat format = FormatFor(request->accept);
  const std::shared_ptr<const CachedPage> page =
      pages_.Get({format, request->accepts_gzip}, &request->least_generation);
  if (page == nullptr) return std::nullopt;

  AgentTextOptions agent;
  agent.format = format;
  agent.has_agent = filter->Has(kAgentCollector);
  agent.has_process = filter->Has(kProcessCollector);
  std::string own;
  metrics_.AppendText(store_.Latest().get(), &own, agent);
  if (format == TextFormat::kOpenMetrics) own += "# EOF\n";

  HttpResponse response;
  response.content_type = ContentTypeOf(format);
  response.headers.push_back("Vary: Accept, Accept-Encoding");
  MetricsBody body(request->accepts_gzip);
  body.AddPage(page, *filter);
  body.AddText(own, &deflater_);
  response.body = body.Finish();
  if (request->accepts_gzip) {
    response.headers.push_back("Content-Encoding: gzip");
  }
  if (!filter->HasAll()) return response;
  response.on_sent = [this, generation = page->generation] {
    store_.MarkScraped(generation);
  };
  return response;
}

std::optional<HttpResponse> HttpServer::Impl::Cadvisor(HttpRequest* request) {
  const PageForm form = {TextFormat::kPrometheus, request->accepts_gzip,
                         /*is_cadvisor=*/true};
  const std::shared_ptr<const CachedPage> page =
      pages_.Get(form, &request->least_generation);
  if (page == nullptr) return std::nullopt;
  HttpResponse response;
  response.content_type = ContentTypeOf(form.format);
  response.headers.push_back("Vary: Accept-Encoding");
  MetricsBody body(form.is_compressed);
  body.AddPage(page, CollectorFilter());
  response.body = body.Finish();
  if (form.is_compressed) {
    response.headers.push_back("Content-Encoding: gzip");
  }
  return response;
}

HttpResponse HttpServer::Impl::Ready() const {
  if (store_.Latest() == nullptr) {
    return TextResponse(kUnavailable, "No sample has been taken yet");
  }
  return TextResponse(200, "Ready");
}

HttpResponse HttpServer::Impl::Task(absl::string_view path) const {
  absl::StatusOr<std::string> json =
      json_.inspect(std::string(*NameIn(path, kTasksPath, "")));
  if (!json.ok()) return ErrorResponse(json.status());
  return JsonResponse(*std::move(json));
}

HttpResponse HttpServer::Impl::History(const HttpRequest& request,
                                       absl::string_view top,
                                       const TaskJson::History& history) {
  const absl::StatusOr<absl::Time> since = ParseSince(request.query);
  if (!since.ok()) return ErrorResponse(since.status());
  absl::StatusOr<std::string> json =
      history(std::string(*NameIn(request.path, top, kHistorySuffix)), *since);
  if (!json.ok()) return ErrorResponse(json.status());
  HttpResponse response = JsonResponse("");
  response.headers.push_back("Vary: Accept-Encoding");
  MetricsBody body(request.accepts_gzip);
  body.AddText(*json, &deflater_);
  response.body = body.Finish();
  if (request.accepts_gzip) {
    response.headers.push_back("Content-Encoding: gzip");
  }
  return response;
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
