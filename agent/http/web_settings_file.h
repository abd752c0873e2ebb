#ifndef REEVE_AGENT_HTTP_WEB_SETTINGS_FILE_H_
#define REEVE_AGENT_HTTP_WEB_SETTINGS_FILE_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/http/bounded_worker.h"
#include "agent/http/file_stamp.h"
#include "agent/http/web_config.h"
#include "agent/http/web_settings.h"

namespace reeve {

// The settings of a web configuration file, which is read again once it, or a
// certificate that it names, has changed. What is wrong then is logged, and
// what was before stays in force. Thread-compatible.
class WebSettingsFile {
 public:
  // Without a path there are no settings. `worker` must outlive this and all
  // settings; see BasicAuth for `on_verdict`.
  WebSettingsFile(std::string path, BoundedWorker& worker,
                  std::function<void()> on_verdict);

  // Reads the file for the first time. One line that says where what is wrong.
  absl::Status Load();

  // What is in force: costs a stat(2) of each file while nothing changes.
  std::shared_ptr<const WebSettings> Current();

 private:
  absl::StatusOr<std::shared_ptr<const WebSettings>> Read();
  absl::StatusOr<std::shared_ptr<const TlsContext>> ReadTls(
      const WebConfig& config);

  const std::string path_;
  BoundedWorker& worker_;
  const std::function<void()> on_verdict_;
  std::shared_ptr<const WebSettings> settings_;
  // As they were when they were last read, well or not.
  FileStamp config_stamp_;
  std::vector<FileStamp> tls_stamps_;
  // What the TLS of `settings_` was made of: it is kept while that is the same,
  // and with it the connections that have it.
  TlsConfig tls_config_;
  std::vector<FileStamp> tls_files_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_HTTP_WEB_SETTINGS_FILE_H_
