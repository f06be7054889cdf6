// Displays: tuples, lists, sets and dicts, with `*` and `**` parts. Short ones are built from registers side by side; long
// ones grow a list in steps, so that the number of registers stays small.
#include "runtime/codegen/expr.h"
#include "runtime/codegen/fold.h"

namespace krait::codegen {

static constexpr size_t kMaxSideBySide = 30;

static bool hasStarred(CompileContext& c, NodeList elements) {
  for (NodeId element : elements) {
    if (c.ast.is(element, NodeKind::kStarred)) return true;
  }
  return false;
}

static void buildSideBySide(CompileContext& c, Op op, NodeList elements, uint16_t dst) {
  TextRange here = c.u->here;
  TempScope temps(c);
  uint16_t first = c.u->top;
  for (NodeId element : elements) exprToTemp(c, element);
  at(c, here);
  emit(c, op, dst, first, elements.size());
}

// Adds elements one by one to the list or set in `work`; what is wrong with one is told of the whole display.
static void addElements(CompileContext& c, NodeList elements, uint16_t work, bool is_set) {
  TextRange here = c.u->here;
  for (NodeId element : elements) {
    TempScope temps(c);
    bool starred = c.ast.is(element, NodeKind::kStarred);
    Operand value = operandOf(c, starred ? c.ast.as<syntax::Starred>(element).value() : element);
    at(c, here);
    Op op = starred ? (is_set ? Op::kSetUpdate : Op::kListExtend) : (is_set ? Op::kSetAdd : Op::kListAppend);
    emit(c, op, work, value.reg, 0, freeB(value));
  }
}

static void growList(CompileContext& c, NodeList elements, uint16_t work) {
  TextRange here = c.u->here;
  // The plain beginning goes in at once.
  size_t plain = 0;
  while (plain < elements.size() && plain < kMaxSideBySide && !c.ast.is(elements[plain], NodeKind::kStarred)) ++plain;
  buildSideBySide(c, Op::kBuildList, elements.first(plain), work);
  addElements(c, elements.subspan(plain), work, false);
  at(c, here);
}

void tupleTo(CompileContext& c, NodeList elements, uint16_t dst) {
  if (!hasStarred(c, elements) && elements.size() <= kMaxSideBySide) return buildSideBySide(c, Op::kBuildTuple, elements, dst);
  TempScope temps(c);
  uint16_t work = workRegister(c, dst);
  growList(c, elements, work);
  emit(c, Op::kListToTuple, dst, work, 0, bytecode::kFreeB);
}

static bool foldAll(CompileContext& c, NodeList elements, Constant& out) {
  for (NodeId element : elements) {
    if (!foldConstant(c, element, out.items.emplace_back())) return false;
  }
  return true;
}

// A list or set of three or more constants is filled from one constant.
static bool fillFromConstant(CompileContext& c, NodeList elements, ConstantKind kind, uint16_t dst) {
  if (elements.size() < 3) return false;
  Constant value = makeKind(kind);
  if (!foldAll(c, elements, value)) return false;
  bool is_set = kind == ConstantKind::kFrozenSet;
  TempScope temps(c);
  uint16_t work = workRegister(c, dst);
  emit(c, is_set ? Op::kBuildSet : Op::kBuildList, work, work, 0);
  uint16_t constant = allocTemp(c);
  loadConstant(c, value, constant);
  emit(c, is_set ? Op::kSetUpdate : Op::kListExtend, work, constant, 0, bytecode::kFreeB);
  settle(c, work, dst);
  return true;
}

void listTo(CompileContext& c, NodeList elements, uint16_t dst) {
  if (fillFromConstant(c, elements, ConstantKind::kTuple, dst)) return;
  if (!hasStarred(c, elements) && elements.size() <= kMaxSideBySide) return buildSideBySide(c, Op::kBuildList, elements, dst);
  TempScope temps(c);
  uint16_t work = workRegister(c, dst);
  growList(c, elements, work);
  settle(c, work, dst);
}

void setTo(CompileContext& c, NodeList elements, uint16_t dst) {
  if (fillFromConstant(c, elements, ConstantKind::kFrozenSet, dst)) return;
  if (!hasStarred(c, elements) && elements.size() <= kMaxSideBySide) return buildSideBySide(c, Op::kBuildSet, elements, dst);
  TextRange here = c.u->here;
  TempScope temps(c);
  uint16_t work = workRegister(c, dst);
  emit(c, Op::kBuildSet, work, work, 0);
  addElements(c, elements, work, true);
  at(c, here);
  settle(c, work, dst);
}

static constexpr size_t kMaxPairs = 15;

// Adds pairs [from, to) to the dict in `work`: side by side when there is none yet.
static void addPairs(CompileContext& c, const syntax::Dict& dict, size_t from, size_t to, uint16_t work) {
  for (size_t i = from; i < to; ++i) {
    TempScope temps(c);
    uint16_t key = exprToTemp(c, dict.keys()[i]);
    uint16_t value = exprToTemp(c, dict.values()[i]);
    at(c, dict.id);
    emit(c, Op::kMapAdd, work, key, value, bytecode::kFreeB | bytecode::kFreeC);
  }
}

void dictTo(CompileContext& c, NodeId node, uint16_t dst) {
  auto dict = c.ast.as<syntax::Dict>(node);
  size_t count = dict.values().size();
  size_t plain = 0;
  while (plain < count && plain < kMaxPairs && dict.keys()[plain].valid()) ++plain;
  TempScope temps(c);
  bool is_simple = plain == count;
  uint16_t work = is_simple ? dst : workRegister(c, dst);
  {
    TempScope pair_temps(c);
    uint16_t first = c.u->top;
    for (size_t i = 0; i < plain; ++i) {
      exprToTemp(c, dict.keys()[i]);
      exprToTemp(c, dict.values()[i]);
    }
    at(c, node);
    emit(c, Op::kBuildMap, work, first, plain);
  }
  if (is_simple) return;
  for (size_t i = plain; i < count; ++i) {
    if (dict.keys()[i].valid()) {
      addPairs(c, dict, i, i + 1, work);
      continue;
    }
    TempScope update_temps(c);
    Operand mapping = operandOf(c, dict.values()[i]);
    at(c, node);
    emit(c, Op::kDictUpdate, work, mapping.reg, 0, freeB(mapping));
  }
  at(c, node);
  settle(c, work, dst);
}

}  // namespace krait::codegen
