// Findings and recorded types.
#include "checker/infer/context.h"

namespace krait::infer {

bool reports(const Context& c) {
  return c.is_checked && !c.w.modules[c.module].is_library && !c.frames->isUnreachable();
}

static void add(Context& c, TextRange range, Severity severity, Code code, std::string text) {
  if (!c.is_checked || c.frames->isUnreachable()) return;
  if (c.filters.empty() && c.w.modules[c.module].is_library) return;
  Message message;
  message.range = range;
  message.severity = severity;
  message.code = code;
  message.text = std::move(text);
  if (!c.filters.empty()) {
    if (c.filters.back() != nullptr) c.filters.back()->push_back(std::move(message));
    return;
  }
  c.w.modules[c.module].messages.push_back(std::move(message));
}

void fail(Context& c, TextRange range, Code code, std::string text) {
  add(c, range, Severity::kError, code, std::move(text));
}
void fail(Context& c, NodeId at, Code code, std::string text) { fail(c, c.ast->range(at), code, std::move(text)); }
void note(Context& c, NodeId at, Code code, std::string text) {
  add(c, c.ast->range(at), Severity::kNote, code, std::move(text));
}

void addMessages(Context& c, std::vector<Message> messages) {
  for (Message& message : messages) {
    if (!c.filters.empty()) {
      if (c.filters.back() != nullptr) c.filters.back()->push_back(std::move(message));
    } else if (!c.w.modules[c.module].is_library) {
      c.w.modules[c.module].messages.push_back(std::move(message));
    }
  }
}

TypeId recordedType(const Context& c, NodeId node) {
  const std::vector<TypeId>& types = c.w.modules[c.module].node_types;
  return node.value < types.size() ? types[node.value] : TypeId::none();
}

void recordType(Context& c, NodeId node, TypeId type) {
  std::vector<TypeId>& types = c.w.modules[c.module].node_types;
  if (types.size() < c.ast->nodeCount()) types.resize(c.ast->nodeCount());
  if (node.value < types.size()) types[node.value] = type;
}

RefKey keyOf(Context& c, NodeId reference) { return c.frames->keyOf(c.module, c.scope, reference); }

TypeId declarationOf(Context& c, NodeId reference) {
  if (auto named = c.ast->tryAs<syntax::NamedExpr>(reference)) return declarationOf(c, named->target());
  auto name = c.ast->tryAs<syntax::Name>(reference);
  if (!name) return TypeId::none();
  SymbolId symbol = declare::lookupName(c.w, c.scope, name->name());
  if (!symbol.valid()) return TypeId::none();
  const Symbol& info = c.w.symbols[symbol];
  if (info.kind != SymbolKind::kVariable || !info.type.valid()) return TypeId::none();
  return c.w.types.is(info.type, TypeKind::kPartial) ? TypeId::none() : info.type;
}

void applyNarrowing(Context& c, const Narrowing& narrowing, bool from_assignment) {
  if (narrowing.is_impossible) {
    c.frames->setUnreachable();
    return;
  }
  for (const auto& entry : narrowing.types) {
    c.frames->put(keyOf(c, entry.first), entry.second, declarationOf(c, entry.first), from_assignment);
  }
}

}  // namespace krait::infer
