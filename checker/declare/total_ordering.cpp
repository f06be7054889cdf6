// functools.total_ordering: the class has all four ordering methods if it has one. ref: mypy plugins/functools.py
#include "checker/declare/field_transform.h"

namespace krait::declare {

// The decorator; none: the class has not got it.
static NodeId totalOrdering(World& w, ClassId cls) {
  const ClassInfo& info = w.classes[cls];
  if (!info.node.valid()) return NodeId::none();
  const Ast& ast = *w.modules[info.module].ast;
  auto def = ast.tryAs<syntax::ClassDef>(info.node);
  if (!def) return NodeId::none();
  for (NodeId decorator : def->decorators()) {
    bool is_name = ast.is(decorator, NodeKind::kName) || ast.is(decorator, NodeKind::kAttribute);
    if (is_name && fullNameAt(w, info.module, info.parent, ast, decorator) == "functools.total_ordering") return decorator;
  }
  return NodeId::none();
}

// The type of the operand that the method compares with.
static TypeId otherType(World& w, const CallableView& view, bool is_static) {
  uint32_t wanted = is_static ? 0 : 1, seen = 0;
  for (uint32_t i = 0; i < view.paramCount(); ++i) {
    if (view.params()[i].kind == ParamKind::kStar) return view.types()[i];
    if (isPositional(view.params()[i].kind) && seen++ == wanted) return view.types()[i];
  }
  return w.types.any(AnyKind::kImplementationArtifact);
}

void transformTotalOrdering(World& w, ClassId cls) {
  NodeId decorator = totalOrdering(w, cls);
  if (!decorator.valid()) return;
  // The first one that is there decides; the others follow from it.
  static constexpr std::string_view kMethods[] = {"__lt__", "__le__", "__gt__", "__ge__"};
  SymbolId root;
  std::vector<std::string_view> missing;
  for (std::string_view name : kMethods) {
    SymbolId found;
    for (ClassId base : w.header(cls).mro) {
      collectClass(w, base);
      if (!found.valid()) found = w.scopes[w.classes[base].scope].names.find(w.name(name));
    }
    if (!found.valid()) {
      missing.push_back(name);
    } else if (!root.valid()) {
      root = found;
    }
  }
  if (!root.valid()) {
    report(w, w.classes[cls].module, decorator, Code::kMisc, "No ordering operation defined when using \"functools.total_ordering\": < > <= >=");
    return;
  }
  if (w.resolved(root).kind != SymbolKind::kFunction || w.symbols[root].functions.size() != 1) return;
  FunctionId method = w.symbols[root].functions[0];
  TypeId signature = declaredSignature(w, method);
  if (!signature.valid() || !w.types.is(signature, TypeKind::kCallable) || w.functions[method].has(kFnUnannotated)) return;
  readDecorators(w, method);
  CallableView view = w.types.callable(signature);
  bool is_bool = isNamed(w, proper(w, view.ret()), "builtins.bool");
  TypeId other = otherType(w, view, w.functions[method].has(kFnStatic));
  TypeId ret = is_bool ? view.ret() : w.types.any(AnyKind::kImplementationArtifact);
  for (std::string_view name : missing) {
    CallableParts parts;
    parts.add(w.names.self, ParamKind::kPos, selfTypeOf(w, cls));
    parts.add(w.name("other"), ParamKind::kPos, other);
    parts.ret = ret;
    addMethod(w, cls, name, std::move(parts), 0);
  }
}

}  // namespace krait::declare
