#include "runtime/compile/ast_to_python.h"

#include <utility>

#include "runtime/compile/tree_options.h"
#include "runtime/object/bytes.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/float.h"
#include "runtime/object/instance.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::compile {

using namespace krait::object;
using syntax::Ast;
using syntax::NodeId;
using syntax::NodeKind;
using syntax::NodeList;

namespace {

// Every method gives a new object, empty when one raised (only running out of recursion can).
class Converter {
 public:
  Converter(Thread& t, const Ast& ast, Dict* classes, const TypeComments* comments) : t_(t), ast_(ast), classes_(classes), comments_(comments), lines_(ast.text()) {}
  Ref root(AstRoot kind, size_t arguments);

 private:
  // A node under construction: fields are set in order, then take().
  struct Node {
    Converter& c;
    Ref object;
    Node& set(const char* name, Ref value) {
      if (value && object) instanceSet(c.t_, object.get().object(), intern(*c.t_.isolate, name), value.get());
      else object = Ref();
      return *this;
    }
    Ref take() { return std::move(object); }
  };
  Node make(const char* cls) {
    return {*this, newInstance(t_, dictGetStr(classes_, intern(*t_.isolate, cls)).as<Type>())};
  }
  Node make(const char* cls, NodeId at) { return make(cls, ast_.range(at)); }
  Node make(const char* cls, TextRange range) {
    Node node = make(cls);
    LineColumn begin = lines_.locate(range.begin), end = lines_.locate(range.end);
    node.set("lineno", newInt(t_, begin.line + 1)).set("col_offset", newInt(t_, begin.column));
    node.set("end_lineno", newInt(t_, end.line + 1)).set("end_col_offset", newInt(t_, end.column));
    return node;
  }
  Ref plain(const char* cls) { return make(cls).take(); }
  Ref text(std::string_view s) { return newStr(t_, s); }
  Ref name(NodeId id) { return id.valid() ? Ref::of(intern(*t_.isolate, syntax::nameText(ast_, id))) : Ref::none(); }
  Ref context(syntax::ExprContext context) {
    static constexpr const char* kNames[] = {"Load", "Store", "Del"};
    return plain(kNames[static_cast<int>(context)]);
  }
  Ref typeComment(NodeId id) {
    if (comments_ == nullptr) return Ref::none();
    auto found = comments_->of.find(id.value);
    return found == comments_->of.end() ? Ref::none() : text(ast_.text(found->second));
  }
  Ref typeIgnores();
  Ref optional(NodeId id) { return id.valid() ? convert(id) : Ref::none(); }
  template <class List, class Convert>
  Ref listOf(const List& ids, Convert&& one) {
    Ref list = newList(t_);
    for (NodeId id : ids) {
      Ref item = one(id);
      if (!item) return Ref();
      listAppendSteal(list.as<List_>(), item.release());
    }
    return list;
  }
  using List_ = object::List;
  Ref list(NodeList ids) {
    return listOf(ids, [&](NodeId id) { return optional(id); });
  }
  Ref names(NodeList ids) {
    return listOf(ids, [&](NodeId id) { return name(id); });
  }

  Ref convert(NodeId id);
  Ref statement(NodeId id);
  Ref compound(NodeId id);
  Ref definition(NodeId id);
  Ref expression(NodeId id);
  Ref display(NodeId id);
  Ref part(NodeId id);
  Ref pattern(NodeId id);
  Ref constant(NodeId id);
  Ref constantValue(syntax::ConstantKind kind, uint32_t payload);
  Ref parameters(NodeId id);
  Ref positional(NodeList args);
  Ref keywords(NodeList args);
  Ref compare(NodeId id);

