#include "cli/lint_one.h"

#include <algorithm>
#include <optional>

#include "analyzer/base/file_io.h"
#include "analyzer/config/lint_selection.h"
#include "analyzer/config/toml_tree.h"
#include "analyzer/lint/fixes.h"
#include "analyzer/lint/pyproject/lint_pyproject.h"
#include "analyzer/syntax/parser.h"
#include "analyzer/syntax/source_text.h"
#include "cli/add_noqa.h"
#include "cli/load_source.h"
#include "cli/notebook_write.h"

namespace krait::cli {

// Passes over one file until nothing is left to fix; more would mean that two fixes undo each other.
static constexpr int kMostFixPasses = 256;

void lintText(const lint::LintInput& input, FileOutcome& outcome) {
  outcome.diagnostics = lint::lintFile(input);
  bool is_notebook = !input.file.cells.empty();
  for (Diagnostic& diagnostic : outcome.diagnostics) {
    if (diagnostic.fix && is_notebook && !staysInCells(input.file, *diagnostic.fix)) diagnostic.fix.reset();
    if (diagnostic.fix && !config::isLintCodeFixable(input.options, diagnostic.code)) diagnostic.fix.reset();
  }
}

// Whether nobody could read the text any more, as Python or as settings.
static bool isBroken(const lint::LintInput& input, const std::string& text) {
  if (lint::isSettingsFile(input.file.path)) return !config::readTomlTree(text).error.empty();
  return syntax::parseModule(text, input.names).error.has_value();
}

namespace {
struct FixSearch {
  const lint::LintInput& input;
  const SourceFile& file;
  lint::FixChoice choice;
};
}  // namespace

// The text after as many of these fixes as leave it parsing together: a list that does not is searched by halves.
static lint::FixedText fixMost(const FixSearch& search, std::vector<Diagnostic>& fixes) {
  lint::FixedText fixed = lint::applyFixes(search.file.text, fixes, search.choice);
  if (fixed.fix_count == 0 || !isBroken(search.input, fixed.text)) return fixed;
  if (fixes.size() == 1) {
    fixes.clear();
    return {.text = search.file.text, .fix_count = 0};
  }
  auto middle = fixes.begin() + static_cast<std::ptrdiff_t>(fixes.size() / 2);
  std::vector<Diagnostic> first(fixes.begin(), middle), second(middle, fixes.end());
  lint::FixedText before = fixMost(search, first);
  lint::FixedText after = fixMost(search, second);
  std::vector<Diagnostic> both = first;
  both.insert(both.end(), second.begin(), second.end());
  lint::FixedText joined = lint::applyFixes(search.file.text, both, search.choice);
  bool is_fine = !first.empty() && !second.empty() && !isBroken(search.input, joined.text);
  fixes = is_fine ? std::move(both) : before.fix_count > 0 ? std::move(first) : std::move(second);
  return is_fine ? std::move(joined) : before.fix_count > 0 ? std::move(before) : std::move(after);
}

// Lints the text again after each pass of fixes; what would not parse is not taken. Of fixes that empty a block together
// some are taken first: the last of them sees that it must leave a `pass`.
static void fixText(const lint::LintInput& input, SourceFile& file, lint::FixChoice choice, FileOutcome& outcome) {
  if (outcome.original.empty()) outcome.original = file.text;
  for (int pass = 0; pass < kMostFixPasses; ++pass) {
    lint::FixedText fixed = lint::applyFixes(file.text, outcome.diagnostics, choice);
    if (fixed.fix_count == 0) break;
    if (isBroken(input, fixed.text)) {
      std::vector<Diagnostic> fixes;
      for (const Diagnostic& diagnostic : outcome.diagnostics) {
        if (diagnostic.fix) fixes.push_back(diagnostic);
      }
      fixed = fixMost({input, file, choice}, fixes);
      if (fixed.fix_count == 0) {
        outcome.failure = file.path + ": a fix was not applied because the file would not parse; please report this";
        break;
      }
    }
    outcome.fix_count += fixed.fix_count;
    outcome.fixed.insert(outcome.fixed.end(), fixed.codes.begin(), fixed.codes.end());
    file.cells = movedCells(file, fixed.edits, fixed.text);
    file.setText(std::move(fixed.text));
    lintText(input, outcome);
  }
}

// False: it could not be written, and nothing was done.
static bool writeChanged(const SourceFile& file, const std::string& text, FileOutcome& outcome) {
  Result<size_t> written = writeFileAtomically(file.path, text);
  if (written.ok()) return true;
  outcome.failure = written.message();
  outcome.fix_count = 0;
  outcome.fixed.clear();
  return false;
}

// What stands before the text in the file: a byte order mark or nothing. No value: the file is in another encoding, the text in memory
// is not what it holds, and it is not written.
static std::optional<std::string> markOf(const std::string& path) {
  Result<std::string> bytes = readFile(path);
  if (!bytes.ok()) return std::nullopt;
  syntax::SourceText source = syntax::decodeSource(bytes.value());
  if (source.error || source.encoding != "utf-8") return std::nullopt;
  return source.has_bom ? "\xef\xbb\xbf" : "";
}

static std::string textAfter(const std::string& text, const std::vector<FixEdit>& edits) {
  std::string out;
  uint32_t done = 0;
  for (const FixEdit& edit : edits) {
    out += std::string_view(text).substr(done, edit.range.begin - done);
    out += edit.replacement;
    done = edit.range.end;
  }
  return out + text.substr(done);
}

// Its cells are written back where that is possible; on standard output a notebook is of no use.
static void fixNotebook(const LintRequest& request, const lint::LintInput& input, SourceFile& file, FileOutcome& outcome) {
  if (request.readsStdin()) return;
  std::vector<CellStart> cells = file.cells;
  if (request.adds_noqa) {
    std::vector<FixEdit> edits = silencingEdits(file, outcome.diagnostics, request.added);
    outcome.original = file.text;
    outcome.fix_count = static_cast<uint32_t>(edits.size());
    std::string text = textAfter(file.text, edits);
    file.cells = movedCells(file, edits, text);
    file.setText(std::move(text));
  } else if (request.fixes || request.shows_diff) {
    fixText(input, file, request.choice, outcome);
  }
  if (outcome.fix_count == 0) return;
  Result<std::string> json = readFile(file.path);
  std::optional<std::string> changed = json.ok() ? notebookWith(json.value(), file) : std::nullopt;
  if (changed && request.shows_diff) outcome.diff = notebookDiff(json.value(), *changed, file.path);
  if (changed && (request.shows_diff || writeChanged(file, *changed, outcome))) return;
  file.cells = std::move(cells);
  file.setText(outcome.original);
  outcome.fix_count = 0;
  outcome.fixed.clear();
  lintText(input, outcome);
}

void applyRequest(const LintRequest& request, const lint::LintInput& input, SourceFile& file, FileOutcome& outcome) {
  bool is_stdin = request.readsStdin();
  if (!file.cells.empty()) return fixNotebook(request, input, file, outcome);
  bool asks = request.fixes || request.shows_diff || request.adds_noqa;
  std::optional<std::string> mark = asks && !is_stdin ? markOf(file.path) : std::optional<std::string>("");
  if (!mark) return;
  if (request.adds_noqa) {
    if (lint::isSettingsFile(file.path)) return;
    std::vector<FixEdit> edits = silencingEdits(file, outcome.diagnostics, request.added);
    outcome.fix_count = static_cast<uint32_t>(edits.size());
    std::string text = textAfter(file.text, edits);
    if (is_stdin) {
      outcome.changed = std::move(text);
    } else if (text != file.text) {
      writeChanged(file, *mark + text, outcome);
    }
    return;
  }
  if (!request.fixes && !request.shows_diff) return;
  fixText(input, file, request.choice, outcome);
  outcome.changed = file.text;
  bool is_written = request.shows_diff || is_stdin || file.text == outcome.original || writeChanged(file, *mark + file.text, outcome);
  if (is_written) return;
  file.setText(outcome.original);
  lintText(input, outcome);
}

FileOutcome lintOne(const LintRequest& request, const lint::LintInput& input, SourceFile& file) {
  FileOutcome outcome;
  LoadOutcome loaded = loadPython(request.readsStdin() ? "/dev/stdin" : file.path, file);
  if (!loaded.failure.empty()) {
    bool is_reported = config::isLintCodeSelected(input.options, "E902"_code);
    if (is_reported) {
      DiagnosticSink sink(input.id);
      sink.begin("E902"_rule, {0, 0}, {loaded.failure});
      outcome.diagnostics = sink.take();
    } else {
      outcome.failure = "can't read file '" + file.path + "': " + loaded.failure;
    }
    return outcome;
  }
  if (loaded.error) {
    DiagnosticSink sink(input.id);
    sink.begin(Rule::kLintSyntaxError, loaded.error->range, {loaded.error->message});
    outcome.diagnostics = sink.take();
    return outcome;
  }
  outcome.is_read = true;
  lintText(input, outcome);
  return outcome;
}

}  // namespace krait::cli
