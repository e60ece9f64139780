// /proc/net/raw, raw6 and netlink: these sockets are few, and the files are in every kernel.
#include <array>
#include <optional>

#include "collectors/datagram/datagram_socket.h"
#include "kernel/text.h"

namespace netstack::datagram {
namespace {

constexpr std::size_t kMostColumns = 16;

struct Words {
  std::array<std::string_view, kMostColumns> word = {};
  std::size_t count = 0;
};

Words WordsOf(std::string_view line) {
  Words out;
  while (out.count < kMostColumns && NextWord(line, out.word[out.count])) ++out.count;
  return out;
}

// The number after the last colon: a port in an address, the second of two joined columns.
std::string_view AfterColon(std::string_view word) {
  return word.substr(word.rfind(':') + 1);
}

// Columns of a line of /proc/net/raw. Its heading names "tx_queue rx_queue" and "tr tm->when",
// which are one word each below it, so they can only be told by position.
enum RawColumn { kLocal = 1, kState = 3, kQueues = 4, kInode = 9, kRawDrops = 12 };

constexpr std::string_view kConnected = "01";  // TCP_ESTABLISHED

std::optional<DatagramSocket> RawSocketOf(const Words& words) {
  if (words.count <= kRawDrops) return std::nullopt;
  const auto port = ParseHex(AfterColon(words.word[kLocal]));
  const auto bytes = ParseHex(AfterColon(words.word[kQueues]));
  const auto inode = ParseDecimal(words.word[kInode]);
  const auto drops = ParseDecimal(words.word[kRawDrops]);
  if (!port || *port > UINT16_MAX || !bytes || !inode || !drops) return std::nullopt;
  if (*drops > UINT32_MAX) return std::nullopt;
  return DatagramSocket{.cookie = *inode,
                        .port = static_cast<std::uint16_t>(*port),
                        .connected = words.word[kState] == kConnected,
                        .bytes = *bytes,
                        .limit = 0,
                        .drops = static_cast<std::uint32_t>(*drops)};
}

std::size_t ColumnOf(const Words& heading, std::string_view name) {
  std::size_t at = 0;
  while (at < heading.count && heading.word[at] != name) ++at;
  return at;
}

}  // namespace

Status ParseRawFile(std::string_view text, std::string_view path,
                    std::vector<DatagramSocket>& out) {
  out.clear();
  std::string_view line;
  if (!NextLine(text, line)) return MalformedAt(path, 1, "no heading", "");
  for (std::size_t number = 2; NextLine(text, line); ++number) {
    const auto socket = RawSocketOf(WordsOf(line));
    if (!socket) return MalformedAt(path, number, "not a raw socket", line);
    out.push_back(*socket);
  }
  return {};
}

Status ParseNetlinkFile(std::string_view text, std::string_view path,
                        std::vector<DatagramSocket>& out) {
  out.clear();
  std::string_view line;
  if (!NextLine(text, line)) return MalformedAt(path, 1, "no heading", "");
  const Words heading = WordsOf(line);
  const std::size_t memory = ColumnOf(heading, "Rmem");
  const std::size_t drops = ColumnOf(heading, "Drops");
  const std::size_t inode = ColumnOf(heading, "Inode");
  for (const std::size_t column : {memory, drops, inode}) {
    if (column == heading.count) return MalformedAt(path, 1, "a column is missing", line);
  }
  for (std::size_t number = 2; NextLine(text, line); ++number) {
    const Words words = WordsOf(line);
    const auto bytes = ParseDecimal(words.word[memory]);
    const auto dropped = ParseDecimal(words.word[drops]);
    const auto cookie = ParseDecimal(words.word[inode]);
    if (!bytes || !dropped || *dropped > UINT32_MAX || !cookie) {
      return MalformedAt(path, number, "not a netlink socket", line);
    }
    out.push_back(
        {.cookie = *cookie, .bytes = *bytes, .drops = static_cast<std::uint32_t>(*dropped)});
  }
  return {};
}

}  // namespace netstack::datagram
