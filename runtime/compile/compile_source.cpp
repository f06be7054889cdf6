#include "runtime/compile/compile_source.h"

#include <algorithm>

#include "analyzer/base/task_pool.h"
#include "analyzer/semantic/binder.h"
#include "analyzer/semantic/compile_errors/compile_errors.h"
#include "analyzer/semantic/compile_warnings.h"
#include "analyzer/semantic/symtable.h"
#include "analyzer/syntax/parser.h"
#include "runtime/compile/input_mode.h"
#include "runtime/compile/materialize.h"
#include "runtime/compile/tree_positions.h"
#include "runtime/compile/tree_options.h"
#include "runtime/object/bytes.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/exception.h"
#include "runtime/object/import.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::compile {

using codegen::CompileMode;
using namespace krait::object;

// Longer text may nest deeper than the thread's own stack allows; see syntax::kMaxDepth.
static constexpr size_t kShallowBytes = 2000;

namespace {
struct FrontEnd {
  Interner names;
  std::optional<syntax::SyntaxError> error;
  bool is_grammars = false;  // the error was found by the parser
  std::vector<semantic::CompileWarning> warnings;
  codegen::CompileResult result;
};
}  // namespace

// `has_text`: somebody wrote the text; it is not a tree's.
static void runFrontEnd(FrontEnd& f, std::string_view text, const codegen::CompileOptions& options, bool has_text, int64_t most_digits) {
  syntax::ParsedModule module = syntax::parseModule(text, f.names);
  f.error = findModeError(module, text, options.mode);
  if (!f.error && has_text) f.error = findLongNumber(module.ast, text, most_digits);
  f.is_grammars = f.error.has_value();
  if (f.error && has_text) {  // what stands before the error was read
    f.warnings = semantic::findParseWarnings(module.ast);
    std::erase_if(f.warnings, [&](const semantic::CompileWarning& w) {
      bool is_escape = w.message.find("escape sequence") != std::string::npos;
      return !is_escape || w.range.end > f.error->range.begin;
    });
  }
  if (!f.error) f.error = semantic::findCompileError(module.ast, f.names, options.awaits_at_top ? semantic::TopLevel::kNotebook : semantic::TopLevel::kModule);
  if (f.error) return;
  if (has_text) f.warnings = semantic::findParseWarnings(module.ast);
  for (semantic::CompileWarning& warning : semantic::findCompileWarnings(module.ast)) f.warnings.push_back(std::move(warning));
  semantic::SemanticModel model = semantic::bind(module.ast, f.names);
  f.result = codegen::compileModule(model, f.names, options);
  if (!f.result.unit && !f.result.error.is_recursion) f.error = errorAt(text, f.result.error.range, f.result.error.message);
}

static Type* classOf(Thread& t, syntax::SyntaxErrorClass error_class) {
  switch (error_class) {
    case syntax::SyntaxErrorClass::kIndentationError: return errors(t).indentation_error;
    case syntax::SyntaxErrorClass::kTabError: return errors(t).tab_error;
    case syntax::SyntaxErrorClass::kMemoryError: return errors(t).memory_error;
    case syntax::SyntaxErrorClass::kOverflowError: return errors(t).overflow_error;
    default: return errors(t).syntax_error;
  }
}

// The text of the error's line, with its line end.
static std::string_view sourceLine(std::string_view text, int32_t line) {
  size_t begin = 0;
  for (int32_t i = 1; i < line && begin < text.size(); ++i) {
    size_t newline = text.find('\n', begin);
    if (newline == std::string_view::npos) return std::string_view();
    begin = newline + 1;
  }
  size_t end = text.find('\n', begin);
  return text.substr(begin, end == std::string_view::npos ? end : end + 1 - begin);
}

// Only a file's last line gets the end that it lacks.
static ErrorStage parsingStage(CompileMode mode) { return mode == CompileMode::kExec ? ErrorStage::kParsing : ErrorStage::kParsingInput; }

