// Diagnostic: one finding with its place, notes and fix, as data. DiagnosticSink: where a stage puts the findings of
// one file. A sink belongs to one thread; sinks are merged in the order of files, so output never depends on timing.
//
//   sink.begin(Rule::kUndefinedName, range, {name}).note("did you mean \"x\"?");
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/id.h"
#include "analyzer/base/text.h"
#include "analyzer/diagnostics/rule.h"

namespace krait {

struct FileTag;
using FileId = Id<FileTag>;

// Said after its diagnostic. Without a range of its own it stands at the diagnostic's place.
struct Note {
  std::string message;
  std::optional<TextRange> range;
  FileId file;                // none: the diagnostic's file
  bool is_said_once = false;  // a hint that a whole report holds once at most
};

// One replacement of text. The edits of a fix do not overlap.
struct FixEdit {
  TextRange range;
  std::string replacement;
};

enum class FixSafety : uint8_t { kSafe, kUnsafe, kDisplayOnly };

struct Fix {
  std::string title;
  FixSafety safety = FixSafety::kSafe;
  std::vector<FixEdit> edits;
};

struct Diagnostic {
  Rule rule = Rule::kSyntaxError;
  Code code = Code::kNone;  // the rule's, unless the reporter chose another
  Severity severity = Severity::kError;
  bool is_blocker = false;       // nothing after it could be checked: exit code 2
  bool shows_note_code = false;  // a stand-alone note that prints its code
  FileId file;
  TextRange range;
  // The lines on which a suppression comment counts; the range's own lines when absent.
  std::optional<TextRange> origin;
  std::string message;
  // `In function "f":` and the like for --show-error-context; empty at module level.
  std::string context;
  std::vector<Note> notes;
  std::optional<Fix> fix;
};

// Adds to a diagnostic that is already in its sink. Use it in the expression that began it, and never keep it.
class DiagnosticBuilder {
 public:
  explicit DiagnosticBuilder(Diagnostic& diagnostic) : diagnostic_(diagnostic) {}
  DiagnosticBuilder& note(std::string message) {
    diagnostic_.notes.push_back({.message = std::move(message)});
    return *this;
  }
  DiagnosticBuilder& noteOnce(std::string message) {
    if (message.empty()) return *this;
    diagnostic_.notes.push_back(
        {.message = std::move(message), .range = std::nullopt, .file = {}, .is_said_once = true});
    return *this;
  }
  DiagnosticBuilder& noteAt(TextRange range, std::string message, FileId file = FileId::none()) {
    diagnostic_.notes.push_back({.message = std::move(message), .range = range, .file = file});
    return *this;
  }
  DiagnosticBuilder& origin(TextRange lines) {
    diagnostic_.origin = lines;
    return *this;
  }
  DiagnosticBuilder& code(Code code) {
    diagnostic_.code = code;
    return *this;
  }
  DiagnosticBuilder& context(std::string text) {
    diagnostic_.context = std::move(text);
    return *this;
  }
  DiagnosticBuilder& fix(std::string title, std::vector<FixEdit> edits, FixSafety safety = FixSafety::kSafe) {
    diagnostic_.fix = Fix{std::move(title), safety, std::move(edits)};
    return *this;
  }
  DiagnosticBuilder& blocker() {
    diagnostic_.is_blocker = true;
    return *this;
  }

 private:
  Diagnostic& diagnostic_;
};

class DiagnosticSink {
 public:
  explicit DiagnosticSink(FileId file) : file_(file) {}

  // Reports `rule` at `range` (bytes of the sink's file) with the arguments of its text.
  DiagnosticBuilder begin(Rule rule, TextRange range, std::initializer_list<std::string_view> arguments = {});

  FileId file() const { return file_; }
  const std::vector<Diagnostic>& all() const { return diagnostics_; }
  std::vector<Diagnostic> take() { return std::move(diagnostics_); }

 private:
  FileId file_;
  std::vector<Diagnostic> diagnostics_;
};

}  // namespace krait
