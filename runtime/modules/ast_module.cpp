// The `_ast` module: AST and the node classes, made from the abstract grammar below (library reference, `ast`), and what
// AST.__init__ does with arguments. Trees themselves are made by runtime/compile/ast_to_python.cpp.
// ref: Python/Python-ast.c, Parser/Python.asdl.
#include <algorithm>
#include <vector>

#include "runtime/modules/ast_grammar.h"
#include "runtime/modules/module_table.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/instance.h"
#include "runtime/object/int.h"
#include "runtime/object/native.h"
#include "runtime/object/protocol.h"
#include "runtime/object/repr_guard.h"
#include "runtime/object/str.h"

namespace krait::object {
Ref newUnion_py(Thread& t, Value a, Value b);
}

namespace krait::modules {

// One line a sum type: its name, "+" when its nodes have positions, and its constructors; "=" lines are product types.
static constexpr const char* kGrammar[] = {
    "mod", "Module(stmt* body, type_ignore* type_ignores)", "Interactive(stmt* body)", "Expression(expr body)",
    "FunctionType(expr* argtypes, expr returns)",
    "stmt+", "FunctionDef(identifier name, arguments args, stmt* body, expr* decorator_list, expr? returns, string? type_comment, type_param* type_params)",
    "AsyncFunctionDef(identifier name, arguments args, stmt* body, expr* decorator_list, expr? returns, string? type_comment, type_param* type_params)",
    "ClassDef(identifier name, expr* bases, keyword* keywords, stmt* body, expr* decorator_list, type_param* type_params)",
    "Return(expr? value)", "Delete(expr* targets)", "Assign(expr* targets, expr value, string? type_comment)",
    "TypeAlias(expr name, type_param* type_params, expr value)", "AugAssign(expr target, operator op, expr value)",
    "AnnAssign(expr target, expr annotation, expr? value, int simple)",
    "For(expr target, expr iter, stmt* body, stmt* orelse, string? type_comment)",
    "AsyncFor(expr target, expr iter, stmt* body, stmt* orelse, string? type_comment)", "While(expr test, stmt* body, stmt* orelse)",
    "If(expr test, stmt* body, stmt* orelse)", "With(withitem* items, stmt* body, string? type_comment)",
    "AsyncWith(withitem* items, stmt* body, string? type_comment)", "Match(expr subject, match_case* cases)", "Raise(expr? exc, expr? cause)",
    "Try(stmt* body, excepthandler* handlers, stmt* orelse, stmt* finalbody)", "TryStar(stmt* body, excepthandler* handlers, stmt* orelse, stmt* finalbody)",
    "Assert(expr test, expr? msg)", "Import(alias* names)", "ImportFrom(identifier? module, alias* names, int? level)", "Global(identifier* names)",
    "Nonlocal(identifier* names)", "Expr(expr value)", "Pass", "Break", "Continue",
    "expr+", "BoolOp(boolop op, expr* values)", "NamedExpr(expr target, expr value)", "BinOp(expr left, operator op, expr right)",
    "UnaryOp(unaryop op, expr operand)", "Lambda(arguments args, expr body)", "IfExp(expr test, expr body, expr orelse)", "Dict(expr?* keys, expr* values)",
    "Set(expr* elts)", "ListComp(expr elt, comprehension* generators)", "SetComp(expr elt, comprehension* generators)",
    "DictComp(expr key, expr value, comprehension* generators)", "GeneratorExp(expr elt, comprehension* generators)", "Await(expr value)",
    "Yield(expr? value)", "YieldFrom(expr value)", "Compare(expr left, cmpop* ops, expr* comparators)", "Call(expr func, expr* args, keyword* keywords)",
    "FormattedValue(expr value, int conversion, expr? format_spec)", "Interpolation(expr value, constant str, int conversion, expr? format_spec)",
    "JoinedStr(expr* values)", "TemplateStr(expr* values)", "Constant(constant value, string? kind)", "Attribute(expr value, identifier attr, expr_context ctx)",
    "Subscript(expr value, expr slice, expr_context ctx)", "Starred(expr value, expr_context ctx)", "Name(identifier id, expr_context ctx)",
    "List(expr* elts, expr_context ctx)", "Tuple(expr* elts, expr_context ctx)", "Slice(expr? lower, expr? upper, expr? step)",
    "expr_context", "Load", "Store", "Del", "boolop", "And", "Or",
    "operator", "Add", "Sub", "Mult", "MatMult", "Div", "Mod", "Pow", "LShift", "RShift", "BitOr", "BitXor", "BitAnd", "FloorDiv",
    "unaryop", "Invert", "Not", "UAdd", "USub", "cmpop", "Eq", "NotEq", "Lt", "LtE", "Gt", "GtE", "Is", "IsNot", "In", "NotIn",
    "=comprehension(expr target, expr iter, expr* ifs, int is_async)", "excepthandler+", "ExceptHandler(expr? type, identifier? name, stmt* body)",
    "=arguments(arg* posonlyargs, arg* args, arg? vararg, arg* kwonlyargs, expr* kw_defaults, arg? kwarg, expr* defaults)",
    "=arg+(identifier arg, expr? annotation, string? type_comment)", "=keyword+(identifier? arg, expr value)", "=alias+(identifier name, identifier? asname)",
    "=withitem(expr context_expr, expr? optional_vars)", "=match_case(pattern pattern, expr? guard, stmt* body)",
    "pattern+", "MatchValue(expr value)", "MatchSingleton(constant value)", "MatchSequence(pattern* patterns)",
    "MatchMapping(expr* keys, pattern* patterns, identifier? rest)",
    "MatchClass(expr cls, pattern* patterns, identifier* kwd_attrs, pattern* kwd_patterns)", "MatchStar(identifier? name)",
    "MatchAs(pattern? pattern, identifier? name)", "MatchOr(pattern* patterns)",
    "type_ignore", "TypeIgnore(int lineno, string tag)",
    "type_param+", "TypeVar(identifier name, expr? bound, expr? default_value)", "ParamSpec(identifier name, expr? default_value)",
    "TypeVarTuple(identifier name, expr? default_value)"};

static GrammarNode parseNode(std::string_view text) {
  GrammarNode node;
  if (text[0] == '=') node.is_product = true, text.remove_prefix(1);
  size_t open = text.find('('), end = open == std::string_view::npos ? text.size() : open;
  node.name = text.substr(0, end);
  if (node.name.back() == '+') node.has_positions = true, node.name.pop_back();
  node.is_sum = !node.is_product && open == std::string_view::npos && node.name[0] >= 'a';
  node.doc = node.name + std::string(text.substr(end));
  if (open == std::string_view::npos) return node;
  std::string_view rest = text.substr(open + 1, text.size() - open - 2);
  while (!rest.empty()) {
    size_t comma = rest.find(", "), space = rest.find(' ');
    std::string_view one = rest.substr(0, comma);
    GrammarField field;
    field.type = one.substr(0, space);
    field.name = one.substr(space + 1);
    while (field.type.back() == '*' || field.type.back() == '?') {
      (field.type.back() == '*' ? field.list : field.optional) = true;
      field.type.pop_back();
    }
    if (field.list) field.optional = false;
    node.fields.push_back(field);
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 2);
  }
  return node;
}

