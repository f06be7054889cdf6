// The hook behind compile(): decodes the source, asks the compiler for its code.
#include "runtime/compile/compile_source.h"

#include <algorithm>


#include "analyzer/syntax/source_text.h"
#include "runtime/embed/hooks.h"
#include "runtime/modules/ast_grammar.h"
#include "runtime/modules/python_config.h"
#include "runtime/object/buffer.h"
#include "runtime/object/bytes.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/exception.h"
#include "runtime/object/frame.h"
#include "runtime/object/import.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::embed {

using namespace krait::object;

// ref: PyCF_* of cpython/compile.h, and codeop's flags: an interactive statement's last line stands alone, and what only lacks its
// rest is told apart.
static constexpr int kOnlyAst = 0x400, kDontImplyDedent = 0x200, kTypeComments = 0x1000, kTopLevelAwait = 0x2000, kAllowIncomplete = 0x4000, kOptimizedAst = 0x8000 | kOnlyAst;
static constexpr int kFutureFlags = 0x1fe0010;  // of __future__'s features, and CO_NESTED

static codegen::CompileOptions optionsFor(const std::string& mode, int flags, int optimize) {
  codegen::CompileOptions options;
  options.mode = mode == "eval"     ? codegen::CompileMode::kEval
                 : mode == "single" ? codegen::CompileMode::kSingle
                                    : codegen::CompileMode::kExec;
  options.future_annotations = static_cast<uint32_t>(flags) & kCodeFutureAnnotations;
  options.awaits_at_top = flags & kTopLevelAwait;
  options.keeps_columns = modules::python_config.debug_ranges;
  options.optimize = optimize < 0 ? modules::python_config.optimize : optimize;
  return options;
}
static Ref compileText(Thread& t, const std::string& text, const std::string& filename, codegen::CompileOptions options) {
  // The program's own code, not the library's.
  bool is_library = filename.starts_with(modules::python_config.library + "/") || filename.starts_with("<frozen");
  options.checks_annotations = modules::python_config.contracts && !is_library;
  options.observes_values = !modules::python_config.observations.empty() && !is_library;
  Ref file = newStr(t, filename);
  return compile::compileText_py(t, text, file.as<Str>(), options);
}

static bool isTree(Thread& t, Value v) {
  Value native = dictGetStr(t.isolate->modules, intern(*t.isolate, "_ast"));
  if (native.isUndefined() || !v.isHeap() || !isExact(native, TypeId::kModule)) return false;
  Value root = dictGetStr(native.as<Module>()->dict, intern(*t.isolate, "AST"));
  return isType(root) && isInstanceOf(t, v, root.as<Type>());
}

