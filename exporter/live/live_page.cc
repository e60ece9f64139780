#include "exporter/live/live_page.h"

#include <array>
#include <utility>

#include "exporter/live/assets.h"
#include "exporter/self/build.h"

namespace netstack {
namespace {

constexpr std::string_view kFolder = "/live/";

// Everything comes from the exporter itself, and no other page may frame this one.
constexpr std::string_view kContentSecurityPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kTypes = {{
    {".html", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
}};

std::string TypeOf(std::string_view name) {
  for (const auto& [ending, type] : kTypes) {
    if (name.ends_with(ending)) return std::string(type);
  }
  return "application/octet-stream";
}

const Asset* Find(std::string_view name) {
  for (const Asset& asset : Assets()) {
    if (asset.name == name) return &asset;
  }
  return nullptr;
}

void ReplaceAll(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
    text.replace(at, from.size(), to);
    at += to.size();
  }
}

Response FileResponse(const Asset& asset, std::string text) {
  Response response = TextResponse(200, std::move(text));
  response.content_type = TypeOf(asset.name);
  response.headers = {{"Content-Security-Policy", std::string(kContentSecurityPolicy)},
                      {"X-Content-Type-Options", "nosniff"},
                      {"Cache-Control", "no-cache"}};
  return response;
}

}  // namespace

std::optional<Response> LivePage(std::string_view path, const std::string& telemetry_path) {
  if (path == "/") {
    const Asset* const index = Find("index.html");
    std::string html(index->text);
    // Relative, so that the page also works behind a proxy that puts a prefix before it. The
    // configuration admits only URL characters in the path.
    ReplaceAll(html, "{{metrics}}", std::string_view(telemetry_path).substr(1));
    ReplaceAll(html, "{{version}}", kVersion);
    ReplaceAll(html, "{{revision}}", kRevision);
    return FileResponse(*index, std::move(html));
  }
  if (!path.starts_with(kFolder)) return std::nullopt;
  const Asset* const asset = Find(path.substr(kFolder.size()));
  if (asset == nullptr || asset->name == "index.html") return std::nullopt;
  return FileResponse(*asset, std::string(asset->text));
}

}  // namespace netstack