// `name = One(…)`, the others below each other, or on one line where none has fields.
static void describeSum(GrammarNode& sum, const std::vector<GrammarNode>& nodes) {
  bool is_simple = std::none_of(nodes.begin(), nodes.end(), [&](const GrammarNode& node) { return node.sum == sum.name && !node.fields.empty(); });
  std::string between = " = ";
  for (const GrammarNode& node : nodes) {
    if (node.sum != sum.name) continue;
    sum.doc += between + node.doc;
    between = (is_simple ? " " : "\n" + std::string(sum.name.size() + 1, ' ')) + "| ";
  }
}

const std::vector<GrammarNode>& astGrammar() {
  static const std::vector<GrammarNode>* all = [] {
    auto* nodes = new std::vector<GrammarNode>;
    std::string sum;
    for (const char* text : kGrammar) {
      GrammarNode node = parseNode(text);
      if (node.is_sum) sum = node.name;
      else if (!node.is_product) node.sum = sum;
      nodes->push_back(std::move(node));
    }
    for (GrammarNode& node : *nodes) {
      if (node.is_sum) describeSum(node, *nodes);
    }
    return nodes;
  }();
  return *all;
}

// --- AST.__init__ and the rest of AST's own methods
static Value attributeOf(Thread& t, Type* type, const char* name) { return typeLookup(type, intern(*t.isolate, name)); }

