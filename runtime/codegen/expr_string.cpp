// f-strings and t-strings.
#include "runtime/codegen/expr.h"
#include "runtime/codegen/fold.h"

namespace krait::codegen {

// FormatValue: leave the converted value unformatted.
static constexpr uint32_t kConvertOnly = 0x100;

static uint32_t conversionOf(uint32_t field) { return field == 0xffffffffu ? 0 : field; }

static void formatTo(CompileContext& c, NodeId node, NodeId value, uint32_t conversion, NodeId format_spec, uint16_t dst) {
  TempScope temps(c);
  Operand operand = operandOf(c, value, hintOf(c, dst));
  at(c, node);
  if (!format_spec.valid()) return emit(c, Op::kFormatValue, dst, operand.reg, conversion, freeB(operand));
  if (conversion != 0) {
    uint16_t converted = operand.is_temp ? operand.reg : allocTemp(c);
    emit(c, Op::kFormatValue, converted, operand.reg, conversion | kConvertOnly, freeB(operand));
    operand = {converted, true, false};
  }
  Operand spec = operandOf(c, format_spec);
  at(c, node);
  emit(c, Op::kFormatWithSpec, dst, operand.reg, spec.reg, static_cast<uint8_t>(freeB(operand) | freeC(spec)));
}

// An Interpolation inside a format specification of a t-string formats as in an f-string.
void formattedValueTo(CompileContext& c, NodeId node, uint16_t dst) {
  if (auto part = c.ast.tryAs<syntax::Interpolation>(node)) {
    return formatTo(c, node, part->value(), conversionOf(part->conversion()), part->formatSpec(), dst);
  }
  auto value = c.ast.as<syntax::FormattedValue>(node);
  formatTo(c, node, value.value(), conversionOf(value.conversion()), value.formatSpec(), dst);
}

void joinedStrTo(CompileContext& c, NodeId node, uint16_t dst) {
  NodeList values = c.ast.as<syntax::JoinedStr>(node).values();
  if (values.empty()) return loadString(c, "", dst);
  if (values.size() == 1) return exprTo(c, values[0], dst);
  TempScope temps(c);
  if (values.size() <= 60) {
    uint16_t first = c.u->top;
    for (NodeId value : values) exprToTemp(c, value);
    at(c, node);
    return emit(c, Op::kBuildString, dst, first, values.size());
  }
  // Very long ones in steps: part of parts.
  uint16_t work = allocTemp(c);
  loadString(c, "", work);
  for (size_t i = 0; i < values.size(); i += 50) {
    TempScope part_temps(c);
    NodeList part = values.subspan(i, std::min<size_t>(50, values.size() - i));
    for (NodeId value : part) exprToTemp(c, value);
    at(c, node);
    emit(c, Op::kBuildString, work, work, part.size() + 1);
  }
  settle(c, work, dst);
}

static void interpolationTo(CompileContext& c, NodeId node, uint16_t dst) {
  auto part = c.ast.as<syntax::Interpolation>(node);
  TempScope temps(c);
  uint16_t first = allocTemp(c);
  exprTo(c, part.value(), first);
  uint16_t text = allocTemp(c);
  at(c, node);
  loadString(c, c.ast.string(part.source()), text);
  uint16_t conversion = allocTemp(c);
  if (uint32_t code = conversionOf(part.conversion()); code != 0) {
    char letter = static_cast<char>(code);
    loadString(c, std::string_view(&letter, 1), conversion);
  } else {
    loadNone(c, conversion);
  }
  uint16_t spec = allocTemp(c);
  if (part.formatSpec().valid()) exprTo(c, part.formatSpec(), spec);
  else loadString(c, "", spec);
  at(c, node);
  emit(c, Op::kBuildTuple, first, first, 4);
  emit(c, Op::kIntrinsic, dst, first, static_cast<uint32_t>(bytecode::Intrinsic::kInterpolation), bytecode::kFreeB);
}

// Strings and interpolations in the order of the text.
void templateStrTo(CompileContext& c, NodeId node, uint16_t dst) {
  NodeList values = c.ast.as<syntax::TemplateStr>(node).values();
  TempScope temps(c);
  uint16_t work = workRegister(c, dst);
  {
    TempScope part_temps(c);
    uint16_t first = c.u->top;
    uint32_t count = 0;
    for (NodeId value : values) {
      uint16_t part = allocTemp(c);
      if (syntax::stringValue(c.ast, value)) exprTo(c, value, part);
      else interpolationTo(c, value, part);
      ++count;
    }
    at(c, node);
    emit(c, Op::kBuildTuple, work, first, count);
  }
  emit(c, Op::kIntrinsic, dst, work, static_cast<uint32_t>(bytecode::Intrinsic::kTemplate), bytecode::kFreeB);
}

}  // namespace krait::codegen
