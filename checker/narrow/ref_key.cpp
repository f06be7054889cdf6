// References as keys: which expressions can be narrowed, and when two of them are the same one.
#include "checker/declare/declare.h"
#include "checker/narrow/frames.h"

namespace krait::narrow {

using syntax::NodeKind;

static uint64_t hashPart(const RefPart& part) {
  uint64_t hash = mixBits((uint64_t(part.kind) << 32) ^ part.symbol.value);
  return mixBits(hash ^ (uint64_t(part.base.value) << 32) ^ part.name.value);
}

RefKey Frames::intern(const RefPart& part) {
  std::vector<RefKey>& bucket = by_hash_[hashPart(part)];
  for (RefKey key : bucket) {
    const RefPart& known = parts_[key.value];
    if (known.kind == part.kind && known.symbol == part.symbol && known.base == part.base && known.name == part.name) return key;
  }
  RefKey key(static_cast<uint32_t>(parts_.size()));
  parts_.push_back(part);
  bucket.push_back(key);
  return key;
}

RefKey Frames::keyOfSymbol(SymbolId symbol) {
  return symbol.valid() ? intern({RefKind::kName, symbol, RefKey::none(), NameId::none()}) : RefKey::none();
}

SymbolId Frames::rootOf(RefKey key) const {
  while (parts_[key.value].base.valid()) key = parts_[key.value].base;
  return parts_[key.value].symbol;
}

std::string literalIndexText(const Ast& ast, NodeId index) {
  switch (ast.kind(index)) {
    case NodeKind::kConstant: {
      auto constant = ast.as<syntax::Constant>(index);
      switch (constant.constantKind()) {
        case syntax::ConstantKind::kInt: {
          const syntax::IntConstant& value = ast.integer(constant.payload());
          return "i" + (value.fits ? std::to_string(value.value) : std::string(value.digits));
        }
        case syntax::ConstantKind::kStr: return "s" + std::string(ast.string(constant.payload()));
        case syntax::ConstantKind::kBytes: return "b" + std::string(ast.string(constant.payload()));
        case syntax::ConstantKind::kFloat:
        case syntax::ConstantKind::kComplex: return "f" + std::string(ast.text(index));
        default: return "";
      }
    }
    case NodeKind::kUnaryOp: {
      auto unary = ast.as<syntax::UnaryOp>(index);
      std::string inner = literalIndexText(ast, unary.operand());
      return inner.empty() ? "" : std::string(syntax::spelling(unary.op())) + inner;
    }
    case NodeKind::kTuple: {
      std::string all = "(";
      for (NodeId item : ast.as<syntax::Tuple>(index).elts()) {
        std::string inner = literalIndexText(ast, item);
        if (inner.empty()) return "";
        all += inner + ",";
      }
      return all + ")";
    }
    default: return "";
  }
}

RefKey Frames::keyOf(ModuleId module, ScopeId scope, NodeId expression) {
  const Ast& ast = *w_.modules[module].ast;
  if (auto name = ast.tryAs<syntax::Name>(expression)) return keyOfSymbol(declare::lookupName(w_, scope, name->name()));
  if (auto named = ast.tryAs<syntax::NamedExpr>(expression)) return keyOf(module, scope, named->target());
  if (auto member = ast.tryAs<syntax::Attribute>(expression)) {
    RefKey base = keyOf(module, scope, member->value());
    if (!base.valid()) return base;
    return intern({RefKind::kMember, SymbolId::none(), base, syntax::nameOf(ast, member->attr())});
  }
  if (auto subscript = ast.tryAs<syntax::Subscript>(expression)) {
    std::string index = literalIndexText(ast, subscript->slice());
    RefKey base = index.empty() ? RefKey::none() : keyOf(module, scope, subscript->value());
    if (!base.valid()) return base;
    return intern({RefKind::kSubscript, SymbolId::none(), base, w_.name(index)});
  }
  return RefKey::none();
}

}  // namespace krait::narrow
