#include "enforcement/cgroup/libcgroup_controller.h"

#include <libcgroup.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/base/const_init.h"
#include "absl/cleanup/cleanup.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "base/file.h"
#include "enforcement/cgroup/cgroup_access.h"
#include "enforcement/cgroup/cgroup_removal.h"
#include "enforcement/cgroup/cpuset_parent.h"
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

// A controller of a v1 hierarchy with the cpuset controller brings that along.
bool HasV1Cpuset(const CgroupPlaces& places) {
  return absl::c_any_of(places.by_controller, [](const auto& place) {
    return place.first->version == CgroupVersion::kV1 &&
           absl::c_linear_search(place.first->controllers, "cpuset");
  });
}

absl::Status ThereAlready(const std::string& directory) {
  return absl::AlreadyExistsError(
      absl::StrCat("create cgroup ", directory,
                   ": it is there already; remove it or take another id"));
}

// kAlreadyExists if the cgroup is there in one of the places.
absl::Status CheckNoneExists(const CgroupPlaces& places,
                             const std::string& cgroup) {
  for (const CgroupHierarchy* hierarchy : places.All()) {
    const std::string directory = CgroupDirectory(*hierarchy, cgroup);
    if (Exists(directory)) return ThereAlready(directory);
  }
  return absl::OkStatus();
}

// The directories that making the cgroup will add, each before its parent.
std::vector<std::string> FindMissing(const CgroupPlaces& places,
                                     const std::string& cgroup) {
  std::vector<std::string> missing;
  for (const CgroupHierarchy* hierarchy : places.All()) {
    std::string directory = CgroupDirectory(*hierarchy, cgroup);
    // Where a parent is there, its parents are.
    while (directory != hierarchy->mount_point && !Exists(directory)) {
      missing.push_back(directory);
      directory = ParentOf(directory);
    }
  }
  return missing;
}

// Makes the directories of a cgroup whose parents are as they are to be, which
// is so at every launch but the first: all or none. kAlreadyExists if one is
// there; else an error says only that it takes more than that.
absl::Status MakeInParents(const CgroupMounts& mounts,
                           const CgroupPlaces& places,
                           const std::string& cgroup) {
  if (!places.v2_controllers.empty() &&
      !GivesControllers(mounts.Unified()->mount_point, ParentOf(cgroup),
                        places.v2_controllers)) {
    return absl::NotFoundError("controllers to enable");
  }
  std::vector<std::string> made;
  absl::Cleanup undo = [&made] {
    for (const std::string& directory : made) rmdir(directory.c_str());
  };
  for (const CgroupHierarchy* hierarchy : places.All()) {
    std::string directory = CgroupDirectory(*hierarchy, cgroup);
    if (mkdir(directory.c_str(), 0755) != 0) {
      return errno == EEXIST ? ThereAlready(directory)
                             : ErrnoStatus(errno, "mkdir");
    }
    made.push_back(std::move(directory));
  }
  std::move(undo).Cancel();
  return absl::OkStatus();
}

