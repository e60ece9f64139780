#include "exporter/exposition/format.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace netstack {
namespace {

constexpr PageFormat kText = PageFormat::kText;
constexpr PageFormat kOpenMetrics = PageFormat::kOpenMetrics;

TEST(NegotiateFormat, FollowsQAndVersion) {
  struct Case {
    std::string_view accept;
    PageFormat format;
  };
  const std::vector<Case> cases = {
      {"", kText},
      {"*/*", kText},
      {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", kText},
      // Prometheus 2.42.
      {"application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0."
       "75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
       kOpenMetrics},
      // Prometheus 3, without and with native histograms.
      {"application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/"
       "openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
       "text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
       kOpenMetrics},
      {"application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;"
       "q=0.6,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/"
       "openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,"
       "text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
       kOpenMetrics},
      // scrape_protocols: [PrometheusText0.0.4] and one that wants it more.
      {"text/plain;version=0.0.4;q=0.3,*/*;q=0.2", kText},
      {"application/openmetrics-text; version=1.0.0; q=0.4, text/plain; version=0.0.4; q=0.5",
       kText},
      {"text/plain,application/openmetrics-text", kText},
      {"application/openmetrics-text,text/plain", kOpenMetrics},
      // Versions that are not written here.
      {"application/openmetrics-text;version=0.0.1", kText},
      {"application/openmetrics-text;version=2.0.0,text/plain;q=0.1", kText},
      // q=0 forbids, a broken q disqualifies.
      {"application/openmetrics-text;version=1.0.0;q=0", kText},
      {"application/openmetrics-text;version=1.0.0;q=many", kText},
      {"application/openmetrics-text;version=1.0.0;q=-1", kText},
      {"application/openmetrics-text;version=1.0.0;q=1.5", kText},
      {"APPLICATION/OpenMetrics-Text ; Version=1.0.0 ; Q=0.9", kOpenMetrics},
      {",,;;==,;q=1,", kText},
  };
  for (const Case& c : cases) EXPECT_EQ(NegotiateFormat(c.accept), c.format) << c.accept;
}

TEST(AcceptsGzip, FollowsQ) {
  for (const std::string_view yes :
       {"gzip", "gzip, deflate, br", "deflate, GZIP;q=0.5", "x-gzip", "*", "br;q=1,gzip;q=0.1",
        "identity;q=0.5, gzip;q=1.0", "gzip;q=1;foo=bar"}) {
    EXPECT_TRUE(AcceptsGzip(yes)) << yes;
  }
  for (const std::string_view no :
       {"", "deflate", "gzip;q=0", "gzip; q=0.0", "gzip;q=0, *", "*;q=0", "identity",
        "identity;q=1, gzip;q=0.5", "gzipped", "gzip;q=nan", "identity, *;q=0.5"}) {
    EXPECT_FALSE(AcceptsGzip(no)) << no;
  }
}

TEST(ContentType, NamesVersionAndCharset) {
  EXPECT_EQ(ContentType(kText), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(ContentType(kOpenMetrics),
            "application/openmetrics-text; version=1.0.0; charset=utf-8");
}

}  // namespace
}  // namespace netstack