// Trees may hold names that no text could say (pytest's `@py_assert1`): while the tree is unparsed they stand under others.
struct HiddenName {
  Ref node, original;
  Str* field;  // null: `node` is a list, and the item at `index` is hidden
  std::string stand_in;
  int64_t index = 0;
};
// An f-string may hold any expression as it is: for the text it becomes a `{replacement}`.
static Status hideParts_py(Thread& t, Value values, std::vector<HiddenName>& hidden) {
  Value native = dictGetStr(t.isolate->modules, intern(*t.isolate, "_ast"));
  auto classNamed = [&](const char* name) { return dictGetStr(native.as<Module>()->dict, intern(*t.isolate, name)); };
  Value plain = classNamed("Constant"), formatted = classNamed("FormattedValue");
  for (int64_t i = 0; isList(values) && i < values.as<List>()->size; ++i) {
    Ref part = Ref::of(values.as<List>()->items[i]);
    if (isInstanceOf(t, part.get(), plain.as<Type>()) || isInstanceOf(t, part.get(), formatted.as<Type>())) continue;
    Ref wrapped = TRY(callArgs_py(t, formatted, part.get(), Value::fromInt(-1), Value::none()));
    TRY(setItem_py(t, values, Value::fromInt(i), wrapped.get()));
    hidden.push_back({Ref::of(values), std::move(part), nullptr, "", i});
  }
  return kDone;
}
static bool isSpoken(const Str* name, bool is_path) {
  for (int64_t i = 0; i < name->length; ++i) {
    char32_t c = name->at(i);
    bool ok = c >= 128 || c == '_' || (is_path && (c == '.' || c == '*')) || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
    if (!ok) return false;
  }
  return true;
}
static Status hideNames_py(Thread& t, Value node, std::vector<HiddenName>& hidden) {
  TRY(checkRecursion(t, " during compilation"));
  if (isList(node)) {
    for (int64_t i = 0; i < node.as<List>()->size; ++i) TRY(hideNames_py(t, node.as<List>()->items[i], hidden));
    return kDone;
  }
  if (!isTree(t, node)) return kDone;
  Value fields = typeLookup(typeOf(t, node), intern(*t.isolate, "_fields"));
  bool is_alias = strEquals(typeOf(t, node)->name, "alias");
  bool is_joined = strEquals(typeOf(t, node)->name, "JoinedStr");
  for (int64_t i = 0; isTuple(fields) && i < fields.as<Tuple>()->size; ++i) {
    Str* name = fields.as<Tuple>()->items()[i].as<Str>();
    Ref value = findAttr_py(t, node, name);
    if (!value) {
      clearException(t);
      continue;
    }
    if (is_joined) TRY(hideParts_py(t, value.get(), hidden));
    static constexpr std::string_view kNames[] = {"id", "attr", "name", "asname", "arg", "rest"};
    bool is_name = std::find(std::begin(kNames), std::end(kNames), toUtf8(name)) != std::end(kNames);
    if (!is_name || !isStr(value.get()) || isSpoken(value.as<Str>(), is_alias)) {
      TRY(hideNames_py(t, value.get(), hidden));
      continue;
    }
    std::string stand_in;
    for (const HiddenName& h : hidden) {
      if (h.field != nullptr && strEqual(h.original.as<Str>(), value.as<Str>())) stand_in = h.stand_in;
    }
    if (stand_in.empty()) stand_in = format("_unspoken_%zu_", hidden.size());
    Ref text = newStr(t, stand_in);
    TRY(setAttr_py(t, node, name, text.get()));
    hidden.push_back({Ref::of(node), std::move(value), name, stand_in});
  }
  return kDone;
}
// The tree as PyCF_OPTIMIZED_AST asks for it. ref: Python/ast_preprocess.c.
static Ref optimized_py(Thread& t, Ref tree, int flags, int level) {
  if (!tree || (flags & kOptimizedAst) != kOptimizedAst) return tree;
  Ref optimizer = TRY(importAttr_py(t, "_ast_optimizer", "optimize"));
  return callArgs_py(t, optimizer.get(), tree.get(), Value::fromInt(level));
}
// An instance of _ast.AST is compiled by way of its text.
static Ref compileTree(Thread& t, Value tree, const std::string& filename, const std::string& mode, int flags, const codegen::CompileOptions& options) {
  Ref ast = TRY(importByName_py(t, "ast")), native = TRY(importByName_py(t, "_ast")), unparse = TRY(getAttrNamed_py(t, ast.get(), "unparse"));
  static constexpr struct { const char *mode, *root; } kRoots[] = {{"exec", "Module"}, {"eval", "Expression"}, {"single", "Interactive"}};
  for (auto& r : kRoots) {
    Value wanted = dictGetStr(native.as<Module>()->dict, intern(*t.isolate, r.root));
    if (mode == r.mode && !isInstanceOf(t, tree, wanted.as<Type>())) return raiseTypeError(t, "expected %s node, got %s", r.root, typeNameOf(t, tree));
  }
  if (flags & kOnlyAst) return optimized_py(t, Ref::of(tree), flags, options.optimize);
  TRY(modules::checkTree_py(t, tree, mode == "exec" ? "Module" : mode == "eval" ? "Expression" : "Interactive", native.as<Module>()->dict));
  std::vector<HiddenName> hidden;
  Status hiding = hideNames_py(t, tree, hidden);
  Ref text = hiding.failed ? Ref() : callArgs_py(t, unparse.get(), tree), file = newStr(t, filename);
  std::vector<compile::Renamed> renamed;
  for (const HiddenName& h : hidden) {
    Ref pending = isPending(t) ? takeException(t) : Ref();
    Status restored = h.field != nullptr ? setAttr_py(t, h.node.get(), h.field, h.original.get()) : setItem_py(t, h.node.get(), Value::fromInt(h.index), h.original.get());
    if (restored.failed) clearException(t);
    if (pending) restoreException(t, std::move(pending));
    if (h.field != nullptr) renamed.push_back({h.stand_in, internStr(*t.isolate, h.original.as<Str>())});
  }
  if (!text) return kRaised;
  std::string utf8 = toUtf8(text.as<Str>()) + "\n";
  return compile::compileTree_py(t, tree, utf8, file.as<Str>(), options, native.as<Module>()->dict, renamed);
}
static Ref parseTree(Thread& t, const std::string& text, const std::string& filename, const std::string& mode, const compile::ParseOptions& options) {
  Ref native = TRY(importByName_py(t, "_ast")), file = newStr(t, filename);
  compile::AstRoot root = mode == "eval" ? compile::AstRoot::kExpression : mode == "single" ? compile::AstRoot::kInteractive
                           : mode == "func_type" ? compile::AstRoot::kFunctionType : compile::AstRoot::kModule;
  return compile::parseText_py(t, text, file.as<Str>(), root, native.as<Module>()->dict, options);
}

