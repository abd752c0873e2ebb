// Runs a fuzz target without libFuzzer: every file of its corpus, and then as
// many mutations of them as are asked for, the same in every run.
//
//   TARGET MUTATIONS FILE...
//
// Before each input is tried it is written to the file that REEVE_FUZZ_INPUT
// names, if any: after a crash, the culprit is there.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/fuzz/fuzz_check.h"

namespace reeve {
namespace {

constexpr size_t kMostBytes = 4096;

// What parsers trip over more often than over any byte.
constexpr const char* kMorsels[] = {"0",
                                    "-",
                                    "-1",
                                    ",",
                                    " ",
                                    "\n",
                                    "\t",
                                    "\r\n",
                                    ":",
                                    ".",
                                    "..",
                                    "/",
                                    "%",
                                    "\"",
                                    "\\",
                                    "{}",
                                    "[]",
                                    "null",
                                    "e9",
                                    "1e99",
                                    "nan",
                                    "max",
                                    "\xff",
                                    "\x7f",
                                    "18446744073709551615",
                                    "9223372036854775808",
                                    "4294967296",
                                    "0x",
                                    "K",
                                    "iB",
                                    "ms",
                                    "h"};

class Mutator {
 public:
  explicit Mutator(const std::vector<std::string>& corpus) : corpus_(corpus) {}

  std::string Next() {
    std::string input = Pick();
    for (size_t left = 1 + Below(4); left > 0; --left) Mutate(input);
    if (input.size() > kMostBytes) input.resize(kMostBytes);
    return input;
  }

 private:
  size_t Below(size_t bound) { return engine_() % bound; }
  const std::string& Pick() { return corpus_[Below(corpus_.size())]; }
  size_t PlaceIn(const std::string& input) { return Below(input.size() + 1); }

  void Mutate(std::string& input) {
    const size_t place = PlaceIn(input);
    const size_t length = Below(input.size() - place + 1);
    switch (Below(6)) {
      case 0:
        if (place < input.size()) {
          input[place] = static_cast<char>(input[place] ^ (1 << Below(8)));
        }
        break;
      case 1:
        if (place < input.size()) input[place] = static_cast<char>(Below(256));
        break;
      case 2:
        input.insert(place, kMorsels[Below(std::size(kMorsels))]);
        break;
      case 3:
        input.erase(place, length);
        break;
      case 4:
        input.insert(PlaceIn(input), input.substr(place, length));
        break;
      default: {
        const std::string& other = Pick();
        input = input.substr(0, place) + other.substr(PlaceIn(other));
      }
    }
  }

  const std::vector<std::string>& corpus_;
  // Seeded by default: no two runs differ.
  std::mt19937_64 engine_;
};

void Try(const std::string& input) {
  const char* const path = std::getenv("REEVE_FUZZ_INPUT");
  if (path != nullptr) {
    std::FILE* const file = std::fopen(path, "wb");
    if (file != nullptr) {
      std::fwrite(input.data(), 1, input.size(), file);
      std::fclose(file);
    }
  }
  // A copy of the very size, so that a read beyond its end is noticed.
  const std::vector<uint8_t> bytes(input.begin(), input.end());
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

std::string Contents(const char* path) {
  std::FILE* const file = std::fopen(path, "rb");
  if (file == nullptr) {
    std::fprintf(stderr, "%s: cannot be read\n", path);
    std::exit(1);
  }
  std::string contents(kMostBytes, '\0');
  contents.resize(std::fread(contents.data(), 1, contents.size(), file));
  std::fclose(file);
  return contents;
}

int Main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: %s MUTATIONS FILE...\n", argv[0]);
    return 1;
  }
  std::vector<std::string> corpus;
  for (int i = 2; i < argc; ++i) corpus.push_back(Contents(argv[i]));
  for (const std::string& input : corpus) Try(input);
  Try("");
  Mutator mutator(corpus);
  const long mutations = std::strtol(argv[1], nullptr, 10);
  for (long i = 0; i < mutations; ++i) Try(mutator.Next());
  std::printf("%zu files, %ld mutations\n", corpus.size(), mutations);
  return 0;
}

}  // namespace
}  // namespace reeve

int main(int argc, char** argv) { return reeve::Main(argc, argv); }
