#include "agent/http/web_settings_file.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "glog/logging.h"

namespace reeve {
namespace {

bool AreStamped(const std::vector<FileStamp>& stamps) {
  for (const FileStamp& stamp : stamps) {
    if (!(StampOf(stamp.path) == stamp)) return false;
  }
  return true;
}

std::string DirectoryOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

std::vector<FileStamp> StampsOf(const TlsConfig& config) {
  std::vector<FileStamp> stamps;
  for (const std::string& file :
       {config.cert_file, config.key_file, config.client_ca_file}) {
    if (!file.empty()) stamps.push_back(StampOf(file));
  }
  return stamps;
}

}  // namespace

WebSettingsFile::WebSettingsFile(std::string path, BoundedWorker& worker,
                                 std::function<void()> on_verdict)
    : path_(std::move(path)),
      worker_(worker),
      on_verdict_(std::move(on_verdict)),
      settings_(std::make_shared<WebSettings>()) {}

absl::Status WebSettingsFile::Load() {
  if (path_.empty()) return absl::OkStatus();
  absl::StatusOr<std::shared_ptr<const WebSettings>> settings = Read();
  if (!settings.ok()) {
    return {settings.status().code(),
            absl::StrCat("web configuration ", path_, ": ",
                         settings.status().message())};
  }
  settings_ = *std::move(settings);
  return absl::OkStatus();
}

std::shared_ptr<const WebSettings> WebSettingsFile::Current() {
  if (path_.empty()) return settings_;
  if (StampOf(path_) == config_stamp_ && AreStamped(tls_stamps_)) {
    return settings_;
  }
  const absl::Status status = Load();
  if (status.ok()) {
    LOG(INFO) << "web configuration " << path_ << " was read again";
  } else {
    LOG(ERROR) << status.message() << "; what was before stays in force";
  }
  return settings_;
}

absl::StatusOr<std::shared_ptr<const WebSettings>> WebSettingsFile::Read() {
  // Before the files are read: what changes meanwhile is seen the next time.
  config_stamp_ = StampOf(path_);
  for (FileStamp& stamp : tls_stamps_) stamp = StampOf(stamp.path);
  const absl::StatusOr<std::string> text = ReadFile(path_);
  if (!text.ok()) return text.status();
  absl::StatusOr<WebConfig> config = ParseWebConfig(*text, DirectoryOf(path_));
  if (!config.ok()) return config.status();

  auto settings = std::make_shared<WebSettings>();
  absl::StatusOr<std::shared_ptr<const TlsContext>> tls = ReadTls(*config);
  if (!tls.ok()) return tls.status();
  settings->tls = *std::move(tls);
  settings->headers = std::move(config->headers);
  const bool same_users =
      settings_->auth != nullptr && settings_->auth->users() == config->users;
  if (same_users) {
    settings->auth = settings_->auth;
  } else if (!config->users.empty()) {
    settings->auth = std::make_shared<BasicAuth>(std::move(config->users),
                                                 worker_, on_verdict_);
  }
  return std::shared_ptr<const WebSettings>(std::move(settings));
}

absl::StatusOr<std::shared_ptr<const TlsContext>> WebSettingsFile::ReadTls(
    const WebConfig& config) {
  if (!config.tls) {
    tls_stamps_.clear();
    return nullptr;
  }
  tls_stamps_ = StampsOf(*config.tls);
  const bool is_same = settings_->tls != nullptr &&
                       *config.tls == tls_config_ && tls_stamps_ == tls_files_;
  if (is_same) return settings_->tls;
  absl::StatusOr<std::shared_ptr<const TlsContext>> tls =
      TlsContext::Load(*config.tls);
  if (!tls.ok()) return tls.status();
  tls_config_ = *config.tls;
  tls_files_ = tls_stamps_;
  return tls;
}

}  // namespace reeve
