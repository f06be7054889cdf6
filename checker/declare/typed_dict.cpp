// TypedDicts: the class form and TypedDict("X", {…}).
#include "checker/declare/annotation_internal.h"

namespace krait::declare {

static bool constantOf(const Ast& ast, NodeId node, bool fallback) {
  auto constant = ast.tryAs<syntax::Constant>(node);
  if (!constant) return fallback;
  return constant->constantKind() == syntax::ConstantKind::kTrue;
}

static TypedDictItem itemOf(World& w, ModuleId module, ScopeId scope, const Ast& ast, NameId name, NodeId annotation, bool total) {
  AnnotationContext c{w, module, scope, &ast};
  c.allows_required = true;
  TypedDictItem item;
  item.name = name;
  item.type = analyzeType(c, annotation);
  if (!item.type.valid()) item.type = w.types.any();
  item.required = c.is_required || (total && !c.is_not_required);
  item.read_only = c.is_read_only;
  return item;
}

void transformTypedDictClass(World& w, ClassId cls) {
  collectClass(w, cls);
  ModuleId module = w.classes[cls].module;
  const Ast& ast = *w.modules[module].ast;
  auto def = ast.as<syntax::ClassDef>(w.classes[cls].node);
  bool total = true, closed = false;
  for (NodeId arg : def.args()) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    if (!keyword || !keyword->arg().valid()) continue;
    NameId name = syntax::nameOf(ast, keyword->arg());
    if (name == w.names.total) total = constantOf(ast, keyword->value(), true);
    if (name == w.names.closed) closed = constantOf(ast, keyword->value(), false);
  }
  std::vector<TypedDictItem> items;
  for (TypeId base : std::vector<TypeId>(w.classes[cls].bases)) {
    if (!w.types.is(base, TypeKind::kInstance)) continue;
    const ClassInfo& info = w.header(w.types[base].cls());
    if (!info.typed_dict_type.valid()) {
      bool fine = info.fullname.ends_with("._TypedDict") || info.fullname == "builtins.object";
      if (!fine) report(w, module, w.classes[cls].node, Code::kMisc, "All bases of a new TypedDict must be TypedDict types");
      continue;
    }
    TypeId inherited = substituteByInstance(w, info.typed_dict_type, base);
    for (const TypedDictItem& item : w.types.typedDictItems(inherited)) {
      bool replaced = false;
      for (TypedDictItem& own : items) {
        if (own.name != item.name) continue;
        report(w, module, w.classes[cls].node, Code::kMisc,
               "Overwriting TypedDict field \"" + std::string(w.text(item.name)) + "\" while merging");
        own = item;
        replaced = true;
      }
      if (!replaced) items.push_back(item);
    }
  }
  size_t inherited_count = items.size();
  for (NodeId node : def.body()) {
    auto assign = ast.tryAs<syntax::AnnAssign>(node);
    if (!assign || !ast.is(assign->target(), NodeKind::kName)) {
      bool fine = ast.is(node, NodeKind::kPass);
      if (auto expr = ast.tryAs<syntax::ExprStmt>(node)) fine = ast.is(expr->value(), NodeKind::kConstant);
      if (!fine) {
        report(w, module, node, Code::kMisc, "Invalid statement in TypedDict definition; expected \"field_name: field_type\"");
      }
      continue;
    }
    NameId name = syntax::nameOf(ast, assign->target());
    TypedDictItem item = itemOf(w, module, w.classes[cls].scope, ast, name, assign->annotation(), total);
    if (assign->value().valid()) {
      report(w, module, assign->value(), Code::kMisc, "Right hand side values are not supported in TypedDict");
    }
    bool replaced = false;
    for (size_t i = 0; i < items.size(); ++i) {
      if (items[i].name != name) continue;
      if (i < inherited_count && !items[i].read_only) {
        report(w, module, node, Code::kMisc, "Overwriting TypedDict field \"" + std::string(w.text(name)) + "\" while extending");
      } else if (i >= inherited_count) {
        report(w, module, node, Code::kMisc, "Duplicate TypedDict key \"" + std::string(w.text(name)) + "\"");
      }
      items[i] = item;
      replaced = true;
    }
    if (!replaced) items.push_back(item);
  }
  // The items are no attributes.
  for (SymbolId id : w.scopes[w.classes[cls].scope].names.in_order) {
    if (w.symbols[id].kind == SymbolKind::kVariable) w.scopes[w.classes[cls].scope].names.by_name.erase(w.symbols[id].name);
  }
  w.classes[cls].typed_dict_type = w.types.typedDict(items, selfInstanceOf(w, cls), closed);
}

bool resolveTypedDictCall(World& w, SymbolId id, const Ast& ast, NodeId call_node, const std::string& callee) {
  if (callee != "typing.TypedDict" && callee != "typing_extensions.TypedDict" && callee != "mypy_extensions.TypedDict") return false;
  const Symbol symbol = w.symbols[id];
  auto call = ast.as<syntax::Call>(call_node);
  auto invalid = [&](std::string text) {
    report(w, symbol.module, call_node, Code::kMisc, std::move(text));
    return false;
  };
  if (call.args().size() < 2) return invalid("Too few arguments for TypedDict()");
  auto name = syntax::stringValue(ast, call.args()[0]);
  if (!name) return invalid("TypedDict() expects a string literal as the first argument");
  auto dict = ast.tryAs<syntax::Dict>(call.args()[1]);
  if (!dict) return invalid("TypedDict() expects a dictionary literal as the second argument");
  if (*name != w.text(symbol.name)) {
    report(w, symbol.module, call_node, Code::kNameMatch,
           "First argument \"" + std::string(*name) + "\" to TypedDict() does not match variable name \"" + std::string(w.text(symbol.name)) + "\"");
  }
  bool total = true, closed = false;
  for (size_t i = 2; i < call.args().size(); ++i) {
    auto keyword = ast.tryAs<syntax::Keyword>(call.args()[i]);
    if (!keyword || !keyword->arg().valid()) continue;
    if (syntax::nameOf(ast, keyword->arg()) == w.names.total) total = constantOf(ast, keyword->value(), true);
    if (syntax::nameOf(ast, keyword->arg()) == w.names.closed) closed = constantOf(ast, keyword->value(), false);
  }
  ClassId cls = makeClass(w, id, call_node, symbol.name);
  w.classes[cls].set(kClassTypedDict);
  std::vector<TypedDictItem> items;
  for (size_t i = 0; i < dict->keys().size(); ++i) {
    auto key = dict->keys()[i].valid() ? syntax::stringValue(ast, dict->keys()[i]) : std::nullopt;
    if (!key) {
      report(w, symbol.module, call_node, Code::kMisc, "Invalid TypedDict() field name");
      continue;
    }
    items.push_back(itemOf(w, symbol.module, symbol.scope, ast, w.name(*key), dict->values()[i], total));
  }
  TypeId base = namedType(w, "typing", "_TypedDict");
  if (!w.types.is(base, TypeKind::kInstance)) base = namedType(w, "typing_extensions", "_TypedDict");
  if (!w.types.is(base, TypeKind::kInstance)) base = objectType(w);
  w.classes[cls].bases.push_back(base);
  computeMro(w, cls);
  w.classes[cls].typed_dict_type = w.types.typedDict(items, w.types.instance(cls), closed);
  return true;
}

}  // namespace krait::declare
