// Writes the manual pages of reeve into a directory: print_manual DIR.

#include <cstdio>
#include <fstream>

#include "agent/cli/cli.h"
#include "agent/cli/cli_environment.h"
#include "agent/cli/manual_pages.h"
#include "agent/version.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: print_manual DIR\n");
    return 1;
  }
  const reeve::CliEnvironment env = reeve::SystemCliEnvironment(argc, argv);
  for (const reeve::ManualPage& page :
       reeve::ManualPages(reeve::DescribeCommands(env), reeve::kVersion)) {
    const std::string path = std::string(argv[1]) + "/" + page.name;
    std::ofstream file(path);
    file << page.text;
    file.close();
    if (!file) {
      std::fprintf(stderr, "print_manual: cannot write %s\n", path.c_str());
      return 1;
    }
  }
  return 0;
}
