// Calls. The callable and its arguments are evaluated straight into a call window at the top of the registers (see Frame in
// runtime/object/frame.h), so that the callee's frame stands where they are.
#include "runtime/codegen/expr.h"
#include "runtime/codegen/fold.h"
#include "runtime/codegen/names.h"

namespace krait::codegen {

static bool isUnpacked(CompileContext& c, NodeId arg) {
  if (c.ast.is(arg, NodeKind::kStarred)) return true;
  return c.ast.is(arg, NodeKind::kKeyword) && !c.ast.as<syntax::Keyword>(arg).arg().valid();
}

static bool hasUnpacked(CompileContext& c, NodeList args) {
  for (NodeId arg : args) {
    if (isUnpacked(c, arg)) return true;
  }
  return args.size() > 20000;  // more than registers can hold: through a list
}

void emitCall(CompileContext& c, uint16_t dst, uint16_t window, uint32_t count) { emit(c, Op::kCall, dst, window, count); }

// Positional arguments, then the keywords' values; the count of all.
static uint32_t plainArguments(CompileContext& c, NodeList args, Constant& names) {
  uint32_t count = 0;
  for (NodeId arg : args) {
    if (c.ast.is(arg, NodeKind::kKeyword)) continue;
    exprToTemp(c, arg);
    ++count;
  }
  for (NodeId arg : args) {
    if (!c.ast.is(arg, NodeKind::kKeyword)) continue;
    auto keyword = c.ast.as<syntax::Keyword>(arg);
    names.items.push_back(makeString(c.names.text(syntax::nameOf(c.ast, keyword.arg()))));
    exprToTemp(c, keyword.value());
    ++count;
  }
  return count;
}

// The positional part with `*`: a tuple in `slot`.
static void positionalTuple(CompileContext& c, uint16_t given_first, uint32_t given, NodeList args, uint16_t slot, NodeId position,
                            uint16_t extra) {
  std::vector<NodeId> positional;
  for (NodeId arg : args) {
    if (!c.ast.is(arg, NodeKind::kKeyword)) positional.push_back(arg);
  }
  bool only_one = given == 0 && extra == kNoRegister && positional.size() == 1 && c.ast.is(positional[0], NodeKind::kStarred);
  if (only_one) return exprTo(c, c.ast.as<syntax::Starred>(positional[0]).value(), slot);
  at(c, position);
  if (given == 0 && extra == kNoRegister) return tupleTo(c, positional, slot);
  // Arguments that are in the window already, the listed ones, and one more behind them.
  TempScope temps(c);
  uint16_t list = allocTemp(c);
  emit(c, Op::kBuildList, list, given_first, given);
  for (NodeId element : positional) {
    TempScope element_temps(c);
    bool starred = c.ast.is(element, NodeKind::kStarred);
    Operand value = operandOf(c, starred ? c.ast.as<syntax::Starred>(element).value() : element);
    at(c, position);
    emit(c, starred ? Op::kListExtend : Op::kListAppend, list, value.reg, 0, freeB(value));
  }
  at(c, position);
  if (extra != kNoRegister) emit(c, Op::kListAppend, list, extra, 0, bytecode::kFreeB);
  emit(c, Op::kListToTuple, slot, list, 0, bytecode::kFreeB);
}

// The keywords with `**`: a dict in `slot`. Duplicates raise in the callee's name.
static void keywordDict(CompileContext& c, NodeList args, uint16_t slot, uint16_t callee, NodeId position) {
  at(c, position);
  emit(c, Op::kBuildMap, slot, slot, 0);
  for (NodeId arg : args) {
    if (!c.ast.is(arg, NodeKind::kKeyword)) continue;
    auto keyword = c.ast.as<syntax::Keyword>(arg);
    TempScope temps(c);
    if (!keyword.arg().valid()) {
      Operand mapping = operandOf(c, keyword.value());
      at(c, position);
      emit(c, Op::kDictMerge, slot, mapping.reg, callee, freeB(mapping));
      continue;
    }
    // A run of one name: merged as a dict of its own, so that repeating a name is noticed.
    uint16_t pair = allocTemp(c, 2);
    at(c, arg);
    loadString(c, c.names.text(syntax::nameOf(c.ast, keyword.arg())), pair);
    exprTo(c, keyword.value(), static_cast<uint16_t>(pair + 1));
    at(c, position);
    emit(c, Op::kBuildMap, pair, pair, 1);
    emit(c, Op::kDictMerge, slot, pair, callee, bytecode::kFreeB);
  }
}

static void callUnpacked(CompileContext& c, uint16_t window, uint32_t given, NodeList args, uint16_t dst, NodeId position, uint16_t extra) {
  TempScope temps(c);
  uint16_t first = static_cast<uint16_t>(window + kWindowHeader);
  bool has_keywords = false;
  for (NodeId arg : args) has_keywords |= c.ast.is(arg, NodeKind::kKeyword);
  // With arguments in the window already, the tuple is built behind them and then moved to the first slot.
  uint16_t slot = given == 0 ? allocTemp(c) : first;
  DCHECK(given > 0 || slot == first, "the first argument follows the header");
  positionalTuple(c, first, given, args, slot, position, extra);
  if (given > 0) c.u->top = static_cast<uint16_t>(first + 1);
  if (has_keywords) {
    uint16_t dict = allocTemp(c);
    keywordDict(c, args, dict, window, position);
  }
  at(c, position);
  emit(c, Op::kCallEx, dst, window, has_keywords);
}

void callWithArguments(CompileContext& c, uint16_t window, uint32_t given, NodeList args, bool is_method, uint16_t dst, NodeId position,
                       uint16_t extra_positional) {
  if (hasUnpacked(c, args)) {
    DCHECK(!is_method, "methods with unpacked arguments are loaded as attributes");
    return callUnpacked(c, window, given, args, dst, position, extra_positional);
  }
  Constant names = makeKind(ConstantKind::kTuple);
  uint32_t count = given;
  if (extra_positional == kNoRegister) {
    count += plainArguments(c, args, names);
  } else {
    // The extra argument comes behind the positional ones.
    for (NodeId arg : args) {
      if (c.ast.is(arg, NodeKind::kKeyword)) continue;
      exprToTemp(c, arg);
      ++count;
    }
    at(c, position);
    emit(c, Op::kTake, allocTemp(c), extra_positional);
    ++count;
    std::vector<NodeId> keywords;
    for (NodeId arg : args) {
      if (c.ast.is(arg, NodeKind::kKeyword)) keywords.push_back(arg);
    }
    count += plainArguments(c, keywords, names);
  }
  at(c, position);
  if (names.items.empty()) return emit(c, is_method ? Op::kCallMethod : Op::kCall, dst, window, count);
  loadConstant(c, names, static_cast<uint16_t>(window + 1));
  emit(c, is_method ? Op::kCallMethodKw : Op::kCallKw, dst, window, count);
}

static bool isSuperCall(CompileContext& c, NodeId node) {
  if (!c.ast.is(node, NodeKind::kCall)) return false;
  NodeId func = c.ast.as<syntax::Call>(node).func();
  return c.ast.is(func, NodeKind::kName) && c.ast.as<syntax::Name>(func).name() == c.special.super;
}

// Method calls show the attribute's line as theirs when they spread over lines. ref: update_start_location_to_match_attr.
static TextRange methodRange(CompileContext& c, NodeId node, const syntax::Attribute& attribute) {
  TextRange whole = c.ast.range(node);
  TextRange name = c.ast.range(attribute.attr());
  if (c.lines.lineOf(whole.begin) != c.lines.lineOf(name.begin)) whole.begin = name.begin;
  return whole;
}

static bool methodCallTo(CompileContext& c, NodeId node, const syntax::Call& call, uint16_t dst) {
  auto attribute = c.ast.tryAs<syntax::Attribute>(call.func());
  if (!attribute || hasUnpacked(c, call.args()) || isSuperCall(c, attribute->value())) return false;
  uint16_t window = dst + 1 == c.u->top && isTemp(c, dst) ? dst : allocTemp(c);
  reserveTo(c, window + kWindowHeader + 1u);
  {
    TempScope temps(c);
    Operand object = operandOf(c, attribute->value());
    at(c, methodRange(c, call.func(), *attribute));
    emit(c, Op::kLoadMethod, window, object.reg, addCache(c, mangled(c, syntax::nameOf(c.ast, attribute->attr()))), freeB(object));
  }
  Constant names = makeKind(ConstantKind::kTuple);
  uint32_t count = plainArguments(c, call.args(), names);
  at(c, methodRange(c, node, *attribute));
  if (names.items.empty()) {
    emit(c, Op::kCallMethod, dst, window, count);
  } else {
    loadConstant(c, names, static_cast<uint16_t>(window + 1));
    emit(c, Op::kCallMethodKw, dst, window, count);
  }
  return true;
}

// `all(… for …)` and the like are loops to CPython; what goes wrong in one is told of the function's name alone.
// ref: maybe_optimize_function_call.
static bool isLoopCall(CompileContext& c, const syntax::Call& call) {
  if (call.args().size() != 1 || !c.ast.is(call.args()[0], NodeKind::kGeneratorExp) || !c.ast.is(call.func(), NodeKind::kName)) return false;
  std::string_view name = c.names.text(c.ast.as<syntax::Name>(call.func()).name());
  return name == "all" || name == "any" || name == "tuple";
}

void callTo(CompileContext& c, NodeId node, uint16_t dst) {
  auto call = c.ast.as<syntax::Call>(node);
  uint16_t top = c.u->top;
  if (!methodCallTo(c, node, call, dst)) {
    uint16_t window = dst + 1 == c.u->top && isTemp(c, dst) ? dst : allocTemp(c);
    exprTo(c, call.func(), window);
    reserveTo(c, window + kWindowHeader);
    callWithArguments(c, window, 0, call.args(), false, dst, isLoopCall(c, call) ? call.func() : node);
  }
  c.u->top = top;
}

}  // namespace krait::codegen
