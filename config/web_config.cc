#include "config/web_config.h"

#include <algorithm>
#include <array>
#include <optional>

#include "config/nearest.h"
#include "config/small_file.h"
#include "config/utf8.h"
#include "config/web_config_rows.h"
#include "config/yaml_reader.h"

namespace netstack {
namespace {

constexpr std::string_view kTls = "tls_server_config";
constexpr std::string_view kHttp = "http_server_config";
constexpr std::string_view kHeaders = "http_server_config.headers";
constexpr std::string_view kUsers = "basic_auth_users";
constexpr std::string_view kRateLimit = "rate_limit";

struct ClientAuthWord {
  std::string_view word;
  ClientAuth value;
};

constexpr auto kClientAuthWords = std::to_array<ClientAuthWord>({
    {"", ClientAuth::kNoClientCert},
    {"NoClientCert", ClientAuth::kNoClientCert},
    {"RequestClientCert", ClientAuth::kRequestClientCert},
    {"RequireAnyClientCert", ClientAuth::kRequireAnyClientCert},
    {"RequireClientCert", ClientAuth::kRequireAnyClientCert},  // The toolkit's old name for it.
    {"VerifyClientCertIfGiven", ClientAuth::kVerifyClientCertIfGiven},
    {"RequireAndVerifyClientCert", ClientAuth::kRequireAndVerifyClientCert},
});

// A PEM text that may be given inline or as a file.
struct PemRow {
  std::string_view inline_key;
  std::string_view file_key;
  std::string TlsConfig::*pem;
};

constexpr auto kPemRows = std::to_array<PemRow>({
    {"cert", "cert_file", &TlsConfig::cert_pem},
    {"key", "key_file", &TlsConfig::key_pem},
    {"client_ca", "client_ca_file", &TlsConfig::client_ca_pem},
});

std::string InDirectoryOf(const std::string& config_path, const std::string& path) {
  const std::size_t slash = config_path.rfind('/');
  if (path.starts_with('/') || slash == std::string::npos) return path;
  return config_path.substr(0, slash + 1) + path;
}

// Reads one web configuration file.
class WebConfigReader {
 public:
  WebConfigReader(const std::string& path, std::string_view text)
      : path_(path), yaml_(path, text), tls_values_(TlsRows()) {}

  Result<WebConfig> Read() {
    constexpr auto kSections = std::to_array<std::string_view>({kTls, kHttp, kUsers, kRateLimit});
    yaml_.ForEach(yaml_.root(), "", kSections, [&](const YamlNode& key, const YamlNode& value) {
      if (key.text == kTls) ReadTls(key, value);
      if (key.text == kHttp) ReadHttp(value);
      if (key.text == kUsers) ReadUsers(value);
      if (key.text == kRateLimit) ReadRateLimit(value);
    });
    std::vector<Error> errors = yaml_.TakeErrors();
    if (!errors.empty()) return std::move(errors.front());
    return std::move(config_);
  }

 private:
  // Sets in `values` what `node` says, by the rows that `values` was made of.
  void ReadRows(const YamlNode& node, std::string_view section, OptionValues& values) {
    std::vector<std::string_view> known;
    for (const OptionSpec& spec : values.specs()) known.push_back(spec.name);
    yaml_.ForEach(node, section, known, [&](const YamlNode& key, const YamlNode& value) {
      ReadRow(key, value, section, values);
    });
  }

  void ReadRow(const YamlNode& key, const YamlNode& value, std::string_view section,
               OptionValues& values) {
    const OptionSpec& spec = *FindOption(values.specs(), key.text);
    const std::string name = JoinKeys(section, key.text);
    const auto texts = yaml_.TextsFor(spec, name, value);
    if (!texts) return;
    const std::string complaint = spec.kind == OptionSpec::Kind::kList
                                      ? values.SetList(spec.name, *texts)
                                      : values.Set(spec.name, texts->front());
    if (!complaint.empty()) yaml_.Complain(value, name + ": " + complaint);
  }

  void ReadTls(const YamlNode& key, const YamlNode& node) {
    tls_key_ = &key;
    tls_node_ = &node;
    ReadRows(node, kTls, tls_values_);
    TlsConfig& tls = config_.tls;
    const auto list = [&](std::string_view name) {
      const auto items = tls_values_.List(name);
      return std::vector<std::string>(items.begin(), items.end());
    };
    tls.client_allowed_sans = list("client_allowed_sans");
    tls.min_version = tls_values_.Text("min_version");
    tls.max_version = tls_values_.Text("max_version");
    tls.cipher_suites = list("cipher_suites");
    tls.curve_preferences = list("curve_preferences");
    tls.prefer_server_cipher_suites = tls_values_.Bool("prefer_server_cipher_suites");
    // The words sort as the versions do.
    if (tls.min_version > tls.max_version) ComplainAboutTls("min_version", "is above max_version");
    CheckWords("cipher_suites", tls.cipher_suites, CipherSuites());
    CheckWords("curve_preferences", tls.curve_preferences, Curves());
    ReadClientAuth();
    for (const PemRow& row : kPemRows) ReadPem(row);
    tls.enabled = tls.enabled || !Given("client_auth_type").empty();
    if (tls.enabled) CheckWhole();
  }

  const std::string& Given(std::string_view name) const { return tls_values_.Text(name); }

