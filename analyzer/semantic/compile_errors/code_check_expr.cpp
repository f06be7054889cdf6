#include <algorithm>

#include "analyzer/semantic/compile_errors/code_check.h"

namespace krait::semantic {

using namespace syntax;

bool checkRepeatedKeywords(CodeCheck& c, NodeList args) {
  std::vector<std::pair<NameId, uint32_t>> keywords;  // name, index
  for (uint32_t i = 0; i < args.size(); ++i) {
    auto keyword = c.ast.tryAs<Keyword>(args[i]);
    if (keyword && keyword->arg().valid()) keywords.emplace_back(nameOf(c.ast, keyword->arg()), i);
  }
  if (keywords.size() < 2) return true;
  std::sort(keywords.begin(), keywords.end());
  // The first name that comes again is the one to report, at its second place.
  uint32_t first = 0xffffffffu;
  uint32_t second = 0;
  for (size_t i = 1; i < keywords.size(); ++i) {
    bool is_repeated = keywords[i].first == keywords[i - 1].first;
    if (!is_repeated || keywords[i - 1].second >= first) continue;
    first = keywords[i - 1].second;
    second = keywords[i].second;
  }
  if (first == 0xffffffffu) return true;
  NodeId name = c.ast.as<Keyword>(args[second]).arg();
  return failAt(c.check, args[second], "keyword argument repeated: " + std::string(nameText(c.ast, name)));
}

// An element of a display, a call or a subscript's tuple, which may be starred.
static bool checkElement(CodeCheck& c, NodeId id) {
  return checkCodeOfExpression(c, c.ast.is(id, NodeKind::kStarred) ? c.ast.as<Starred>(id).value() : id);
}

static bool checkElements(CodeCheck& c, NodeList list) {
  for (NodeId id : list) {
    if (!checkElement(c, id)) return false;
  }
  return true;
}

bool checkCodeOfArguments(CodeCheck& c, NodeList args) {
  for (bool keywords : {false, true}) {
    for (NodeId id : args) {
      auto keyword = c.ast.tryAs<Keyword>(id);
      if (keyword.has_value() != keywords) continue;
      if (!checkElement(c, keyword ? keyword->value() : id)) return false;
    }
  }
  return true;
}

// Targets that are unpacked into: at most one of them starred, at most 255 before it.
static bool checkUnpacking(CodeCheck& c, NodeId id, NodeList elements) {
  bool has_star = false;
  for (size_t i = 0; i < elements.size(); ++i) {
    if (!c.ast.is(elements[i], NodeKind::kStarred)) continue;
    if (has_star) return failAt(c.check, id, "multiple starred expressions in assignment");
    if (i >= 256) return failAt(c.check, id, "too many expressions in star-unpacking assignment");
    has_star = true;
  }
  return true;
}

static bool checkSequence(CodeCheck& c, NodeId id, ExprContext context, NodeList elements) {
  if (context == ExprContext::kStore && !checkUnpacking(c, id, elements)) return false;
  return checkElements(c, elements);
}

static bool checkComprehension(CodeCheck& c, NodeList generators, NodeId element, NodeId value) {
  for (NodeId id : generators) {
    Comprehension clause = c.ast.as<Comprehension>(id);
    if (!checkCodeOfExpression(c, clause.iter()) || !checkCodeOfExpression(c, clause.target()) ||
        !checkCodeOfExpressions(c, clause.ifs())) {
      return false;
    }
  }
  return checkCodeOfExpression(c, element) && (value.isNone() || checkCodeOfExpression(c, value));
}

static bool checkLambda(CodeCheck& c, const Lambda& lambda) {
  if (!checkCodeOfDefaults(c, lambda.params())) return false;
  c.units.push_back({.kind = UnitKind::kLambda});
  if (!checkCodeOfExpression(c, lambda.body())) return false;
  c.units.pop_back();
  return true;
}

static bool checkYield(CodeCheck& c, NodeId id, NodeId value, bool is_from) {
  std::string what = is_from ? "'yield from' " : "'yield' ";
  if (!isFunctionUnit(c.unit().kind)) return failAt(c.check, id, what + "outside function");
  if (is_from && c.unit().kind == UnitKind::kAsyncFunction) return failAt(c.check, id, what + "inside async function");
  return value.isNone() || checkCodeOfExpression(c, value);
}

bool checkCodeOfDefaults(CodeCheck& c, NodeId parameters) {
  for (NodeId id : c.ast.as<Parameters>(parameters).params()) {
    NodeId value = c.ast.as<Parameter>(id).defaultValue();
    if (value.valid() && !checkCodeOfExpression(c, value)) return false;
  }
  return true;
}

static bool checkParts(CodeCheck& c, NodeId id) {
  bool ok = true;
  forEachChild(c.ast, id, [&](NodeId child) {
    if (ok && isExpression(c.ast, child)) ok = checkCodeOfExpression(c, child);
  });
  return ok;
}

bool checkCodeOfExpression(CodeCheck& c, NodeId id) {
  const Ast& ast = c.ast;
  switch (ast.kind(id)) {
    case NodeKind::kName:
    case NodeKind::kConstant: return true;
    case NodeKind::kStarred:
      return failAt(c.check, id,
                    ast.as<Starred>(id).context() == ExprContext::kStore
                        ? "starred assignment target must be in a list or tuple"
                        : "can't use starred expression here");
    case NodeKind::kTuple: return checkSequence(c, id, ast.as<Tuple>(id).context(), ast.as<Tuple>(id).elts());
    case NodeKind::kList: return checkSequence(c, id, ast.as<List>(id).context(), ast.as<List>(id).elts());
    case NodeKind::kSet: return checkElements(c, ast.as<Set>(id).elts());
    case NodeKind::kCall: {
      Call call = ast.as<Call>(id);
      return checkRepeatedKeywords(c, call.args()) && checkCodeOfExpression(c, call.func()) &&
             checkCodeOfArguments(c, call.args());
    }
    case NodeKind::kNamedExpr: {
      NamedExpr named = ast.as<NamedExpr>(id);
      return checkCodeOfExpression(c, named.value()) && checkCodeOfExpression(c, named.target());
    }
    case NodeKind::kIfExp: {
      IfExp conditional = ast.as<IfExp>(id);
      return checkCodeOfExpression(c, conditional.test()) && checkCodeOfExpression(c, conditional.body()) &&
             checkCodeOfExpression(c, conditional.orelse());
    }
    case NodeKind::kLambda: return checkLambda(c, ast.as<Lambda>(id));
    case NodeKind::kYield: return checkYield(c, id, ast.as<Yield>(id).value(), false);
    case NodeKind::kYieldFrom: return checkYield(c, id, ast.as<YieldFrom>(id).value(), true);
    case NodeKind::kListComp:
      return checkComprehension(c, ast.as<ListComp>(id).generators(), ast.as<ListComp>(id).elt(), NodeId());
    case NodeKind::kSetComp:
      return checkComprehension(c, ast.as<SetComp>(id).generators(), ast.as<SetComp>(id).elt(), NodeId());
    case NodeKind::kGeneratorExp:
      return checkComprehension(c, ast.as<GeneratorExp>(id).generators(), ast.as<GeneratorExp>(id).elt(), NodeId());
    case NodeKind::kDictComp:
      return checkComprehension(c, ast.as<DictComp>(id).generators(), ast.as<DictComp>(id).key(),
                                ast.as<DictComp>(id).value());
    default: return checkParts(c, id);
  }
}

bool checkCodeOfExpressions(CodeCheck& c, NodeList list) {
  for (NodeId id : list) {
    if (!checkCodeOfExpression(c, id)) return false;
  }
  return true;
}

}  // namespace krait::semantic