static std::string lineOfFile(std::FILE* file, int32_t wanted) {
  std::string line;
  int32_t at = 1;
  for (int c; at <= wanted && (c = std::fgetc(file)) != EOF;) {
    if (at == wanted) line += static_cast<char>(c);
    at += c == '\n';
  }
  return line;
}

// The line as the parser's errors show it (with the line end that the text may lack), or, for errors found later, as the file of
// that name has it. ref: _PyPegen_raise_error_known_location, _PyErr_ProgramDecodedTextObject.
static Ref shownLine_py(Thread& t, const syntax::SyntaxError& error, std::string_view text, Str* filename, ErrorStage stage) {
  std::string line(sourceLine(text, error.line));
  if (stage == ErrorStage::kLater) {
    std::FILE* file = std::fopen(toUtf8(filename).c_str(), "rb");
    if (file == nullptr) return Ref::none();
    if (text.empty()) line = lineOfFile(file, error.line);
    std::fclose(file);
  } else if (error.is_lexical) {  // ref: _syntaxerror_range of Parser/tokenizer/helpers.c
    while (line.ends_with("\n") || line.ends_with("\r")) line.pop_back();
  } else if (stage == ErrorStage::kParsing && !line.empty() && line.back() != '\n') {
    line += '\n';
  }
  Ref bytes = newBytes(t, line), coding = newStr(t, "utf-8"), handler = newStr(t, "replace");
  return callMethod_py(t, bytes.get(), intern(*t.isolate, "decode"), coding.get(), handler.get());
}
RaisedTag raiseSyntaxError(Thread& t, const syntax::SyntaxError& error, std::string_view text, Str* filename, ErrorStage stage) {
  Type* type = classOf(t, error.error_class);
  if (!isSubtype(type, errors(t).syntax_error)) return raise(t, type, "%s", error.message.c_str());
  Ref message = newStr(t, error.message);
  if (error.column < 0) {  // no line is known
    Ref place = tupleOf(t, {filename, Value::fromInt(0), Value::fromInt(-1), Value::none()});
    Value args[2] = {message.get(), place.get()};
    Ref exception = TRY(newException_py(t, type, args, 2));
    return raiseException(t, exception.get());
  }
  Ref line = TRY(shownLine_py(t, error, text, filename, stage));
  Ref place = tupleOf(t, {filename, Value::fromInt(error.line), Value::fromInt(error.column), line.get(), Value::fromInt(error.end_line),
                          Value::fromInt(error.end_column)});
  Value args[2] = {message.get(), place.get()};
  Ref exception = TRY(newException_py(t, type, args, 2));
  return raiseException(t, exception.get());
}

// Tells a warning through the `warnings` module; where that makes it an error it is a SyntaxError. ref: _PyErr_EmitSyntaxWarning
static Status tellWarning_py(Thread& t, const semantic::CompileWarning& warning, std::string_view text, Str* filename) {
  Ref module = TRY(importByName_py(t, "warnings")), tell = TRY(getAttrNamed_py(t, module.get(), "warn_explicit")), message = newStr(t, warning.message);
  Value args[4] = {message.get(), errors(t).syntax_warning, filename, Value::fromInt(warning.line)};
  Ref told = call_py(t, tell.get(), args, 4);
  if (told) return kDone;
  if (!pendingMatches(t, errors(t).syntax_warning)) return kRaised;
  clearException(t);
  return raiseSyntaxError(t, errorAt(text, warning.range, warning.error_message.empty() ? warning.message : warning.error_message), text, filename);
}
static Status tellWarnings_py(Thread& t, const std::vector<semantic::CompileWarning>& warnings, std::string_view text, Str* filename) {
  for (const semantic::CompileWarning& warning : warnings) TRY(tellWarning_py(t, warning, text, filename));
  return kDone;
}

