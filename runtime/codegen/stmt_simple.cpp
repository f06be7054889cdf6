// raise, assert and imports.
#include "runtime/codegen/fold.h"
#include "runtime/codegen/names.h"
#include "runtime/codegen/stmt.h"

namespace krait::codegen {

void raiseStatement(CompileContext& c, NodeId node) {
  auto raise = c.ast.as<syntax::Raise>(node);
  if (!raise.exc().valid()) return emit(c, Op::kRaise, 0, 0, 0);
  TempScope temps(c);
  Operand exception = operandOf(c, raise.exc());
  if (!raise.cause().valid()) {
    at(c, node);
    return emit(c, Op::kRaise, exception.reg, 0, 1, freeA(exception));
  }
  Operand cause = operandOf(c, raise.cause());
  at(c, node);
  emit(c, Op::kRaise, exception.reg, cause.reg, 2, static_cast<uint8_t>(freeA(exception) | freeB(cause)));
}

void assertStatement(CompileContext& c, NodeId node) {
  if (c.options.optimize > 0) return;
  auto assertion = c.ast.as<syntax::Assert>(node);
  TempScope temps(c);
  Label end = newLabel(c);
  jumpOnTruth(c, assertion.test(), end, true);
  at(c, assertion.test());
  uint16_t error = allocTemp(c);
  emit(c, Op::kLoadAssertionError, error, 0);
  if (assertion.msg().valid()) {
    reserveTo(c, error + kWindowHeader);
    exprToTemp(c, assertion.msg());
    at(c, assertion.test());
    emitCall(c, error, error, 1);
  }
  emit(c, Op::kRaise, error, 0, 1, bytecode::kFreeA);
  bindLabel(c, end);
}

// dst = __import__(name, …, fromlist, level)
static void importTo(CompileContext& c, std::string_view module, const Constant& fromlist, uint32_t level, uint16_t dst) {
  TempScope temps(c);
  uint16_t pair = allocTemp(c, 2);
  loadConstant(c, makeInt(level), pair);
  loadConstant(c, fromlist, static_cast<uint16_t>(pair + 1));
  emit(c, Op::kImportName, dst, pair, sharedCache(c, c.names.intern(module)));
}

// `import a.b.c as d`: the last module, through the attributes of the first.
static void importAs(CompileContext& c, std::string_view module, NodeId asname) {
  uint16_t reg = allocTemp(c);
  importTo(c, module, Constant{}, 0, reg);
  size_t dot = module.find('.');
  while (dot != std::string_view::npos) {
    size_t next = module.find('.', dot + 1);
    std::string_view part = module.substr(dot + 1, next == std::string_view::npos ? next : next - dot - 1);
    uint16_t sub = allocTemp(c);
    emit(c, Op::kImportFrom, sub, reg, sharedCache(c, c.names.intern(part)), bytecode::kFreeB);
    emit(c, Op::kTake, reg, sub);
    dot = next;
  }
  storeName(c, asname, {reg, true, false});
}

void importStatement(CompileContext& c, NodeId node) {
  for (NodeId id : c.ast.as<syntax::Import>(node).names()) {
    auto alias = c.ast.as<syntax::Alias>(id);
    TempScope temps(c);
    at(c, node);
    std::string_view module = syntax::nameText(c.ast, alias.name());
    if (alias.asname().valid()) {
      importAs(c, module, alias.asname());
      continue;
    }
    uint16_t reg = allocTemp(c);
    importTo(c, module, Constant{}, 0, reg);
    storeName(c, alias.name(), {reg, true, false});
  }
}

void importFromStatement(CompileContext& c, NodeId node) {
  auto import = c.ast.as<syntax::ImportFrom>(node);
  TempScope temps(c);
  Constant fromlist = makeKind(ConstantKind::kTuple);
  for (NodeId id : import.names()) fromlist.items.push_back(makeString(syntax::nameText(c.ast, c.ast.as<syntax::Alias>(id).name())));
  uint16_t module = allocTemp(c);
  importTo(c, import.module().valid() ? syntax::nameText(c.ast, import.module()) : std::string_view(), fromlist, import.level(), module);
  for (NodeId id : import.names()) {
    auto alias = c.ast.as<syntax::Alias>(id);
    NameId name = syntax::nameOf(c.ast, alias.name());
    if (name == c.special.star) return emit(c, Op::kImportStar, module, 0, 0, bytecode::kFreeA);
    TempScope item_temps(c);
    at(c, node);
    NodeId named = alias.asname().valid() ? alias.asname() : alias.name();
    uint16_t item = allocTemp(c);
    emit(c, Op::kImportFrom, item, module, sharedCache(c, name));
    storeName(c, named, {item, true, false});
  }
  emit(c, Op::kClear, module);
}

}  // namespace krait::codegen
