#include "collectors/extra_counters.h"

namespace reeve {

void ExtraCounters::Update(ExtraSample& sample) {
  Update(cpu_pressure_, sample.cpu_pressure);
  Update(memory_pressure_, sample.memory_pressure);
  Update(io_pressure_, sample.io_pressure);
  for (DeviceIo& io : sample.io) Update(io_[io.device], io);
  for (InterfaceTraffic& interface : sample.network) {
    Interface& counters = network_[interface.device];
    Update(counters.received, interface.received);
    Update(counters.sent, interface.sent);
  }
  major_faults_.Carry(sample.memory.major_faults);
  minor_faults_.Carry(sample.memory.minor_faults);
  anon_refaults_.Carry(sample.memory.anon_refaults);
  file_refaults_.Carry(sample.memory.file_refaults);
}

void ExtraCounters::Update(Pressure& counters, PressureTimes& times) {
  counters.waiting.Carry(times.waiting_ns);
  counters.stalled.Carry(times.stalled_ns);
}

void ExtraCounters::Update(Device& counters, DeviceIo& io) {
  counters.read_bytes.Carry(io.read_bytes);
  counters.write_bytes.Carry(io.write_bytes);
  counters.discard_bytes.Carry(io.discard_bytes);
  counters.read_operations.Carry(io.read_operations);
  counters.write_operations.Carry(io.write_operations);
  counters.discard_operations.Carry(io.discard_operations);
}

void ExtraCounters::Update(Traffic& counters, TrafficCounts& counts) {
  counts.bytes = counters.bytes.Update(counts.bytes);
  counts.packets = counters.packets.Update(counts.packets);
  counts.errors = counters.errors.Update(counts.errors);
  counts.drops = counters.drops.Update(counts.drops);
}

}  // namespace reeve
