// ref: Python/Python-ast.c (what a node's fields must be), Python/ast.c (what a tree must be to be compiled).
#include <algorithm>
#include <string_view>

#include "runtime/modules/ast_grammar.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/float.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules {

namespace {
struct TreeCheck {
  Thread& t;
  Dict* classes;
};
using Fields = std::vector<Ref>;  // parallel to GrammarNode::fields; empty Ref: absent
}  // namespace

static Status checkSum_py(TreeCheck& c, Value v, const std::string& sum, const char* context, bool star_ok);
static Status checkFields_py(TreeCheck& c, Value v, const GrammarNode& node, const char* context, bool star_ok);

static const GrammarNode& nodeNamed(std::string_view name) {
  const std::vector<GrammarNode>& all = astGrammar();
  return *std::find_if(all.begin(), all.end(), [&](const GrammarNode& n) { return n.name == name; });
}
static Fallible<bool> isA_py(TreeCheck& c, Value v, const std::string& name) {
  Value cls = dictGetStr(c.classes, intern(*c.t.isolate, name));
  return cls.defined() ? isInstance_py(c.t, v, cls) : Fallible<bool>(false);
}
static Ref fieldOf(TreeCheck& c, Value v, const std::string& name) { return findAttr_py(c.t, v, intern(*c.t.isolate, name)); }

// --- positions
static Fallible<int> place_py(TreeCheck& c, Value v, const char* name, const std::string& owner, int fallback, bool required) {
  Ref value = fieldOf(c, v, name);
  if (!value && isPending(c.t)) return kRaised;
  if (!value && required) return raiseTypeError(c.t, "required field \"%s\" missing from %s", name, owner.c_str());
  if (!value || (!required && value.get().isNone())) return fallback;
  if (!isIntLike(value.get())) return raiseValueError(c.t, "invalid integer value: %s", reprText_py(c.t, value.get()).c_str());
  return toCInt_py(c.t, value.get());
}
static Status checkPlace_py(TreeCheck& c, Value v, const std::string& owner) {
  int line = TRY(place_py(c, v, "lineno", owner, 0, true)), column = TRY(place_py(c, v, "col_offset", owner, 0, true));
  int end_line = TRY(place_py(c, v, "end_lineno", owner, line, false)), end_column = TRY(place_py(c, v, "end_col_offset", owner, column, false));
  if (line > end_line) return raiseValueError(c.t, "AST node line range (%d, %d) is not valid", line, end_line);
  if ((line < 0 && end_line != line) || (column < 0 && column != end_column)) {
    return raiseValueError(c.t, "AST node column range (%d, %d) for line range (%d, %d) is not valid", column, end_column, line, end_line);
  }
  if (line == end_line && column > end_column) return raiseValueError(c.t, "line %d, column %d-%d is not a valid range", line, column, end_column);
  return kDone;
}

// --- leaves
static Status checkName(TreeCheck& c, Value v) {
  for (const char* word : {"None", "True", "False"}) {
    if (isStr(v) && strEquals(v.as<Str>(), word)) return raiseValueError(c.t, "identifier field can't represent '%s' constant", word);
  }
  return kDone;
}
static Status checkConstant_py(TreeCheck& c, Value v) {
  TRY(checkRecursion(c.t, " during compilation"));
  bool is_plain = v.isNone() || v.isEllipsis() || v.isBool() || v.isInt() || v.isFloat() || isExact(v, TypeId::kInt) || isExact(v, TypeId::kComplex) ||
                  isExactStr(v) || isExact(v, TypeId::kBytes) || (v.isHeap() && typeOf(c.t, v) == c.t.types().float_);
  if (is_plain) return kDone;
  if (!isExact(v, TypeId::kTuple) && !isExact(v, TypeId::kFrozenSet)) return raiseTypeError(c.t, "got an invalid type in Constant: %s", typeNameOf(c.t, v));
  for (Iteration it(c.t, v); it.next();) TRY(checkConstant_py(c, it.value()));
  return kDone;
}
static Status checkLeaf_py(TreeCheck& c, Value v, const std::string& type) {
  if (type == "identifier" && !isExactStr(v)) return raiseTypeError(c.t, "AST identifier must be of type str");
  if (type == "string" && !isExactStr(v) && !isExact(v, TypeId::kBytes)) return raiseTypeError(c.t, "AST string must be of type str");
  if (type == "int" && !isIntLike(v)) return raiseValueError(c.t, "invalid integer value: %s", reprText_py(c.t, v).c_str());
  return kDone;
}
static bool isLeaf(const std::string& type) { return type == "identifier" || type == "string" || type == "int" || type == "constant"; }

