#include "analyzer/semantic/compile_errors/symbol_check.h"

namespace krait::semantic {

using namespace syntax;

static bool checkPatterns(SymbolCheck& c, NodeList patterns) {
  for (NodeId id : patterns) {
    if (!checkPattern(c, id)) return false;
  }
  return true;
}

// A name that the pattern `id` binds; it may be none.
static bool addCapture(SymbolCheck& c, NodeId name, NodeId id) {
  return name.isNone() || addName(c, nameOf(c.ast, name), kNameLocal, c.ast.range(id));
}

static bool checkClassPattern(SymbolCheck& c, const MatchClass& pattern) {
  if (!checkExpression(c, pattern.cls()) || !checkPatterns(c, pattern.patterns())) return false;
  for (size_t i = 0; i < pattern.kwdAttrs().size(); ++i) {
    TextRange range = c.ast.range(pattern.kwdPatterns()[i]);
    if (!checkReservedName(c, nameText(c.ast, pattern.kwdAttrs()[i]), range, NameUse::kStore)) return false;
  }
  return checkPatterns(c, pattern.kwdPatterns());
}

bool checkPattern(SymbolCheck& c, NodeId id) {
  const Ast& ast = c.ast;
  switch (ast.kind(id)) {
    case NodeKind::kMatchValue: return checkExpression(c, ast.as<MatchValue>(id).value());
    case NodeKind::kMatchSequence: return checkPatterns(c, ast.as<MatchSequence>(id).patterns());
    case NodeKind::kMatchMapping: {
      MatchMapping mapping = ast.as<MatchMapping>(id);
      return checkExpressions(c, mapping.keys()) && checkPatterns(c, mapping.patterns()) &&
             addCapture(c, mapping.rest(), id);
    }
    case NodeKind::kMatchClass: return checkClassPattern(c, ast.as<MatchClass>(id));
    case NodeKind::kMatchStar: return addCapture(c, ast.as<MatchStar>(id).name(), id);
    case NodeKind::kMatchAs: {
      MatchAs as = ast.as<MatchAs>(id);
      return (as.pattern().isNone() || checkPattern(c, as.pattern())) && addCapture(c, as.name(), id);
    }
    case NodeKind::kMatchOr: return checkPatterns(c, ast.as<MatchOr>(id).patterns());
    default: return true;
  }
}

}  // namespace krait::semantic
