// Calls of functions that the checker itself knows: reveal_type, cast, assert_type, super, and the makers of types.
#include <algorithm>

#include "checker/declare/any_rules.h"
#include "checker/infer/infer.h"

namespace krait::infer {

static TypeId any(Checker& c, AnyKind kind = AnyKind::kFromError) { return c.w.types.any(kind); }

static TypeId denoted(Checker& c, NodeId node) {
  AnnotationContext context{c.w, c.module, c.scope, c.ast};
  context.is_silent = c.silent > 0;
  TypeId type = c.withValues(analyzeType(context, node));
  return type.valid() ? type : any(c);
}

static void reveal(Checker& c, NodeId node, TypeId type) {
  note(c, node, Code::kMisc, "Revealed type is \"" + revealType(c.w, type) + "\"");
}

// Does reveal_type() have further arguments that say what is expected, as pyright takes them: `expected_text`, which is
// in that one's words, and `expected_type`?
static bool hasExpectations(Checker& c, syntax::NodeList args) {
  if (args.empty() || c.ast->is(args[0], NodeKind::kKeyword) || !follows(*c.options, Divergence::kRevealExpectations)) return false;
  for (size_t i = 1; i < args.size(); ++i) {
    auto keyword = c.ast->tryAs<syntax::Keyword>(args[i]);
    if (!keyword || !keyword->arg().valid()) return false;
    std::string_view name = syntax::nameText(*c.ast, keyword->arg());
    if (name != "expected_text" && name != "expected_type") return false;
  }
  return true;
}

// The variables of the function (or module) with what is known of them here, by name.
static void revealLocals(Checker& c, NodeId node) {
  World& w = c.w;
  ScopeId scope = c.function.id.valid() ? w.functions[c.function.id].scope : c.cls.valid() ? w.classes[c.cls].scope : w.modules[c.module].scope;
  std::vector<std::pair<std::string, TypeId>> found;
  for (SymbolId symbol : w.scopes[scope].names.in_order) {
    const Symbol& info = w.symbols[symbol];
    if (info.kind != SymbolKind::kVariable || !info.type.valid() || w.text(info.name).starts_with("__")) continue;
    TypeId known = c.binder->get(c.keys.variable(symbol));
    found.emplace_back(std::string(w.text(info.name)), known.valid() ? known : info.type);
  }
  std::sort(found.begin(), found.end());
  if (found.empty()) {
    note(c, node, Code::kMisc, "There are no locals to reveal");
    return;
  }
  note(c, node, Code::kMisc, "Revealed local types are:");
  for (const auto& entry : found) note(c, node, Code::kMisc, "    " + entry.first + ": " + revealType(w, entry.second));
}

// Takes the form exactly so many arguments, none by keyword? Else that is reported. ref: mypy semanal.check_fixed_args
static bool hasFixedArguments(Checker& c, NodeId node, std::string_view form, size_t count) {
  NodeList args = c.ast->as<syntax::Call>(node).args();
  std::string plural = count == 1 ? "" : "s";
  if (args.size() != count) {
    fail(c, node, Code::kMisc, quoted(form) + " expects " + std::to_string(count) + " argument" + plural);
    return false;
  }
  for (NodeId arg : args) {
    if (!c.ast->is(arg, NodeKind::kKeyword) && !c.ast->is(arg, NodeKind::kStarred)) continue;
    fail(c, node, Code::kMisc, quoted(form) + " must be called with " + std::to_string(count) + " positional argument" + plural);
    return false;
  }
  return true;
}

// What mypy says of the arguments of special forms before it knows any types; `result`: what the call gives where it is
// judged as no call.
static bool checkForm(Checker& c, NodeId node, std::string_view module, std::string_view name, bool typing, TypeId& result) {
  if (follows(*c.options, Divergence::kFormKeywords)) return true;
  if (name == "reveal_type" && (typing || module == "builtins") && !hasFixedArguments(c, node, name, 1)) {
    if (!typing) result = any(c);
    return false;
  }
  if ((name == "cast" || name == "assert_type") && typing) return hasFixedArguments(c, node, name, 2);
  if (name == "divmod" && module == "builtins") {
    if (!hasFixedArguments(c, node, name, 2)) return false;
    result = divmodOf(c, node);
    return false;
  }
  if (name == "Any" && typing) fail(c, node, Code::kMisc, "Any(...) is no longer supported. Use cast(Any, ...) instead");
  return true;
}

bool specialCall(Checker& c, NodeId node, const std::string& callee, TypeId context, TypeId& result) {
  World& w = c.w;
  auto call = c.ast->as<syntax::Call>(node);
  NodeList args = call.args();
  size_t dot = callee.rfind('.');
  std::string_view name = std::string_view(callee).substr(dot + 1);
  std::string_view module = std::string_view(callee).substr(0, dot);
  bool typing = module == "typing" || module == "typing_extensions" || module == "mypy_extensions";
  if (!checkForm(c, node, module, name, typing, result)) return result.valid();
  if (callee == "builtins.super" && follows(*c.options, Divergence::kSuperObjects)) {
    result = superValue(c, node);
    return result.valid();
  }
  if (name == "reveal_locals" && args.empty() && (typing || module == "builtins")) {
    revealLocals(c, node);
    result = w.types.none();
    return true;
  }
  if (name == "reveal_type" && (typing || module == "builtins") && (args.size() == 1 || hasExpectations(c, args))) {
    NodeId arg = args[0];
    if (auto keyword = c.ast->tryAs<syntax::Keyword>(arg)) arg = keyword->value();
    c.allows_none = true;
    bool was_reachable = !c.binder->isUnreachable();
    TypeId type = inferExpr(c, arg, context);
    if (isDynamic(c)) {
      bool was = c.function.is_dynamic;
      reveal(c, arg, any(c));
      note(c, arg, Code::kMisc, "'reveal_type' always outputs 'Any' in unchecked functions");
      c.function.is_dynamic = was;
      result = any(c);
      return true;
    }
    // What is known of a variable's value is no part of its type; of an enum member it is.
    bool is_name = c.ast->is(arg, NodeKind::kName);
    if (auto attribute = c.ast->tryAs<syntax::Attribute>(arg)) {
      NameId attr = syntax::nameOf(*c.ast, attribute->attr());
      is_name = attr != w.names.value && attr != w.names.name && attr != w.names._value_ && attr != w.names._name_;
    }
    TypeId known = w.types.is(type, TypeKind::kInstance) ? w.types[type].extra : TypeId::none();
    bool is_member = known.valid() && w.types.is(known, TypeKind::kLiteral) && w.types.literalValue(known).kind == LiteralKind::kEnum;
    if (is_member && !c.ast->is(arg, NodeKind::kName)) is_name = false;
    if (is_name && follows(*c.options, Divergence::kRedefinition)) type = removeLastKnownValues(w, type);
    if (follows(*c.options, Divergence::kUnsolvedAny)) type = withUnsolvedAny(w, type);
    // A call that never returns is revealed where it stands.
    bool is_end = was_reachable && c.binder->isUnreachable();
    if (is_end) c.binder->top().is_unreachable = false;
    reveal(c, arg, type);
    if (is_end) c.binder->top().is_unreachable = true;
    for (size_t i = 1; i < args.size(); ++i) {
      auto expected = c.ast->as<syntax::Keyword>(args[i]);
      if (syntax::nameText(*c.ast, expected.arg()) != "expected_type") continue;
      TypeId wanted = denoted(c, expected.value());
      if (isSameType(w, type, wanted) || isSameType(w, removeLastKnownValues(w, type), wanted)) continue;
      auto texts = formatTwo(w, type, wanted);
      fail(c, node, Code::kAssertType, "Expression is of type " + texts.first + ", not " + texts.second);
    }
    result = type;
    return true;
  }
  bool makes_enum = module == "enum" && (name == "Enum" || name == "IntEnum" || name == "Flag" || name == "IntFlag" || name == "StrEnum");
  if (makes_enum && c.ast->is(c.ast->parent(node), NodeKind::kAssign)) {
    NodeId target = c.ast->as<syntax::Assign>(c.ast->parent(node)).targets()[0];
    bool is_self = c.ast->is(target, NodeKind::kAttribute) && c.function.id.valid();
    if (is_self) fail(c, target, Code::kMisc, "Enum type as attribute is not supported");
    // What was wrong with the call was said where the assignment was read.
    result = any(c);
    return true;
  }
  if (callee == "collections.namedtuple" && c.ast->is(c.ast->parent(node), NodeKind::kAssign) && c.function.id.valid()) {
    NodeId target = c.ast->as<syntax::Assign>(c.ast->parent(node)).targets()[0];
    if (c.ast->is(target, NodeKind::kAttribute)) fail(c, target, Code::kMisc, "NamedTuple type as an attribute is not supported");
  }
  if (typing && (name == "TypedDict" || name == "NamedTuple") && c.ast->is(c.ast->parent(node), NodeKind::kAssign)) {
    auto assign = c.ast->as<syntax::Assign>(c.ast->parent(node));
    NodeId target = assign.targets()[0];
    bool is_self = c.ast->is(target, NodeKind::kAttribute) && c.function.id.valid();
    if (is_self) fail(c, target, Code::kMisc, name == "TypedDict" ? "TypedDict type as attribute is not supported" : "NamedTuple type as an attribute is not supported");
    // What was wrong with the call itself was said where the assignment was read.
    result = any(c);
    return is_self || c.ast->is(target, NodeKind::kName);
  }
  if (!typing) return false;
  if (name == "TypeForm" && args.size() == 1 && !c.ast->is(args[0], NodeKind::kKeyword)) {
    result = w.types.typeForm(denoted(c, args[0]));
    return true;
  }
  if (name == "cast" && args.size() == 2) {
    TypeId target = denoted(c, args[0]);
    if (c.silent == 0) {
      reportUnimported(w, c.module, node, "Target type of cast", target);
      reportExplicit(w, c.module, node, target);
    }
    TypeId source = inferExpr(c, args[1], any(c, AnyKind::kSpecialForm));
    if (c.options->warn_redundant_casts && isSameType(w, source, target) && !w.types.is(proper(w, target), TypeKind::kAny)) {
      fail(c, node, Code::kRedundantCast, "Redundant cast to " + formatType(w, target));
    }
    result = target;
    return true;
  }
  if (name == "assert_type" && args.size() == 2) {
    TypeId target = denoted(c, args[1]);
    c.allows_none = true;
    // The specification lets the wanted type guide the inference, but for literals; a call only where its arguments say nothing.
    bool is_guide = follows(*c.options, Divergence::kAssertTypeGuides) && !w.types.is(proper(w, target), TypeKind::kLiteral);
    bool is_call = c.ast->is(args[0], NodeKind::kCall);
    Watch watch = startWatch(c);
    TypeId source = inferExpr(c, args[0], is_guide && !is_call ? target : context);
    if (is_guide && is_call && w.types[source].has(kHasNever)) {
      takeBack(c, watch);
      source = inferExpr(c, args[0], target);
    }
    TypeId shown = removeLastKnownValues(w, source);
    if (w.types.is(proper(w, target), TypeKind::kLiteral)) shown = coerceToLiteral(w, source);
    if (!follows(*c.options, Divergence::kAssertTypeGuides) && w.types.is(source, TypeKind::kInstance) && w.types.is(w.types[source].extra, TypeKind::kLiteral)) {
      shown = source = w.types[source].extra;
    }
    if (isDynamic(c)) {
      auto texts = formatTwo(w, any(c), target);
      if (!w.types.is(proper(w, target), TypeKind::kAny)) {
        fail(c, node, Code::kAssertType, "Expression is of type " + texts.first + ", not " + texts.second);
        note(c, node, Code::kAssertType, "\"assert_type\" expects everything to be \"Any\" in unchecked functions");
      }
      result = source;
      return true;
    }
    // `type` alone is type[Any].
    bool is_bare_type = isNamed(w, proper(w, shown), "builtins.type") && w.types.is(proper(w, target), TypeKind::kTypeType) &&
                        w.types.is(proper(w, w.types[proper(w, target)].items[0]), TypeKind::kAny) && follows(*c.options, Divergence::kBareType);
    if (!isSameType(w, shown, target) && !isSameType(w, source, target) && !is_bare_type) {
      auto texts = formatTwo(w, shown, target);
      fail(c, node, Code::kAssertType, "Expression is of type " + texts.first + ", not " + texts.second);
    }
    result = source;
    return true;
  }
  static constexpr std::string_view kMakers[] = {"TypeVar", "ParamSpec", "TypeVarTuple", "NewType"};
  for (std::string_view maker : kMakers) {
    if (name != maker) continue;
    // Where the assignment made an entity of it, its arguments are types, not values.
    NodeId parent = c.ast->parent(node);
    if (!c.ast->is(parent, NodeKind::kAssign)) return false;
    TypeId type = namedType(w, "typing", name);
    result = w.types.is(type, TypeKind::kInstance) ? type : any(c);
    return true;
  }
  return false;
}

}  // namespace krait::infer