// Whether the pending SyntaxError is about the end of the text, so that more of it could make it right.
static bool isAboutEnd(Thread& t, const std::string& text) {
  BaseException* e = t.pending.as<BaseException>();
  std::string message = isStr(e->extra[kSyntaxMsg]) ? toUtf8(e->extra[kSyntaxMsg].as<Str>()) : "";
  std::string_view body = text;
  while (!body.empty() && (body.back() == '\n' || body.back() == ' ')) body.remove_suffix(1);
  int64_t lines = 1;
  for (char c : body) lines += c == '\n';
  if (body.empty()) return true;
  if (message == "invalid syntax" && e->extra[kSyntaxOffset] == Value::fromInt(0)) return true;  // at the end marker
  int64_t line = e->extra[kSyntaxLineno].isInt() ? e->extra[kSyntaxLineno].asInt() : 0;
  if (message.starts_with("expected an indented block")) return e->extra[kSyntaxEndOffset] == Value::fromInt(-1);  // no token stands there
  if (message.find("was never closed") != std::string::npos || message.find("unterminated triple-quoted") != std::string::npos) return true;
  if (body.ends_with("\\")) return text.ends_with("\\\n") || text.ends_with("\\");  // an empty line behind it goes on with nothing
  return message.find("unexpected EOF") != std::string::npos || line > lines || message.starts_with("expected 'except' or 'finally'");
}
static Ref checkIncomplete(Thread& t, const std::string& text, const std::string& mode, int flags, Ref code) {
  if (!(flags & kAllowIncomplete)) return code;
  size_t last = text.rfind('\n');
  bool is_open_body = code && mode == "single" && (flags & kDontImplyDedent) && last != std::string::npos && last + 1 < text.size() && (text[last + 1] == ' ' || text[last + 1] == '\t');
  if (!is_open_body && (code || !pendingMatches(t, errors(t).syntax_error) || !isAboutEnd(t, text))) return code;
  clearException(t);
  return raise(t, errors(t).incomplete_input_error, "incomplete input");
}