static Status fillMissing_py(Thread& t, Value node, Value field, Value field_types) {
  Value type = isDict(field_types) ? dictGet_py(t, field_types.as<Dict>(), field) : Value();
  if (type.isUndefined() && isDict(field_types) && !isPending(t)) {
    return warn_py(t, errors(t).deprecation_warning, 1, "Field %s is missing from %s._field_types. This will become an error in Python 3.15.",
                   reprText_py(t, field).c_str(), typeNameOf(t, node));
  }
  if (type.isUndefined() || isExact(type, TypeId::kUnion)) return isPending(t) ? Status(kRaised) : Status(kDone);
  Str* name = internStr(*t.isolate, field.as<Str>());
  if (hasLayout(type, TypeId::kGenericAlias)) {
    Ref list = newList(t);
    return setAttr_py(t, node, name, list.get());
  }
  if (isType(type) && toUtf8(type.as<Type>()->name) == "expr_context") {
    Value load = attributeOf(t, type.as<Type>(), "_load");
    return load.defined() ? setAttr_py(t, node, name, load) : Status(kDone);
  }
  return warn_py(t, errors(t).deprecation_warning, 1,
                 "%s.__init__ missing 1 required positional argument: %s. This will become an error in Python 3.15.", typeNameOf(t, node),
                 reprText_py(t, field).c_str());
}
static bool isIn(Value sequence, Value name) {
  if (!isTuple(sequence)) return false;
  for (int64_t i = 0; i < sequence.as<Tuple>()->size; ++i) {
    Value item = sequence.as<Tuple>()->items()[i];
    if (isStr(item) && strEqual(item.as<Str>(), name.as<Str>())) return true;
  }
  return false;
}
static Ref nodeInit(Thread& t, const Value* a) {
  Value node = a[0];
  Tuple* args = a[1].as<Tuple>();
  Dict* keywords = a[2].as<Dict>();
  Type* type = typeOf(t, node);
  Value found = attributeOf(t, type, "_fields"), attributes = attributeOf(t, type, "_attributes"), types = attributeOf(t, type, "_field_types");
  Ref fields = found.defined() ? TRY(tupleFromIterable_py(t, found)) : newTuple(t, 0);
  Tuple* f = fields.as<Tuple>();
  if (args->size > f->size) {
    return raiseTypeError(t, "%s constructor takes at most %ld positional argument%s", typeName(type), static_cast<long>(f->size), f->size == 1 ? "" : "s");
  }
  Ref missing = newSet(t);
  for (int64_t i = 0; i < f->size; ++i) {
    if (!isStr(f->items()[i])) return raiseTypeError(t, "field name must be a str");
    if (i < args->size) TRY(setAttr_py(t, node, internStr(*t.isolate, f->items()[i].as<Str>()), args->items()[i]));
    else TRY(setAdd_py(t, missing.as<Set>(), f->items()[i]));
  }
  Value key, value;
  for (int64_t at = 0; dictNext(keywords, at, key, value);) {
    Ref held = Ref::of(value);
    if (isIn(fields.get(), key)) {
      if (!TRY(setContains_py(t, missing.as<Set>(), key))) {
        return raiseTypeError(t, "%s got multiple values for argument %s", typeName(type), reprText_py(t, key).c_str());
      }
      (void)TRY(setDiscard_py(t, missing.as<Set>(), key));
    } else if (!isIn(attributes, key)) {
      TRY(warn_py(t, errors(t).deprecation_warning, 1,
                  "%s%s.__init__ got an unexpected keyword argument %s. Support for arbitrary keyword arguments is deprecated and will be removed in Python 3.15.",
                  typeName(type) == std::string_view("AST") ? "ast." : "", typeName(type), reprText_py(t, key).c_str()));
    }
    TRY(setAttr_py(t, node, internStr(*t.isolate, key.as<Str>()), held.get()));
  }
  for (int64_t i = args->size; i < f->size; ++i) {
    if (TRY(setContains_py(t, missing.as<Set>(), f->items()[i]))) TRY(fillMissing_py(t, node, f->items()[i], types));
  }
  return Ref::none();
}
// The leading fields that are set are given to the class as None, so that it misses none of them; their values follow with the
// state, as they may lead back to the node. ref: ast_type_reduce.
static Ref nodeReduce(Thread& t, const Value* a) {
  Ref dict = TRY(getAttr_py(t, a[0], t.names().d_dict));
  Ref copy = dictCopy(t, dict.as<Dict>());
  Value found = attributeOf(t, typeOf(t, a[0]), "_fields");
  Ref fields = found.defined() ? TRY(tupleFromIterable_py(t, found)) : newTuple(t, 0);
  int64_t set = 0;
  for (; set < fields.as<Tuple>()->size; ++set) {
    Value value = dictGet_py(t, copy.as<Dict>(), fields.as<Tuple>()->items()[set]);
    if (isPending(t)) return Ref();
    if (value.isUndefined()) break;
  }
  Ref args = newTuple(t, set);
  for (int64_t i = 0; i < set; ++i) args.as<Tuple>()->items()[i] = Value::none();
  return tupleOf(t, {Value(typeOf(t, a[0])), args.get(), copy.get()});
}
static Ref nodeReplace(Thread& t, const Value* a) {
  Ref dict = TRY(getAttr_py(t, a[0], t.names().d_dict)), empty = newTuple(t, 0), merged = dictCopy(t, dict.as<Dict>());
  Type* type = typeOf(t, a[0]);
  Value fields = attributeOf(t, type, "_fields"), attributes = attributeOf(t, type, "_attributes"), key, value;
  for (int64_t at = 0; dictNext(a[1].as<Dict>(), at, key, value);) {
    if (!isIn(fields, key) && !isIn(attributes, key)) {
      return raiseTypeError(t, "%s.__replace__ got an unexpected keyword argument %s.", typeName(type), reprText_py(t, key).c_str());
    }
  }
  TRY(dictMerge_py(t, merged.as<Dict>(), a[1]));
  return callTuple_py(t, Value(type), empty.as<Tuple>(), merged.as<Dict>());
}
static Fallible<bool> addNodeText(Thread& t, std::string& out, Value v, int depth);
static Fallible<bool> addListText(Thread& t, std::string& out, Value v, int depth) {
  Ref items = TRY(tupleFromIterable_py(t, v));
  bool is_list = isList(v);
  out += is_list ? "[" : "(";
  int64_t n = items.as<Tuple>()->size;
  for (int64_t i = 0; i < n; ++i) {
    if (i > 0) out += ", ";
    if (n > 2 && i == 1) {
      out += "..., ";
      i = n - 1;
    }
    (void)TRY(addNodeText(t, out, items.as<Tuple>()->items()[i], depth));
  }
  out += is_list ? "]" : n == 1 ? ",)" : ")";
  return true;
}
static Fallible<bool> addNodeText(Thread& t, std::string& out, Value v, int depth) {
  Value fields = v.isHeap() ? attributeOf(t, typeOf(t, v), "_fields") : Value();
  if (isList(v) || isTuple(v)) return addListText(t, out, v, depth);
  if (!isTuple(fields)) {
    Ref text = TRY(repr_py(t, v));
    out += toUtf8(text.as<Str>());
    return true;
  }
  out += std::string(shortTypeName(typeOf(t, v))) + "(";
  if (depth <= 0) {
    out += "...)";
    return true;
  }
  for (int64_t i = 0; i < fields.as<Tuple>()->size; ++i) {
    Str* name = fields.as<Tuple>()->items()[i].as<Str>();
    Ref value = TRY(getAttr_py(t, v, internStr(*t.isolate, name)));
    out += (i > 0 ? ", " : "") + toUtf8(name) + "=";
    (void)TRY(addNodeText(t, out, value.get(), depth - 1));
  }
  out += ")";
  return true;
}
static Ref nodeRepr(Thread& t, const Value* a) {
  if (typeOf(t, a[0])->base == t.types().object) return newStr(t, "ast.AST()");  // the root alone is shown in full
  std::string out;
  (void)TRY(addNodeText(t, out, a[0], 3));
  return newStr(t, out);
}
static const NativeDef kNodeMethods[] = {{"__init__", "($self, *args, **kwargs)", nodeInit}, {"__reduce__", "($self, /)", nodeReduce},
    {"__replace__", "($self, **fields)", nodeReplace}, {"__repr__", "($self, /)", nodeRepr}, {nullptr, nullptr, nullptr}};