  // Complains where the key stands, or where the section does when it is missing.
  void ComplainAboutTls(std::string_view name, const std::string& what) {
    const auto key = std::ranges::find(tls_node_->keys, name, &YamlNode::text);
    const YamlNode& at = key == tls_node_->keys.end() ? *tls_key_ : *key;
    yaml_.Complain(at, JoinKeys(kTls, name) + ": " + what);
  }

  void CheckWords(std::string_view name, const std::vector<std::string>& words,
                  std::span<const std::string_view> known) {
    for (const std::string& word : words) {
      if (std::ranges::find(known, word) != known.end()) continue;
      ComplainAboutTls(name, "unknown '" + Printable(word) + "'" + DidYouMean(word, known));
    }
  }

  void ReadClientAuth() {
    const std::string& word = Given("client_auth_type");
    const auto row = std::ranges::find(kClientAuthWords, word, &ClientAuthWord::word);
    if (row != kClientAuthWords.end()) {
      config_.tls.client_auth = row->value;
      return;
    }
    std::vector<std::string_view> known;
    known.reserve(kClientAuthWords.size());
    for (const ClientAuthWord& candidate : kClientAuthWords) known.push_back(candidate.word);
    ComplainAboutTls("client_auth_type",
                     "unknown '" + Printable(word) + "'" + DidYouMean(word, known));
  }

  void ReadPem(const PemRow& row) {
    const std::string& text = Given(row.inline_key);
    const std::string& file = Given(row.file_key);
    if (text.empty() && file.empty()) return;
    config_.tls.enabled = true;
    config_.tls.*row.pem = text;
    if (file.empty()) return;
    if (!text.empty()) {
      const std::string both = std::string(row.inline_key) + " is set, too: choose one";
      return ComplainAboutTls(row.file_key, both);
    }
    const std::string path = InDirectoryOf(path_, file);
    Result<std::string> content = ReadSmallFile(path);
    if (!content) return ComplainAboutTls(row.file_key, content.error().Describe());
    if (content->empty()) return ComplainAboutTls(row.file_key, Printable(path) + " is empty");
    config_.tls.*row.pem = *std::move(content);
    config_.tls.files.push_back(path);
  }

  void CheckWhole() {
    if (Given("cert").empty() && Given("cert_file").empty()) {
      ComplainAboutTls("cert_file", "missing, and cert as well");
    }
    if (Given("key").empty() && Given("key_file").empty()) {
      ComplainAboutTls("key_file", "missing, and key as well");
    }
    const bool has_ca = !Given("client_ca").empty() || !Given("client_ca_file").empty();
    if (has_ca && config_.tls.client_auth == ClientAuth::kNoClientCert) {
      ComplainAboutTls("client_auth_type", "must ask for a certificate when a client CA is set");
    }
  }

  void ReadHttp(const YamlNode& node) {
    std::vector<std::string_view> known = {"headers"};
    for (const OptionSpec& spec : HttpRows()) known.push_back(spec.name);
    OptionValues values(HttpRows());
    yaml_.ForEach(node, kHttp, known, [&](const YamlNode& key, const YamlNode& value) {
      if (key.text == "headers") return ReadHeaders(value);
      ReadRow(key, value, kHttp, values);
    });
  }

  void ReadHeaders(const YamlNode& node) {
    std::vector<std::string_view> known;
    for (const OptionSpec& spec : HeaderRows()) known.push_back(spec.name);
    OptionValues values(HeaderRows());
    yaml_.ForEach(node, kHeaders, known, [&](const YamlNode& key, const YamlNode& value) {
      ReadRow(key, value, kHeaders, values);
      const std::string& text = values.Text(key.text);
      // A line break would end the header, and begin what the writer of the file pleases.
      const bool plain = std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 0x7f; });
      if (!plain) return yaml_.Complain(value, JoinKeys(kHeaders, key.text) + ": not plain ASCII");
      if (!text.empty()) config_.headers[key.text] = text;
    });
  }

  void ReadUsers(const YamlNode& node) {
    static constexpr OptionSpec kHash = {
        .name = "hash", .kind = OptionSpec::Kind::kText, .default_value = "", .help = ""};
    yaml_.ForEach(node, kUsers, [&](const YamlNode& key, const YamlNode& value) {
      const std::string name = JoinKeys(kUsers, key.text);
      const auto texts = yaml_.TextsFor(kHash, name, value);
      if (!texts) return;
      const std::string complaint = ComplaintAboutBcryptHash(texts->front());
      if (!complaint.empty()) return yaml_.Complain(value, name + ": " + complaint);
      config_.basic_auth_users[key.text] = texts->front();
    });
  }

  void ReadRateLimit(const YamlNode& node) {
    OptionValues values(RateLimitRows());
    ReadRows(node, kRateLimit, values);
    config_.rate_limit_interval = values.Duration("interval");
    config_.rate_limit_burst = static_cast<int>(values.Integer("burst"));
  }

  const std::string& path_;
  YamlReader yaml_;
  const YamlNode* tls_key_ = nullptr;
  const YamlNode* tls_node_ = nullptr;
  OptionValues tls_values_;
  WebConfig config_;
};

}  // namespace

Result<WebConfig> LoadWebConfig(const std::string& path) {
  const Result<std::string> text = ReadSmallFile(path);
  if (!text) return text.error();
  return WebConfigReader(path, *text).Read();
}

}  // namespace netstack
