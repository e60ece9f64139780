#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "config/wrap.h"
#include "exporter/doctor/report.h"

namespace netstack {
namespace {

constexpr std::string_view kRiseIndent = "                          ";
constexpr std::string_view kTextIndent = "           ";
constexpr std::size_t kWidth = 100;
constexpr double kLongNumber = 1e6;

std::string Padded(std::string_view text, std::size_t width) {
  std::string out(text);
  if (out.size() < width) out.append(width - out.size(), ' ');
  return out;
}

std::string RightAligned(std::string_view text, std::size_t width) {
  return text.size() < width ? std::string(width - text.size(), ' ') + std::string(text)
                             : std::string(text);
}

std::string RateText(const std::optional<double>& rate) {
  if (!rate) return "-";
  return ShortNumber(*rate >= 10 ? std::round(*rate) : *rate);
}

std::string FullestText(const std::optional<Rung::Fullest>& fullest) {
  if (!fullest) return "-";
  const double percent = 100 * fullest->ratio;
  std::string text = percent > 0 && percent < 1 ? "<1" : ShortNumber(std::round(percent));
  text += " % " + fullest->resource;
  if (!fullest->device.empty()) text += " " + fullest->device;
  // Of bytes the share says more than the numbers.
  if (fullest->depth && fullest->limit && *fullest->limit < kLongNumber) {
    text += " (" + ShortNumber(*fullest->depth) + "/" + ShortNumber(*fullest->limit) + ")";
  }
  return text;
}

// "net.core.netdev_max_backlog" is long and its end says enough.
std::string_view LastWord(std::string_view name) {
  if (name == "ethtool.channels.combined") return "channels";
  if (name.starts_with("ethtool.rings.")) return "ring";
  return name.substr(name.rfind('.') + 1);
}

std::string SettingsText(const Rung& rung) {
  std::string text;
  for (const Rung::Setting& setting : rung.settings) {
    if (!text.empty()) text += ", ";
    if (!setting.device.empty()) text += setting.device + " ";
    text.append(LastWord(setting.name)).append(" ").append(setting.value);
  }
  return text;
}

void AppendRises(const Rung& rung, std::string& out) {
  const auto line = [&](std::string_view what, const Rung::Rise& rise) {
    std::string text = std::string(what) + " " + rise.cause;
    if (!rise.device.empty()) text += " " + rise.device;
    out.append(kRiseIndent).append(text).append(" +").append(ShortNumber(rise.count)).append("\n");
  };
  for (const Rung::Rise& drop : rung.drops) line(drop.cls, drop);
  for (const Rung::Rise& pressure : rung.pressure) line("pressure", pressure);
}

void AppendRung(const Rung& rung, std::string& out) {
  const std::string lost = ShortNumber(rung.lost) + (rung.partly_blind ? "?" : " ");
  const std::string line = "  " + std::string(rung.stage->order) + " " +
                           Padded(Slug(rung.stage->stage), 11) +
                           RightAligned(RateText(rung.rate), 10) + RightAligned(lost, 9) + "  " +
                           Padded(FullestText(rung.fullest), 30);
  const std::string settings = SettingsText(rung);
  const bool fits = line.size() + settings.size() <= kWidth;
  out += line;
  if (fits) out += settings;
  while (out.back() == ' ') out.pop_back();
  out += '\n';
  if (!fits) AppendWrapped(out, kRiseIndent, settings);
  AppendRises(rung, out);
}

void AppendLadder(const Report& report, std::string& out) {
  Path path = Path::kNone;
  for (const Rung& rung : report.ladder) {
    if (rung.stage->path != path) {
      path = rung.stage->path;
      out += "\n" + Padded(Slug(path), 17) +
             "packets/s    lost   fullest                       "
             "settings in force\n";
    }
    AppendRung(rung, out);
  }
}

void AppendPart(std::string_view name, std::string_view text, std::string& out) {
  if (text.empty()) return;
  std::string wrapped;
  AppendWrapped(wrapped, kTextIndent, text);
  std::copy(name.begin(), name.end(), wrapped.begin() + 3);
  out += wrapped;
}

void AppendFinding(std::size_t number, const Finding& finding, std::string& out) {
  std::string title = std::to_string(number) + ". " + std::string(Slug(finding.harm)) + " at " +
                      finding.path + " " + finding.stage + ": " + finding.title;
  out += '\n';
  AppendWrapped(out, "", title);
  std::string_view name = "Seen";
  for (const std::string& text : finding.evidence) {
    AppendPart(name, text, out);
    name = "";
  }
  AppendPart("Why", finding.cause, out);
  name = "Checked";
  for (const std::string& text : finding.checked) {
    AppendPart(name, text, out);
    name = "";
  }
  name = "Do";
  for (const Finding::Action& action : finding.change) {
    if (!action.command.empty()) {
      // A command is never wrapped: it is there to be copied.
      out += "   " + Padded(name, kTextIndent.size() - 3) + action.command + "\n";
      name = "";
    }
    AppendPart(name, action.note, out);
    name = "";
  }
  AppendPart("Costs", finding.cost, out);
  AppendPart("Verify", finding.verify, out);
  AppendPart("Undo", finding.undo, out);
  AppendPart("More", finding.page, out);
}

void AppendSummary(const Report& report, std::string& out) {
  const auto count = [&](Harm harm) {
    return std::count_if(report.findings.begin(), report.findings.end(),
                         [&](const Finding& finding) { return finding.harm == harm; });
  };
  const auto losses = count(Harm::kLoss);
  const auto others = static_cast<std::ptrdiff_t>(report.findings.size()) - losses;
  std::string text;
  if (losses > 0) {
    text = std::to_string(losses) + (losses == 1 ? " loss" : " losses") + " found";
    if (others > 0) text += ", and " + std::to_string(others) + " more to know of";
    text += ", the most harmful first.";
  } else {
    text = "Nothing wrong: no packet was lost for want of room, memory or time.";
    if (others > 0) text += " " + std::to_string(others) + " more to know of:";
  }
  out += '\n';
  AppendWrapped(out, "", text);
}

void AppendLooked(const Report& report, std::string& out) {
  if (report.looked.empty()) return;
  std::string text = "Looked at:";
  for (const std::string& name : report.looked) {
    text.append(name == report.looked.front() ? " " : ", ").append(name);
  }
  AppendWrapped(out, "", text + ".");
}

void AppendUnseen(const Report& report, std::string& out) {
  AppendLooked(report, out);
  if (!report.failed.empty()) {
    std::string text;
    for (const FailedCollector& failed : report.failed) {
      text += (text.empty() ? "" : ", ") + failed.name + " (" + failed.state + ")";
    }
    AppendWrapped(out, "", "Could not look: " + text + ".");
  }
  if (report.unseen.empty()) return;
  out += "Cannot be seen here:\n";
  for (const Unseen& unseen : report.unseen) {
    std::string text = unseen.path + " " + unseen.stage;
    if (!unseen.device.empty()) text += " " + unseen.device;
    text += " (" + unseen.reason + ")";
    if (!unseen.says.empty()) text += ": " + unseen.says;
    AppendWrapped(out, "  ", text);
  }
}

void AppendLongest(const Report& report, std::string& out) {
  if (report.longest.empty()) return;
  out += "Longest queues of TCP connections:\n";
  for (const LongQueue& queue : report.longest) {
    std::string text = ShortNumber(queue.queued) + (queue.is_receive ? " B unread" : " B unsent") +
                       " at " + queue.local + (queue.is_receive ? " from " : " to ") +
                       queue.remote + ", " + queue.state;
    if (queue.limit > 0) {
      text += ", buffer " + ShortNumber(std::round(100 * queue.memory / queue.limit)) + " % full";
    }
    AppendWrapped(out, "  ", text);
  }
}

}  // namespace

std::string WriteText(const Report& report) {
  std::string out = report.subject + ", " + ShortNumber(report.seconds) + " s, " +
                    std::to_string(report.series) + " series";
  if (!report.whole_host) out += "; the network of a container, not of the host";
  out += '\n';
  AppendLadder(report, out);
  AppendSummary(report, out);
  std::size_t number = 0;
  bool sysctl = false;
  for (const Finding& finding : report.findings) {
    AppendFinding(++number, finding, out);
    for (const Finding::Action& action : finding.change) {
      sysctl = sysctl || action.command.starts_with("sysctl");
    }
  }
  out += '\n';
  if (sysctl) {
    AppendWrapped(
        out, "",
        "sysctl -w lasts until the next boot; a file in /etc/sysctl.d keeps it. The doctor "
        "changed nothing.");
  }
  AppendLongest(report, out);
  AppendUnseen(report, out);
  return out;
}

}  // namespace netstack
