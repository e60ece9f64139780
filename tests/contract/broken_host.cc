#include "tests/contract/broken_host.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <utility>

#include "exporter/exposition/table_writer.h"
#include "tests/golden/catalog_run.h"
#include "tests/oracle/text_page.h"

namespace netstack {

class BrokenHost::Observer : public FileObserver {
 public:
  void OnFileRead(std::string_view path, std::string_view) override { files.emplace(path); }
  std::set<std::string> files;
};

class BrokenHost::ChangedNetlink : public NetlinkSource {
 public:
  explicit ChangedNetlink(NetlinkSource& source) : source_(source) {}
  Result<std::unique_ptr<NetlinkPort>> Open(int protocol) override {
    Result<std::unique_ptr<NetlinkPort>> port = source_.Open(protocol);
    if (!port) return port.error();
    return std::unique_ptr<NetlinkPort>(std::make_unique<Port>(*this, *std::move(port)));
  }
  ChangeMessage change;
  std::vector<std::size_t> sizes;

 private:
  class Port : public NetlinkPort {
   public:
    Port(ChangedNetlink& owner, std::unique_ptr<NetlinkPort> port)
        : owner_(owner), port_(std::move(port)) {}
    Status Request(std::uint16_t type, std::uint16_t flags, std::span<const std::byte> payload,
                   const NetlinkVisitor& visit, const std::function<void()>& restart) override {
      const auto changed = [&](const NetlinkMessage& message) {
        std::vector<std::byte> bytes(message.payload.begin(), message.payload.end());
        const std::size_t index = owner_.sizes.size();
        owner_.sizes.push_back(bytes.size());
        if (owner_.change && !owner_.change(index, bytes)) return;
        visit({.type = message.type, .flags = message.flags, .payload = bytes});
      };
      return port_->Request(type, flags, payload, changed, restart);
    }

   private:
    ChangedNetlink& owner_;
    std::unique_ptr<NetlinkPort> port_;
  };
  NetlinkSource& source_;
};

BrokenHost::BrokenHost(const CollectorDeclaration& declaration, std::string_view host)
    : declaration_(declaration),
      observer_(std::make_unique<Observer>()),
      options_(declaration.options),
      samples_(declaration.families) {
  // What a collector keeps of earlier rounds would hide what is broken now.
  for (const std::string_view age : {"settings-max-age", "min-interval"}) {
    if (FindOption(declaration.options, age) == nullptr) continue;
    EXPECT_EQ(options_.Set(age, "0s"), "");
  }
  std::string name = testing::TempDir() + "netstack_broken_host.XXXXXX";
  directory_ = mkdtemp(name.data());
  if (!host.empty()) {
    std::filesystem::copy(
        std::filesystem::path(NETSTACK_SOURCE_DIR "/tests/hosts") / host, directory_,
        std::filesystem::copy_options::recursive | std::filesystem::copy_options::copy_symlinks);
  }
  // For a test that gives up root's privileges.
  std::filesystem::permissions(directory_, std::filesystem::perms(0755));
  replay_ = std::move(*HostReplay::Open(directory_));
  netlink_ = std::make_unique<ChangedNetlink>(replay_->kernel().netlink);
  kernel_ = std::make_unique<Kernel>(Kernel{
      .roots = replay_->kernel().roots, .netlink = *netlink_, .file_observer = observer_.get()});
}

BrokenHost::~BrokenHost() {
  std::filesystem::remove_all(directory_);
}

Outcome BrokenHost::Collect() {
  netlink_->sizes.clear();
  samples_.Clear();
  page_.clear();
  Outcome outcome = {.state = CollectorState::kFailed};
  EXPECT_NO_THROW({
    if (!collector_) {
      collector_ =
          declaration_.create({.kernel = *kernel_, .options = options_, .devices = policy_});
    }
    outcome = collector_->Collect(samples_);
  });
  EXPECT_EQ(samples_.undeclared(), 0u);
  EXPECT_EQ(outcome.state == CollectorState::kOk, !outcome.error.has_value());
  if (outcome.state == CollectorState::kOk || outcome.state == CollectorState::kPartial ||
      outcome.state == CollectorState::kStale) {
    TableWriter(samples_.families(), PageFormat::kText).Append(samples_, page_);
    EXPECT_EQ(ParseTextPage(page_).fault, "");
    page_ = WithTimesMasked(page_);
  }
  return outcome;
}

std::set<std::string> BrokenHost::FilesRead() const {
  std::set<std::string> files;
  for (const std::string& path : observer_->files) {
    files.insert(std::filesystem::path(path).lexically_relative(directory_));
  }
  return files;
}

void BrokenHost::Write(std::string_view below, std::string_view text) const {
  std::ofstream(directory_ / below, std::ios::binary) << text;
}

std::string BrokenHost::Read(std::string_view below) const {
  std::ifstream file(directory_ / below, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void BrokenHost::ChangeMessages(ChangeMessage change) {
  netlink_->change = std::move(change);
}

const std::vector<std::size_t>& BrokenHost::message_sizes() const {
  return netlink_->sizes;
}

}  // namespace netstack
