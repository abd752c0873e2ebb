#ifndef REEVE_AGENT_HTTP_BASIC_AUTH_H_
#define REEVE_AGENT_HTTP_BASIC_AUTH_H_

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "agent/http/bounded_worker.h"

namespace reeve {

// Who may see the pages, by HTTP's basic authentication (RFC 7617). A password
// is checked once, on the worker's thread; its verdict is kept under a hash
// with a secret salt, good ones apart from bad ones: however many wrong
// passwords come, one that was right stays known and waits for none of them.
// Thread-safe. Held by a shared_ptr.
class BasicAuth : public std::enable_shared_from_this<BasicAuth> {
 public:
  enum class Verdict {
    kAllowed,
    kDenied,
    // Ask again after `on_verdict` was called.
    kPending,
    // Too many others are being checked.
    kBusy,
  };

  // `users` has at least one, with a bcrypt hash each. `worker` must outlive
  // this; `on_verdict` is called on its thread.
  BasicAuth(std::map<std::string, std::string> users, BoundedWorker& worker,
            std::function<void()> on_verdict);

  // Of the value of a request's Authorization header; empty if it has none.
  Verdict Check(absl::string_view authorization) ABSL_LOCKS_EXCLUDED(mutex_);

  const std::map<std::string, std::string>& users() const { return users_; }

 private:
  std::string KeyOf(absl::string_view credentials) const;
  bool Verify(const std::string& credentials) const;
  void Decide(const std::string& key, bool is_allowed)
      ABSL_LOCKS_EXCLUDED(mutex_);

  const std::map<std::string, std::string> users_;
  BoundedWorker& worker_;
  const std::function<void()> on_verdict_;
  const std::string salt_;

  absl::Mutex mutex_;
  absl::flat_hash_set<std::string> allowed_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_set<std::string> denied_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_set<std::string> pending_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace reeve

#endif  // REEVE_AGENT_HTTP_BASIC_AUTH_H_