static void dropColumns(bytecode::CodeUnit& unit) {
  for (bytecode::UnitPosition& p : unit.positions) {
    p.end_line = p.line;
    p.column = p.end_column = 0xFFFF;
  }
  for (auto& child : unit.children) dropColumns(*child);
}
// Source text with each of its line ends as one \n, which is what Python reads. ref: translate_newlines.
class SourceLines {
 public:
  explicit SourceLines(std::string_view text) : text_(text) {
    if (text.find('\r') == std::string_view::npos) return;
    for (size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '\r') plain_ += text[i];
      else if (i + 1 == text.size() || text[i + 1] != '\n') plain_ += '\n';
    }
    text_ = plain_;
  }
  SourceLines(const SourceLines&) = delete;
  std::string_view text() const { return text_; }

 private:
  std::string plain_;
  std::string_view text_;
};

Ref compileText_py(Thread& t, std::string_view utf8, Str* filename, const codegen::CompileOptions& options) {
  if (utf8.find('\0') != std::string_view::npos) return raise(t, errors(t).syntax_error, "source code string cannot contain null bytes");
  SourceLines lines(utf8);
  utf8 = lines.text();
  FrontEnd f;
  if (utf8.size() <= kShallowBytes) {
    runFrontEnd(f, utf8, options, true, t.isolate->int_max_str_digits);
  } else {
    runOnDeepStack([&] { runFrontEnd(f, utf8, options, true, t.isolate->int_max_str_digits); });
  }
  if (f.error && f.is_grammars) TRY(tellWarnings_py(t, f.warnings, utf8, filename));
  if (f.error) return raiseSyntaxError(t, *f.error, utf8, filename, f.is_grammars ? parsingStage(options.mode) : ErrorStage::kLater);
  TRY(tellWarnings_py(t, f.warnings, utf8, filename));
  if (!f.result.unit) return raise(t, errors(t).recursion_error, "%s", f.result.error.message.c_str());
  if (!options.keeps_columns) dropColumns(*f.result.unit);
  return materialize(t, *f.result.unit, filename);
}

Ref parseText_py(Thread& t, std::string_view utf8, Str* filename, AstRoot root, Dict* classes, const ParseOptions& options) {
  if (utf8.find('\0') != std::string_view::npos) return raise(t, errors(t).syntax_error, "source code string cannot contain null bytes");
  SourceLines lines(utf8);
  utf8 = lines.text();
  FunctionType signature;
  if (root == AstRoot::kFunctionType) {
    signature = readFunctionType(utf8);
    utf8 = signature.text;
  }
  Interner names;
  std::optional<syntax::ParsedModule> module;
  std::vector<semantic::CompileWarning> warnings;
  auto parse = [&] {
    module.emplace(syntax::parseModule(utf8, names));
    if (options.tells && !module->error) warnings = semantic::findParseWarnings(module->ast);
  };
  if (utf8.size() <= kShallowBytes) parse();
  else runOnDeepStack(parse);
  CompileMode mode = root == AstRoot::kModule ? CompileMode::kExec : root == AstRoot::kInteractive ? CompileMode::kSingle : CompileMode::kEval;
  std::optional<syntax::SyntaxError> error = signature.error ? signature.error : findModeError(*module, utf8, mode);
  if (!error) error = findLongNumber(module->ast, utf8, t.isolate->int_max_str_digits);
  if (!error && options.feature_version >= 0) error = findNewerSyntax(module->ast, options.feature_version);
  TypeComments comments;
  if (!error && options.type_comments) {
    comments = findTypeComments(module->ast);
    error = comments.error;
  }
  if (error) return raiseSyntaxError(t, *error, utf8, filename, parsingStage(mode));
  TRY(tellWarnings_py(t, warnings, utf8, filename));
  return astToPython_py(t, module->ast, classes, root, options.type_comments ? &comments : nullptr, signature.arguments);
}

