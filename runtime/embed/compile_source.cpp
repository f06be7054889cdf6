// Source text to a code object: decoding, the exact syntax check, binding and compiling.
#include <memory>

#include "analyzer/semantic/binder.h"
#include "analyzer/semantic/compile_errors/compile_errors.h"
#include "analyzer/syntax/parser.h"
#include "analyzer/syntax/source_text.h"
#include "analyzer/syntax/syntax_errors.h"
#include "runtime/compile/compiler.h"
#include "runtime/embed/hooks.h"
#include "runtime/object/bytes.h"
#include "runtime/object/error.h"
#include "runtime/object/exception.h"
#include "runtime/object/protocol.h"

namespace krait::embed {

using namespace krait::object;

static RaisedTag raiseSyntaxError(Thread& t, Type* type, const std::string& message, const std::string& filename, std::string_view text, uint32_t line, uint32_t column,
                                  uint32_t end_line, uint32_t end_column) {
  LineIndex lines(text);
  std::string shown = line >= 1 && line <= lines.lineCount() ? std::string(lines.lineText(line - 1)) : "";
  Ref file = newStr(t, filename), source_line = newStr(t, shown), msg = newStr(t, message);
  Ref details = tupleOf(t, {file.get(), Value::fromInt(line), Value::fromInt(column), source_line.get(), Value::fromInt(end_line), Value::fromInt(end_column)});
  Value args[2] = {msg.get(), details.get()};
  Ref e = newException_py(t, type, args, 2);
  if (!e) return kRaised;
  return raiseException(t, e.get());
}

static RaisedTag raiseFound(Thread& t, const syntax::SyntaxError& found, const std::string& filename, std::string_view text) {
  Errors& e = errors(t);
  Type* type = found.error_class == syntax::SyntaxErrorClass::kTabError           ? e.tab_error
               : found.error_class == syntax::SyntaxErrorClass::kIndentationError ? e.indentation_error
                                                                                  : e.syntax_error;
  return raiseSyntaxError(t, type, found.message, filename, text, static_cast<uint32_t>(found.line), static_cast<uint32_t>(found.column),
                          static_cast<uint32_t>(found.end_line), static_cast<uint32_t>(found.end_column));
}

Ref compileText(Thread& t, const std::string& text, const std::string& filename, const std::string& mode, uint32_t flags) {
  Interner names;
  syntax::ParsedModule module = syntax::parseModule(text, names);
  if (module.error) return raiseFound(t, *module.error, filename, text);
  if (mode == "eval") {
    syntax::NodeList body = module.ast.as<syntax::Module>(module.ast.root()).body();
    if (body.size() != 1 || !module.ast.is(body[0], syntax::NodeKind::kExprStmt)) {
      return raiseSyntaxError(t, errors(t).syntax_error, "invalid syntax", filename, text, 1, 1, 1, 1);
    }
  }
  semantic::SemanticModel model = semantic::bind(module.ast, names);
  if (auto found = semantic::findCompileError(module.ast, names)) return raiseFound(t, *found, filename, text);
  Ref file = newStr(t, filename);
  compile::Compiler compiler(t, module.ast, model, file.as<Str>(), flags);
  using Mode = compile::Compiler::Mode;
  Ref code = compiler.compile(mode == "eval" ? Mode::kEval : mode == "single" ? Mode::kSingle : Mode::kExec);
  if (code || isPending(t)) return code;
  LineIndex lines(text);
  LineColumn at = lines.locate(compiler.errorRange().begin, ColumnUnit::kUtf32);
  return raiseSyntaxError(t, errors(t).syntax_error, compiler.error(), filename, text, at.line + 1, at.column + 1, at.line + 1, at.column + 1);
}

Ref compileHook(Thread& t, Value source, Value filename, const std::string& mode, int flags, bool dont_inherit) {
  (void)flags;
  if (mode != "exec" && mode != "eval" && mode != "single") return raiseValueError(t, "compile() mode must be 'exec', 'eval' or 'single'");
  std::string text;
  if (isStr(source)) {
    text = toUtf8(source.as<Str>());
  } else if (isBytes(source) || isByteArray(source)) {
    text = isBytes(source) ? std::string(source.as<Bytes>()->view()) : std::string(source.as<ByteArray>()->view());
  } else {
    return raiseTypeError(t, "compile() arg 1 must be a string, bytes or AST object");
  }
  if (text.find('\0') != std::string::npos) return raise(t, errors(t).syntax_error, "source code string cannot contain null bytes");
  std::string name = isStr(filename) ? toUtf8(filename.as<Str>()) : isBytes(filename) ? std::string(filename.as<Bytes>()->view()) : "<string>";
  uint32_t inherited = !dont_inherit && t.frame != nullptr ? t.frame->code->flags & kCodeFutureAnnotations : 0;
  return compileText(t, text, name, mode, inherited);
}

}  // namespace krait::embed