  Thread& t_;
  const Ast& ast_;
  Dict* classes_;
  const TypeComments* comments_;  // null: not asked for
  LineIndex lines_;
  bool in_spec_ = false;  // within the format specification of a template's value
};

Ref Converter::root(AstRoot kind, size_t arguments) {
  NodeList body = syntax::bodyOf(ast_, ast_.root());
  if (kind == AstRoot::kFunctionType) {
    NodeList parts = ast_.as<syntax::Tuple>(ast_.child(body[0], 0)).elts();
    Ref types = arguments > 1 ? list(ast_.as<syntax::Tuple>(parts[0]).elts()) : newList(t_);
    if (arguments == 1) listAppendSteal(types.as<List_>(), convert(parts[0]).release());
    return make("FunctionType").set("argtypes", std::move(types)).set("returns", convert(parts[1])).take();
  }
  if (kind == AstRoot::kExpression) return make("Expression").set("body", convert(ast_.child(body[0], 0))).take();
  if (kind == AstRoot::kInteractive) return make("Interactive").set("body", list(body)).take();
  return make("Module").set("body", list(body)).set("type_ignores", typeIgnores()).take();
}

Ref Converter::typeIgnores() {
  Ref out = newList(t_);
  for (size_t i = 0; comments_ != nullptr && i < comments_->ignores.size(); ++i) {
    const TypeIgnore& ignore = comments_->ignores[i];
    listAppendSteal(out.as<List_>(), make("TypeIgnore").set("lineno", newInt(t_, ignore.line)).set("tag", text(ast_.text(ignore.tag))).take().release());
  }
  return out;
}

Ref Converter::convert(NodeId id) {
  if (checkRecursion(t_, " during ast construction").failed) return Ref();
  switch (syntax::categoryOf(ast_.kind(id))) {
    case syntax::NodeCategory::kStmt: return statement(id);
    case syntax::NodeCategory::kExpr: return expression(id);
    case syntax::NodeCategory::kPattern: return pattern(id);
    default: return part(id);
  }
}

static const char* operatorName(syntax::BinaryOp op) {
  static constexpr const char* kNames[] = {"Add", "Sub", "Mult", "MatMult", "Div", "Mod", "Pow", "LShift", "RShift", "BitOr", "BitXor", "BitAnd", "FloorDiv"};
  return kNames[static_cast<int>(op)];
}

Ref Converter::statement(NodeId id) {
  switch (ast_.kind(id)) {
    case NodeKind::kReturn: return make("Return", id).set("value", optional(ast_.child(id, 0))).take();
    case NodeKind::kDelete: return make("Delete", id).set("targets", list(ast_.list(id, 0))).take();
    case NodeKind::kAssign: {
      auto n = ast_.as<syntax::Assign>(id);
      return make("Assign", id).set("targets", list(n.targets())).set("value", convert(n.value())).set("type_comment", typeComment(id)).take();
    }
    case NodeKind::kTypeAlias: {
      auto n = ast_.as<syntax::TypeAlias>(id);
      Ref target = ast_.is(n.name(), NodeKind::kIdentifier)
                       ? make("Name", n.name()).set("id", name(n.name())).set("ctx", plain("Store")).take()
                       : convert(n.name());
      return make("TypeAlias", id).set("name", std::move(target)).set("type_params", list(n.typeParams())).set("value", convert(n.value())).take();
    }
    case NodeKind::kAugAssign: {
      auto n = ast_.as<syntax::AugAssign>(id);
      return make("AugAssign", id).set("target", convert(n.target())).set("op", plain(operatorName(n.op()))).set("value", convert(n.value())).take();
    }
    case NodeKind::kAnnAssign: {
      auto n = ast_.as<syntax::AnnAssign>(id);
      return make("AnnAssign", id).set("target", convert(n.target())).set("annotation", convert(n.annotation())).set("value", optional(n.value()))
          .set("simple", newIntSmall(n.isSimple())).take();
    }
    case NodeKind::kRaise: return make("Raise", id).set("exc", optional(ast_.child(id, 0))).set("cause", optional(ast_.child(id, 1))).take();
    case NodeKind::kAssert: return make("Assert", id).set("test", convert(ast_.child(id, 0))).set("msg", optional(ast_.child(id, 1))).take();
    case NodeKind::kImport: return make("Import", id).set("names", list(ast_.list(id, 0))).take();
    case NodeKind::kImportFrom: {
      auto n = ast_.as<syntax::ImportFrom>(id);
      return make("ImportFrom", id).set("module", name(n.module())).set("names", list(n.names())).set("level", newInt(t_, n.level())).take();
    }
    case NodeKind::kGlobal: return make("Global", id).set("names", names(ast_.list(id, 0))).take();
    case NodeKind::kNonlocal: return make("Nonlocal", id).set("names", names(ast_.list(id, 0))).take();
    case NodeKind::kExprStmt: return make("Expr", id).set("value", convert(ast_.child(id, 0))).take();
    case NodeKind::kPass: return make("Pass", id).take();
    case NodeKind::kBreak: return make("Break", id).take();
    case NodeKind::kContinue: return make("Continue", id).take();
    case NodeKind::kFunctionDef: case NodeKind::kClassDef: return definition(id);
    default: return compound(id);
  }
}

Ref Converter::compound(NodeId id) {
  switch (ast_.kind(id)) {
    case NodeKind::kFor: {
      auto n = ast_.as<syntax::For>(id);
      return make(n.isAsync() ? "AsyncFor" : "For", id).set("target", convert(n.target())).set("iter", convert(n.iter())).set("body", list(n.body()))
          .set("orelse", list(n.orelse())).set("type_comment", typeComment(id)).take();
    }
    case NodeKind::kWhile: case NodeKind::kIf:
      return make(ast_.kind(id) == NodeKind::kIf ? "If" : "While", id).set("test", convert(ast_.child(id, 0))).set("body", list(ast_.list(id, 1)))
          .set("orelse", list(ast_.list(id, 2))).take();
    case NodeKind::kWith: {
      auto n = ast_.as<syntax::With>(id);
      return make(n.isAsync() ? "AsyncWith" : "With", id).set("items", list(n.items())).set("body", list(n.body())).set("type_comment", typeComment(id)).take();
    }
    case NodeKind::kMatch: return make("Match", id).set("subject", convert(ast_.child(id, 0))).set("cases", list(ast_.list(id, 1))).take();
    case NodeKind::kTry: {
      auto n = ast_.as<syntax::Try>(id);
      return make(n.isStar() ? "TryStar" : "Try", id).set("body", list(n.body())).set("handlers", list(n.handlers())).set("orelse", list(n.orelse()))
          .set("finalbody", list(n.finalbody())).take();
    }
    default: return raise(t_, errors(t_).syntax_error, "invalid syntax");
  }
}

Ref Converter::definition(NodeId id) {
  if (auto f = ast_.tryAs<syntax::FunctionDef>(id)) {
    return make(f->isAsync() ? "AsyncFunctionDef" : "FunctionDef", id).set("name", name(f->name())).set("args", parameters(f->params()))
        .set("body", list(f->body())).set("decorator_list", list(f->decorators())).set("returns", optional(f->returns()))
        .set("type_comment", typeComment(id)).set("type_params", list(f->typeParams())).take();
  }
  auto c = ast_.as<syntax::ClassDef>(id);
  return make("ClassDef", id).set("name", name(c.name())).set("bases", positional(c.args())).set("keywords", keywords(c.args()))
      .set("body", list(c.body())).set("decorator_list", list(c.decorators())).set("type_params", list(c.typeParams())).take();
}

Ref Converter::positional(NodeList args) {
  Ref out = newList(t_);
  for (NodeId id : args) {
    if (ast_.is(id, NodeKind::kKeyword)) continue;
    Ref item = convert(id);
    if (!item) return Ref();
    listAppend(out.as<List_>(), item.get());
  }
  return out;
}
Ref Converter::keywords(NodeList args) {
  Ref out = newList(t_);
  for (NodeId id : args) {
    if (!ast_.is(id, NodeKind::kKeyword)) continue;
    Ref item = convert(id);
    if (!item) return Ref();
    listAppend(out.as<List_>(), item.get());
  }
  return out;
}

Ref Converter::parameters(NodeId id) {
  Ref lists[3] = {newList(t_), newList(t_), newList(t_)};  // positional-only, ordinary, keyword-only
  Ref defaults = newList(t_), kw_defaults = newList(t_), vararg = Ref::none(), kwarg = Ref::none();
  for (NodeId one : ast_.list(id, 0)) {
    auto p = ast_.as<syntax::Parameter>(one);
    TextRange range = ast_.range(p.name());
    if (p.annotation().valid()) range.end = ast_.range(p.annotation()).end;
    Ref arg = make("arg", range).set("arg", name(p.name())).set("annotation", optional(p.annotation())).set("type_comment", typeComment(one)).take();
    if (!arg) return Ref();
    switch (p.parameterKind()) {
      case syntax::ParameterKind::kPositionalOnly: listAppend(lists[0].as<List_>(), arg.get()); break;
      case syntax::ParameterKind::kPositionalOrKeyword: listAppend(lists[1].as<List_>(), arg.get()); break;
      case syntax::ParameterKind::kKeywordOnly: listAppend(lists[2].as<List_>(), arg.get()); break;
      case syntax::ParameterKind::kVarPositional: vararg = std::move(arg); break;
      case syntax::ParameterKind::kVarKeyword: kwarg = std::move(arg); break;
    }
    bool is_keyword_only = p.parameterKind() == syntax::ParameterKind::kKeywordOnly;
    if (!is_keyword_only && !p.defaultValue().valid()) continue;
    Ref value = optional(p.defaultValue());
    if (!value) return Ref();
    listAppend((is_keyword_only ? kw_defaults : defaults).as<List_>(), value.get());
  }
  return make("arguments").set("posonlyargs", std::move(lists[0])).set("args", std::move(lists[1])).set("vararg", std::move(vararg))
      .set("kwonlyargs", std::move(lists[2])).set("kw_defaults", std::move(kw_defaults)).set("kwarg", std::move(kwarg))
      .set("defaults", std::move(defaults)).take();
}

Ref Converter::constantValue(syntax::ConstantKind kind, uint32_t payload) {
  switch (kind) {
    case syntax::ConstantKind::kNone: return Ref::none();
    case syntax::ConstantKind::kTrue: return Ref::boolean(true);
    case syntax::ConstantKind::kFalse: return Ref::boolean(false);
    case syntax::ConstantKind::kEllipsis: return Ref::steal(Value::ellipsis());
    case syntax::ConstantKind::kInt: {
      const syntax::IntConstant& n = ast_.integer(payload);
      return n.fits ? newInt(t_, n.value) : intFromDigits(t_, n.digits, n.base, false);
    }
    case syntax::ConstantKind::kFloat: return newFloat(ast_.floating(payload));
    case syntax::ConstantKind::kComplex: return newComplex(t_, 0, ast_.floating(payload));
    case syntax::ConstantKind::kStr: return text(ast_.string(payload));
    default: return newBytes(t_, ast_.string(payload));
  }
}
Ref Converter::constant(NodeId id) {
  auto n = ast_.as<syntax::Constant>(id);
  bool is_u = n.constantKind() == syntax::ConstantKind::kStr && (ast_.text(id).starts_with("u") || ast_.text(id).starts_with("U"));
  return make("Constant", id).set("value", constantValue(n.constantKind(), n.payload())).set("kind", is_u ? text("u") : Ref::none()).take();
}

Ref Converter::compare(NodeId id) {
  static constexpr const char* kNames[] = {"Eq", "NotEq", "Lt", "LtE", "Gt", "GtE", "Is", "IsNot", "In", "NotIn"};
  auto n = ast_.as<syntax::Compare>(id);
  Ref ops = newList(t_);
  for (NodeId op : n.ops()) listAppend(ops.as<List_>(), plain(kNames[op.value]).get());
  return make("Compare", id).set("left", convert(n.left())).set("ops", std::move(ops)).set("comparators", list(n.comparators())).take();
}

Ref Converter::expression(NodeId id) {
  switch (ast_.kind(id)) {
    case NodeKind::kConstant: return constant(id);
    case NodeKind::kName: {
      auto n = ast_.as<syntax::Name>(id);
      return make("Name", id).set("id", name(id)).set("ctx", context(n.context())).take();
    }
    case NodeKind::kAttribute: {
      auto n = ast_.as<syntax::Attribute>(id);
      return make("Attribute", id).set("value", convert(n.value())).set("attr", name(n.attr())).set("ctx", context(n.context())).take();
    }
    case NodeKind::kSubscript: {
      auto n = ast_.as<syntax::Subscript>(id);
      return make("Subscript", id).set("value", convert(n.value())).set("slice", convert(n.slice())).set("ctx", context(n.context())).take();
    }
    case NodeKind::kStarred: {
      auto n = ast_.as<syntax::Starred>(id);
      return make("Starred", id).set("value", convert(n.value())).set("ctx", context(n.context())).take();
    }
    case NodeKind::kCall: {
      auto n = ast_.as<syntax::Call>(id);
      return make("Call", id).set("func", convert(n.func())).set("args", positional(n.args())).set("keywords", keywords(n.args())).take();
    }
    case NodeKind::kBoolOp: {
      auto n = ast_.as<syntax::BoolOp>(id);
      return make("BoolOp", id).set("op", plain(n.op() == syntax::BoolOperator::kAnd ? "And" : "Or")).set("values", list(n.values())).take();
    }
    case NodeKind::kNamedExpr: return make("NamedExpr", id).set("target", convert(ast_.child(id, 0))).set("value", convert(ast_.child(id, 1))).take();
    case NodeKind::kBinOp: {
      auto n = ast_.as<syntax::BinOp>(id);
      return make("BinOp", id).set("left", convert(n.left())).set("op", plain(operatorName(n.op()))).set("right", convert(n.right())).take();
    }
    case NodeKind::kUnaryOp: {
      static constexpr const char* kNames[] = {"Invert", "Not", "UAdd", "USub"};
      auto n = ast_.as<syntax::UnaryOp>(id);
      return make("UnaryOp", id).set("op", plain(kNames[static_cast<int>(n.op())])).set("operand", convert(n.operand())).take();
    }
    case NodeKind::kLambda: return make("Lambda", id).set("args", parameters(ast_.child(id, 0))).set("body", convert(ast_.child(id, 1))).take();
    case NodeKind::kIfExp: {
      auto n = ast_.as<syntax::IfExp>(id);
      return make("IfExp", id).set("test", convert(n.test())).set("body", convert(n.body())).set("orelse", convert(n.orelse())).take();
    }
    case NodeKind::kAwait: return make("Await", id).set("value", convert(ast_.child(id, 0))).take();
    case NodeKind::kYield: return make("Yield", id).set("value", optional(ast_.child(id, 0))).take();
    case NodeKind::kYieldFrom: return make("YieldFrom", id).set("value", convert(ast_.child(id, 0))).take();
    case NodeKind::kCompare: return compare(id);
    default: return display(id);
  }
}

Ref Converter::display(NodeId id) {
  switch (ast_.kind(id)) {
    case NodeKind::kDict: return make("Dict", id).set("keys", list(ast_.list(id, 0))).set("values", list(ast_.list(id, 1))).take();
    case NodeKind::kSet: return make("Set", id).set("elts", list(ast_.list(id, 0))).take();
    case NodeKind::kList: {
      auto n = ast_.as<syntax::List>(id);
      return make("List", id).set("elts", list(n.elts())).set("ctx", context(n.context())).take();
    }
    case NodeKind::kTuple: {
      auto n = ast_.as<syntax::Tuple>(id);
      return make("Tuple", id).set("elts", list(n.elts())).set("ctx", context(n.context())).take();
    }
    case NodeKind::kListComp: case NodeKind::kSetComp: case NodeKind::kGeneratorExp: {
      const char* cls = ast_.kind(id) == NodeKind::kListComp ? "ListComp" : ast_.kind(id) == NodeKind::kSetComp ? "SetComp" : "GeneratorExp";
      return make(cls, id).set("elt", convert(ast_.child(id, 0))).set("generators", list(ast_.list(id, 1))).take();
    }
    case NodeKind::kDictComp:
      return make("DictComp", id).set("key", convert(ast_.child(id, 0))).set("value", convert(ast_.child(id, 1))).set("generators", list(ast_.list(id, 2))).take();
    case NodeKind::kSlice:
      return make("Slice", id).set("lower", optional(ast_.child(id, 0))).set("upper", optional(ast_.child(id, 1))).set("step", optional(ast_.child(id, 2))).take();
    case NodeKind::kJoinedStr: return make("JoinedStr", id).set("values", list(ast_.list(id, 0))).take();
    case NodeKind::kTemplateStr: {
      bool outer = std::exchange(in_spec_, false);
      Ref made = make("TemplateStr", id).set("values", list(ast_.list(id, 0))).take();
      in_spec_ = outer;
      return made;
    }
    case NodeKind::kFormattedValue: {
      auto n = ast_.as<syntax::FormattedValue>(id);
      return make("FormattedValue", id).set("value", convert(n.value())).set("conversion", newInt(t_, static_cast<int32_t>(n.conversion())))
          .set("format_spec", optional(n.formatSpec())).take();
    }
    case NodeKind::kInterpolation: {
      // What stands within a format specification is formatted, not kept.
      auto n = ast_.as<syntax::Interpolation>(id);
      bool is_inner = std::exchange(in_spec_, false);
      Node made = make(is_inner ? "FormattedValue" : "Interpolation", id);
      made.set("value", convert(n.value()));
      if (!is_inner) made.set("str", text(ast_.string(n.source())));
      made.set("conversion", newInt(t_, static_cast<int32_t>(n.conversion())));
      in_spec_ = true;
      made.set("format_spec", optional(n.formatSpec()));
      in_spec_ = is_inner;
      return made.take();
    }
    default: return raise(t_, errors(t_).syntax_error, "invalid syntax");
  }
}

Ref Converter::part(NodeId id) {
  switch (ast_.kind(id)) {
    case NodeKind::kKeyword: return make("keyword", id).set("arg", name(ast_.child(id, 0))).set("value", convert(ast_.child(id, 1))).take();
    case NodeKind::kAlias: return make("alias", id).set("name", name(ast_.child(id, 0))).set("asname", name(ast_.child(id, 1))).take();
    case NodeKind::kWithItem: return make("withitem").set("context_expr", convert(ast_.child(id, 0))).set("optional_vars", optional(ast_.child(id, 1))).take();
    case NodeKind::kComprehension: {
      auto n = ast_.as<syntax::Comprehension>(id);
      return make("comprehension").set("target", convert(n.target())).set("iter", convert(n.iter())).set("ifs", list(n.ifs()))
          .set("is_async", newIntSmall(n.isAsync())).take();
    }
    case NodeKind::kExceptHandler: {
      auto n = ast_.as<syntax::ExceptHandler>(id);
      return make("ExceptHandler", id).set("type", optional(n.type())).set("name", name(n.name())).set("body", list(n.body())).take();
    }
    case NodeKind::kMatchCase: {
      auto n = ast_.as<syntax::MatchCase>(id);
      return make("match_case").set("pattern", convert(n.pattern())).set("guard", optional(n.guard())).set("body", list(n.body())).take();
    }
    case NodeKind::kTypeVar: {
      auto n = ast_.as<syntax::TypeVar>(id);
      return make("TypeVar", id).set("name", name(n.name())).set("bound", optional(n.bound())).set("default_value", optional(n.defaultValue())).take();
    }
    case NodeKind::kParamSpec: case NodeKind::kTypeVarTuple:
      return make(ast_.kind(id) == NodeKind::kParamSpec ? "ParamSpec" : "TypeVarTuple", id).set("name", name(ast_.child(id, 0)))
          .set("default_value", optional(ast_.child(id, 1))).take();
    default: return name(id);
  }
}

Ref Converter::pattern(NodeId id) {
  switch (ast_.kind(id)) {
    case NodeKind::kMatchValue: return make("MatchValue", id).set("value", convert(ast_.child(id, 0))).take();
    case NodeKind::kMatchSingleton:
      return make("MatchSingleton", id).set("value", constantValue(ast_.as<syntax::MatchSingleton>(id).constantKind(), 0)).take();
    case NodeKind::kMatchSequence: return make("MatchSequence", id).set("patterns", list(ast_.list(id, 0))).take();
    case NodeKind::kMatchMapping: {
      auto n = ast_.as<syntax::MatchMapping>(id);
      return make("MatchMapping", id).set("keys", list(n.keys())).set("patterns", list(n.patterns())).set("rest", name(n.rest())).take();
    }
    case NodeKind::kMatchClass: {
      auto n = ast_.as<syntax::MatchClass>(id);
      return make("MatchClass", id).set("cls", convert(n.cls())).set("patterns", list(n.patterns())).set("kwd_attrs", names(n.kwdAttrs()))
          .set("kwd_patterns", list(n.kwdPatterns())).take();
    }
    case NodeKind::kMatchStar: return make("MatchStar", id).set("name", name(ast_.child(id, 0))).take();
    case NodeKind::kMatchAs: return make("MatchAs", id).set("pattern", optional(ast_.child(id, 0))).set("name", name(ast_.child(id, 1))).take();
    default: return make("MatchOr", id).set("patterns", list(ast_.list(id, 0))).take();
  }
}

}  // namespace

Ref astToPython_py(Thread& t, const Ast& ast, Dict* classes, AstRoot root, const TypeComments* comments, size_t arguments) {
  return Converter(t, ast, classes, comments).root(root, arguments);
}

}  // namespace krait::compile
