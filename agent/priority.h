#ifndef REEVE_AGENT_PRIORITY_H_
#define REEVE_AGENT_PRIORITY_H_

namespace reeve {

// Gives this thread and those that it starts from now on a nice(2) value of
// -10, where that is allowed: on a machine whose tasks are all busy each
// hand-over to the agent or a shim would wait for a time slice of theirs.
// Returns the value before, for the tasks.
int RaisePriority();

}  // namespace reeve

#endif  // REEVE_AGENT_PRIORITY_H_