// --- making the classes
namespace {
struct ClassMaker {
  Thread& t;
  Module* module;
  Ref positions;

  void set(const Ref& ns, const char* name, Value v) { dictSetStr(ns.as<Dict>(), intern(*t.isolate, name), v); }
  Ref make(const std::string& name, Value base, Ref ns) {
    Ref module_name = newStr(t, "ast"), name_ref = newStr(t, name), bases = tupleOf(t, {base});
    set(ns, "__module__", module_name.get());
    Ref type = callArgs_py(t, t.types().type, name_ref.get(), bases.get(), ns.get());
    if (type) moduleSet(t, module, name.c_str(), type.get());
    return type;
  }
  Value named(const std::string& name) { return dictGetStr(module->dict, intern(*t.isolate, name)); }
  Ref typeFor(const GrammarField& field) {
    const Types& types = t.types();
    Value base = field.type == "identifier" || field.type == "string" ? Value(types.str)
                 : field.type == "int"                                ? Value(types.int_)
                 : field.type == "constant"                           ? Value(types.object)
                                                                      : named(field.type);
    if (field.list) return callArgs_py(t, types.generic_alias, types.list, base);
    return field.optional ? newUnion_py(t, base, Value::none()) : Ref::of(base);
  }
  Ref namesOf(const GrammarNode& node) {
    Ref names = newTuple(t, static_cast<int64_t>(node.fields.size()));
    for (size_t i = 0; i < node.fields.size(); ++i) names.as<Tuple>()->items()[i] = share(Value(intern(*t.isolate, node.fields[i].name)));
    return names;
  }
  Ref makeNode(const GrammarNode& node, Value base) {
    Ref ns = newDict(t), names = namesOf(node), doc = newStr(t, node.doc), empty = newTuple(t, 0);
    set(ns, "_fields", names.get());
    set(ns, "__match_args__", names.get());
    set(ns, "__doc__", doc.get());
    if (node.is_sum || node.is_product) set(ns, "_attributes", node.has_positions ? positions.get() : empty.get());
    if (node.has_positions) {
      set(ns, "end_lineno", Value::none());
      set(ns, "end_col_offset", Value::none());
    }
    for (const GrammarField& f : node.fields) {
      if (f.optional) set(ns, f.name.c_str(), Value::none());
    }
    return make(node.name, base, std::move(ns));
  }
};
}  // namespace

