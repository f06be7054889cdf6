#include "analyzer/config/config.h"
#include "analyzer/config/globs.h"
#include "analyzer/config/inline_config.h"
#include "analyzer/config/path_regex.h"
#include "analyzer/config/settings_reader.h"
#include "tests/unit/catch.h"

namespace krait::config {

TEST_CASE("an ini file: continued values, comments, keys in lower case") {
  Result<ConfigText> read = readIni(
      "mypy.ini", "[mypy]\n# no\nStrict_Optional = False\nfiles =\n  a.py,\n  b.py\n[mypy-x.*]\nignore_errors: yes\n");
  REQUIRE(read.ok());
  REQUIRE(read.value().sections.size() == 2);
  CHECK(read.value().sections[0].find("strict_optional")->value.text == "False");
  CHECK(read.value().sections[0].find("files")->value.text == "\na.py,\nb.py");
  CHECK(read.value().sections[1].find("ignore_errors")->line == 8);
}

TEST_CASE("keys may be inverted, unknown ones are named") {
  Result<ConfigText> read =
      readIni("mypy.ini", "[mypy]\nallow_untyped_defs = False\nno_warn_no_return = True\nnope = 1\nstrict = on\n");
  REQUIRE(read.ok());
  SectionSettings settings = readSettings(read.value().sections[0], "");
  REQUIRE(settings.settings.size() == 2);
  CHECK(settings.settings[0].id == OptionId::k_disallow_untyped_defs);
  CHECK(settings.settings[0].flag);
  CHECK_FALSE(settings.settings[1].flag);
  CHECK(settings.is_strict);
  REQUIRE(settings.messages.size() == 1);
  CHECK(settings.messages[0].text == "Unrecognized option: nope = 1");
  CHECK(settings.messages[0].line == 4);
}

TEST_CASE("module sections: the more specific one wins") {
  Config config;
  Setting on{.id = OptionId::k_ignore_errors, .flag = true};
  Setting off{.id = OptionId::k_ignore_errors, .flag = false};
  config.sections = {{"a.b", {off}}, {"a.*", {on}}, {"*.deep", {on}}, {"a.c.*", {off}}};
  CHECK(optionsForModule(config, "a").ignore_errors);
  CHECK_FALSE(optionsForModule(config, "a.b").ignore_errors);
  CHECK_FALSE(optionsForModule(config, "a.c.x").ignore_errors);
  CHECK(optionsForModule(config, "a.c.deep").ignore_errors);
  CHECK_FALSE(optionsForModule(config, "other").ignore_errors);
  CHECK(unusedSections(config, {"a.b"}) == std::vector<std::string>{"*.deep", "a.c.*"});
}

TEST_CASE("inline comments set options and report what is wrong") {
  InlineConfig config = readInlineConfig(
      "# mypy: disallow-any-generics, no-warn-no-return\nx = 1\n# mypy: disable-error-code=\"misc, name-defined\", "
      "AMONGUS\n");
  REQUIRE(config.settings.size() == 3);
  CHECK(config.settings[2].items == std::vector<std::string>{"misc", "name-defined"});
  REQUIRE(config.messages.size() == 1);
  CHECK(config.messages[0].text == "Unrecognized option: amongus = True");
  CHECK(config.messages[0].line == 3);
}

TEST_CASE("error codes: a broader code's switch covers its parts, the part itself decides") {
  Options options;
  options.disable_error_code = {"import"};
  options.enable_error_code = {"import-untyped"};
  applyErrorCodes(options);
  CHECK_FALSE(isCodeEnabled(options, Code::kImportNotFound));
  CHECK(isCodeEnabled(options, Code::kImportUntyped));
  CHECK_FALSE(isCodeEnabled(options, Code::kTruthyBool));
}

TEST_CASE("globs match names, folders and classes") {
  CHECK(matchesGlob("*.py", "a/b.py"));
  CHECK_FALSE(matchesGlob("a/*.py", "a/b/c.py"));
  CHECK(matchesGlob("a/**/*.py", "a/b/c/d.py"));
  CHECK(matchesGlob("a/**/d.py", "a/d.py"));
  CHECK(matchesGlob("test_[ab].py", "test_b.py"));
  CHECK_FALSE(matchesGlob("test_[!ab].py", "test_b.py"));
}

TEST_CASE("globs of linters cross folders and have alternatives") {
  CHECK(matchesPathGlob("tests/*.py", "tests/a/b.py"));
  CHECK(matchesPathGlob("src/**.py", "src/a/b.py"));
  CHECK(matchesPathGlob("**/{tests,docs}/*", "a/docs/b/c.py"));
  CHECK(matchesPathGlob("{a,b{c,d}}.py", "x/bd.py"));
  CHECK_FALSE(matchesPathGlob("{a,b{c,d}}.py", "b.py"));
  CHECK_FALSE(matchesPathGlob("tests/*.py", "a/tests/b.py"));
  CHECK(matchesPathGlob("{open.py", "{open.py"));
}

TEST_CASE("an exclude pattern may be verbose") {
  Result<PathRegex> regex = PathRegex::compile("(?x)(^one\\.py$ # first\n | two)");
  REQUIRE(regex.ok());
  CHECK(regex.value().isFoundIn("one.py"));
  CHECK(regex.value().isFoundIn("a/two/b.py"));
  CHECK_FALSE(regex.value().isFoundIn("three.py"));
  CHECK_FALSE(PathRegex::compile("(").ok());
}

TEST_CASE("TOML tables become sections") {
  Result<ConfigText> read = readToml(
      "pyproject.toml", "[tool.mypy]\nstrict = true\nexclude = ['a', 'b']\n[[tool.mypy.overrides]]\nmodule = 'x.*'\n");
  REQUIRE(read.ok());
  REQUIRE(read.value().find("tool.mypy") != nullptr);
  CHECK(read.value().find("tool.mypy")->find("exclude")->value.items.size() == 2);
  CHECK(read.value().find("tool.mypy.overrides")->find("module")->value.text == "x.*");
  Result<ConfigText> bad = readToml("p.toml", "a = \n");
  CHECK_FALSE(bad.ok());
  CHECK(bad.message().starts_with("p.toml:1: "));
}

}  // namespace krait::config