// --- what the compiler asks beyond the grammar
static int64_t sizeOf(const Fields& f, size_t i) { return f[i] && isList(f[i].get()) ? f[i].as<List>()->size : 0; }
static bool isGiven(const Ref& v) { return v && !v.get().isNone(); }

static Status checkCapture(TreeCheck& c, const Ref& name) {
  if (!isGiven(name)) return kDone;
  if (isStr(name.get()) && strEquals(name.as<Str>(), "_")) return raiseValueError(c.t, "can't capture name '_' in patterns");
  return checkName(c, name.get());
}
// A number that a pattern may show: `3`, `-3`, and where it is asked for `3+4j`.
static Fallible<bool> isNumber_py(TreeCheck& c, Value v, bool takes_sign, bool imaginary) {
  if (takes_sign && TRY(isA_py(c, v, "UnaryOp"))) {
    Ref op = fieldOf(c, v, "op"), operand = fieldOf(c, v, "operand");
    return op && operand && TRY(isA_py(c, op.get(), "USub")) && TRY(isNumber_py(c, operand.get(), false, imaginary));
  }
  if (!TRY(isA_py(c, v, "Constant"))) return false;
  Ref value = fieldOf(c, v, "value");
  if (!value) return false;
  return imaginary ? isExact(value.get(), TypeId::kComplex) : isIntLike(value.get()) || isFloatLike(value.get());
}
static Status checkPatternValue_py(TreeCheck& c, Value v) {
  if (TRY(isA_py(c, v, "Constant"))) {
    Ref value = fieldOf(c, v, "value");
    Value v = value ? value.get() : Value::none();
    bool is_literal = isExactInt(v) || v.isFloat() || isExact(v, TypeId::kBytes) || isExact(v, TypeId::kComplex) || isExact(v, TypeId::kStr);
    if (!is_literal) return raiseValueError(c.t, "unexpected constant inside of a literal pattern");
    return kDone;
  }
  if (TRY(isA_py(c, v, "Attribute")) || TRY(isA_py(c, v, "JoinedStr")) || TRY(isA_py(c, v, "TemplateStr"))) return kDone;
  if (TRY(isNumber_py(c, v, true, false)) || TRY(isNumber_py(c, v, true, true))) return kDone;
  if (TRY(isA_py(c, v, "BinOp"))) {
    Ref left = fieldOf(c, v, "left"), op = fieldOf(c, v, "op"), right = fieldOf(c, v, "right");
    if (left && op && right && (TRY(isA_py(c, op.get(), "Add")) || TRY(isA_py(c, op.get(), "Sub"))) && TRY(isNumber_py(c, left.get(), true, false)) &&
        TRY(isNumber_py(c, right.get(), false, true))) {
      return kDone;
    }
  }
  return raiseValueError(c.t, "patterns may only match literals and attribute lookups");
}
static Status checkPatternClass_py(TreeCheck& c, Value cls) {
  Ref at = Ref::of(cls);
  while (at && TRY(isA_py(c, at.get(), "Attribute"))) at = fieldOf(c, at.get(), "value");
  if (at && TRY(isA_py(c, at.get(), "Name"))) return kDone;
  return raiseValueError(c.t, "MatchClass cls field can only contain Name or Attribute nodes.");
}

