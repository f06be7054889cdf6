// Any bytes: the type checker ends, does not crash, and every finding lies inside the text and has a message. Broken
// texts are checked too, as far as their tree goes: an editor asks for that on every keystroke.
#include <cstdint>
#include <string>
#include <string_view>

#include "analyzer/base/check.h"
#include "analyzer/base/task_pool.h"
#include "analyzer/config/config.h"
#include "analyzer/semantic/front_findings.h"
#include "analyzer/syntax/source_text.h"
#include "checker/program/program.h"

using namespace krait;

static config::Config configOf(bool is_mypy) {
  config::CommandLine command_line;
  command_line.config_file = "";
  Result<config::Config> loaded = config::loadConfig(command_line);
  CHECK(loaded.ok(), "the default configuration loads");
  config::Config config = std::move(loaded.value());
  config.base.mypy = is_mypy;
  config.base.check_untyped_defs = true;
  return config;
}

static void checkText(const std::string& text, bool is_mypy) {
  config::Config config = configOf(is_mypy);
  std::vector<config::Source> sources{{.path = "fuzzed.py", .module = "fuzzed", .base_dir = ""}};
  SourceFiles files;
  std::vector<FileId> ids{files.add("fuzzed.py", text)};
  semantic::ImportResolver resolver(semantic::resolverOptionsFor(config, sources));
  program::Program program({config, sources, resolver, files, ids});
  program.check();
  for (size_t i = 0; i < ids.size(); ++i) {
    for (const Diagnostic& found : program.diagnosticsOf(i)) {
      CHECK(!found.message.empty(), "a finding has a message");
      CHECK(found.range.begin <= found.range.end && found.range.end <= files[ids[i]].text.size(),
            "a finding lies inside the text");
    }
  }
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  syntax::SourceText source = syntax::decodeSource({reinterpret_cast<const char*>(data), size});
  if (source.error) return 0;
  // One bit of the input chooses the mode, so that both are covered without doubling the time.
  runOnDeepStack([&] { checkText(std::string(source.text), size % 2 == 1); });
  return 0;
}
