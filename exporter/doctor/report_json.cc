#include "exporter/doctor/json_writer.h"
#include "exporter/doctor/report.h"

namespace netstack {
namespace {

void WriteTexts(std::string_view name, const std::vector<std::string>& texts, JsonWriter& json) {
  json.Key(name);
  json.Open('[');
  for (const std::string& text : texts) json.Text(text);
  json.Close(']');
}

void WriteRises(std::string_view name, const std::vector<Rung::Rise>& rises, JsonWriter& json) {
  json.Key(name);
  json.Open('[');
  for (const Rung::Rise& rise : rises) {
    json.Open('{');
    if (!rise.cls.empty()) json.TextMember("class", rise.cls);
    json.TextMember("cause", rise.cause);
    if (!rise.device.empty()) json.TextMember("device", rise.device);
    json.NumberMember("rise", rise.count);
    json.Close('}');
  }
  json.Close(']');
}

void WriteFullest(const Rung::Fullest& fullest, JsonWriter& json) {
  json.Key("fullest");
  json.Open('{');
  json.TextMember("resource", fullest.resource);
  if (!fullest.device.empty()) json.TextMember("device", fullest.device);
  json.NumberMember("ratio", fullest.ratio);
  if (fullest.depth) json.NumberMember("depth", *fullest.depth);
  if (fullest.limit) json.NumberMember("limit", *fullest.limit);
  json.Close('}');
}

void WriteRung(const Rung& rung, JsonWriter& json) {
  json.Open('{');
  json.TextMember("path", Slug(rung.stage->path));
  json.TextMember("stage", Slug(rung.stage->stage));
  json.TextMember("order", rung.stage->order);
  json.TextMember("title", rung.stage->title);
  if (rung.rate) json.NumberMember("rate", *rung.rate);
  json.NumberMember("lost", rung.lost);
  WriteRises("drops", rung.drops, json);
  WriteRises("pressure", rung.pressure, json);
  if (rung.fullest) WriteFullest(*rung.fullest, json);
  json.Key("settings");
  json.Open('[');
  for (const Rung::Setting& setting : rung.settings) {
    json.Open('{');
    json.TextMember("name", setting.name);
    if (!setting.device.empty()) json.TextMember("device", setting.device);
    json.TextMember("value", setting.value);
    json.Close('}');
  }
  json.Close(']');
  json.Key("partly_blind");
  json.Bool(rung.partly_blind);
  json.Close('}');
}

void WriteFinding(const Finding& finding, JsonWriter& json) {
  json.Open('{');
  json.TextMember("rule", finding.rule);
  json.TextMember("harm", Slug(finding.harm));
  json.TextMember("path", finding.path);
  json.TextMember("stage", finding.stage);
  if (!finding.device.empty()) json.TextMember("device", finding.device);
  json.NumberMember("rise", finding.rise);
  json.NumberMember("rate", finding.rate);
  json.TextMember("title", finding.title);
  WriteTexts("evidence", finding.evidence, json);
  json.TextMember("cause", finding.cause);
  WriteTexts("checked", finding.checked, json);
  json.Key("change");
  json.Open('[');
  for (const Finding::Action& action : finding.change) {
    json.Open('{');
    if (!action.command.empty()) json.TextMember("command", action.command);
    if (!action.note.empty()) json.TextMember("note", action.note);
    json.Close('}');
  }
  json.Close(']');
  json.TextMember("cost", finding.cost);
  json.TextMember("verify", finding.verify);
  json.TextMember("undo", finding.undo);
  json.TextMember("page", finding.page);
  json.Close('}');
}

void WriteUnseen(const Unseen& unseen, JsonWriter& json) {
  json.Open('{');
  json.TextMember("path", unseen.path);
  json.TextMember("stage", unseen.stage);
  if (!unseen.device.empty()) json.TextMember("device", unseen.device);
  json.TextMember("reason", unseen.reason);
  json.TextMember("says", unseen.says);
  json.Close('}');
}

void WriteLongQueue(const LongQueue& queue, JsonWriter& json) {
  json.Open('{');
  json.TextMember("queue", queue.is_receive ? "receive" : "transmit");
  json.TextMember("local", queue.local);
  json.TextMember("remote", queue.remote);
  json.TextMember("state", queue.state);
  json.NumberMember("queued_bytes", queue.queued);
  json.NumberMember("memory_bytes", queue.memory);
  json.NumberMember("memory_limit_bytes", queue.limit);
  json.Close('}');
}

template <class Items, class Write>
void WriteArray(std::string_view name, const Items& items, Write write, JsonWriter& json) {
  json.Key(name);
  json.Open('[');
  for (const auto& item : items) write(item, json);
  json.Close(']');
}

}  // namespace

std::string WriteJson(const Report& report) {
  std::string out;
  JsonWriter json(out);
  json.Open('{');
  json.TextMember("subject", report.subject);
  json.NumberMember("seconds", report.seconds);
  json.Key("loss");
  json.Bool(report.HasLoss());
  json.Key("whole_host");
  json.Bool(report.whole_host);
  WriteArray("findings", report.findings, WriteFinding, json);
  WriteArray("ladder", report.ladder, WriteRung, json);
  WriteArray("blind", report.unseen, WriteUnseen, json);
  WriteTexts("looked", report.looked, json);
  WriteArray(
      "failed", report.failed,
      [](const FailedCollector& failed, JsonWriter& writer) {
        writer.Open('{');
        writer.TextMember("collector", failed.name);
        writer.TextMember("state", failed.state);
        writer.Close('}');
      },
      json);
  WriteArray("longest_queues", report.longest, WriteLongQueue, json);
  json.Close('}');
  return out + "\n";
}

}  // namespace netstack