// --- the symbol table
static Ref blockToPython(Thread& t, const semantic::SymtableBlock& block) {
  TRY(checkRecursion(t, " during compilation"));
  Ref name = newStr(t, block.name), symbols = newDict(t), parameters = newList(t), children = newList(t);
  for (const auto& [symbol, flags] : block.symbols) dictSetStr(symbols.as<Dict>(), intern(*t.isolate, symbol), Value::fromInt(flags));
  for (const std::string& p : block.parameters) listAppendSteal(parameters.as<List>(), newStr(t, p).release());
  for (const semantic::SymtableBlock& child : block.children) listAppendSteal(children.as<List>(), TRY(blockToPython(t, child)).release());
  return tupleOf(t, {Value::fromInt(block.type), name.get(), Value::fromInt(block.is_nested), Value::fromInt(block.line), symbols.get(), parameters.get(), children.get()});
}
Ref symtableOfText_py(Thread& t, std::string_view utf8, Str* filename, CompileMode mode) {
  if (utf8.find('\0') != std::string_view::npos) return raise(t, errors(t).syntax_error, "source code string cannot contain null bytes");
  SourceLines lines(utf8);
  utf8 = lines.text();
  Interner names;
  std::optional<syntax::SyntaxError> error;
  bool is_parsers = false;
  semantic::SymtableBlock top;
  runOnDeepStack([&] {
    syntax::ParsedModule module = syntax::parseModule(utf8, names);
    error = findModeError(module, utf8, mode);
    is_parsers = error.has_value();
    if (!error) error = semantic::findCompileError(module.ast, names);
    if (!error) top = semantic::symtableOf(semantic::bind(module.ast, names));
  });
  if (error) return raiseSyntaxError(t, *error, utf8, filename, is_parsers ? parsingStage(mode) : ErrorStage::kParsing);
  return blockToPython(t, top);
}

// --- a tree that was unparsed
// Gives names that stand for others theirs back.
static void renameAll(bytecode::CodeUnit& unit, std::span<const Renamed> renamed) {
  auto fix = [&](std::string_view& name) {
    for (const Renamed& r : renamed) {
      if (name == r.from && r.to->is_ascii) name = r.to->ascii();
    }
  };
  for (auto* names : {&unit.cache_names, &unit.local_names, &unit.cell_names, &unit.free_names}) {
    for (std::string_view& name : *names) fix(name);
  }
  for (bytecode::Constant& c : unit.constants) {
    std::string_view text = c.text;
    if (c.kind == bytecode::ConstantKind::kStr) fix(text), c.text = std::string(text);
    for (bytecode::Constant& item : c.items) {
      text = item.text;
      if (item.kind == bytecode::ConstantKind::kStr) fix(text), item.text = std::string(text);
    }
  }
  for (auto& child : unit.children) renameAll(*child, renamed);
}
Ref compileTree_py(Thread& t, Value tree, std::string_view text, Str* filename, const codegen::CompileOptions& options, Dict* classes, std::span<const Renamed> renamed) {
  AstRoot root = options.mode == CompileMode::kExec ? AstRoot::kModule : options.mode == CompileMode::kEval ? AstRoot::kExpression : AstRoot::kInteractive;
  Ref copy = TRY(parseText_py(t, text, filename, root, classes, {.tells = false}));
  TreePositions positions(static_cast<size_t>(std::count(text.begin(), text.end(), '\n')));
  TRY(positions.read_py(t, tree, copy.get()));
  positions.fillLines();
  FrontEnd f;
  runOnDeepStack([&] { runFrontEnd(f, text, options, false, 0); });
  if (f.error) {
    positions.move(*f.error);
    return raiseSyntaxError(t, *f.error, "", filename, ErrorStage::kLater);
  }
  if (!f.result.unit) return raise(t, errors(t).recursion_error, "%s", f.result.error.message.c_str());
  for (semantic::CompileWarning& warning : f.warnings) warning.line = static_cast<int32_t>(positions.line(static_cast<uint32_t>(warning.line)));
  TRY(tellWarnings_py(t, f.warnings, text, filename));
  positions.move(*f.result.unit);
  if (!renamed.empty()) renameAll(*f.result.unit, renamed);
  return materialize(t, *f.result.unit, filename);
}

}  // namespace krait::compile
