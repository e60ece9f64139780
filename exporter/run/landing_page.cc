#include "exporter/run/landing_page.h"

#include "exporter/self/build.h"

namespace netstack {
namespace {

constexpr std::string_view kBeforePath = R"(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>netstack_exporter</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem}</style>
<h1>netstack_exporter</h1>
<p>Where packets queue, wait and die on their way through the Linux network stack.</p>
<ul>
)";

}  // namespace

Response LandingPage(const std::string& telemetry_path) {
  // The configuration admits only URL characters in the path.
  const auto item = [](const std::string& link, const std::string& text) {
    return "<li><a href=\"" + link + "\">" + link + "</a> " + text + "</li>\n";
  };
  const std::string html = std::string(kBeforePath) + item(telemetry_path, "the metrics") +
                           item(telemetry_path + "?collect[]=path", "the packet's path only") +
                           item("/-/healthy", "the process answers") +
                           item("/-/ready", "it can be scraped") + "</ul>\n<p>Version " + kVersion +
                           ", revision " + kRevision + ".</p>\n</html>\n";
  Response response = TextResponse(200, html);
  response.content_type = "text/html; charset=utf-8";
  return response;
}

}  // namespace netstack
