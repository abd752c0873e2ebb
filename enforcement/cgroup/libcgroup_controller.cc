#include "enforcement/cgroup/libcgroup_controller.h"

#include <libcgroup.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <utility>

#include "absl/base/const_init.h"
#include "absl/cleanup/cleanup.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "base/file.h"
#include "enforcement/cgroup/cgroup_places.h"
#include "enforcement/cgroup/cgroup_removal.h"
#include "enforcement/cgroup/subtree_control.h"

namespace reeve {
namespace {

// The library keeps a value in 100 bytes and cuts what is longer.
constexpr size_t kMaxValueLength = 99;

ABSL_CONST_INIT absl::Mutex library_mutex(absl::kConstInit);

struct FreeCgroup {
  void operator()(cgroup* group) const { cgroup_free(&group); }
};

// A fresh struct for each call, with nothing in it but what is to be done: one
// that was read from the kernel would write back everything it has read.
using LibraryCgroup = std::unique_ptr<cgroup, FreeCgroup>;

// The library's names are relative to the hierarchy's root.
LibraryCgroup NewCgroup(const std::string& path) {
  return LibraryCgroup(cgroup_new_cgroup(path.c_str() + 1));
}

absl::Status StatusOfCode(int code, const std::string& what) {
  switch (code) {
    case 0:
      return absl::OkStatus();
    case ECGOTHER:
      return ErrnoStatus(cgroup_get_last_errno(), what);
    case ECGROUPNOTOWNER:
      return ErrnoStatus(EPERM, what);
    case ECGROUPNOTMOUNTED:
    case ECGROUPSUBSYSNOTMOUNTED:
      return absl::UnavailableError(
          absl::StrCat(what, ": libcgroup: ", cgroup_strerror(code)));
    default:
      return absl::InternalError(
          absl::StrCat(what, ": libcgroup: ", cgroup_strerror(code)));
  }
}

absl::Status InitLibrary() {
  static const int code = [] {
    // It would print to the standard output; what went wrong is in our own
    // messages.
    cgroup_set_logger(nullptr, CGROUP_LOG_ERROR, nullptr);
    return cgroup_init();
  }();
  return StatusOfCode(code, "read the cgroup mounts");
}

// Calls `action` with a struct that names one controller of each hierarchy.
template <typename Action>
absl::Status InLibrary(const std::string& cgroup, const CgroupPlaces& places,
                       const std::string& what, Action action) {
  if (places.by_controller.empty()) return absl::OkStatus();
  absl::MutexLock lock(&library_mutex);
  absl::Status status = InitLibrary();
  if (!status.ok()) return status;

  const LibraryCgroup group = NewCgroup(cgroup);
  for (const auto& place : places.by_controller) {
    cgroup_add_controller(group.get(), place.second.c_str());
  }
  return StatusOfCode(action(group.get()), what);
}

bool Exists(const std::string& path) { return access(path.c_str(), F_OK) == 0; }

std::string ParentOf(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

// The directories that creating the cgroup will add, each before its parent.
// kAlreadyExists if the cgroup itself is there.
absl::StatusOr<std::vector<std::string>> FindMissing(
    const CgroupPlaces& places, const std::string& cgroup) {
  std::vector<std::string> missing;
  for (const CgroupHierarchy* hierarchy : places.All()) {
    const std::string directory = CgroupDirectory(*hierarchy, cgroup);
    if (Exists(directory)) {
      return absl::AlreadyExistsError(
          absl::StrCat("create cgroup ", directory,
                       ": it is there already; remove it or take another id"));
    }
    missing.push_back(directory);
    // Where a parent is there, its parents are.
    std::string parent = ParentOf(directory);
    while (parent != hierarchy->mount_point && !Exists(parent)) {
      missing.push_back(parent);
      parent = ParentOf(parent);
    }
  }
  return missing;
}

// Makes the cgroup's directory in one hierarchy, with missing parents. OK if it
// is there.
absl::Status MakeDirectories(const CgroupHierarchy& hierarchy,
                             const std::string& cgroup) {
  if (cgroup.empty()) return absl::OkStatus();
  const std::string directory = CgroupDirectory(hierarchy, cgroup);
  int error = mkdir(directory.c_str(), 0755) == 0 ? 0 : errno;
  if (error == ENOENT) {
    absl::Status status = MakeDirectories(hierarchy, ParentOf(cgroup));
    if (!status.ok()) return status;
    error = mkdir(directory.c_str(), 0755) == 0 ? 0 : errno;
  }
  if (error == 0 || error == EEXIST) return absl::OkStatus();
  return ErrnoStatus(error, absl::StrCat("create cgroup ", directory));
}

// The parents of a cgroup with v2 controllers, ready to have it below them.
absl::Status PrepareParents(const CgroupMounts& mounts,
                            const std::string& cgroup,
                            const std::vector<std::string>& v2_controllers) {
  if (v2_controllers.empty()) return absl::OkStatus();
  const CgroupHierarchy& unified = *mounts.Unified();
  const std::string parent = ParentOf(cgroup);
  absl::Status status = MakeDirectories(unified, parent);
  if (!status.ok()) return status;
  return EnableControllers(unified.mount_point, parent, v2_controllers);
}

absl::Status CheckAllExist(const CgroupPlaces& places,
                           const std::string& cgroup) {
  for (const CgroupHierarchy* hierarchy : places.All()) {
    const std::string directory = CgroupDirectory(*hierarchy, cgroup);
    if (!Exists(directory)) {
      return absl::NotFoundError(
          absl::StrCat("create cgroup ", directory, ": it was not made"));
    }
  }
  return absl::OkStatus();
}

absl::Status Make(const CgroupMounts& mounts, const CgroupPlaces& places,
                  const std::string& cgroup) {
  absl::Status status = PrepareParents(mounts, cgroup, places.v2_controllers);
  if (!status.ok()) return status;
  status = InLibrary(
      cgroup, places, absl::StrCat("create cgroup ", cgroup),
      [](struct cgroup* group) { return cgroup_create_cgroup(group, 1); });
  if (!status.ok()) return status;
  if (places.bare_unified != nullptr) {
    status = MakeDirectories(*places.bare_unified, cgroup);
    if (!status.ok()) return status;
  }
  return CheckAllExist(places, cgroup);
}

absl::Status SetOne(const std::string& cgroup, const std::string& directory,
                    const CgroupSetting& setting) {
  const std::string what =
      absl::StrCat("write ", directory, "/", setting.file, " ", setting.value);
  if (setting.value.size() > kMaxValueLength) {
    return absl::InvalidArgumentError(
        absl::StrCat(what, ": give at most ", kMaxValueLength, " characters"));
  }
  absl::MutexLock lock(&library_mutex);
  absl::Status status = InitLibrary();
  if (!status.ok()) return status;

  const LibraryCgroup group = NewCgroup(cgroup);
  cgroup_controller* controller =
      cgroup_add_controller(group.get(), setting.controller.c_str());
  cgroup_add_value_string(controller, setting.file.c_str(),
                          setting.value.c_str());
  const int code = cgroup_modify_cgroup(group.get());
  if (code != ECGROUPVALUENOTEXIST) return StatusOfCode(code, what);
  // It says so of a missing file, a missing cgroup and a lack of permission.
  const std::string file = absl::StrCat(directory, "/", setting.file);
  return ErrnoStatus(access(file.c_str(), W_OK) == 0 ? EIO : errno, what);
}

// The places that a cgroup has a directory in, of all there are.
CgroupPlaces FindExisting(const CgroupMounts& mounts,
                          const std::string& cgroup) {
  CgroupPlaces places;
  for (const CgroupHierarchy& hierarchy : mounts.hierarchies()) {
    if (!Exists(CgroupDirectory(hierarchy, cgroup))) continue;
    if (!hierarchy.controllers.empty()) {
      places.by_controller.emplace_back(&hierarchy,
                                        hierarchy.controllers.front());
    } else if (hierarchy.version == CgroupVersion::kV2) {
      places.bare_unified = &hierarchy;
    }
  }
  return places;
}

}  // namespace

LibcgroupController::LibcgroupController(CgroupMounts mounts)
    : mounts_(std::move(mounts)) {
  absl::MutexLock lock(&library_mutex);
  InitLibrary().IgnoreError();
}

absl::Status LibcgroupController::Create(
    const std::string& cgroup, const std::vector<std::string>& controllers) {
  absl::Status status = CheckCgroupPath(cgroup);
  if (!status.ok()) return status;
  const absl::StatusOr<CgroupPlaces> places =
      FindCgroupPlaces(mounts_, controllers);
  if (!places.ok()) return places.status();
  if (places->All().empty()) {
    return absl::UnavailableError(absl::StrCat(
        "create cgroup ", cgroup, ": no cgroup hierarchy is mounted"));
  }
  const absl::StatusOr<std::vector<std::string>> missing =
      FindMissing(*places, cgroup);
  if (!missing.ok()) return missing.status();

  absl::Cleanup undo = [&missing] {
    for (const std::string& directory : *missing) rmdir(directory.c_str());
  };
  status = Make(mounts_, *places, cgroup);
  if (status.ok()) std::move(undo).Cancel();
  return status;
}

absl::Status LibcgroupController::Set(
    const std::string& cgroup, const std::vector<CgroupSetting>& settings) {
  absl::Status status = CheckCgroupPath(cgroup);
  for (const CgroupSetting& setting : settings) {
    if (!status.ok()) return status;
    const absl::StatusOr<CgroupPlaces> places =
        FindCgroupPlaces(mounts_, {setting.controller});
    if (!places.ok()) return places.status();
    status = SetOne(
        cgroup, CgroupDirectory(*places->by_controller.front().first, cgroup),
        setting);
  }
  return status;
}

absl::Status LibcgroupController::Remove(const std::string& cgroup) {
  absl::Status status = CheckCgroupPath(cgroup);
  if (!status.ok()) return status;
  const CgroupPlaces places = FindExisting(mounts_, cgroup);
  // Its answer says little: a busy cgroup may count as deleted, and one that
  // fails hides the others. The directories tell.
  InLibrary(cgroup, places, "", [](struct cgroup* group) {
    return cgroup_delete_cgroup_ext(group, CGFLAG_DELETE_EMPTY_ONLY);
  }).IgnoreError();
  for (const CgroupHierarchy* hierarchy : places.All()) {
    status.Update(RemoveCgroupDirectory(CgroupDirectory(*hierarchy, cgroup)));
  }
  return status;
}

}  // namespace reeve