static Status checkPattern_py(TreeCheck& c, const GrammarNode& node, const Fields& f, bool star_ok) {
  Thread& t = c.t;
  const std::string& kind = node.name;
  if (kind == "MatchValue") return checkPatternValue_py(c, f[0].get());
  if (kind == "MatchSingleton" && !f[0].get().isNone() && !f[0].get().isBool()) return raiseValueError(t, "MatchSingleton can only contain True, False and None");
  if (kind == "MatchMapping") {
    if (sizeOf(f, 0) != sizeOf(f, 1)) return raiseValueError(t, "MatchMapping doesn't have the same number of keys as patterns");
    TRY(checkCapture(c, f[2]));
    for (int64_t i = 0; i < sizeOf(f, 0); ++i) {
      Ref key = Ref::of(f[0].as<List>()->items[i]);
      Ref value = TRY(isA_py(c, key.get(), "Constant")) ? fieldOf(c, key.get(), "value") : Ref();
      if (!value || !(value.get().isNone() || value.get().isBool())) TRY(checkPatternValue_py(c, key.get()));
    }
  }
  if (kind == "MatchClass") {
    if (sizeOf(f, 2) != sizeOf(f, 3)) return raiseValueError(t, "MatchClass doesn't have the same number of keyword attributes as patterns");
    TRY(checkPatternClass_py(c, f[0].get()));
    for (int64_t i = 0; i < sizeOf(f, 2); ++i) TRY(checkName(c, f[2].as<List>()->items[i]));
  }
  if (kind == "MatchStar" && !star_ok) return raiseValueError(t, "can't use MatchStar here");
  if (kind == "MatchStar") return checkCapture(c, f[0]);
  if (kind == "MatchAs") {
    if (isGiven(f[0]) && !isGiven(f[1])) return raiseValueError(t, "MatchAs must specify a target name if a pattern is given");
    return checkCapture(c, f[1]);
  }
  if (kind == "MatchOr" && sizeOf(f, 0) < 2) return raiseValueError(t, "MatchOr requires at least 2 patterns");
  return kDone;
}
static Status checkExpression_py(TreeCheck& c, const GrammarNode& node, const Fields& f) {
  Thread& t = c.t;
  const std::string& kind = node.name;
  if (kind == "BoolOp" && sizeOf(f, 1) < 2) return raiseValueError(t, "BoolOp with less than 2 values");
  if (kind == "Dict" && sizeOf(f, 0) != sizeOf(f, 1)) return raiseValueError(t, "Dict doesn't have the same number of keys as values");
  if (kind == "Compare" && sizeOf(f, 2) == 0) return raiseValueError(t, "Compare with no comparators");
  if (kind == "Compare" && sizeOf(f, 1) != sizeOf(f, 2)) return raiseValueError(t, "Compare has a different number of comparators and operands");
  bool is_comprehension = node.fields.size() > 1 && node.fields.back().name == "generators";
  if (is_comprehension && sizeOf(f, f.size() - 1) == 0) return raiseValueError(t, "comprehension with no generators");
  if (kind == "Constant") return checkConstant_py(c, f[0].get());
  if (kind == "Name") return checkName(c, f[0].get());
  return kDone;
}
static Status checkStatement_py(TreeCheck& c, const GrammarNode& node, const Fields& f) {
  Thread& t = c.t;
  const std::string& kind = node.name;
  static constexpr std::string_view kFilled[] = {"body", "targets", "items", "cases", "names"};
  for (size_t i = 0; i < f.size(); ++i) {
    const GrammarField& field = node.fields[i];
    bool must = field.list && std::find(std::begin(kFilled), std::end(kFilled), field.name) != std::end(kFilled);
    if (must && sizeOf(f, i) == 0) return raiseValueError(t, "empty %s on %s", field.name.c_str(), kind.c_str());
  }
  if (kind == "AnnAssign" && TRY(isTrue_py(t, f[3].get())) && !TRY(isA_py(c, f[0].get(), "Name"))) return raiseTypeError(t, "AnnAssign with simple non-Name target");
  if (kind == "TypeAlias" && !TRY(isA_py(c, f[0].get(), "Name"))) return raiseTypeError(t, "TypeAlias with non-Name name");
  if (kind == "Raise" && isGiven(f[1]) && !isGiven(f[0])) return raiseValueError(t, "Raise with cause but no exception");
  if (kind == "Try" || kind == "TryStar") {
    if (sizeOf(f, 1) == 0 && sizeOf(f, 3) == 0) return raiseValueError(t, "%s has neither except handlers nor finalbody", kind.c_str());
    if (sizeOf(f, 1) == 0 && sizeOf(f, 2) > 0) return raiseValueError(t, "%s has orelse but no except handlers", kind.c_str());
  }
  if (kind == "ImportFrom" && isGiven(f[2]) && intIsNegative(f[2].get())) return raiseValueError(t, "Negative ImportFrom level");
  return kDone;
}
static Status checkArguments(TreeCheck& c, const Fields& f) {
  if (sizeOf(f, 6) > sizeOf(f, 0) + sizeOf(f, 1)) return raiseValueError(c.t, "more positional defaults than args on arguments");
  if (sizeOf(f, 4) != sizeOf(f, 3)) return raiseValueError(c.t, "length of kwonlyargs is not the same as kw_defaults on arguments");
  return kDone;
}
static Status checkKind_py(TreeCheck& c, const GrammarNode& node, const Fields& f, bool star_ok) {
  if (node.sum == "stmt") return checkStatement_py(c, node, f);
  if (node.sum == "expr") return checkExpression_py(c, node, f);
  if (node.sum == "pattern") return checkPattern_py(c, node, f, star_ok);
  if (node.sum == "type_param") return checkName(c, f[0].get());
  if (node.name == "arguments") return checkArguments(c, f);
  bool has_body = node.name == "match_case" || node.name == "ExceptHandler";
  if (has_body && sizeOf(f, 2) == 0) return raiseValueError(c.t, "empty body on %s", node.name.c_str());
  return kDone;
}

