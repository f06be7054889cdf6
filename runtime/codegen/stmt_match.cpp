// match. The names of a case have registers at the bottom of its temporaries and are stored when the whole pattern has matched.
// A pattern that fails jumps to the label of its depth, the number of temporaries it held: those labels stand in a row behind
// the case, each releasing one register and falling through to the next (as fail_pop in CPython's compiler does with its stack).
#include "runtime/codegen/fold.h"
#include "runtime/codegen/names.h"
#include "runtime/codegen/stmt.h"

namespace krait::codegen {

namespace {
struct CaseContext {
  uint16_t base = 0;            // first register that the case may hold
  std::vector<Label> fail;      // by number of registers held
  std::vector<NodeId> names;    // identifiers, in order of first mention
  std::vector<NameId> name_ids; // name i is captured in register base + i
};
}  // namespace

static void pattern(CompileContext& c, CaseContext& k, NodeId node, const Operand& subject);

// The label to jump to when the pattern does not match here.
static Label failLabel(CompileContext& c, CaseContext& k) {
  size_t held = c.u->top - k.base;
  while (k.fail.size() <= held) k.fail.push_back(newLabel(c));
  return k.fail[held];
}

static void collectNames(CompileContext& c, CaseContext& k, NodeId node) {
  auto add = [&](NodeId name) {
    if (!name.valid()) return;
    NameId id = syntax::nameOf(c.ast, name);
    for (NameId known : k.name_ids) {
      if (known == id) return;
    }
    k.names.push_back(name);
    k.name_ids.push_back(id);
  };
  DepthGuard guard(c, node);
  if (!guard.ok()) return;
  switch (c.ast.kind(node)) {
    case NodeKind::kMatchAs:
      if (c.ast.as<syntax::MatchAs>(node).pattern().valid()) collectNames(c, k, c.ast.as<syntax::MatchAs>(node).pattern());
      return add(c.ast.as<syntax::MatchAs>(node).name());
    case NodeKind::kMatchStar: return add(c.ast.as<syntax::MatchStar>(node).name());
    case NodeKind::kMatchMapping:
      for (NodeId p : c.ast.as<syntax::MatchMapping>(node).patterns()) collectNames(c, k, p);
      return add(c.ast.as<syntax::MatchMapping>(node).rest());
    case NodeKind::kMatchSequence:
      for (NodeId p : c.ast.as<syntax::MatchSequence>(node).patterns()) collectNames(c, k, p);
      return;
    case NodeKind::kMatchOr:
      for (NodeId p : c.ast.as<syntax::MatchOr>(node).patterns()) collectNames(c, k, p);
      return;
    case NodeKind::kMatchClass:
      for (NodeId p : c.ast.as<syntax::MatchClass>(node).patterns()) collectNames(c, k, p);
      for (NodeId p : c.ast.as<syntax::MatchClass>(node).kwdPatterns()) collectNames(c, k, p);
      return;
    default: return;
  }
}

static void capture(CompileContext& c, CaseContext& k, NodeId name, const Operand& value) {
  NameId id = syntax::nameOf(c.ast, name);
  for (size_t i = 0; i < k.name_ids.size(); ++i) {
    if (k.name_ids[i] == id) return moveTo(c, value, static_cast<uint16_t>(k.base + i));
  }
}

static bool isWildcard(CompileContext& c, NodeId node) {
  auto as = c.ast.tryAs<syntax::MatchAs>(node);
  return as && !as->pattern().valid() && !as->name().valid();
}

static void valuePattern(CompileContext& c, CaseContext& k, NodeId node, const Operand& subject) {
  uint16_t top = c.u->top;
  Label fail = failLabel(c, k);
  Operand value = operandOrConstant(c, c.ast.as<syntax::MatchValue>(node).value());
  at(c, node);
  jumpCompare(c, value.is_constant ? Op::kJumpIfEqK : Op::kJumpIfEq, {subject.reg, false, false}, value, fail, false);
  c.u->top = top;
}

static void singletonPattern(CompileContext& c, CaseContext& k, NodeId node, const Operand& subject) {
  syntax::ConstantKind kind = c.ast.as<syntax::MatchSingleton>(node).constantKind();
  if (kind == syntax::ConstantKind::kNone) return jumpIfNone(c, {subject.reg, false, false}, failLabel(c, k), false);
  Label fail = failLabel(c, k);
  TempScope temps(c);
  uint16_t value = allocTemp(c);
  loadConstant(c, makeKind(kind == syntax::ConstantKind::kTrue ? ConstantKind::kTrue : ConstantKind::kFalse), value);
  jumpCompare(c, Op::kJumpIfIs, {subject.reg, false, false}, {value, true, false}, fail, false);
}

// Matches `patterns` against the registers from `first` on, which hold the items; each is released when done with.
static void itemPatterns(CompileContext& c, CaseContext& k, NodeList patterns, uint16_t first) {
  for (size_t i = 0; i < patterns.size(); ++i) {
    uint16_t reg = static_cast<uint16_t>(first + i);
    NodeId p = patterns[i];
    if (auto star = c.ast.tryAs<syntax::MatchStar>(p)) {
      if (star->name().valid()) capture(c, k, star->name(), {reg, true, false});
      else emit(c, Op::kClear, reg);
      continue;
    }
    if (auto as = c.ast.tryAs<syntax::MatchAs>(p); as && !as->pattern().valid() && as->name().valid()) {
      capture(c, k, as->name(), {reg, true, false});
      continue;
    }
    if (!isWildcard(c, p)) pattern(c, k, p, {reg, false, false});
    at(c, p);
    emit(c, Op::kClear, reg);
  }
}

// `[a, b, *_, z]`: only the items that are looked at are taken, each by its index. ref: pattern_helper_sequence_subscr.
static void itemsByIndex(CompileContext& c, CaseContext& k, NodeList patterns, size_t star, const Operand& subject) {
  for (size_t i = 0; i < patterns.size(); ++i) {
    NodeId p = patterns[i];
    if (i == star || isWildcard(c, p)) continue;
    TempScope temps(c);
    uint16_t item = allocTemp(c);
    if (i < star) {
      emit(c, Op::kGetItemK, item, subject.reg, addConstant(c, makeInt(static_cast<int64_t>(i))));
    } else {
      uint16_t index = allocTemp(c), from_end = allocTemp(c);
      emit(c, Op::kGetLength, index, subject.reg);
      loadConstant(c, makeInt(static_cast<int64_t>(patterns.size() - i)), from_end);
      emit(c, Op::kSub, index, index, from_end);
      emit(c, Op::kGetItem, item, subject.reg, index);
      emit(c, Op::kClear, index);
      emit(c, Op::kClear, from_end);
    }
    if (auto as = c.ast.tryAs<syntax::MatchAs>(p); as && !as->pattern().valid() && as->name().valid()) {
      capture(c, k, as->name(), {item, true, false});
      continue;
    }
    pattern(c, k, p, {item, false, false});
    at(c, p);
    emit(c, Op::kClear, item);
  }
}

static void sequencePattern(CompileContext& c, CaseContext& k, NodeId node, const Operand& subject) {
  NodeList patterns = c.ast.as<syntax::MatchSequence>(node).patterns();
  size_t star = patterns.size();
  for (size_t i = 0; i < patterns.size(); ++i) {
    if (c.ast.is(patterns[i], NodeKind::kMatchStar)) star = i;
  }
  bool has_star = star < patterns.size();
  TempScope temps(c);
  Label fail = failLabel(c, k);
  {
    TempScope test_temps(c);
    uint16_t test = allocTemp(c);
    size_t least = has_star ? patterns.size() - 1 : patterns.size();
    emit(c, Op::kMatchSequence, test, subject.reg, bytecode::lengthForm(least, has_star));
    jumpIf(c, {test, true, false}, fail, false);
  }
  bool all_wild = true;
  for (NodeId p : patterns) {
    auto s = c.ast.tryAs<syntax::MatchStar>(p);
    all_wild = all_wild && (isWildcard(c, p) || (s && !s->name().valid()));
  }
  if (all_wild) return;
  if (has_star && !c.ast.as<syntax::MatchStar>(patterns[star]).name().valid()) return itemsByIndex(c, k, patterns, star, subject);
  uint16_t first = allocTemp(c, static_cast<uint32_t>(patterns.size()));
  if (!has_star) {
    emit(c, Op::kUnpackSequence, first, subject.reg, patterns.size());
  } else {
    size_t after = patterns.size() - star - 1;
    if (star > 255 || after > 255) return krait::codegen::fail(c, node, "too many expressions in star-unpacking sequence pattern");
    emit(c, Op::kUnpackEx, first, subject.reg, star | after << 8);
  }
  itemPatterns(c, k, patterns, first);
}

static void keysTo(CompileContext& c, NodeList keys, uint16_t dst) {
  Constant value = makeKind(ConstantKind::kTuple);
  bool all = true;
  for (NodeId key : keys) all = all && foldConstant(c, key, value.items.emplace_back());
  if (all) return loadConstant(c, value, dst);
  tupleTo(c, keys, dst);
}

static void mappingPattern(CompileContext& c, CaseContext& k, NodeId node, const Operand& subject) {
  auto mapping = c.ast.as<syntax::MatchMapping>(node);
  size_t count = mapping.keys().size();
  TempScope temps(c);
  Label fail = failLabel(c, k);
  {
    TempScope test_temps(c);
    uint16_t test = allocTemp(c);
    emit(c, Op::kMatchMapping, test, subject.reg);
    jumpIf(c, {test, true, false}, fail, false);
    if (count > 0) {
      emit(c, Op::kGetLength, test, subject.reg);
      Operand length{static_cast<uint16_t>(addConstant(c, makeInt(static_cast<int64_t>(count)))), false, true};
      jumpCompare(c, Op::kJumpIfGeK, {test, true, false}, length, fail, false);
    }
  }
  if (count == 0 && !mapping.rest().valid()) return;
  uint16_t keys = allocTemp(c);
  keysTo(c, mapping.keys(), keys);
  at(c, node);
  uint16_t values = allocTemp(c);
  emit(c, Op::kMatchKeys, values, subject.reg, keys);
  Label fail_with_values = failLabel(c, k);
  jumpIfNone(c, {values, false, false}, fail_with_values, true);
  uint16_t first = allocTemp(c, static_cast<uint32_t>(count));
  if (count > 0) emit(c, Op::kUnpackSequence, first, values, count, bytecode::kFreeB);
  else emit(c, Op::kClear, values);
  itemPatterns(c, k, mapping.patterns(), first);
  if (!mapping.rest().valid()) return emit(c, Op::kClear, keys);
  // rest = dict(subject) without the keys
  uint16_t rest = allocTemp(c);
  emit(c, Op::kBuildMap, rest, rest, 0);
  emit(c, Op::kDictUpdate, rest, subject.reg);
  uint16_t each = allocTemp(c, static_cast<uint32_t>(count));
  if (count > 0) emit(c, Op::kUnpackSequence, each, keys, count, bytecode::kFreeB);
  else emit(c, Op::kClear, keys);
  for (size_t i = 0; i < count; ++i) emit(c, Op::kDeleteItem, rest, each + i, 0, bytecode::kFreeB);
  capture(c, k, mapping.rest(), {rest, true, false});
}

static void classPattern(CompileContext& c, CaseContext& k, NodeId node, const Operand& subject) {
  auto cls = c.ast.as<syntax::MatchClass>(node);
  Constant names = makeKind(ConstantKind::kTuple);
  for (NodeId attr : cls.kwdAttrs()) names.items.push_back(makeString(syntax::nameText(c.ast, attr)));
  size_t count = cls.patterns().size() + cls.kwdPatterns().size();
  TempScope temps(c);
  uint16_t parts = allocTemp(c, 3);
  emit(c, Op::kMove, parts, subject.reg);
  exprTo(c, cls.cls(), static_cast<uint16_t>(parts + 1));
  at(c, node);
  loadConstant(c, names, static_cast<uint16_t>(parts + 2));
  emit(c, Op::kMatchClass, parts, parts, cls.patterns().size(), bytecode::kFreeB);
  c.u->top = static_cast<uint16_t>(parts + 1);
  jumpIfNone(c, {parts, false, false}, failLabel(c, k), true);
  if (count == 0) return emit(c, Op::kClear, parts);
  uint16_t first = allocTemp(c, static_cast<uint32_t>(count));
  emit(c, Op::kUnpackSequence, first, parts, count, bytecode::kFreeB);
  std::vector<NodeId> all(cls.patterns().begin(), cls.patterns().end());
  all.insert(all.end(), cls.kwdPatterns().begin(), cls.kwdPatterns().end());
  itemPatterns(c, k, all, first);
}

// Alternatives fail to the next one; names captured meanwhile are overwritten or released with the case.
static void orPattern(CompileContext& c, CaseContext& k, NodeId node, const Operand& subject) {
  NodeList alternatives = c.ast.as<syntax::MatchOr>(node).patterns();
  Label matched = newLabel(c);
  for (size_t i = 0; i < alternatives.size(); ++i) {
    if (i + 1 == alternatives.size()) {
      pattern(c, k, alternatives[i], subject);
      break;
    }
    CaseContext alternative;
    alternative.base = k.base;
    alternative.names = k.names;
    alternative.name_ids = k.name_ids;
    uint16_t held = static_cast<uint16_t>(c.u->top - k.base);
    pattern(c, alternative, alternatives[i], subject);
    jump(c, matched);
    for (size_t depth = alternative.fail.size(); depth-- > 0;) {
      bindLabel(c, alternative.fail[depth]);
      if (depth > held) emit(c, Op::kClear, static_cast<uint16_t>(k.base + depth - 1));
    }
  }
  bindLabel(c, matched);
}

static void pattern(CompileContext& c, CaseContext& k, NodeId node, const Operand& subject) {
  DepthGuard guard(c, node);
  if (!guard.ok()) return;
  at(c, node);
  switch (c.ast.kind(node)) {
    case NodeKind::kMatchValue: return valuePattern(c, k, node, subject);
    case NodeKind::kMatchSingleton: return singletonPattern(c, k, node, subject);
    case NodeKind::kMatchSequence: return sequencePattern(c, k, node, subject);
    case NodeKind::kMatchMapping: return mappingPattern(c, k, node, subject);
    case NodeKind::kMatchClass: return classPattern(c, k, node, subject);
    case NodeKind::kMatchOr: return orPattern(c, k, node, subject);
    case NodeKind::kMatchAs: {
      auto as = c.ast.as<syntax::MatchAs>(node);
      if (as.pattern().valid()) pattern(c, k, as.pattern(), subject);
      if (as.name().valid()) capture(c, k, as.name(), {subject.reg, false, false});
      return;
    }
    default: return fail(c, node, "invalid syntax");
  }
}

// The captures that end a pattern, taken back: each name's operand, the register that it is captured in where it is not among
// them. Nothing can fail behind them, so that the names are stored from where the values are.
static std::vector<Operand> lastCaptures(CompileContext& c, const CaseContext& k) {
  std::vector<Operand> values;
  for (size_t i = 0; i < k.names.size(); ++i) values.push_back({static_cast<uint16_t>(k.base + i), true, false});
  std::vector<bytecode::Instruction>& code = c.u->code->instructions;
  while (c.u->is_reachable && !code.empty() && c.u->last_bound < static_cast<int64_t>(code.size())) {
    const bytecode::Instruction& last = code.back();
    bool is_capture = (last.op == Op::kTake || last.op == Op::kMove) && last.a >= k.base && last.a < k.base + k.names.size();
    if (!is_capture) break;
    values[last.a - k.base] = {last.b, last.op == Op::kTake, false};
    code.pop_back();
    c.u->ranges.pop_back();
  }
  return values;
}

static void matchCase(CompileContext& c, NodeId node, uint16_t subject, Label end) {
  auto match_case = c.ast.as<syntax::MatchCase>(node);
  TempScope temps(c);
  CaseContext k;
  k.base = c.u->top;
  collectNames(c, k, match_case.pattern());
  allocTemp(c, static_cast<uint32_t>(k.names.size()));
  pattern(c, k, match_case.pattern(), {subject, false, false});
  std::vector<Operand> values = lastCaptures(c, k);
  for (const Operand& value : values) {
    if (value.reg >= c.u->top) reserveTo(c, value.reg + 1u);
  }
  for (size_t i = 0; i < k.names.size(); ++i) {
    at(c, k.names[i]);
    storeName(c, k.names[i], values[i]);
  }
  c.u->top = k.base;
  if (match_case.guard().valid()) {
    // The names are stored: nothing is held any more.
    Label fail = failLabel(c, k);
    jumpOnTruth(c, match_case.guard(), fail, false);
  }
  emit(c, Op::kClear, subject);
  statements(c, match_case.body());
  jumpOn(c, end);
  atNothing(c);
  for (size_t depth = k.fail.size(); depth-- > 0;) {
    bindLabel(c, k.fail[depth]);
    if (depth > 0) emit(c, Op::kClear, static_cast<uint16_t>(k.base + depth - 1));
  }
}

void matchStatement(CompileContext& c, NodeId node) {
  auto match = c.ast.as<syntax::Match>(node);
  uint16_t top = c.u->top;
  Label end = newLabel(c);
  uint16_t subject = exprToTemp(c, match.subject());
  for (NodeId id : match.cases()) matchCase(c, id, subject, end);
  atNothing(c);
  emit(c, Op::kClear, subject);
  c.u->top = top;
  bindLabel(c, end);
}

}  // namespace krait::codegen
