// match: patterns test a subject that stays in its register and jump to `fail` when they do not match; names are bound
// only when the whole pattern (and then the guard) is known to match. ref: PEP 634, Python/codegen.c pattern functions.
#include "runtime/compile/compiler.h"

namespace krait::compile {

using bytecode::kFreeA;
using bytecode::kFreeB;
using bytecode::kFreeC;
using bytecode::kWhenTrue;
using Captures = std::vector<std::pair<NodeId, uint16_t>>;

static void intersect(std::vector<bool>& a, const std::vector<bool>& b) {
  for (size_t i = 0; i < a.size(); ++i) a[i] = a[i] && b[i];
}

void Compiler::matchStatement(NodeId node) {
  auto m = ast_.as<ast::Match>(node);
  uint32_t depth = code().depth();
  Operand subject = exprInTemp(m.subject());
  Label end = code().label();
  std::vector<bool> before = unit_->bound, after;
  bool first = true;
  for (NodeId case_node : m.cases()) {
    auto c = ast_.as<ast::MatchCase>(case_node);
    unit_->bound = before;
    Label fail = code().label();
    Captures captures;
    position(c.pattern());
    uint32_t case_depth = code().depth();
    pattern(c.pattern(), {subject.reg, false}, fail, captures);
    for (auto& [name, r] : captures) assign(name, {r, false});
    if (c.guard().valid()) jumpIf(c.guard(), fail, false);
    for (uint32_t r = case_depth; r < code().depth(); ++r) code().emit(Op::kClear, r);
    uint32_t used = code().depth();
    code().freeTo(case_depth);
    code().emit(Op::kClear, subject.reg);
    body(c.body());
    if (first) after = unit_->bound;
    else intersect(after, unit_->bound);
    first = false;
    code().jump(end);
    code().bind(fail);
    for (uint32_t r = case_depth; r < used; ++r) code().emit(Op::kClear, r);
    unit_->bound = before;
  }
  code().emit(Op::kClear, subject.reg);
  intersect(after, before);
  unit_->bound = after;
  code().freeTo(depth);
  code().bind(end);
}

void Compiler::pattern(NodeId node, Operand subject, Label fail, Captures& captures) {
  position(node);
  switch (ast_.kind(node)) {
    case NodeKind::kMatchValue: {
      Operand v = exprInTemp(ast_.as<ast::MatchValue>(node).value());
      position(node);
      code().jumpCompare(Op::kJumpIfEq, subject.reg, v.reg, fail, kFreeB);
      free(v);
      return;
    }
    case NodeKind::kMatchSingleton: {
      Operand v = fresh();
      ast::ConstantKind kind = ast_.as<ast::MatchSingleton>(node).constantKind();
      constantTo(kind == ast::ConstantKind::kNone ? Value::none() : Value::fromBool(kind == ast::ConstantKind::kTrue), v.reg);
      code().jumpCompare(Op::kJumpIfIs, subject.reg, v.reg, fail, kFreeB);
      free(v);
      return;
    }
    case NodeKind::kMatchAs: {
      auto a = ast_.as<ast::MatchAs>(node);
      if (a.pattern().valid()) pattern(a.pattern(), subject, fail, captures);
      if (!a.name().valid()) return;
      Operand copy = fresh();
      code().emit(Op::kMove, copy.reg, subject.reg);
      captures.push_back({a.name(), copy.reg});
      return;
    }
    case NodeKind::kMatchStar: return;
    case NodeKind::kMatchOr: return orPattern(node, subject, fail, captures);
    case NodeKind::kMatchSequence: return sequencePattern(node, subject, fail, captures);
    case NodeKind::kMatchMapping: return mappingPattern(node, subject, fail, captures);
    case NodeKind::kMatchClass: return classPattern(node, subject, fail, captures);
    default: return this->fail(node, "invalid pattern");
  }
}

void Compiler::sequencePattern(NodeId node, Operand subject, Label fail, Captures& captures) {
  NodeList patterns = ast_.as<ast::MatchSequence>(node).patterns();
  uint32_t n = static_cast<uint32_t>(patterns.size()), star = n;
  for (uint32_t i = 0; i < n; ++i) {
    if (ast_.is(patterns[i], NodeKind::kMatchStar)) star = i;
  }
  Operand test = fresh();
  code().emit(Op::kMatchSequence, test.reg, subject.reg);
  code().jumpIf(Op::kJumpIf, test.reg, fail, 0);
  code().emit(Op::kGetLength, test.reg, subject.reg);
  uint32_t k = code().constant(Value::fromInt(star < n ? n - 1 : n));
  if (star == n) code().jumpCompare(Op::kJumpIfEqK, test.reg, k, fail, 0);
  else code().jumpCompare(Op::kJumpIfGeK, test.reg, k, fail, 0);
  free(test);
  if (n == 0) return;
  uint16_t first = code().temp(n);
  if (star < n) code().emit(Op::kUnpackEx, first, subject.reg, star | (n - star - 1) << 8);
  else code().emit(Op::kUnpackSequence, first, subject.reg, n);
  for (uint32_t i = 0; i < n; ++i) {
    Operand item{static_cast<uint16_t>(first + i), false};
    if (i == star) {
      if (NodeId name = ast_.as<ast::MatchStar>(patterns[i]).name(); name.valid()) captures.push_back({name, item.reg});
    } else {
      pattern(patterns[i], item, fail, captures);
    }
  }
}

void Compiler::mappingPattern(NodeId node, Operand subject, Label fail, Captures& captures) {
  auto m = ast_.as<ast::MatchMapping>(node);
  uint32_t n = static_cast<uint32_t>(m.keys().size());
  Operand test = fresh();
  code().emit(Op::kMatchMapping, test.reg, subject.reg);
  code().jumpIf(Op::kJumpIf, test.reg, fail, 0);
  if (n > 0) {
    code().emit(Op::kGetLength, test.reg, subject.reg);
    code().jumpCompare(Op::kJumpIfGeK, test.reg, code().constant(Value::fromInt(n)), fail, 0);
  }
  if (n == 0 && !m.rest().valid()) return;
  Operand keys = fresh();
  elementsTo(m.keys(), keys.reg, NodeKind::kTuple);
  position(node);
  Operand values = fresh();
  code().emit(Op::kMatchKeys, values.reg, subject.reg, keys.reg);
  code().jumpIf(Op::kJumpIfNone, values.reg, fail, kWhenTrue);
  if (n > 0) {
    uint16_t first = code().temp(n);
    code().emit(Op::kUnpackSequence, first, values.reg, n);
    for (uint32_t i = 0; i < n; ++i) pattern(m.patterns()[i], {static_cast<uint16_t>(first + i), false}, fail, captures);
  }
  if (!m.rest().valid()) return;
  Operand rest = fresh();
  code().emit(Op::kBuildMap, rest.reg, rest.reg, 0);
  code().emit(Op::kDictUpdate, rest.reg, subject.reg);
  for (uint32_t i = 0; i < n; ++i) {
    Operand key = fresh();
    code().emit(Op::kGetItemK, key.reg, keys.reg, code().constant(Value::fromInt(i)));
    code().emit(Op::kDeleteItem, rest.reg, key.reg, 0, kFreeB);
    free(key);
  }
  captures.push_back({m.rest(), rest.reg});
}

void Compiler::classPattern(NodeId node, Operand subject, Label fail, Captures& captures) {
  auto c = ast_.as<ast::MatchClass>(node);
  uint32_t positional = static_cast<uint32_t>(c.patterns().size()), n = positional + static_cast<uint32_t>(c.kwdPatterns().size());
  uint16_t in = code().temp(3);
  code().emit(Op::kMove, in, subject.reg);
  exprTo(c.cls(), static_cast<uint16_t>(in + 1));
  Ref names = newTuple(t_, static_cast<int64_t>(c.kwdAttrs().size()));
  for (size_t i = 0; i < c.kwdAttrs().size(); ++i) names.as<Tuple>()->items()[i] = share(mangled(ast::nameOf(ast_, c.kwdAttrs()[i])));
  constantTo(names.get(), static_cast<uint16_t>(in + 2));
  position(node);
  Operand values = fresh();
  code().emit(Op::kMatchClass, values.reg, in, positional);
  code().jumpIf(Op::kJumpIfNone, values.reg, fail, kWhenTrue);
  if (n == 0) return;
  uint16_t first = code().temp(n);
  code().emit(Op::kUnpackSequence, first, values.reg, n);
  for (uint32_t i = 0; i < n; ++i) {
    NodeId p = i < positional ? c.patterns()[i] : c.kwdPatterns()[i - positional];
    pattern(p, {static_cast<uint16_t>(first + i), false}, fail, captures);
  }
}

// Every alternative binds the same names: each gets a register that all alternatives fill.
void Compiler::orPattern(NodeId node, Operand subject, Label fail, Captures& captures) {
  NodeList alternatives = ast_.as<ast::MatchOr>(node).patterns();
  Label matched = code().label();
  Captures shared;
  std::vector<uint16_t> slots;
  uint16_t slots_begin = 0;
  for (size_t i = 0; i < alternatives.size(); ++i) {
    Label next = code().label();
    uint32_t depth = code().depth();
    // Room for the shared names lies below each alternative's temporaries.
    Captures own;
    if (i == 0) {
      size_t count = countCaptures(alternatives[0]);
      slots_begin = code().temp(static_cast<uint32_t>(count) + 1);
      depth = code().depth();
    }
    bool last = i + 1 == alternatives.size();
    pattern(alternatives[i], subject, last ? fail : next, own);
    for (auto& [name, r] : own) {
      size_t at = 0;
      while (at < shared.size() && ast::nameOf(ast_, shared[at].first) != ast::nameOf(ast_, name)) ++at;
      if (at == shared.size()) shared.push_back({name, static_cast<uint16_t>(slots_begin + at)});
      code().emit(Op::kMove, shared[at].second, r);
    }
    for (uint32_t r = depth; r < code().depth(); ++r) code().emit(Op::kClear, r);
    if (!last) {
      code().jump(matched);
      code().bind(next);
      for (uint32_t r = depth; r < code().depth(); ++r) code().emit(Op::kClear, r);
      code().freeTo(depth);
    }
  }
  code().bind(matched);
  for (auto& c : shared) captures.push_back(c);
}

size_t Compiler::countCaptures(NodeId node) const {
  size_t n = 0;
  if (auto a = ast_.tryAs<ast::MatchAs>(node)) n += a->name().valid();
  if (auto s = ast_.tryAs<ast::MatchStar>(node)) n += s->name().valid();
  if (auto m = ast_.tryAs<ast::MatchMapping>(node)) n += m->rest().valid();
  ast::forEachChild(ast_, node, [&](NodeId child) { n += countCaptures(child); });
  return n;
}

}  // namespace krait::compile
