#include "analyzer/syntax/ast.h"

namespace krait::syntax {

namespace {

struct KindInfo {
  const char* name;
  NodeCategory category;
  const char* detail;
  FieldInfo fields[7];
  uint8_t field_count;
};

constexpr uint8_t countFields(const FieldInfo* fields) {
  uint8_t count = 0;
  while (fields[count].name != nullptr) ++count;
  return count;
}

#define NODE(Kind, category)                                         \
  constexpr KindInfo infoOf##Kind() {                                \
    KindInfo info{#Kind, NodeCategory::category, nullptr, {}, 0};
#define END(Kind)                               \
  info.field_count = countFields(info.fields);  \
  return info;                                  \
  }
#define DETAIL(Type, detail_name) info.detail = #detail_name;
#define FIELD_NODE(field, i) info.fields[i] = {#field, FieldKind::kNode};
#define FIELD_OPT(field, i) info.fields[i] = {#field, FieldKind::kOpt};
#define FIELD_LIST(field, i) info.fields[i] = {#field, FieldKind::kList};
#define FIELD_OPTS(field, i) info.fields[i] = {#field, FieldKind::kOpts};
#define FIELD_NAME(field, i) info.fields[i] = {#field, FieldKind::kName};
#define FIELD_INT(field, i) info.fields[i] = {#field, FieldKind::kInt};
#define FIELD_VALUES(field, i) info.fields[i] = {#field, FieldKind::kValues};
#include "analyzer/syntax/nodes.def"

constexpr KindInfo kKinds[] = {
#define NODE(Kind, category) infoOf##Kind(),
#define END(Kind)
#define DETAIL(Type, name)
#define FIELD_NODE(name, i)
#define FIELD_OPT(name, i)
#define FIELD_LIST(name, i)
#define FIELD_OPTS(name, i)
#define FIELD_NAME(name, i)
#define FIELD_INT(name, i)
#define FIELD_VALUES(name, i)
#include "analyzer/syntax/nodes.def"
};

}  // namespace

static const KindInfo& infoOf(NodeKind kind) { return kKinds[static_cast<size_t>(kind)]; }

const char* kindName(NodeKind kind) { return infoOf(kind).name; }
NodeCategory categoryOf(NodeKind kind) { return infoOf(kind).category; }
const char* detailName(NodeKind kind) { return infoOf(kind).detail; }
std::span<const FieldInfo> fieldsOf(NodeKind kind) {
  const KindInfo& info = infoOf(kind);
  return {info.fields, info.field_count};
}

const char* spelling(BinaryOp op) {
  static constexpr const char* kTexts[] = {"+", "-", "*", "@", "/", "%", "**", "<<", ">>", "|", "^", "&", "//"};
  return kTexts[static_cast<size_t>(op)];
}
const char* spelling(UnaryOperator op) {
  static constexpr const char* kTexts[] = {"~", "not", "+", "-"};
  return kTexts[static_cast<size_t>(op)];
}
const char* spelling(BoolOperator op) { return op == BoolOperator::kAnd ? "and" : "or"; }
const char* spelling(CompareOperator op) {
  static constexpr const char* kTexts[] = {"==", "!=", "<", "<=", ">", ">=", "is", "is not", "in", "not in"};
  return kTexts[static_cast<size_t>(op)];
}

size_t Ast::memoryBytes() const {
  return nodes_.capacity() * sizeof(NodeRecord) + slots_.capacity() * sizeof(uint32_t) +
         lists_.capacity() * sizeof(NodeId) + strings_.capacity() * sizeof(std::string_view) +
         ints_.capacity() * sizeof(IntConstant) + floats_.capacity() * sizeof(double) +
         comments_.capacity() * sizeof(Comment) + arena_.usedBytes();
}

NameId nameOf(const Ast& ast, NodeId id) {
  if (ast.is(id, NodeKind::kIdentifier)) return ast.as<Identifier>(id).name();
  if (ast.is(id, NodeKind::kName)) return ast.as<Name>(id).name();
  return NameId::none();
}

std::string_view nameText(const Ast& ast, NodeId id) { return ast.name(nameOf(ast, id)); }

TextRange fullRange(const Ast& ast, NodeId id) {
  TextRange range = ast.range(id);
  NodeKind kind = ast.kind(id);
  if (kind == NodeKind::kFunctionDef || kind == NodeKind::kClassDef) {
    NodeList decorators = ast.list(id, 0);
    // The '@' stands before the decorator's expression.
    if (!decorators.empty()) {
      uint32_t at = ast.range(decorators[0]).begin;
      while (at > 0 && ast.text()[at] != '@') --at;
      range.begin = at;
    }
  }
  return range;
}

NodeId docstringOf(const Ast& ast, NodeList body) {
  if (body.empty() || !ast.is(body[0], NodeKind::kExprStmt)) return NodeId::none();
  NodeId value = ast.as<ExprStmt>(body[0]).value();
  return stringValue(ast, value) ? value : NodeId::none();
}

NodeList bodyOf(const Ast& ast, NodeId id) {
  switch (ast.kind(id)) {
    case NodeKind::kModule: return ast.as<Module>(id).body();
    case NodeKind::kFunctionDef: return ast.as<FunctionDef>(id).body();
    case NodeKind::kClassDef: return ast.as<ClassDef>(id).body();
    default: return {};
  }
}

std::optional<std::string_view> stringValue(const Ast& ast, NodeId id) {
  auto constant = ast.tryAs<Constant>(id);
  if (!constant || constant->constantKind() != ConstantKind::kStr) return std::nullopt;
  return ast.string(constant->payload());
}

}  // namespace krait::syntax
