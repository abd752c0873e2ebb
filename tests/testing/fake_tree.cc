#include "tests/testing/fake_tree.h"

#include <fcntl.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "gtest/gtest.h"

namespace reeve {
namespace {

namespace fs = std::filesystem;

std::string MakeTemporaryDirectory() {
  std::string path = "/tmp/reeve-tree-XXXXXX";
  if (mkdtemp(path.data()) == nullptr) {
    ADD_FAILURE() << "cannot make a directory like " << path;
  }
  return path;
}

}  // namespace

FakeTree::FakeTree() : root_(MakeTemporaryDirectory()) {}

FakeTree::~FakeTree() {
  std::error_code error;
  fs::remove_all(root_, error);
  EXPECT_FALSE(error) << "remove " << root_ << ": " << error.message();
}

void FakeTree::Write(const std::string& path, const std::string& contents) {
  const fs::path full = Path(path);
  std::error_code error;
  fs::create_directories(full.parent_path(), error);
  std::ofstream file(full, std::ios::binary | std::ios::trunc);
  file << contents;
  file.close();
  EXPECT_TRUE(file.good()) << "cannot write " << full;
}

void FakeTree::MakeDir(const std::string& path) {
  std::error_code error;
  fs::create_directories(Path(path), error);
  EXPECT_FALSE(error) << "make " << Path(path) << ": " << error.message();
}

void FakeTree::MakeLink(const std::string& path, const std::string& target) {
  const fs::path full = Path(path);
  std::error_code error;
  fs::create_directories(full.parent_path(), error);
  fs::create_symlink(target, full, error);
  EXPECT_FALSE(error) << "link " << full << ": " << error.message();
}

std::string FakeTree::Read(const std::string& path) const {
  std::ifstream file(Path(path), std::ios::binary);
  EXPECT_TRUE(file.good()) << "cannot read " << Path(path);
  return {std::istreambuf_iterator<char>(file),
          std::istreambuf_iterator<char>()};
}

bool FakeTree::Exists(const std::string& path) const {
  std::error_code error;
  return fs::exists(fs::symlink_status(Path(path), error));
}

void FakeTree::Remove(const std::string& path) {
  std::error_code error;
  EXPECT_GT(fs::remove_all(Path(path), error), 0u) << "nothing at " << path;
}

UniqueFd FakeTree::OpenDir(const std::string& path) const {
  UniqueFd fd(open(Path(path).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  EXPECT_TRUE(static_cast<bool>(fd)) << "cannot open " << Path(path);
  return fd;
}

std::string FakeTree::Path(const std::string& path) const {
  return path.empty() ? root_ : root_ + "/" + path;
}

}  // namespace reeve
