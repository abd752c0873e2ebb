#ifndef REEVE_AGENT_API_CHANNEL_ARGUMENTS_H_
#define REEVE_AGENT_API_CHANNEL_ARGUMENTS_H_

#include "grpcpp/support/channel_arguments.h"

namespace reeve {

// Of every channel to an agent, in its process or from another. Answers may be
// of any size: a list has the whole command of each task, which passes gRPC's
// own 4 MiB with forty scripts, and it is of an agent that is trusted.
inline grpc::ChannelArguments AgentChannelArguments() {
  constexpr int kUnlimited = -1;
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kUnlimited);
  return arguments;
}

}  // namespace reeve

#endif  // REEVE_AGENT_API_CHANNEL_ARGUMENTS_H_
