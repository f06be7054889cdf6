#include "analyzer/diagnostics/render.h"
#include "tests/unit/catch.h"

namespace krait {

TEST_CASE("a report is sorted, free of repeats, and worded as mypy words it") {
  SourceFiles files;
  FileId id = files.add("a.py", "x = 1\nyy = nope\n");
  DiagnosticSink sink(id);
  sink.begin(Rule::kUndefinedName, {11, 15}, {"nope"}).note("a note");
  sink.begin(Rule::kUndefinedName, {0, 1}, {"x"});
  sink.begin(Rule::kUndefinedName, {11, 15}, {"nope"}).note("a note");
  Report report(files, sink.take());
  CHECK(render(OutputFormat::kText, report, {}) ==
        "a.py:1: error: Name \"x\" is not defined  [name-defined]\n"
        "a.py:2: error: Name \"nope\" is not defined  [name-defined]\n"
        "a.py:2: note: a note\n");
  CHECK(render(OutputFormat::kText, report, {.show_error_end = true, .hide_error_codes = true}) ==
        "a.py:1:1:1:1: error: Name \"x\" is not defined\n"
        "a.py:2:6:2:9: error: Name \"nope\" is not defined\n"
        "a.py:2:6:2:9: note: a note\n");
  CHECK(summaryLine(report, 1) == "Found 2 errors in 1 file (checked 1 source file)");
}

TEST_CASE("pretty output shows the source under the message") {
  SourceFiles files;
  FileId id = files.add("a.py", "if 1:\n\tcall(nope)\n");
  DiagnosticSink sink(id);
  sink.begin(Rule::kUndefinedName, {12, 16}, {"nope"});
  Report report(files, sink.take());
  CHECK(render(OutputFormat::kText, report, {.pretty = true}) ==
        "a.py:2: error: Name \"nope\" is not defined  [name-defined]\n"
        "            call(nope)\n"
        "                 ^~~~\n");
}

TEST_CASE("long messages wrap outside of quotes") {
  CHECK(softWrap("one two \"three four\" five", 12, 4) == "one two\n    \"three four\"\n    five");
}

TEST_CASE("a summary without findings counts files") {
  SourceFiles files;
  Report report(files, {});
  CHECK(summaryLine(report, 2) == "Success: no issues found in 2 source files");
  CHECK(summaryLine(report, 1) == "Success: no issues found in 1 source file");
}

TEST_CASE("JSON lines carry notes as hints") {
  SourceFiles files;
  FileId id = files.add("a.py", "nope\n");
  DiagnosticSink sink(id);
  sink.begin(Rule::kUndefinedName, {0, 4}, {"no\"pe"}).note("one").note("two");
  Report report(files, sink.take());
  CHECK(render(OutputFormat::kJson, report, {}) ==
        "{\"file\": \"a.py\", \"line\": 1, \"column\": 0, \"message\": \"Name \\\"no\\\"pe\\\" is not defined\", "
        "\"hint\": \"one\\ntwo\", \"code\": \"name-defined\", \"severity\": \"error\"}\n");
}

}  // namespace krait
