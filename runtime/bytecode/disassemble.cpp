#include "runtime/bytecode/disassemble.h"

#include <cstdio>

#include "runtime/bytecode/effects.h"

namespace krait::bytecode {

static std::string registerName(const CodeUnit& unit, uint32_t r) {
  size_t locals = unit.local_names.size(), fixed = locals + unit.free_names.size();
  if (r < locals) return std::string(unit.local_names[r]);
  if (r < fixed) return std::string(unit.free_names[r - locals]);
  return "t" + std::to_string(r - fixed);
}

static std::string quoted(std::string_view text) {
  std::string out = "'";
  size_t count = 0;
  for (char ch : text) {
    if (++count > 40) {
      out += "…";
      break;
    }
    if (ch == '\n') out += "\\n";
    else if (ch == '\'' || ch == '\\') out += std::string("\\") + ch;
    else if (static_cast<unsigned char>(ch) < 0x20) out += '?';
    else out += ch;
  }
  return out + "'";
}

static std::string number(double v) {
  char buffer[40];
  std::snprintf(buffer, sizeof buffer, "%.17g", v);
  double back = 0;
  for (int digits = 1; digits < 17; ++digits) {
    char shorter[40];
    std::snprintf(shorter, sizeof shorter, "%.*g", digits, v);
    if (std::sscanf(shorter, "%lf", &back) == 1 && back == v) return shorter;
  }
  return buffer;
}

static std::string constantText(const CodeUnit& unit, const Constant& c) {
  switch (c.kind) {
    case ConstantKind::kNone: return "None";
    case ConstantKind::kTrue: return "True";
    case ConstantKind::kFalse: return "False";
    case ConstantKind::kEllipsis: return "...";
    case ConstantKind::kInt: return std::to_string(c.integer);
    case ConstantKind::kBigInt: return c.base == 10 ? c.text : "base" + std::to_string(c.base) + ":" + c.text;
    case ConstantKind::kFloat: return number(c.real) + "f";
    case ConstantKind::kComplex: return "(" + number(c.real) + "+" + number(c.imag) + "j)";
    case ConstantKind::kStr: return quoted(c.text);
    case ConstantKind::kBytes: return "b" + quoted(c.text);
    case ConstantKind::kCode: return "<" + unit.children[static_cast<size_t>(c.integer)]->qualname + ">";
    case ConstantKind::kTuple:
    case ConstantKind::kFrozenSet: {
      std::string out = c.kind == ConstantKind::kTuple ? "(" : "{";
      for (size_t i = 0; i < c.items.size(); ++i) {
        if (i > 0) out += ", ";
        if (i == 8) {
          out += "…";
          break;
        }
        out += constantText(unit, c.items[i]);
      }
      return out + (c.kind == ConstantKind::kTuple ? ")" : "}");
    }
  }
  return "?";
}

static std::string operandText(const CodeUnit& unit, Operand kind, uint16_t value) {
  switch (kind) {
    case Operand::kWrite:
    case Operand::kRead:
    case Operand::kModify: return registerName(unit, value);
    case Operand::kConstant: return constantText(unit, unit.constants[value]);
    case Operand::kCache: return "." + std::string(unit.cache_names[value]);
    case Operand::kNumber: return "#" + std::to_string(static_cast<int16_t>(value));
    default: return std::string();
  }
}

static bool isWindow(Op op, int operand) {
  bool is_call = op >= Op::kCall && op <= Op::kCallEx;
  return (is_call && operand == 1) || (op >= Op::kLoadMethod && op <= Op::kLoadMethodOfType && operand == 0) ||
         (op == Op::kLoadSuperAttr && operand == 1);
}

static std::string instructionText(const CodeUnit& unit, uint32_t index) {
  const Instruction& i = unit.instructions[index];
  const OpInfo& info = infoOf(i.op);
  char head[32];
  std::snprintf(head, sizeof head, "%-16s", info.name);
  std::string out = head, separator = " ";
  auto add = [&](const std::string& text) {
    if (text.empty()) return;
    out += separator + text;
    separator = ", ";
  };
  const Operand kinds[3] = {info.a, info.b, info.c};
  const uint16_t values[3] = {i.a, i.b, i.c};
  for (int k = 0; k < 3; ++k) {
    add(isWindow(i.op, k) ? registerName(unit, values[k]) : operandText(unit, kinds[k], values[k]));
  }
  if (i.op == Op::kLoadConst) add(constantText(unit, unit.constants[static_cast<uint32_t>(i.bc())]));
  int64_t target = 0;
  if (jumpTarget(i, index, target)) add("-> " + std::to_string(target));
  std::string flags;
  if (i.flags & kWhenTrue) flags += " true";
  if (i.flags & kInplace) flags += " inplace";
  if (i.flags & kFreeA) flags += " free:" + registerName(unit, i.a);
  if (i.flags & kFreeB) flags += " free:" + registerName(unit, i.b);
  if (i.flags & kFreeC) flags += " free:" + registerName(unit, i.c);
  out += flags;
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::string disassemble(const CodeUnit& unit) {
  std::string out = unit.qualname + "(";
  for (uint32_t i = 0; i < unit.arg_count + unit.keyword_only && i < unit.local_names.size(); ++i) {
    if (i > 0) out += ", ";
    out += unit.local_names[i];
  }
  out += ")  registers " + std::to_string(unit.register_count) + "\n";
  uint32_t line = 0;
  for (uint32_t i = 0; i < unit.instructions.size(); ++i) {
    char head[32];
    if (unit.positions[i].line != line) std::snprintf(head, sizeof head, "%5u %5u ", unit.positions[i].line, i);
    else std::snprintf(head, sizeof head, "      %5u ", i);
    line = unit.positions[i].line;
    out += head + instructionText(unit, i) + "\n";
  }
  for (const UnitHandler& h : unit.handlers) {
    out += "      [" + std::to_string(h.begin) + ", " + std::to_string(h.end) + ") -> " + std::to_string(h.handler) + " in " +
           registerName(unit, h.target) + "\n";
  }
  return out;
}

std::string disassembleAll(const CodeUnit& unit, std::string_view name) {
  std::string out;
  if (name.empty() || unit.name == name || unit.qualname == name) out += disassemble(unit);
  for (const auto& child : unit.children) {
    std::string below = disassembleAll(*child, name);
    if (!out.empty() && !below.empty()) out += "\n";
    out += below;
  }
  return out;
}

}  // namespace krait::bytecode
