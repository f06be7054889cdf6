// A fixture as data: one Python file whose comments say what krait must answer. parseFixture is strict: a comment that
// looks like a directive and is not one is an error of the fixture. The grammar is described in tests/README.md.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.h"

namespace krait::tests {

enum class Severity : uint8_t { kError, kWarning, kNote, kRevealed };

// One finding that a line must have.
struct Expectation {
  Severity severity;
  std::string code;                 // of an error or warning
  std::optional<std::string> text;  // a part of the message; the whole type of `revealed:`
  uint32_t line;                    // 1-based, in its module
  // From a caret line: 0-based columns, in characters.
  std::optional<std::pair<uint32_t, uint32_t>> columns;
};

// A block at the end of the file: `# stdout: text` or `# stdout:` and lines `# | text`.
struct Section {
  std::string name;
  std::string text;  // lines, each with its line end
  uint32_t line;     // 1-based, in the fixture
};

// A file that the fixture is made of: the first is the fixture itself, `# --- path.py` begins another.
struct Module {
  std::string path;
  std::string text;         // its lines without the expectations
  uint32_t first_line = 1;  // in the fixture
  std::vector<Expectation> expectations;
};

// `# edit: old → new`: the replacement of a text before the next look, for the editor and incremental runs.
struct EditStep {
  std::string old_text;
  std::string new_text;
  uint32_t line;
};

struct Fixture {
  std::string path;
  std::string kind;                             // check, lint, run, …
  std::vector<std::string> modes;               // words after the kind
  std::map<std::string, std::string> settings;  // python, typeshed, cpython, todo
  std::vector<std::string> config;              // key=value
  std::vector<std::string> arguments;
  std::vector<Module> modules;
  std::vector<Section> sections;
  std::vector<EditStep> edits;

  const Section* section(std::string_view name) const {
    for (const Section& found : sections) {
      if (found.name == name) return &found;
    }
    return nullptr;
  }
};

// `kind` is the default, from the fixture's folder.
Result<Fixture> parseFixture(const std::string& path, std::string_view text, const std::string& kind);

// The expectation comments at the end of a code line: where they begin (or npos), for rewriting them.
size_t findExpectationComments(std::string_view line);

}  // namespace krait::tests
