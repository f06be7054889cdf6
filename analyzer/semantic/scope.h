// The entities of a SemanticModel: scopes, symbols, definitions and references, all plain records named by ids.
// Scopes and symbol flags are those of CPython 3.14's symbol table (Python/symtable.c; PEP 227, 649, 695, 709), so that
// the compiler of the runtime can take them as they are; definitions and references are what editors, the linter and
// the checker need besides.
#pragma once

#include "analyzer/base/interner.h"
#include "analyzer/syntax/ast.h"

namespace krait::semantic {

struct ScopeTag;
struct SymbolTag;
struct DefinitionTag;
using ScopeId = Id<ScopeTag>;
using SymbolId = Id<SymbolTag>;
using DefinitionId = Id<DefinitionTag>;

using syntax::Ast;
using syntax::NodeId;
using syntax::NodeKind;
using syntax::NodeList;

enum class ScopeKind : uint8_t {
  kModule,
  kClass,
  kFunction,
  kLambda,
  kListComp,
  kSetComp,
  kDictComp,
  kGenerator,       // generator expression
  kAnnotations,     // PEP 649: the annotations of one function, or of one class, module or function body
  kTypeVariable,    // the bound or default of a type parameter
  kTypeAlias,       // the value of a `type` statement
  kTypeParameters,  // around a generic class, function or alias
};

enum ScopeFlags : uint32_t {
  kNested = 1 << 0,             // inside a function-like scope
  kGeneratorCode = 1 << 1,      // has yield (or is a generator expression)
  kCoroutine = 1 << 2,          // async def, or has await / async for
  kInlined = 1 << 3,            // a comprehension whose code runs in its parent's frame (PEP 709)
  kSeesClass = 1 << 4,          // an annotation scope that looks names up in the class namespace first
  kNeedsClassCell = 1 << 5,     // class: a method uses __class__ or super
  kNeedsClassDict = 1 << 6,     // class: an annotation scope needs __classdict__
  kConditionalAnnotations = 1 << 7,  // module: annotates names; class: annotates names inside if, for, while, try, with or match
  kHasDocstring = 1 << 8,
  kReturnsValue = 1 << 9,
  kVarArgs = 1 << 10,
  kVarKeywords = 1 << 11,
  kStarImport = 1 << 12,        // `from m import *` stands directly in this scope
  kDetached = 1 << 13,  // never evaluated (postponed or local annotations): CPython keeps no symbols of it
  kUsesLocals = 1 << 14,        // calls locals() by its plain name
  kAnnotated = 1 << 15,         // function: a parameter or the result is annotated
};

// Flags of a symbol. The low 12 bits are CPython's, bit for bit.
enum SymbolFlags : uint32_t {
  kDefGlobal = 1 << 0,     // `global x`
  kDefLocal = 1 << 1,      // assigned
  kDefParam = 1 << 2,
  kDefNonlocal = 1 << 3,   // `nonlocal x`
  kUsed = 1 << 4,
  kFreeClass = 1 << 6,     // free in a method and bound in the class
  kDefImport = 1 << 7,
  kDefAnnot = 1 << 8,
  kCompIter = 1 << 9,      // iteration variable of a comprehension
  kTypeParam = 1 << 10,
  kCompCell = 1 << 11,     // a cell of an inlined comprehension
  kBoundMask = kDefLocal | kDefParam | kDefImport | kTypeParam,
  kCPythonMask = 0xfff,
  kFromComprehension = 1 << 12,  // only an inlined comprehension's symbol, copied here as CPython does
  kFromClass = 1 << 13,    // in a scope that sees its class: bound there, looked up there first
  kInFree = 1 << 14,       // free here or passed through to a child (while binding)
  kPending = 1 << 15,      // (while binding)
  kRemoved = 1 << 16,      // taken out of the scope again (while binding)
  kNewFree = 1 << 17,      // free in a child (while binding)
  kInlinedCell = 1 << 18,  // a cell of an inlined comprehension (while binding)
  kWhileBinding = kInFree | kPending | kRemoved | kNewFree | kInlinedCell,
};

enum class Binding : uint8_t { kUnknown = 0, kLocal, kGlobalExplicit, kGlobalImplicit, kFree, kCell };

struct Symbol {
  NameId name;  // mangled where Python mangles
  ScopeId scope;
  uint32_t flags = 0;
  Binding binding = Binding::kUnknown;
  SymbolId target;  // the symbol that owns the variable: itself when local, else one in an enclosing scope; see resolve
  uint32_t definitions = 0;  // slice of SemanticModel's lists, for owners only
  uint32_t definition_count = 0;
  uint32_t references = 0;
  uint32_t reference_count = 0;
};

struct Scope {
  ScopeKind kind = ScopeKind::kModule;
  uint32_t flags = 0;
  NodeId node;       // the FunctionDef, ClassDef, Lambda, comprehension, TypeAlias, TypeVar…, annotation or Module
  NameId name;       // as CPython names the block ("top", "lambda", "genexpr", "__annotate__", the def's name)
  ScopeId parent;
  ScopeId first_child;
  ScopeId next_sibling;
  ScopeId annotations;  // of a class, module or function body: the scope of its variable annotations
  ScopeId own_annotations;  // of a function: the scope of its parameters' and result's annotations
  uint32_t symbols = 0;  // slice
  uint32_t symbol_count = 0;

  bool has(ScopeFlags flag) const { return (flags & flag) != 0; }
};

enum class DefinitionKind : uint8_t {
  kParameter,
  kAssign,        // also tuple elements, with `value` unknown to this record
  kAnnAssign,     // with a value
  kAnnotation,    // without a value: declares, does not bind
  kAugAssign,
  kFor,
  kComprehension,
  kWith,
  kImport,
  kImportFrom,
  kFunction,
  kClass,
  kExcept,        // bound on entry, deleted when the handler ends
  kNamedExpr,
  kPattern,
  kTypeParam,
  kTypeAlias,
  kDelete,        // unbinds
};

// A place that binds (or declares, or unbinds) a name.
struct Definition {
  NodeId node;   // the Name or Identifier that carries the name
  NodeId owner;  // the statement, Parameter, Alias, WithItem, ExceptHandler, Comprehension, pattern or type parameter
  SymbolId symbol;  // in the scope where it stands; resolve(symbol) owns the definition
  DefinitionKind kind;
};

// A place that reads a name.
struct Reference {
  NodeId node;      // a Name
  SymbolId symbol;  // in the scope where it stands
};

inline bool isFunctionLike(ScopeKind kind) { return kind != ScopeKind::kModule && kind != ScopeKind::kClass; }
inline bool isComprehension(ScopeKind kind) { return kind >= ScopeKind::kListComp && kind <= ScopeKind::kGenerator; }
// Does the definition give the name a value?
inline bool isBinding(DefinitionKind kind) {
  return kind != DefinitionKind::kAnnotation && kind != DefinitionKind::kDelete;
}
const char* spelling(ScopeKind kind);
const char* spelling(DefinitionKind kind);
const char* spelling(Binding binding);

}  // namespace krait::semantic