// UTF-8, or UnicodeEncodeError for lone surrogates.
static Fallible<std::string> strictUtf8_py(Thread& t, Str* text) {
  bool has_surrogate = false;
  for (int64_t i = 0; text->kind > 1 && i < text->length && !has_surrogate; ++i) has_surrogate = text->at(i) >= 0xD800 && text->at(i) < 0xE000;
  if (has_surrogate) TRY(callMethod_py(t, Value(text), intern(*t.isolate, "encode")));
  return toUtf8(text);
}
// The text of a source that is a str or bytes-like. False: it is neither.
static Fallible<bool> sourceText_py(Thread& t, Value source, Value filename, std::string& text) {
  if (isStr(source)) {
    text = TRY(strictUtf8_py(t, source.as<Str>()));
    return true;
  }
  if (!isBytesLike(source)) return false;
  Buffer bytes;
  TRY(bytes.acquire(t, source));
  std::string_view view = bytes.view();
  if (view.find('\0') != std::string_view::npos) return raise(t, errors(t).syntax_error, "source code string cannot contain null bytes");
  syntax::SourceText decoded = syntax::decodeSource(view);
  if (decoded.error) {
    Ref file = isStr(filename) ? Ref::of(filename) : newStr(t, isBytes(filename) ? filename.as<Bytes>()->view() : "<string>");
    return compile::raiseSyntaxError(t, *decoded.error, view, file.as<Str>());
  }
  text = std::string(decoded.text);
  return true;
}
Ref symtableHook(Thread& t, Value source, Value filename, const std::string& mode) {
  std::string text;
  if (!TRY(sourceText_py(t, source, filename, text))) return raiseTypeError(t, "symtable() arg 1 must be a string or bytes object");
  codegen::CompileMode m = mode == "eval" ? codegen::CompileMode::kEval : mode == "single" ? codegen::CompileMode::kSingle : codegen::CompileMode::kExec;
  return compile::symtableOfText_py(t, text, filename.as<Str>(), m);
}

Ref compileHook(Thread& t, Value source, Value filename, const std::string& mode, int flags, bool dont_inherit, int optimize, int feature_version) {
  constexpr int kKnown = kFutureFlags | kOnlyAst | kDontImplyDedent | kTypeComments | kTopLevelAwait | kAllowIncomplete | kOptimizedAst | 0x100;
  if (flags & ~kKnown) return raiseValueError(t, "compile(): unrecognised flags");
  if (optimize < -1 || optimize > 2) return raiseValueError(t, "compile(): invalid optimize value");
  if (!dont_inherit && t.frame != nullptr) flags |= static_cast<int>(t.frame->code->flags & kCodeFutureAnnotations);
  if (mode == "func_type" && !(flags & kOnlyAst)) return raiseValueError(t, "compile() mode 'func_type' requires flag PyCF_ONLY_AST");
  if (mode != "exec" && mode != "eval" && mode != "single" && mode != "func_type") {
    return raiseValueError(t, flags & kOnlyAst ? "compile() mode must be 'exec', 'eval', 'single' or 'func_type'" : "compile() mode must be 'exec', 'eval' or 'single'");
  }
  std::string text;
  if (!TRY(sourceText_py(t, source, filename, text))) {
    if (!isTree(t, source)) return raiseTypeError(t, "compile() arg 1 must be a string, bytes or AST object");
    std::string file = isStr(filename) ? toUtf8(filename.as<Str>()) : "<string>";
    return compileTree(t, source, file, mode, flags, optionsFor(mode, flags, optimize));
  }
  std::string name = isStr(filename) ? toUtf8(filename.as<Str>()) : isBytes(filename) ? std::string(filename.as<Bytes>()->view()) : "<string>";
  if (flags & kOnlyAst) {
    Ref tree = parseTree(t, text, name, mode, {.type_comments = (flags & kTypeComments) != 0, .feature_version = feature_version});
    return optimized_py(t, std::move(tree), flags, optionsFor(mode, flags, optimize).optimize);
  }
  return checkIncomplete(t, text, mode, flags, compileText(t, text, name, optionsFor(mode, flags, optimize)));
}

}  // namespace krait::embed
