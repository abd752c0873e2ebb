// A file of --web.config.file.

#include "agent/http/web_config.h"
#include "tests/fuzz/fuzz_check.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::StatusOr<reeve::WebConfig> config =
      reeve::ParseWebConfig(reeve::TextOf(data, size), "/etc/reeve");
  if (!config.ok()) {
    FUZZ_CHECK(!config.status().message().empty());
    return 0;
  }
  if (config->tls) {
    FUZZ_CHECK(config->tls->cert_file[0] == '/');
    FUZZ_CHECK(config->tls->key_file[0] == '/');
  }
  for (const auto& user : config->users) FUZZ_CHECK(user.second.size() == 60);
  for (const auto& header : config->headers) {
    FUZZ_CHECK(header.second.find('\n') == std::string::npos);
  }
  return 0;
}
