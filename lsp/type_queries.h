// What the checker knows about a place in an open document. Where the text is broken the checker still knows the last
// version that was right: answers are given for what stands unchanged in it.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "checker/program/queries.h"
#include "checker/program/signatures.h"
#include "lsp/locate.h"

namespace krait::lsp {

// The checker's type at a node of the document's tree, as text; empty where it is not known.
std::string typeTextAt(Workspace& workspace, SourceModule& document, syntax::NodeId node);
// The types that the function's own return statements give, joined; "" where that is not known.
std::string returnTypeText(Workspace& workspace, SourceModule& module, syntax::NodeId function);
// Where `-> T` goes in a function's header; 0: nowhere.
uint32_t resultPlace(const syntax::Ast& ast, syntax::NodeId function);

// Around an answer that somebody who types waits for: see Workspace::is_quick.
class QuickAnswer {
 public:
  QuickAnswer(Workspace& workspace, bool is_quick) : workspace_(workspace), was_quick_(workspace.is_quick) { workspace.is_quick = is_quick; }
  ~QuickAnswer() { workspace_.is_quick = was_quick_; }
  QuickAnswer(const QuickAnswer&) = delete;
  QuickAnswer& operator=(const QuickAnswer&) = delete;

 private:
  Workspace& workspace_;
  bool was_quick_;
};

// An expression as the checker knows it.
struct TypedPlace {
  types::World* world = nullptr;
  types::ModuleId module;
  syntax::NodeId node;
  bool valid() const { return world != nullptr && node.valid(); }
};
enum class Asking : uint8_t {
  kWhatIsThere,  // only what stands unchanged in the last right text
  kWithRepair,   // where the text is broken at the cursor, as if `word` and what closes it stood there
};
// The expression that ends at `end` (before a dot, a bracket); none: nobody knows it.
TypedPlace typedBefore(Workspace& workspace, SourceModule& document, uint32_t end, uint32_t cursor, std::string_view word, Asking asking);
// A node of the document's tree; none: the checker does not know it.
TypedPlace typedAt(Workspace& workspace, SourceModule& document, syntax::NodeId node);
// What may follow the dot after it; the keys it has; the str literals that its type consists of.
std::string typeTextOf(const TypedPlace& place);
std::vector<program::Member> membersOf(const TypedPlace& place);
std::vector<std::string> keysOf(const TypedPlace& place);
std::vector<std::string> literalTextsOf(const TypedPlace& place);
// The ways to call it.
std::vector<program::SignatureText> signaturesOf(const TypedPlace& place);
// The same of an expression or a name in a document's tree.
std::vector<program::SignatureText> signaturesAt(Workspace& workspace, SourceModule& document, syntax::NodeId node);
// What the checker knows of the function that the target is, or null.
const program::SignatureText* signatureOf(const std::vector<program::SignatureText>& all, const Target& target);
// The function that a signature comes from, or a target without a module.
Target definitionOf(Workspace& workspace, const program::SignatureText& signature);
// What decorators made of functions keeps their defaults: those of parameters of the same names.
void addDefaults(std::vector<program::SignatureText>& signatures, const std::vector<Target>& written);
// Where its member is defined.
std::vector<Target> memberTargets(Workspace& workspace, const TypedPlace& place, std::string_view member);
// The outermost expression of the tree that ends there, or none.
syntax::NodeId expressionEndingAt(const syntax::Ast& ast, uint32_t end);
// Where the attribute is defined, by the type of what stands before the dot. `name`: the attribute's Identifier.
std::vector<Target> targetsByType(Workspace& workspace, SourceModule& document, syntax::NodeId name);

// The same for many names of one module, which must not change meanwhile.
class TypedModule {
 public:
  TypedModule(Workspace& workspace, SourceModule& module);
  // None also where the name is no attribute.
  const std::vector<Target>& attributeTargets(syntax::NodeId name);

 private:
  Workspace& workspace_;
  SourceModule& module_;
  types::World* world_ = nullptr;
  types::ModuleId id_;
  std::unordered_map<uint64_t, std::vector<Target>> known_;  // by type and name
  std::vector<Target> none_;
};

// Where the name leads: by the type of what stands before the dot where that is known, else by names alone.
std::vector<Target> definitionTargets(Workspace& workspace, SourceModule& document, syntax::NodeId name);

// Where the classes of the place's type are defined.
std::vector<Target> typeTargets(Workspace& workspace, const TypedPlace& place);
// The same of the type of a node.
std::vector<Target> typeTargets(Workspace& workspace, SourceModule& document, syntax::NodeId node);

}  // namespace krait::lsp
