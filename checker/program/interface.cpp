#include "checker/program/interface.h"

#include <bit>

#include "checker/declare/declare.h"

namespace krait::program {

using namespace syntax;

namespace {

struct Hasher {
  const Ast& ast;
  bool skips_bodies = false;
  bool infers_results = false;
  uint64_t hash = 0x9e3779b97f4a7c15ull;

  void mix(uint64_t value) { hash = (std::rotl(hash, 5) ^ value) * 0xff51afd7ed558ccdull; }
  void list(NodeId node, uint32_t field);
  void fields(NodeId node);
  void node(NodeId id);
  void function(NodeId id);
};

// What a function's body tells the rest of the program.
struct BodyView {
  bool is_open = false;       // defines attributes or globals: the whole body counts
  bool is_generator = false;
};

}  // namespace

static void lookInto(const Ast& ast, NodeId node, bool is_inner, BodyView& view) {
  switch (ast.kind(node)) {
    case NodeKind::kGlobal: view.is_open = true; break;
    case NodeKind::kAttribute:
      if (ast.as<Attribute>(node).context() != ExprContext::kLoad) view.is_open = true;
      break;
    case NodeKind::kYield:
    case NodeKind::kYieldFrom:
      if (!is_inner) view.is_generator = true;
      break;
    case NodeKind::kFunctionDef:
    case NodeKind::kLambda: is_inner = true; break;
    default: break;
  }
  if (view.is_open) return;
  forEachChild(ast, node, [&](NodeId child) { lookInto(ast, child, is_inner, view); });
}

void Hasher::list(NodeId id, uint32_t field) {
  NodeList items = ast.list(id, field);
  mix(items.size());
  for (NodeId item : items) {
    if (item.valid()) {
      node(item);
    } else {
      mix(0);
    }
  }
}

void Hasher::fields(NodeId id) {
  std::span<const FieldInfo> infos = fieldsOf(ast.kind(id));
  for (uint32_t i = 0; i < infos.size(); ++i) {
    switch (infos[i].kind) {
      case FieldKind::kNode:
      case FieldKind::kOpt:
        if (ast.child(id, i).valid()) {
          node(ast.child(id, i));
        } else {
          mix(1);
        }
        break;
      case FieldKind::kList:
      case FieldKind::kOpts: list(id, i); break;
      case FieldKind::kName: mix(hashBytes(ast.name(NameId(ast.slot(id, i))))); break;
      case FieldKind::kInt: mix(ast.slot(id, i)); break;
      case FieldKind::kValues:
        for (NodeId value : ast.list(id, i)) mix(value.value);
        break;
    }
  }
}

void Hasher::function(NodeId id) {
  auto def = ast.as<FunctionDef>(id);
  mix(static_cast<uint64_t>(NodeKind::kFunctionDef) << 8 | ast[id].detail);
  BodyView view;
  for (NodeId statement : def.body()) lookInto(ast, statement, false, view);
  bool tells_result = infers_results && !def.returns().valid();
  if (tells_result || view.is_open || declare::isTrivialBody(ast, def.body())) {
    fields(id);
    return;
  }
  for (uint32_t field : {0u, 2u}) list(id, field);
  node(def.name());
  node(def.params());
  if (def.returns().valid()) node(def.returns());
  mix(view.is_generator ? 3 : 2);
}

void Hasher::node(NodeId id) {
  NodeKind kind = ast.kind(id);
  if (kind == NodeKind::kFunctionDef && skips_bodies) return function(id);
  mix(static_cast<uint64_t>(kind) << 8 | ast[id].detail);
  // Payloads are indices: what was written is compared instead.
  if (kind == NodeKind::kConstant || kind == NodeKind::kInterpolation) {
    mix(hashBytes(ast.text(id)));
    return;
  }
  fields(id);
}

uint64_t interfaceHash(const Ast& ast, bool infers_results) {
  Hasher hasher{.ast = ast, .skips_bodies = true, .infers_results = infers_results};
  hasher.node(ast.root());
  return hasher.hash;
}

uint64_t syntaxHash(const Ast& ast, NodeId node) {
  Hasher hasher{.ast = ast};
  hasher.node(node);
  return hasher.hash;
}

}  // namespace krait::program