// --- contexts
// The context that an expression in this field must have.
static const char* contextOf(const GrammarNode& node, const GrammarField& field, const char* own) {
  const std::string& kind = node.name;
  if (kind == "Delete") return "Del";
  if (field.name == "targets" || field.name == "target") return "Store";
  if (field.name == "optional_vars" || (kind == "TypeAlias" && field.name == "name")) return "Store";
  if ((kind == "Starred" && field.name == "value") || ((kind == "List" || kind == "Tuple") && field.name == "elts")) return own;
  return "Load";
}
static Status checkContext_py(TreeCheck& c, const GrammarNode& node, const Fields& f, const char* expected) {
  if (node.fields.empty() || node.fields.back().name != "ctx") {
    if (std::string_view(expected) == "Load") return kDone;
    return raiseValueError(c.t, "expression which can't be assigned to in %s context", expected);
  }
  if (TRY(isA_py(c, f.back().get(), expected))) return kDone;
  return raiseValueError(c.t, "expression must have %s context but has %s instead", expected, shortTypeName(typeOf(c.t, f.back().get())));
}

// --- nodes
// Reads the fields and checks what kinds of values they hold.
static Status readFields_py(TreeCheck& c, Value v, const GrammarNode& node, Fields& out) {
  Thread& t = c.t;
  for (const GrammarField& field : node.fields) {
    Ref value = fieldOf(c, v, field.name);
    if (!value && isPending(t)) return kRaised;
    if (field.list && value && !isList(value.get())) {
      return raiseTypeError(t, "%s field \"%s\" must be a list, not a %s", node.name.c_str(), field.name.c_str(), typeNameOf(t, value.get()));
    }
    bool may_miss = field.list || field.optional;
    if (!value && !may_miss) return raiseTypeError(t, "required field \"%s\" missing from %s", field.name.c_str(), node.name.c_str());
    bool is_none = value && value.get().isNone() && field.type != "constant";
    bool is_mark = !field.list && !isLeaf(field.type) && nodeNamed(field.type).is_sum && !nodeNamed(field.type).has_positions;
    if (is_none && is_mark) return raiseTypeError(t, "expected some sort of %s, but got None", field.type.c_str());
    if (is_none && !field.optional && field.type != "int") return raiseValueError(t, "field '%s' is required for %s", field.name.c_str(), node.name.c_str());
    if (value && !field.list && isLeaf(field.type) && !(is_none && field.optional)) TRY(checkLeaf_py(c, value.get(), field.type));
    out.push_back(std::move(value));
  }
  return kDone;
}
static Status checkOne_py(TreeCheck& c, Value v, const std::string& type, const char* context, bool star_ok) {
  if (isLeaf(type)) return checkLeaf_py(c, v, type);
  const GrammarNode& node = nodeNamed(type);
  return node.is_sum ? checkSum_py(c, v, type, context, star_ok) : checkFields_py(c, v, node, context, star_ok);
}
static bool mayHoldNone(const GrammarNode& node, const GrammarField& field) {
  return (node.name == "Dict" && field.name == "keys") || field.name == "kw_defaults";
}
static Status checkFields_py(TreeCheck& c, Value v, const GrammarNode& node, const char* context, bool star_ok) {
  Thread& t = c.t;
  TRY(checkRecursion(t, " during compilation"));
  Fields f;
  TRY(readFields_py(c, v, node, f));
  if (node.is_product && node.has_positions) TRY(checkPlace_py(c, v, node.name));
  if (node.sum == "expr") TRY(checkContext_py(c, node, f, context));
  TRY(checkKind_py(c, node, f, star_ok));
  bool generators_first = !f.empty() && node.fields.back().name == "generators";
  for (size_t step = 0; step < f.size(); ++step) {
    size_t i = generators_first ? (step + f.size() - 1) % f.size() : step;
    const GrammarField& field = node.fields[i];
    const char* inner = contextOf(node, field, context);
    if (!field.list) {
      if (isGiven(f[i]) && !isLeaf(field.type)) TRY(checkOne_py(c, f[i].get(), field.type, inner, false));
      continue;
    }
    for (int64_t k = 0; k < sizeOf(f, i); ++k) {
      Ref item = Ref::of(f[i].as<List>()->items[k]);
      if (item.get().isNone() && !isLeaf(field.type)) {
        if (mayHoldNone(node, field)) continue;
        return raiseValueError(t, "None disallowed in %s list", field.type == "stmt" ? "statement" : field.type == "expr" ? "expression" : field.type.c_str());
      }
      TRY(checkOne_py(c, item.get(), field.type, inner, node.name == "MatchSequence"));
    }
  }
  return kDone;
}
static Status checkSum_py(TreeCheck& c, Value v, const std::string& sum, const char* context, bool star_ok) {
  auto refuse = [&] { return raiseTypeError(c.t, "expected some sort of %s, but got %s", sum.c_str(), reprText_py(c.t, v).c_str()); };
  if (nodeNamed(sum).has_positions) TRY(checkPlace_py(c, v, sum));
  if (!TRY(isA_py(c, v, sum))) return refuse();
  // The class itself is nearly always one of the grammar's.
  std::string own = toUtf8(typeOf(c.t, v)->name);
  for (const GrammarNode& node : astGrammar()) {
    if (node.sum == sum && node.name == own && TRY(isA_py(c, v, node.name))) return checkFields_py(c, v, node, context, star_ok);
  }
  for (const GrammarNode& node : astGrammar()) {
    if (node.sum == sum && TRY(isA_py(c, v, node.name))) return checkFields_py(c, v, node, context, star_ok);
  }
  return refuse();
}

Status checkTree_py(Thread& t, Value tree, const std::string& root, Dict* classes) {
  TreeCheck c{t, classes};
  return checkFields_py(c, tree, nodeNamed(root), "Load", false);
}

}  // namespace krait::modules
