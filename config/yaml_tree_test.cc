#include "config/yaml_tree.h"

#include <gtest/gtest.h>

namespace netstack {
namespace {

std::vector<std::string> ErrorsOf(std::string_view text) {
  std::vector<Error> errors;
  ParseYaml("f.yml", text, errors);
  std::vector<std::string> lines;
  for (const Error& error : errors) {
    EXPECT_EQ(error.kind, ErrorKind::kInvalid);
    EXPECT_NE(error.line, 0U);
    EXPECT_NE(error.column, 0U);
    lines.push_back(error.Describe());
  }
  return lines;
}

using Lines = std::vector<std::string>;

TEST(ParseYaml, KeepsPlacesAndQuotes) {
  std::vector<Error> errors;
  const YamlNode root = ParseYaml("f.yml", "web:\n  port: 5\n  names: [a, 'b']\n", errors);
  ASSERT_TRUE(errors.empty());
  ASSERT_EQ(root.kind, YamlNode::Kind::kMapping);
  ASSERT_EQ(root.keys.size(), 1U);
  EXPECT_EQ(root.keys[0].text, "web");
  const YamlNode& web = root.items[0];
  ASSERT_EQ(web.items.size(), 2U);
  EXPECT_EQ(web.keys[0].text, "port");
  EXPECT_EQ(web.keys[0].line, 2U);
  EXPECT_EQ(web.keys[0].column, 3U);
  EXPECT_EQ(web.items[0].text, "5");
  EXPECT_FALSE(web.items[0].quoted);
  EXPECT_EQ(web.items[0].column, 9U);
  const YamlNode& names = web.items[1];
  ASSERT_EQ(names.kind, YamlNode::Kind::kSequence);
  ASSERT_EQ(names.items.size(), 2U);
  EXPECT_EQ(names.items[0].text, "a");
  EXPECT_FALSE(names.items[0].quoted);
  EXPECT_EQ(names.items[1].text, "b");
  EXPECT_TRUE(names.items[1].quoted);
}

TEST(ParseYaml, NothingIsNull) {
  for (const std::string_view text :
       {"", "\n", "# only a comment\n", "---\n", "---\n...\n", "~\n"}) {
    std::vector<Error> errors;
    EXPECT_EQ(ParseYaml("f.yml", text, errors).kind, YamlNode::Kind::kNull) << text;
    EXPECT_TRUE(errors.empty()) << text;
  }
}

TEST(ParseYaml, RefusesDuplicateKeysAtAnyDepth) {
  EXPECT_EQ(ErrorsOf("a: 1\nb: 2\na: 3\n"), Lines{"f.yml line 3 column 1: duplicate key 'a'"});
  EXPECT_EQ(ErrorsOf("a:\n  b:\n    - {c: 1, \"c\": 2}\n"),
            Lines{"f.yml line 3 column 14: duplicate key 'a.b.c'"});
  EXPECT_EQ(ErrorsOf("a: {x: 1}\nb: {x: 1}\n"), Lines{});
}

TEST(ParseYaml, RefusesWhatYamlCanDoAndNobodyExpects) {
  EXPECT_EQ(ErrorsOf("a: &x 1\nb: *x\n"),
            Lines{"f.yml line 2 column 4: aliases (*name) are not supported"});
  EXPECT_EQ(ErrorsOf("a:\n  <<: {b: 1}\n"),
            Lines{"f.yml line 2 column 3: merge keys are not supported: 'a.<<'"});
  EXPECT_EQ(ErrorsOf("a: !!str 5\n"),
            Lines{"f.yml line 1 column 4: tags are not supported: 'tag:yaml.org,2002:str'"});
  EXPECT_EQ(ErrorsOf("a: !x {b: 1}\n"),
            Lines{"f.yml line 1 column 4: tags are not supported: '!x'"});
  EXPECT_EQ(ErrorsOf("? [a]\n: 1\n"),
            Lines{"f.yml line 1 column 3: a key must be a text, under ''"});
  EXPECT_EQ(ErrorsOf("a: {~: 1}\n"),
            Lines{"f.yml line 1 column 5: a key must be a text, under 'a.'"});
}

TEST(ParseYaml, RefusesASecondDocument) {
  EXPECT_EQ(ErrorsOf("a: 1\n---\nb: 2\n"),
            Lines{"f.yml line 3 column 1: a second document, or text after the first"});
  EXPECT_EQ(ErrorsOf("a: 1\n...\n"), Lines{});
}

TEST(ParseYaml, RefusesWhatIsNotText) {
  EXPECT_EQ(ErrorsOf("a: 1\nb: \xff\n"), Lines{"f.yml line 2 column 4: not UTF-8: '\\xff'"});
  EXPECT_EQ(ErrorsOf("\xc0\xaf"), Lines{"f.yml line 1 column 1: not UTF-8: '\\xc0'"});
  EXPECT_EQ(ErrorsOf("a: \xed\xa0\x80"), Lines{"f.yml line 1 column 4: not UTF-8: '\\xed'"});
  EXPECT_EQ(ErrorsOf("a: \xe2\x82"), Lines{"f.yml line 1 column 4: not UTF-8: '\\xe2'"});
  EXPECT_EQ(ErrorsOf(std::string_view("a: \0b", 5)),
            Lines{"f.yml line 1 column 4: control character: '\\x00'"});
  EXPECT_EQ(ErrorsOf("a: \x1b[31m"), Lines{"f.yml line 1 column 4: control character: '\\x1b'"});
  EXPECT_EQ(ErrorsOf("\xff\xfe"
                     "a"),
            Lines{"f.yml line 1 column 1: not UTF-8: '\\xff'"});
  EXPECT_EQ(ErrorsOf("a: gr\xc3\xbc\xc3\x9f dich\n"), Lines{});
}

TEST(ParseYaml, SaysWhereYamlItselfIsBroken) {
  EXPECT_EQ(ErrorsOf("a: [1, 2\n"),
            Lines{"f.yml line 2 column 1: not YAML: end of sequence flow not found"});
  EXPECT_EQ(ErrorsOf("a:\n\t- b\n").size(), 1U);
  EXPECT_EQ(ErrorsOf("a: \"b").size(), 1U);
  EXPECT_EQ(ErrorsOf("]").size(), 1U);
  EXPECT_EQ(ErrorsOf("}").size(), 1U);
}

TEST(ParseYaml, SurvivesDeepNesting) {
  EXPECT_EQ(ErrorsOf(std::string(100'000, '[')).size(), 1U);
  EXPECT_EQ(ErrorsOf(std::string(100'000, '{')).size(), 1U);
  std::string block;
  for (int i = 0; i < 3000; ++i) block += "- ";
  EXPECT_EQ(ErrorsOf(block).size(), 1U);
}

}  // namespace
}  // namespace netstack
