#ifndef REEVE_COLLECTORS_EXTRA_COUNTERS_H_
#define REEVE_COLLECTORS_EXTRA_COUNTERS_H_

#include <string>

#include "absl/container/flat_hash_map.h"
#include "collectors/extra_sample.h"
#include "collectors/monotone_counter.h"

namespace reeve {

// Keeps the counters of one task's extra samples from ever decreasing.
// Thread-compatible.
class ExtraCounters {
 public:
  // Carries the counters of `sample` on over resets. What is absent stays so.
  void Update(ExtraSample& sample);

 private:
  struct Pressure {
    MonotoneCounter waiting;
    MonotoneCounter stalled;
  };

  struct Device {
    MonotoneCounter read_bytes;
    MonotoneCounter write_bytes;
    MonotoneCounter discard_bytes;
    MonotoneCounter read_operations;
    MonotoneCounter write_operations;
    MonotoneCounter discard_operations;
  };

  struct Traffic {
    MonotoneCounter bytes;
    MonotoneCounter packets;
    MonotoneCounter errors;
    MonotoneCounter drops;
  };

  struct Interface {
    Traffic received;
    Traffic sent;
  };

  static void Update(Pressure& counters, PressureTimes& times);
  static void Update(Device& counters, DeviceIo& io);
  static void Update(Traffic& counters, TrafficCounts& counts);

  Pressure cpu_pressure_;
  Pressure memory_pressure_;
  Pressure io_pressure_;
  // By name. Those of devices that are not there now stay, so that one that
  // comes back goes on.
  absl::flat_hash_map<std::string, Device> io_;
  absl::flat_hash_map<std::string, Interface> network_;
  MonotoneCounter major_faults_;
  MonotoneCounter minor_faults_;
  MonotoneCounter anon_refaults_;
  MonotoneCounter file_refaults_;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_EXTRA_COUNTERS_H_
