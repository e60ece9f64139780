#include "exporter/doctor/page.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

#include "exporter/doctor/page_line.h"

namespace netstack {
namespace {

constexpr std::array<std::string_view, 9> kTypes = {"counter",        "gauge",    "histogram",
                                                    "gaugehistogram", "summary",  "untyped",
                                                    "info",           "stateset", "unknown"};
constexpr std::string_view kEof = "# EOF";

std::string KeyOf(const std::vector<PageLabel>& labels) {
  std::string key;
  for (const PageLabel& label : labels) {
    // A zero byte is in no name, and a length before a value leaves no doubt about its end.
    key.append(label.name).append(1, '\0').append(std::to_string(label.value.size()));
    key.append(1, '\0').append(label.value);
  }
  return key;
}

}  // namespace

std::string_view PageSeries::Label(std::string_view name) const {
  for (const PageLabel& label : labels) {
    if (label.name == name) return label.value;
  }
  return {};
}

std::span<const PageSeries> Page::Find(std::string_view name) const {
  const auto found = series_.find(name);
  if (found == series_.end()) return {};
  return found->second;
}

std::size_t Page::size() const {
  std::size_t count = 0;
  for (const auto& [name, series] : series_) count += series.size();
  return count;
}

// Reads a page line by line and keeps the first fault.
class PageReader {
 public:
  PageReader(std::string_view text, std::string_view path)
      : path_(path), rest_(text), open_metrics_(text.ends_with("# EOF\n")) {}

  Result<Page> Read() {
    while (!rest_.empty()) {
      const std::size_t end = rest_.find('\n');
      ++line_number_;
      if (end == std::string_view::npos) {
        return Fault(rest_.size() + 1, "the page is cut off: its last line has no end", rest_);
      }
      const std::string_view line = rest_.substr(0, end);
      rest_.remove_prefix(end + 1);
      ReadLine(line);
      if (fault_) return *std::move(fault_);
    }
    if (page_.series_.empty()) {
      line_number_ = 0;
      return Fault(0, "holds no metrics", {});
    }
    return std::move(page_);
  }

 private:
  Error Fault(std::size_t column, std::string_view what, std::string_view item) const {
    Error error = MalformedAt(path_, line_number_, what, item);
    if (item.empty()) error.what = what;
    error.column = column;
    return error;
  }
  void Fail(const PageLine& line, std::string_view what) {
    if (!fault_) fault_ = Fault(line.column(), what, line.Rest());
  }

  void ReadLine(std::string_view text) {
    PageLine line(text);
    if (text.starts_with('#')) return ReadComment(text, line);
    if (Trimmed(text).empty()) {
      if (open_metrics_) Fail(line, "an empty line, which OpenMetrics does not have");
      return;
    }
    ReadSample(line);
  }

  static std::string_view Trimmed(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t");
    return begin == std::string_view::npos ? std::string_view{} : text.substr(begin);
  }

  void ReadComment(std::string_view text, PageLine& line) {
    if (text == kEof) {
      if (!rest_.empty()) Fail(line, "more lines after the end of the page");
      return;
    }
    if (line.Skip("# TYPE ")) return ReadType(line);
    if (line.Skip("# HELP ") || line.Skip("# UNIT ")) {
      if (line.MetricName().empty()) Fail(line, "no name of a metric");
      return;
    }
    if (open_metrics_) Fail(line, "a comment that OpenMetrics does not have");
  }

  void ReadType(PageLine& line) {
    const std::string_view name = line.MetricName();
    if (name.empty() || !line.SkipBlanks()) return Fail(line, "no name of a metric");
    const PageLine at_type = line;
    const std::string_view type = line.TakeRest();
    if (std::find(kTypes.begin(), kTypes.end(), type) == kTypes.end()) {
      return Fail(at_type, "not a type");
    }
    if (!types_.emplace(name, type).second) Fail(at_type, "a second type of the same metric");
  }

  void ReadSample(PageLine& line) {
    const PageLine begin = line;
    const std::string_view name = line.MetricName();
    if (name.empty()) return Fail(line, "not a metric");
    PageSeries series;
    if (line.Skip('{')) ReadLabels(line, series.labels);
    if (fault_) return;
    if (!line.SkipBlanks()) return Fail(line, "no blank before the value");
    const PageLine at_value = line;
    const std::optional<double> value = line.Value();
    if (!value) return Fail(line, "not a value");
    ReadTimestamp(line);
    if (fault_) return;
    const auto type = types_.find(name);
    const bool counter =
        name.ends_with("_total") || (type != types_.end() && type->second == "counter");
    if (counter && !(*value >= 0)) return Fail(at_value, "a counter below zero");
    series.value = *value;
    std::erase_if(series.labels, [](const PageLabel& label) { return label.value.empty(); });
    std::string key = std::string(name) + '\0' + KeyOf(series.labels);
    if (!seen_.insert(std::move(key)).second) return Fail(begin, "a series for the second time");
    page_.series_[std::string(name)].push_back(std::move(series));
  }

  void ReadLabels(PageLine& line, std::vector<PageLabel>& labels) {
    while (!line.Skip('}')) {
      const PageLine begin = line;
      const std::string_view name = line.LabelName();
      if (name.empty()) return Fail(line, "not a label");
      if (!line.Skip('=')) return Fail(line, "no = behind a label's name");
      std::optional<std::string> value = line.Quoted();
      if (!value) return Fail(line, "not a quoted value");
      const auto same = [&](const PageLabel& label) { return label.name == name; };
      if (std::any_of(labels.begin(), labels.end(), same)) {
        return Fail(begin, "a label for the second time");
      }
      labels.push_back({.name = std::string(name), .value = *std::move(value)});
      if (line.Skip(',')) continue;
      if (!line.Skip('}')) return Fail(line, "neither , nor } behind a label");
      break;
    }
    std::sort(labels.begin(), labels.end());
  }

  void ReadTimestamp(PageLine& line) {
    if (line.AtEnd()) return;
    if (!line.SkipBlanks()) return Fail(line, "no blank behind the value");
    if (line.AtEnd()) return;
    if (!line.Value() || !line.AtEnd()) Fail(line, "not a time at the end of the line");
  }

  std::string_view path_;
  std::string_view rest_;
  bool open_metrics_;
  std::size_t line_number_ = 0;
  std::optional<Error> fault_;
  std::map<std::string, std::string_view, std::less<>> types_;
  std::set<std::string> seen_;
  Page page_;
};

Result<Page> ParsePage(std::string_view text, std::string_view path) {
  return PageReader(text, path).Read();
}

}  // namespace netstack
