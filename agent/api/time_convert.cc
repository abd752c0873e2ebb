#include "agent/api/time_convert.h"

namespace reeve {

google::protobuf::Timestamp ToProto(absl::Time time) {
  const timespec value = absl::ToTimespec(time);
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(value.tv_sec);
  timestamp.set_nanos(static_cast<int32_t>(value.tv_nsec));
  return timestamp;
}

absl::Time TimeFromProto(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) +
         absl::Nanoseconds(timestamp.nanos());
}

absl::Duration DurationFromProto(const google::protobuf::Duration& duration) {
  return absl::Seconds(duration.seconds()) +
         absl::Nanoseconds(duration.nanos());
}

google::protobuf::Duration ToProto(absl::Duration duration) {
  const timespec value = absl::ToTimespec(duration);
  google::protobuf::Duration message;
  message.set_seconds(value.tv_sec);
  message.set_nanos(static_cast<int32_t>(value.tv_nsec));
  return message;
}

}  // namespace reeve
