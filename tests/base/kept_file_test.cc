#include "base/kept_file.h"

#include <fcntl.h>

#include <cstddef>
#include <string>

#include "base/kernel_number.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

TEST(KeptFileTest, ReadsFromTheStartEachTime) {
  FakeTree tree;
  tree.Write("memory.current", "100\n");
  const auto file = KeptFile::Open(tree.OpenDir("").get(), "memory.current");
  ASSERT_THAT(file, IsOk());
  ASSERT_TRUE(file->Exists());
  ReadBuffer buffer;

  EXPECT_THAT(file->Read(buffer), IsOkAndHolds("100\n"));
  tree.Write("memory.current", "7\n");
  EXPECT_THAT(file->Read(buffer), IsOkAndHolds("7\n"));
}

TEST(KeptFileTest, BufferGrowsForALongFileAndStaysLong) {
  FakeTree tree;
  const std::string contents(50'000, 'x');
  tree.Write("long", contents);
  const auto file = KeptFile::Open(tree.OpenDir("").get(), "long");
  ASSERT_THAT(file, IsOk());
  ReadBuffer buffer;

  ASSERT_THAT(file->Read(buffer), IsOkAndHolds(contents));
  const char* const place = buffer.data();
  ASSERT_THAT(file->Read(buffer), IsOkAndHolds(contents));

  EXPECT_EQ(buffer.data(), place);
}

TEST(KeptFileTest, ReadToEndIsTheSameOfAnyLength) {
  FakeTree tree;
  ReadBuffer buffer;
  tree.Write("file", "");
  const auto file = KeptFile::Open(tree.OpenDir("").get(), "file");
  ASSERT_THAT(file, IsOk());
  for (const size_t size : {0, 7, 8191, 8192, 8193, 50'000, 3}) {
    const std::string contents(size, 'x');
    tree.Write("file", contents);
    EXPECT_THAT(file->ReadToEnd(buffer), IsOkAndHolds(contents));
  }
}

// Of a list the kernel gives a page at most at once.
TEST(KeptFileTest, ReadToEndReadsAListOfTheKernelWhole) {
  const auto file = KeptFile::Open(AT_FDCWD, "/proc/self/smaps");
  ASSERT_THAT(file, IsOk());
  if (!file->Exists()) GTEST_SKIP() << "the kernel has no /proc/PID/smaps";
  ReadBuffer buffer;

  const auto contents = file->ReadToEnd(buffer);

  ASSERT_THAT(contents, IsOk());
  EXPECT_THAT(std::string(*contents), HasSubstr("[stack]"));
}

TEST(KeptFileTest, FileExactlyAsLongAsTheBufferIsReadWhole) {
  FakeTree tree;
  ReadBuffer buffer;
  tree.Write("file", "");
  const auto file = KeptFile::Open(tree.OpenDir("").get(), "file");
  ASSERT_THAT(file, IsOk());
  EXPECT_THAT(file->Read(buffer), IsOkAndHolds(""));
  const std::string contents(buffer.size(), 'x');

  tree.Write("file", contents);

  EXPECT_THAT(file->Read(buffer), IsOkAndHolds(contents));
}

TEST(KeptFileTest, MissingFileDoesNotExistAndIsNoError) {
  FakeTree tree;

  const auto file = KeptFile::Open(tree.OpenDir("").get(), "memory.peak");

  ASSERT_THAT(file, IsOk());
  EXPECT_FALSE(file->Exists());
}

TEST(KeptFileTest, ErrorsNameTheFile) {
  FakeTree tree;
  tree.MakeDir("directory");
  tree.Write("file", "");
  ReadBuffer buffer;

  const auto directory = KeptFile::Open(tree.OpenDir("").get(), "directory");
  ASSERT_THAT(directory, IsOk());
  EXPECT_THAT(directory->Read(buffer).status().message(),
              HasSubstr("read directory"));
  EXPECT_THAT(
      KeptFile::Open(tree.OpenDir("").get(), "file/below").status().message(),
      HasSubstr("open file/below"));
}

TEST(ReadParsedTest, ParseErrorsNameTheFile) {
  FakeTree tree;
  tree.Write("pids.current", "many\n");
  const auto file = KeptFile::Open(tree.OpenDir("").get(), "pids.current");
  ASSERT_THAT(file, IsOk());
  ReadBuffer buffer;

  EXPECT_THAT(ReadParsed(*file, buffer, ParseKernelNumber),
              StatusIs(absl::StatusCode::kDataLoss,
                       HasSubstr("parse pids.current: not a number")));
  tree.Write("pids.current", "3\n");
  EXPECT_THAT(ReadParsed(*file, buffer, ParseKernelNumber), IsOkAndHolds(3u));
}

}  // namespace
}  // namespace reeve