// Whether the twin of a cgroup that has its controllers elsewhere can be made.
bool IsTwinOurs(const CgroupPlaces& places, const std::string& cgroup) {
  if (places.bare_unified == nullptr) return false;
  const std::string& mount_point = places.bare_unified->mount_point;
  return WriteAccess(absl::StrCat(
             mount_point, NearestExistingCgroup(mount_point, cgroup))) ==
         CgroupAccess::kYes;
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

// The v1 hierarchies that lack parents of the cgroup. For each controller the
// library reads the mounts and makes every level anew, so it is left out where
// one directory is all that is to be made: that is so at every launch.
CgroupPlaces OnV1WithoutParents(const CgroupPlaces& places,
                                const std::string& cgroup) {
  CgroupPlaces lacking;
  for (const auto& place : places.by_controller) {
    const CgroupHierarchy& hierarchy = *place.first;
    if (hierarchy.version == CgroupVersion::kV1 &&
        !Exists(ParentOf(CgroupDirectory(hierarchy, cgroup)))) {
      lacking.by_controller.push_back(place);
    }
  }
  return lacking;
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

// Without the hierarchies that the cgroup has a directory in.
CgroupPlaces WithoutExisting(CgroupPlaces places, const std::string& cgroup) {
  auto& left = places.by_controller;
  left.erase(
      std::remove_if(left.begin(), left.end(),
                     [&cgroup](const auto& place) {
                       return Exists(CgroupDirectory(*place.first, cgroup));
                     }),
      left.end());
  places.bare_unified = nullptr;
  return places;
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

// Removes the directories of a cgroup that have nothing below them; returns the
// places of the others. Hierarchies without controllers are somebody else's,
// but for that of v2.
CgroupPlaces RemoveAlone(const CgroupMounts& mounts,
                         const std::string& cgroup) {
  CgroupPlaces places;
  for (const CgroupHierarchy& hierarchy : mounts.hierarchies()) {
    const bool is_bare = hierarchy.controllers.empty();
    if (is_bare && hierarchy.version == CgroupVersion::kV1) continue;
    const std::string directory = CgroupDirectory(hierarchy, cgroup);
    if (rmdir(directory.c_str()) == 0 || errno == ENOENT) continue;
    // A read-only mount says so of what is not there, too.
    if (!Exists(directory)) continue;
    if (is_bare) {
      places.bare_unified = &hierarchy;
    } else {
      places.by_controller.emplace_back(&hierarchy,
                                        hierarchy.controllers.front());
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
  absl::StatusOr<CgroupPlaces> places = FindCgroupPlaces(mounts_, controllers);
  if (!places.ok()) return places.status();
  if (places->All().empty()) {
    return absl::UnavailableError(absl::StrCat(
        "create cgroup ", cgroup, ": no cgroup hierarchy is mounted"));
  }
  if (!HasV1Cpuset(*places)) {
    status = MakeInParents(mounts_, *places, cgroup);
    if (status.ok() || absl::IsAlreadyExists(status)) return status;
  }
  if (!places->by_controller.empty() && !IsTwinOurs(*places, cgroup)) {
    places->bare_unified = nullptr;
  }
  status = CheckNoneExists(*places, cgroup);
  if (!status.ok()) return status;
  return Make(*places, cgroup);
}

absl::Status LibcgroupController::Extend(
    const std::string& cgroup, const std::vector<std::string>& controllers) {
  absl::Status status = CheckCgroupPath(cgroup);
  if (!status.ok()) return status;
  absl::StatusOr<CgroupPlaces> places = FindCgroupPlaces(mounts_, controllers);
  if (!places.ok()) return places.status();
  return Make(WithoutExisting(*std::move(places), cgroup), cgroup);
}

// All of it or nothing.
absl::Status LibcgroupController::Make(const CgroupPlaces& places,
                                       const std::string& cgroup) {
  const std::vector<std::string> missing = FindMissing(places, cgroup);
  absl::Cleanup undo = [&missing] {
    for (const std::string& directory : missing) rmdir(directory.c_str());
  };
  absl::Status status = PrepareParents(mounts_, cgroup, places.v2_controllers);
  if (!status.ok()) return status;
  status = InLibrary(
      cgroup, OnV1WithoutParents(places, cgroup),
      absl::StrCat("create cgroup ", cgroup),
      [](struct cgroup* group) { return cgroup_create_cgroup(group, 1); });
  if (!status.ok()) return status;
  for (const CgroupHierarchy* hierarchy : places.All()) {
    status = MakeDirectories(*hierarchy, cgroup);
    if (!status.ok()) return status;
  }
  status = CheckAllExist(places, cgroup);
  if (!status.ok()) return status;
  if (HasV1Cpuset(places)) status = InheritCpuset(mounts_, *this, cgroup);
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
  // Most have nothing below them, and go by one call each.
  const CgroupPlaces places = RemoveAlone(mounts_, cgroup);
  if (places.All().empty()) return absl::OkStatus();
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
