#ifndef REEVE_ENFORCEMENT_SHIM_RUNTIME_H_
#define REEVE_ENFORCEMENT_SHIM_RUNTIME_H_

// Where the process starts; what it returns is the exit code.
extern "C" int ShimMain(int argc, char** argv);

#endif  // REEVE_ENFORCEMENT_SHIM_RUNTIME_H_
