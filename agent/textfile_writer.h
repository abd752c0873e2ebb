#ifndef REEVE_AGENT_TEXTFILE_WRITER_H_
#define REEVE_AGENT_TEXTFILE_WRITER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/http/bounded_worker.h"
#include "base/clock.h"
#include "base/unique_fd.h"
#include "collectors/snapshot_store.h"
#include "exporters/prometheus/agent_metrics.h"
#include "exporters/prometheus/page_source.h"
#include "exporters/prometheus/task_renderer.h"

namespace reeve {

struct TextfileOptions {
  // Absolute; what reads such files wants it to end with ".prom".
  std::string path;
  // The shortest time between two of them; 0 is one for each snapshot.
  absl::Duration interval;
  // Of the page, beside the tasks and the agent; they must outlive the writer.
  std::vector<const PageSource*> sources = {};
};

// Keeps a file with the page of metrics, for hosts on which a scraper reaches
// nothing but an exporter that reads files. A reader sees one page or the next,
// never a part. The file goes with the writer: nobody is told of an agent's
// tasks that is no more.
class TextfileWriter {
 public:
  // Writes the agent's own part at once, so that a path that cannot be written
  // is refused, and from then on a page after each snapshot, on a thread of its
  // own. The others must outlive the writer.
  static absl::StatusOr<std::unique_ptr<TextfileWriter>> Start(
      TextfileOptions options, SnapshotStore& store,
      const AgentMetrics& metrics, const Clock& clock);

  ~TextfileWriter();
  TextfileWriter(const TextfileWriter&) = delete;
  TextfileWriter& operator=(const TextfileWriter&) = delete;

 private:
  TextfileWriter(TextfileOptions options, UniqueFd directory, std::string name,
                 SnapshotStore& store, const AgentMetrics& metrics,
                 const Clock& clock);

  // On the sampling thread.
  void OnPublish();
  // On the writer's own, but for the first time.
  absl::Status Write();
  void Log(const absl::Status& status);

  const TextfileOptions options_;
  const UniqueFd directory_;
  const std::string name_;
  SnapshotStore& store_;
  const AgentMetrics& metrics_;
  const Clock& clock_;
  // Of the sampling thread.
  absl::Duration next_;
  // Of the writer's.
  TaskRenderer renderer_;
  std::string page_;
  absl::Status last_;
  BoundedWorker worker_;
  int listener_ = 0;
};

}  // namespace reeve

#endif  // REEVE_AGENT_TEXTFILE_WRITER_H_
