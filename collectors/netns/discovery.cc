#include "collectors/netns/discovery.h"

#include <algorithm>
#include <optional>
#include <regex>
#include <set>

#include "collectors/netns/owner_name.h"
#include "kernel/text.h"

namespace netstack::netns {
namespace {

class Search {
 public:
  Search(const Kernel& kernel, const Wanted& wanted, Leftover& leftover,
         std::optional<Error>& error)
      : kernel_(kernel), wanted_(wanted), leftover_(leftover), error_(error) {}

  std::vector<Found> Run();

 private:
  std::string NamePath(std::string_view name) const {
    const std::string& root = kernel_.roots.rootfs;
    return (root == "/" ? "" : root) + "/run/netns/" + std::string(name);
  }
  std::string ProcessPath(std::string_view pid) const {
    return kernel_.roots.Proc(std::string(pid) + "/ns/net");
  }

  void AddConfigured(const std::string& what);
  void AddNames();
  void AddProcesses();
  void AddProcess(const std::string& pid, FoundBy by);
  void AddFile(std::string name, const std::string& path, FoundBy by);
  Result<NamespaceId> IdOfProcess(std::string_view pid) const;
  void Add(Found found);
  void Note(const Error& error) {
    if (!error_ && error.kind != ErrorKind::kAbsent) error_ = error;
  }
  void MakeNamesUnique();
  void Sift();

  const Kernel& kernel_;
  const Wanted& wanted_;
  Leftover& leftover_;
  std::optional<Error>& error_;
  NamespaceId own_ = 0;
  std::vector<Found> found_;
  std::set<NamespaceId> unnamed_;
};

Result<NamespaceId> Search::IdOfProcess(std::string_view pid) const {
  const std::string path = ProcessPath(pid);
  const Result<std::string> link = kernel_.ReadLink(path);
  if (!link) return link.error();
  return ParseNamespaceLink(*link, path);
}

void Search::Add(Found found) {
  if (found.id == own_) return;
  for (Found& known : found_) {
    if (known.id != found.id) continue;
    if (known.pid.empty()) known.pid = found.pid;
    return;
  }
  found_.push_back(std::move(found));
}

void Search::AddFile(std::string name, const std::string& path, FoundBy by) {
  const Result<NamespaceId> id = NamespaceIdOfFile(path);
  if (!id) return Note(id.error());
  Add({.name = std::move(name), .id = *id, .path = path, .pid = {}, .by = by});
}

void Search::AddProcess(const std::string& pid, FoundBy by) {
  const Result<NamespaceId> id = IdOfProcess(pid);
  if (!id) {
    if (id.error().kind == ErrorKind::kNoPermission) ++leftover_.hidden;
    return;
  }
  if (*id == own_) return;
  const auto known = std::ranges::find(found_, *id, &Found::id);
  if (known != found_.end()) {
    if (known->pid.empty()) known->pid = pid;
    return;
  }
  const Result<std::string> cgroup = kernel_.ReadFileOnce(kernel_.roots.Proc(pid + "/cgroup"));
  std::string name = cgroup ? OwnerName(*cgroup) : std::string();
  if (name.empty()) {
    unnamed_.insert(*id);
    return;
  }
  unnamed_.erase(*id);
  Add({.name = std::move(name), .id = *id, .path = ProcessPath(pid), .pid = pid, .by = by});
}

void Search::AddConfigured(const std::string& what) {
  if (what.starts_with('/')) {
    AddFile(std::string(BaseName(what)), what, FoundBy::kConfiguration);
  } else if (ParseDecimal(what)) {
    AddProcess(what, FoundBy::kConfiguration);
  } else {
    AddFile(what, NamePath(what), FoundBy::kConfiguration);
  }
}

void Search::AddNames() {
  std::vector<DirectoryEntry> entries;
  if (Status listed = kernel_.ListDirectory(NamePath(""), entries); !listed) {
    return Note(listed.error());
  }
  for (const DirectoryEntry& entry : entries) {
    AddFile(entry.name, NamePath(entry.name), FoundBy::kName);
  }
}

void Search::AddProcesses() {
  std::vector<DirectoryEntry> entries;
  if (Status listed = kernel_.ListDirectory(kernel_.roots.procfs, entries); !listed) {
    return Note(listed.error());
  }
  for (const DirectoryEntry& entry : entries) {
    if (entry.is_directory && ParseDecimal(entry.name)) AddProcess(entry.name, FoundBy::kProcess);
  }
}

// Two services of one name, as on a host and in a container: the second and later ones would give
// the same series, and no stable name tells them apart.
void Search::MakeNamesUnique() {
  std::ranges::stable_sort(found_, {}, &Found::name);
  const auto same = [](const Found& a, const Found& b) { return a.name == b.name; };
  const auto end = std::unique(found_.begin(), found_.end(), same);
  leftover_.unnamed += static_cast<std::uint64_t>(found_.end() - end);
  found_.erase(end, found_.end());
}

void Search::Sift() {
  const auto matches = [](const std::string& expression) {
    return [regex = std::regex(expression)](const Found& found) {
      return std::regex_match(found.name, regex);
    };
  };
  std::size_t gone = 0;
  if (!wanted_.include.empty())
    gone += std::erase_if(found_, std::not_fn(matches(wanted_.include)));
  if (!wanted_.exclude.empty()) gone += std::erase_if(found_, matches(wanted_.exclude));
  leftover_.excluded = gone;
  if (found_.size() > wanted_.most) {
    leftover_.beyond_cap = found_.size() - wanted_.most;
    found_.resize(wanted_.most);
  }
}

std::vector<Found> Search::Run() {
  // Without its own name a namespace could be shown twice: better none.
  const Result<NamespaceId> own = IdOfProcess("self");
  if (!own) {
    error_ = own.error();
    return {};
  }
  own_ = *own;
  for (const std::string& what : wanted_.namespaces) AddConfigured(what);
  if (wanted_.named) AddNames();
  if (wanted_.processes) AddProcesses();
  leftover_.unnamed = unnamed_.size();
  MakeNamesUnique();
  Sift();
  return std::move(found_);
}

}  // namespace

std::string_view Slug(FoundBy by) {
  switch (by) {
    case FoundBy::kConfiguration:
      return "configuration";
    case FoundBy::kName:
      return "name";
    case FoundBy::kProcess:
      return "process";
  }
  return {};
}

std::vector<Found> Discover(const Kernel& kernel, const Wanted& wanted, Leftover& leftover,
                            std::optional<Error>& error) {
  leftover = {};
  return Search(kernel, wanted, leftover, error).Run();
}

}  // namespace netstack::netns