static Status makeClasses_py(Thread& t, Module* m) {
  ClassMaker maker{t, m, tupleOf(t, {intern(*t.isolate, "lineno"), intern(*t.isolate, "col_offset"), intern(*t.isolate, "end_lineno"),
                                     intern(*t.isolate, "end_col_offset")})};
  Ref ns = newDict(t), empty = newTuple(t, 0);
  for (const char* name : {"_fields", "_attributes", "__match_args__"}) maker.set(ns, name, empty.get());
  Ref root = TRY(maker.make("AST", t.types().object, std::move(ns)));
  for (const NativeDef* def = kNodeMethods; def->name != nullptr; ++def) {
    Ref descriptor = newNativeDescriptor(*t.isolate, def, root.as<Type>());
    TRY(typeSetAttr_py(t, root.as<Type>(), intern(*t.isolate, def->name), descriptor.get()));
  }
  Value sum = root.get();
  for (const GrammarNode& node : astGrammar()) {
    Ref type = TRY(maker.makeNode(node, node.is_sum || node.is_product ? root.get() : sum));
    if (node.is_sum) sum = type.get();
  }
  for (const GrammarNode& node : astGrammar()) {
    Ref field_types = newDict(t);
    for (const GrammarField& f : node.fields) {
      Ref type = TRY(maker.typeFor(f));
      dictSetStr(field_types.as<Dict>(), intern(*t.isolate, f.name), type.get());
    }
    TRY(typeSetAttr_py(t, maker.named(node.name).as<Type>(), intern(*t.isolate, "_field_types"), field_types.get()));
  }
  Ref load = newInstance(t, maker.named("Load").as<Type>());
  return typeSetAttr_py(t, maker.named("expr_context").as<Type>(), intern(*t.isolate, "_load"), load.get());
}
static Status initModule(Thread& t, Module* m) {
  TRY(makeClasses_py(t, m));
  static constexpr struct { const char* name; int value; } kFlags[] = {
      {"PyCF_ALLOW_TOP_LEVEL_AWAIT", 0x2000}, {"PyCF_ONLY_AST", 0x400}, {"PyCF_OPTIMIZED_AST", 0x8400}, {"PyCF_TYPE_COMMENTS", 0x1000}};
  for (auto& f : kFlags) moduleSet(t, m, f.name, Value::fromInt(f.value));
  return kDone;
}
extern const NativeModule kAstModule;
const NativeModule kAstModule = {"_ast", nullptr, nullptr, initModule};

}  // namespace krait::modules
