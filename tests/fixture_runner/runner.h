// Running one fixture: lays its modules out in a fresh folder, calls krait as a user would, and compares the answer
// with the expectations. Gives the findings as data, for the report and for --update.
#pragma once

#include <string>
#include <vector>

#include "analyzer/base/sanitizers.h"
#include "tests/fixture_runner/fixture.h"
#include "tests/fixture_runner/process.h"

namespace krait::tests {

// A finding that krait printed.
struct Finding {
  std::string file;
  uint32_t line = 0;    // 1-based
  uint32_t column = 0;  // 0-based
  uint32_t end_line = 0;
  uint32_t end_column = 0;
  Severity severity = Severity::kError;
  std::string code;
  std::string text;
};

// What krait answered to a fixture.
struct Answer {
  std::vector<Finding> findings;
  std::vector<Section> sections;  // stdout, raises, fixed, … as far as the kind has them
  std::string broken;             // why it cannot be compared: a crash, a time-out, output of another form
};

struct RunnerOptions {
  std::string krait;         // the binary
  std::string cases_folder;  // where fresh folders are made
  bool is_update = false;
  unsigned timeout_seconds = 20 * kSlowdown;
};

// Kinds: check, lint, syntax, run, semantic, compile, verify. An unknown kind is `broken`.
Answer runFixture(const Fixture& fixture, const RunnerOptions& options);

// One line for each difference; empty when the fixture holds.
std::vector<std::string> compareAnswer(const Fixture& fixture, const Answer& answer);

// The fixture's text with its expectation comments and sections replaced by the answer.
std::string updatedText(const Fixture& fixture, std::string_view text, const Answer& answer);

}  // namespace krait::tests
