#include "analyzer/syntax/dump_ast.h"

#include <cstdio>

namespace krait::syntax {

namespace {

struct Dump {
  const Ast& ast;
  const LineIndex lines;
  DumpRanges ranges;
  std::string out;
};

constexpr const char* kContexts[] = {"Load", "Store", "Del"};
constexpr const char* kConstants[] = {"None", "True", "False", "Ellipsis", "int", "float", "complex", "str", "bytes"};
constexpr const char* kParameters[] = {"posonly", "normal", "vararg", "kwonly", "kwarg"};

}  // namespace

static void appendQuoted(std::string* out, std::string_view text) {
  *out += '"';
  for (unsigned char c : text) {
    if (c == '"' || c == '\\') {
      *out += '\\';
      *out += static_cast<char>(c);
    } else if (c < 0x20 || c == 0x7f) {
      char hex[8];
      std::snprintf(hex, sizeof hex, "\\x%02x", c);
      *out += hex;
    } else {
      *out += static_cast<char>(c);
    }
  }
  *out += '"';
}

static void appendConstant(Dump& dump, Constant constant) {
  dump.out += ' ';
  dump.out += kConstants[static_cast<size_t>(constant.constantKind())];
  char text[64];
  switch (constant.constantKind()) {
    case ConstantKind::kInt: {
      const IntConstant& value = dump.ast.integer(constant.payload());
      if (value.fits) std::snprintf(text, sizeof text, " %lld", static_cast<long long>(value.value));
      dump.out += value.fits ? std::string(text) : " base" + std::to_string(value.base) + " " + std::string(value.digits);
      break;
    }
    case ConstantKind::kFloat:
    case ConstantKind::kComplex:
      std::snprintf(text, sizeof text, " %.17g", dump.ast.floating(constant.payload()));
      dump.out += text;
      break;
    case ConstantKind::kStr:
    case ConstantKind::kBytes:
      dump.out += ' ';
      appendQuoted(&dump.out, dump.ast.string(constant.payload()));
      break;
    default: break;
  }
}

static void appendDetail(Dump& dump, NodeId id) {
  const Ast& ast = dump.ast;
  uint8_t detail = ast[id].detail;
  switch (ast.kind(id)) {
    case NodeKind::kConstant: appendConstant(dump, ast.as<Constant>(id)); return;
    case NodeKind::kMatchSingleton: dump.out += std::string(" ") + kConstants[detail]; return;
    case NodeKind::kBinOp:
    case NodeKind::kAugAssign: dump.out += std::string(" ") + spelling(static_cast<BinaryOp>(detail)); return;
    case NodeKind::kUnaryOp: dump.out += std::string(" ") + spelling(static_cast<UnaryOperator>(detail)); return;
    case NodeKind::kBoolOp: dump.out += std::string(" ") + spelling(static_cast<BoolOperator>(detail)); return;
    case NodeKind::kParameter: dump.out += std::string(" ") + kParameters[detail]; return;
    case NodeKind::kAttribute: case NodeKind::kSubscript: case NodeKind::kStarred: case NodeKind::kName:
    case NodeKind::kList: case NodeKind::kTuple: dump.out += std::string(" ") + kContexts[detail]; return;
    default:
      if (detail != 0 && detailName(ast.kind(id)) != nullptr) dump.out += std::string(" ") + detailName(ast.kind(id));
  }
}

static void appendScalars(Dump& dump, NodeId id) {
  const Ast& ast = dump.ast;
  if (ast.is(id, NodeKind::kConstant)) return;
  std::span<const FieldInfo> fields = fieldsOf(ast.kind(id));
  for (uint32_t i = 0; i < fields.size(); ++i) {
    if (fields[i].kind == FieldKind::kName) {
      dump.out += ' ';
      dump.out += ast.name(NameId(ast.slot(id, i)));
    } else if (fields[i].kind == FieldKind::kInt) {
      dump.out += std::string(" ") + fields[i].name + "=";
      if (std::string_view(fields[i].name) == "source") appendQuoted(&dump.out, ast.string(ast.slot(id, i)));
      else dump.out += std::to_string(static_cast<int32_t>(ast.slot(id, i)));
    } else if (fields[i].kind == FieldKind::kValues) {
      for (NodeId op : ast.list(id, i)) dump.out += std::string(" ") + spelling(static_cast<CompareOperator>(op.value));
    }
  }
}

static void dumpNode(Dump& dump, NodeId id, const char* field, uint32_t level) {
  dump.out.append(level * 2, ' ');
  if (field != nullptr) dump.out += std::string(field) + "=";
  if (id.isNone()) {
    dump.out += "none\n";
    return;
  }
  const Ast& ast = dump.ast;
  dump.out += kindName(ast.kind(id));
  if (dump.ranges == DumpRanges::kLineColumn && !ast.is(id, NodeKind::kModule)) {
    LineColumn begin = dump.lines.locate(ast.range(id).begin);
    LineColumn end = dump.lines.locate(ast.range(id).end);
    char text[80];
    std::snprintf(text, sizeof text, " %u:%u-%u:%u", begin.line + 1, begin.column, end.line + 1, end.column);
    dump.out += text;
  }
  appendDetail(dump, id);
  appendScalars(dump, id);
  dump.out += '\n';
  std::span<const FieldInfo> fields = fieldsOf(ast.kind(id));
  for (uint32_t i = 0; i < fields.size(); ++i) {
    if (fields[i].kind == FieldKind::kNode || fields[i].kind == FieldKind::kOpt) {
      if (ast.child(id, i).valid()) dumpNode(dump, ast.child(id, i), fields[i].name, level + 1);
    } else if (fields[i].kind == FieldKind::kList || fields[i].kind == FieldKind::kOpts) {
      if (ast.list(id, i).empty()) continue;
      dump.out.append(level * 2 + 2, ' ');
      dump.out += std::string(fields[i].name) + ":\n";
      for (NodeId child : ast.list(id, i)) dumpNode(dump, child, nullptr, level + 2);
    }
  }
}

std::string dumpAst(const Ast& ast, DumpRanges ranges) {
  Dump dump{ast, LineIndex(ast.text()), ranges, {}};
  dumpNode(dump, ast.root(), nullptr, 0);
  return std::move(dump.out);
}

}  // namespace krait::syntax
