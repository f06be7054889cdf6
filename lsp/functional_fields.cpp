#include "lsp/functional_fields.h"

#include <algorithm>

#include "analyzer/config/discovery.h"

namespace krait::lsp {

using namespace krait::syntax;

static std::string_view calleeName(const Ast& ast, Call call) {
  auto attribute = ast.tryAs<Attribute>(call.func());
  return nameText(ast, attribute ? attribute->attr() : call.func());
}

static bool makesClass(const Ast& ast, NodeId node) {
  static constexpr std::string_view kMakers[] = {"NamedTuple", "namedtuple", "TypedDict", "Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "make_dataclass"};
  auto call = ast.tryAs<Call>(node);
  if (!call || call->args().size() < 2 || !ast.is(call->args()[0], NodeKind::kConstant)) return false;
  std::string_view name = calleeName(ast, *call);
  return std::find(std::begin(kMakers), std::end(kMakers), name) != std::end(kMakers);
}

NodeId functionalCall(const Ast& ast, NodeId owner) {
  if (auto assign = ast.tryAs<Assign>(owner)) owner = assign->value();
  return makesClass(ast, owner) ? owner : NodeId::none();
}

bool makesEnum(const Ast& ast, NodeId call) {
  std::string_view name = makesClass(ast, call) ? calleeName(ast, ast.as<Call>(call)) : std::string_view();
  return name.ends_with("Enum") || name.ends_with("Flag");
}

Target functionalClass(SourceModule& module, NodeId call) {
  const Ast& ast = module.ast();
  NodeId parent = ast.parent(call);
  if (auto assign = ast.tryAs<Assign>(parent); assign && ast.is(assign->targets()[0], NodeKind::kName)) return {&module, assign->targets()[0], call};
  if (auto cls = ast.tryAs<ClassDef>(parent)) return {&module, cls->name(), call};
  return {};
}

// The names in a string, between blanks and commas.
static void addNames(SourceModule& module, NodeId call, NodeId constant, std::vector<Target>* out) {
  const Ast& ast = module.ast();
  std::optional<std::string_view> value = ast.is(constant, NodeKind::kConstant) ? stringValue(ast, constant) : std::nullopt;
  std::string_view text = ast.text();
  // A value that is not a piece of the text was put together from escapes.
  if (!value || value->data() < text.data() || value->data() + value->size() > text.data() + text.size()) return;
  size_t begin = static_cast<size_t>(value->data() - text.data()), end = begin + value->size();
  while (begin < end) {
    size_t first = std::min(text.find_first_not_of(" ,\n\t", begin), end);
    size_t last = std::min(text.find_first_of(" ,\n\t", first), end);
    if (first < last && config::isIdentifier(text.substr(first, last - first))) {
      out->push_back({&module, constant, call, {static_cast<uint32_t>(first), static_cast<uint32_t>(last)}});
    }
    begin = last;
  }
}

std::vector<Target> functionalFields(SourceModule& module, NodeId call) {
  std::vector<Target> out;
  const Ast& ast = module.ast();
  auto node = ast.tryAs<Call>(call);
  if (!node || node->args().size() < 2) return out;
  NodeId fields = node->args()[1];
  if (auto keyword = ast.tryAs<Keyword>(fields)) fields = keyword->value();
  if (auto dict = ast.tryAs<Dict>(fields)) {
    for (NodeId key : dict->keys()) addNames(module, call, key, &out);
    return out;
  }
  auto list = ast.tryAs<List>(fields);
  auto tuple = ast.tryAs<Tuple>(fields);
  if (!list && !tuple) {
    addNames(module, call, fields, &out);
    return out;
  }
  for (NodeId item : list ? list->elts() : tuple->elts()) {
    auto pair = ast.tryAs<Tuple>(item);
    if (pair && !pair->elts().empty()) item = pair->elts()[0];
    addNames(module, call, item, &out);
  }
  return out;
}

Target functionalField(SourceModule& module, NodeId call, std::string_view name) {
  for (const Target& field : functionalFields(module, call)) {
    if (module.ast().text(field.part) == name) return field;
  }
  return {};
}

std::vector<Target> fieldsOfConstant(SourceModule& module, NodeId constant) {
  const Ast& ast = module.ast();
  NodeId at = ast.parent(constant);
  // At most: a tuple, a list, a keyword, the call.
  for (int steps = 0; steps < 4 && at.valid() && !makesClass(ast, at); ++steps) at = ast.parent(at);
  if (at.isNone() || !makesClass(ast, at)) return {};
  std::vector<Target> fields = functionalFields(module, at);
  std::erase_if(fields, [&](const Target& one) { return one.name != constant; });
  return fields;
}

Target functionalFieldAt(SourceModule& module, NodeId constant, uint32_t offset) {
  for (const Target& field : fieldsOfConstant(module, constant)) {
    if (field.part.begin <= offset && offset <= field.part.end) return field;
  }
  return {};
}

}  // namespace krait::lsp
