#include "agent/http/web_config.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

constexpr char kHash[] =
    "$2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG";

absl::Status Refusal(const std::string& text) {
  return ParseWebConfig(text, "/etc/reeve").status();
}

TEST(ParseWebConfigTest, NothingIsPlainHttpForEverybody) {
  const absl::StatusOr<WebConfig> config = ParseWebConfig("", "/etc/reeve");

  ASSERT_THAT(config, IsOk());
  EXPECT_FALSE(config->tls.has_value());
  EXPECT_TRUE(config->users.empty());
  EXPECT_TRUE(config->headers.empty());
}

TEST(ParseWebConfigTest, TakesAllThatExportersTake) {
  const absl::StatusOr<WebConfig> config = ParseWebConfig(
      absl::StrCat("tls_server_config:\n"
                   "  cert_file: server.crt\n"
                   "  key_file: /keys/server.key\n"
                   "  client_auth_type: RequireAndVerifyClientCert\n"
                   "  client_ca_file: ca/clients.crt\n"
                   "  min_version: TLS13\n"
                   "http_server_config:\n"
                   "  http2: false\n"
                   "  headers:\n"
                   "    X-Frame-Options: deny\n"
                   "basic_auth_users:\n"
                   "  alice: ",
                   kHash, "\n"),
      "/etc/reeve");

  ASSERT_THAT(config, IsOk());
  ASSERT_TRUE(config->tls.has_value());
  EXPECT_EQ(config->tls->cert_file, "/etc/reeve/server.crt");
  EXPECT_EQ(config->tls->key_file, "/keys/server.key");
  EXPECT_EQ(config->tls->client_ca_file, "/etc/reeve/ca/clients.crt");
  EXPECT_EQ(config->tls->client_auth, ClientAuth::kRequireAndVerify);
  EXPECT_EQ(config->tls->min_version, TlsVersion::kTls13);
  EXPECT_THAT(config->users, ElementsAre(Pair("alice", kHash)));
  EXPECT_THAT(config->headers, ElementsAre(Pair("X-Frame-Options", "deny")));
}

TEST(ParseWebConfigTest, SectionWithoutContentIsNotThere) {
  const absl::StatusOr<WebConfig> config = ParseWebConfig(
      "tls_server_config:\nbasic_auth_users:\nhttp_server_config:\n", "/");

  ASSERT_THAT(config, IsOk());
  EXPECT_FALSE(config->tls.has_value());
}

TEST(ParseWebConfigTest, RefusalNamesLineAndKey) {
  struct Case {
    const char* text;
    const char* message;
  };
  for (const Case& c : {
           Case{"tls_config: {}\n", "line 1: unknown key \"tls_config\""},
           Case{"tls_server_config:\n  cert: x\n",
                "line 2: unknown key \"cert\" in tls_server_config"},
           Case{"http_server_config:\n  headers:\n    Server: x\n",
                "line 3: unknown key \"Server\" in headers"},
           Case{"tls_server_config: {}\n", "without a cert_file"},
           Case{"tls_server_config: {cert_file: a}\n", "without a key_file"},
           Case{"tls_server_config: [a]\n", "has to be a mapping"},
           Case{"tls_server_config: {cert_file: [a], key_file: b}\n",
                "cert_file has to be text"},
           Case{"tls_server_config: {cert_file: a, key_file: b, "
                "min_version: TLS10}\n",
                "min_version: \"TLS10\": use TLS12, TLS13"},
           Case{"tls_server_config: {cert_file: a, key_file: b, "
                "min_version: TLS13, max_version: TLS12}\n",
                "min_version is above max_version"},
           Case{"tls_server_config: {cert_file: a, key_file: b, "
                "client_auth_type: Always}\n",
                "client_auth_type: \"Always\": use NoClientCert"},
           Case{"tls_server_config: {cert_file: a, key_file: b, "
                "client_auth_type: RequireAndVerifyClientCert}\n",
                "needs a client_ca_file"},
           Case{"tls_server_config: {cert_file: a, key_file: b, "
                "client_ca_file: c}\n",
                "without a client_auth_type"},
           Case{"basic_auth_users: [a]\n", "has to be a mapping"},
           Case{"basic_auth_users: {'a:b': x}\n", "without a colon"},
           Case{"http_server_config: {http2: maybe}\n", "http2: \"maybe\""},
           Case{"http_server_config: {headers: {X-Frame-Options: \"a\\nb\"}}\n",
                "has to be printable ASCII"},
           Case{"just text\n", "the file has to be a mapping"},
       }) {
    EXPECT_THAT(Refusal(c.text),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         AllOf(HasSubstr(c.message), Not(HasSubstr("\n")))))
        << c.text;
  }
}

TEST(ParseWebConfigTest, PasswordsAreBcryptHashesAndStayOutOfTheLog) {
  const std::string rest(53, 'a');
  for (const std::string& hash :
       {std::string("secret"), "$2x$10$" + rest, "$2y$10$" + rest + "a",
        "$2y$31$" + rest, "$2y$03$" + rest, "$2y$-1$" + rest,
        "$2y$10$" + std::string(53, '!'), "$6$rounds=5000$" + rest}) {
    EXPECT_THAT(Refusal("basic_auth_users: {alice: '" + hash + "'}\n"),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         AllOf(HasSubstr("alice: not a bcrypt hash"),
                               Not(HasSubstr(hash)))));
  }
  for (const char* kind : {"$2a$", "$2b$", "$2y$"}) {
    EXPECT_THAT(Refusal(absl::StrCat("basic_auth_users: {alice: '", kind, "04$",
                                     rest, "'}\n")),
                IsOk());
  }
}

}  // namespace
}  // namespace reeve
