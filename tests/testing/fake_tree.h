#ifndef REEVE_TESTS_TESTING_FAKE_TREE_H_
#define REEVE_TESTS_TESTING_FAKE_TREE_H_

#include <string>

#include "base/unique_fd.h"

namespace reeve {

// A directory tree on disk for the life of one test, in place of /proc or
// /sys/fs/cgroup. Paths are relative to its root; "" is the root itself.
//
//   FakeTree tree;
//   tree.Write("web/cpu.stat", "usage_usec 5\n");
//   UniqueFd web = tree.OpenDir("web");
//
// What cannot be done fails the test it is called in. Thread-compatible.
class FakeTree {
 public:
  FakeTree();
  ~FakeTree();
  FakeTree(const FakeTree&) = delete;
  FakeTree& operator=(const FakeTree&) = delete;

  // Writes a file in place, so that descriptors that are open on it see the new
  // contents. Makes parent directories as needed.
  void Write(const std::string& path, const std::string& contents);

  // Makes a directory and its parents.
  void MakeDir(const std::string& path);

  // Makes a symbolic link `path` that says `target`.
  void MakeLink(const std::string& path, const std::string& target);

  // The contents of a file.
  std::string Read(const std::string& path) const;

  bool Exists(const std::string& path) const;

  // Removes a file, or a directory with all that is in it.
  void Remove(const std::string& path);

  // An O_PATH handle of a directory.
  UniqueFd OpenDir(const std::string& path) const;

  // The absolute path of something in the tree.
  std::string Path(const std::string& path) const;

 private:
  std::string root_;
};

}  // namespace reeve

#endif  // REEVE_TESTS_TESTING_FAKE_TREE_H_
