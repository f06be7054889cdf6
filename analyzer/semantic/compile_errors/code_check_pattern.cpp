// match statements (PEP 634): unreachable patterns, names bound twice, alternatives that bind different names, keys and
// attributes that come twice. The rules and their order are those of codegen_match and codegen_pattern_*.
#include <algorithm>
#include <string>
#include <unordered_set>

#include "analyzer/semantic/compile_errors/code_check.h"
#include "analyzer/semantic/compile_errors/pattern_key.h"

namespace krait::semantic {

using namespace syntax;

namespace {

struct PatternCheck {
  CodeCheck& c;
  std::vector<NameId> names;  // bound so far, in order
  bool allows_irrefutable = false;
};

bool checkPattern(PatternCheck& p, NodeId id);

bool fail(PatternCheck& p, NodeId id, std::string message) { return failAt(p.c.check, id, std::move(message)); }

bool isWildcard(const Ast& ast, NodeId id) {
  auto as = ast.tryAs<MatchAs>(id);
  return as && as->pattern().isNone() && as->name().isNone();
}

bool storeName(PatternCheck& p, NodeId name_node, NodeId id) {
  if (name_node.isNone()) return true;
  NameId name = nameOf(p.c.ast, name_node);
  if (std::find(p.names.begin(), p.names.end(), name) != p.names.end()) {
    return fail(p, id, "multiple assignments to name '" + std::string(p.c.ast.name(name)) + "' in pattern");
  }
  p.names.push_back(name);
  return true;
}

// A part of a pattern that cannot make later cases unreachable.
bool checkPart(PatternCheck& p, NodeId id) {
  bool outer = p.allows_irrefutable;
  p.allows_irrefutable = true;
  bool ok = checkPattern(p, id);
  p.allows_irrefutable = outer;
  return ok;
}

bool checkParts(PatternCheck& p, NodeList parts) {
  for (NodeId part : parts) {
    if (!isWildcard(p.c.ast, part) && !checkPart(p, part)) return false;
  }
  return true;
}

bool checkSequence(PatternCheck& p, const MatchSequence& sequence) {
  bool has_star = false;
  NodeList parts = sequence.patterns();
  for (size_t i = 0; i < parts.size(); ++i) {
    if (!p.c.ast.is(parts[i], NodeKind::kMatchStar)) continue;
    if (has_star) return fail(p, sequence.id, "multiple starred names in sequence pattern");
    if (i >= 256) return fail(p, sequence.id, "too many expressions in star-unpacking sequence pattern");
    has_star = true;
  }
  return checkParts(p, sequence.patterns());
}

bool checkMapping(PatternCheck& p, const MatchMapping& mapping) {
  std::unordered_set<std::string> seen;
  for (NodeId node : mapping.keys()) {
    std::optional<PatternKey> key = patternKey(p.c.ast, node);
    if (!key) {
      if (p.c.ast.is(node, NodeKind::kAttribute)) continue;
      return fail(p, mapping.id, "mapping pattern keys may only match literals and attribute lookups");
    }
    if (!seen.insert(std::move(key->identity)).second) {
      return fail(p, mapping.id, "mapping pattern checks duplicate key (" + key->shown + ")");
    }
  }
  return checkParts(p, mapping.patterns()) && storeName(p, mapping.rest(), mapping.id);
}

bool checkClass(PatternCheck& p, const MatchClass& pattern) {
  NodeList attributes = pattern.kwdAttrs();
  for (size_t i = 0; i < attributes.size(); ++i) {
    for (size_t j = i + 1; j < attributes.size(); ++j) {
      if (nameOf(p.c.ast, attributes[i]) != nameOf(p.c.ast, attributes[j])) continue;
      return fail(p, pattern.kwdPatterns()[j],
                  "attribute name repeated in class pattern: " + std::string(nameText(p.c.ast, attributes[i])));
    }
  }
  return checkCodeOfExpression(p.c, pattern.cls()) && checkParts(p, pattern.patterns()) &&
         checkParts(p, pattern.kwdPatterns());
}

bool checkAs(PatternCheck& p, const MatchAs& as) {
  if (as.pattern().valid()) return checkPattern(p, as.pattern()) && storeName(p, as.name(), as.id);
  if (p.allows_irrefutable) return storeName(p, as.name(), as.id);
  if (as.name().isNone()) return fail(p, as.id, "wildcard makes remaining patterns unreachable");
  return fail(p, as.id,
              "name capture '" + std::string(nameText(p.c.ast, as.name())) + "' makes remaining patterns unreachable");
}

bool bindSameNames(std::vector<NameId> a, std::vector<NameId> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return a == b;
}

bool checkOr(PatternCheck& p, const MatchOr& alternatives) {
  std::vector<NameId> control;
  std::vector<NameId> outer = std::move(p.names);
  bool outer_allows = p.allows_irrefutable;
  NodeList patterns = alternatives.patterns();
  for (size_t i = 0; i < patterns.size(); ++i) {
    p.names.clear();
    p.allows_irrefutable = i + 1 == patterns.size() && outer_allows;
    if (!checkPattern(p, patterns[i])) return false;
    if (i == 0) {
      control = p.names;
    } else if (!bindSameNames(control, p.names)) {
      return fail(p, alternatives.id, "alternative patterns bind different names");
    }
  }
  p.allows_irrefutable = outer_allows;
  p.names = std::move(outer);
  for (NameId name : control) {
    if (std::find(p.names.begin(), p.names.end(), name) != p.names.end()) {
      return fail(p, alternatives.id,
                  "multiple assignments to name '" + std::string(p.c.ast.name(name)) + "' in pattern");
    }
    p.names.push_back(name);
  }
  return true;
}

bool checkValue(PatternCheck& p, const MatchValue& value) {
  NodeKind kind = p.c.ast.kind(value.value());
  if (kind == NodeKind::kJoinedStr || kind == NodeKind::kTemplateStr) {
    return fail(p, value.id, "patterns may only match literals and attribute lookups");
  }
  return true;
}

bool checkPattern(PatternCheck& p, NodeId id) {
  const Ast& ast = p.c.ast;
  switch (ast.kind(id)) {
    case NodeKind::kMatchValue: return checkValue(p, ast.as<MatchValue>(id));
    case NodeKind::kMatchSequence: return checkSequence(p, ast.as<MatchSequence>(id));
    case NodeKind::kMatchMapping: return checkMapping(p, ast.as<MatchMapping>(id));
    case NodeKind::kMatchClass: return checkClass(p, ast.as<MatchClass>(id));
    case NodeKind::kMatchStar: return storeName(p, ast.as<MatchStar>(id).name(), id);
    case NodeKind::kMatchAs: return checkAs(p, ast.as<MatchAs>(id));
    case NodeKind::kMatchOr: return checkOr(p, ast.as<MatchOr>(id));
    default: return true;
  }
}

}  // namespace

bool checkCodeOfMatch(CodeCheck& c, const Match& match) {
  if (!checkCodeOfExpression(c, match.subject())) return false;
  NodeList cases = match.cases();
  for (size_t i = 0; i < cases.size(); ++i) {
    MatchCase match_case = c.ast.as<MatchCase>(cases[i]);
    bool is_last = i + 1 == cases.size();
    bool is_default = is_last && cases.size() > 1 && isWildcard(c.ast, match_case.pattern());
    PatternCheck p{.c = c, .allows_irrefutable = match_case.guard().valid() || is_last};
    if (!is_default && !checkPattern(p, match_case.pattern())) return false;
    if (match_case.guard().valid() && !checkCodeOfExpression(c, match_case.guard())) return false;
    if (!checkCodeOf(c, match_case.body())) return false;
  }
  return true;
}

}  // namespace krait::semantic
