#ifndef REEVE_AGENT_SPEC_LIMIT_DIFFERENCE_H_
#define REEVE_AGENT_SPEC_LIMIT_DIFFERENCE_H_

#include <functional>
#include <string>
#include <vector>

#include "agent/api/task_service.pb.h"

namespace google::protobuf {
class FieldDescriptor;
class Message;
}  // namespace google::protobuf

namespace reeve {

// A field that is to have another value, as people read it: "64M".
struct FieldChange {
  std::string field;
  // "unset" for a field that is or is to be left out.
  std::string from;
  std::string to;
};

// The value of a field that is neither a list nor a message, as people read it:
// "64M", "true".
std::string FieldText(const google::protobuf::Message& message,
                      const google::protobuf::FieldDescriptor* field);

// What leads from the limits of a task to others.
struct LimitDifference {
  std::vector<FieldChange> changes;
  // For an UpdateRequest. A limit that is not wanted any more is lifted.
  v1::Limits update;
  // Those of `changes` that no update can undo: nobody knows what a process
  // would have without the limit.
  std::vector<std::string> not_undoable;
};

// What a block device is called that may have several names, "/dev/sda" and
// "8:0"; the same text for each of them.
using DeviceKey = std::function<std::string(const std::string& device)>;

// By its number on this host; a device that is not there is its own key.
std::string HostDeviceKey(const std::string& device);

// Both as NormalSpec() has them. A limit that limits nothing is one that is
// left out: "max" of memory, 1024 shares. An update calls a device as `current`
// does, where that has it.
LimitDifference CompareLimits(const v1::Limits& current,
                              const v1::Limits& wanted,
                              const DeviceKey& device_key = HostDeviceKey);

}  // namespace reeve

#endif  // REEVE_AGENT_SPEC_LIMIT_DIFFERENCE_H_
