#ifndef REEVE_TESTS_PROGRAMS_ARGUMENTS_H_
#define REEVE_TESTS_PROGRAMS_ARGUMENTS_H_

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace reeve {

// Command line arguments of the small programs that tests launch: "--NAME
// VALUE" and "--NAME". A mistake ends the program with code 2.

inline bool HasFlag(int argc, char** argv, const char* name) {
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], name) == 0) return true;
  }
  return false;
}

// The number after `name`, or `missing` if the flag is not there.
inline double FlagValue(int argc, char** argv, const char* name,
                        double missing) {
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], name) != 0) continue;
    char* end = nullptr;
    const double value =
        i + 1 < argc ? std::strtod(argv[i + 1], &end) : missing;
    if (end == nullptr || end == argv[i + 1] || *end != '\0') {
      std::fprintf(stderr, "%s: %s takes a number\n", argv[0], name);
      std::exit(2);
    }
    return value;
  }
  return missing;
}

}  // namespace reeve

#endif  // REEVE_TESTS_PROGRAMS_ARGUMENTS_H_
