// The hook behind compile(): decodes the source, asks the compiler for its code.
#include "runtime/compile/compile_source.h"

#include "analyzer/syntax/source_text.h"
#include "runtime/embed/hooks.h"
#include "runtime/object/bytes.h"
#include "runtime/object/error.h"
#include "runtime/object/frame.h"
#include "runtime/object/str.h"

namespace krait::embed {

using namespace krait::object;

Ref compileText(Thread& t, const std::string& text, const std::string& filename, const std::string& mode, uint32_t flags) {
  codegen::CompileOptions options;
  options.mode = mode == "eval"     ? codegen::CompileMode::kEval
                 : mode == "single" ? codegen::CompileMode::kSingle
                                    : codegen::CompileMode::kExec;
  options.future_annotations = flags & kCodeFutureAnnotations;
  Ref file = newStr(t, filename);
  return compile::compileText_py(t, text, file.as<Str>(), options);
}

Ref compileHook(Thread& t, Value source, Value filename, const std::string& mode, int flags, bool dont_inherit) {
  if (mode != "exec" && mode != "eval" && mode != "single") return raiseValueError(t, "compile() mode must be 'exec', 'eval' or 'single'");
  std::string text;
  if (isStr(source)) {
    text = toUtf8(source.as<Str>());
  } else if (isBytes(source) || isByteArray(source)) {
    text = isBytes(source) ? std::string(source.as<Bytes>()->view()) : std::string(source.as<ByteArray>()->view());
    text = std::string(syntax::decodeSource(text).text);
  } else {
    return raiseTypeError(t, "compile() arg 1 must be a string, bytes or AST object");
  }
  std::string name = isStr(filename) ? toUtf8(filename.as<Str>()) : isBytes(filename) ? std::string(filename.as<Bytes>()->view()) : "<string>";
  uint32_t inherited = !dont_inherit && t.frame != nullptr ? t.frame->code->flags & kCodeFutureAnnotations : 0;
  return compileText(t, text, name, mode, inherited | (static_cast<uint32_t>(flags) & kCodeFutureAnnotations));
}

}  // namespace krait::embed
