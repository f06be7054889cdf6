// The compiler's state and the passes over statements, expressions, targets and definitions. Each compile_*.cpp file holds
// one family. Names, scopes and cells come from the SemanticModel; nothing here looks at text.
//
// Values travel as Operands: a local's register read in place, or a temporary that its consumer frees.
#pragma once

#include <string>
#include <vector>

#include "analyzer/semantic/semantic_model.h"
#include "analyzer/syntax/ast.h"
#include "runtime/compile/code_builder.h"
#include "runtime/object/containers.h"
#include "runtime/object/frame.h"
#include "runtime/object/str.h"

namespace krait::compile {

namespace ast = krait::syntax;
using ast::Ast;
using ast::NodeId;
using ast::NodeKind;
using ast::NodeList;
using semantic::Scope;
using semantic::ScopeId;
using semantic::SemanticModel;
using semantic::SymbolId;

struct Operand {
  uint16_t reg = 0;
  bool is_temp = false;
};

// Where a name lives, seen from the code being compiled.
enum class Access : uint8_t { kFast, kCell, kFree, kGlobal, kName, kClassDictOrGlobal, kClassDictOrCell };
struct Place {
  Access access = Access::kName;
  uint16_t reg = 0;  // kFast, kCell, kFree
};

enum class BlockKind : uint8_t { kLoop, kFinally, kWith, kAsyncWith, kHandler, kHandlerName, kRegister, kStarHandler };
// What a jump out of a statement must undo, innermost last.
struct Block {
  BlockKind kind;
  Label continue_label, break_label;  // kLoop
  uint16_t reg = 0;                   // kWith: exit method; kHandler: saved; kRegister: to clear; kLoop: iterator
  bool has_reg = false;
  NodeId node;                        // kFinally: the Try; kHandlerName: the name
  uint32_t range_begin = 0;           // the open part of its handler range
  Label handler;
  uint32_t level = 0, target = 0;
  bool has_range = false;
};

struct SymbolHome {
  NameId name;
  semantic::SymbolId symbol;
  Place place;
};

// One code object being compiled.
struct Unit {
  Unit(Thread& t, uint32_t fixed, ScopeId s) : code(t, fixed), scope(s) {}
  CodeBuilder code;
  ScopeId scope;
  Unit* outer = nullptr;
  std::vector<SymbolHome> homes;       // symbols of this scope and of comprehensions inlined in it
  std::vector<bool> bound;             // locals that are certainly bound here
  std::vector<bool> may_unbind;        // locals that some statement deletes
  std::vector<Block> blocks;
  std::vector<Ref> names_owner;        // keeps name strings alive
  std::string qualname;
  std::string class_name;              // innermost class, for private names
  bool is_function = false;            // locals are registers
  bool is_class = false;
  bool is_async = false;
  bool is_generator = false;
  uint32_t leading_parameters = 0;     // registers before the scope's own symbols, named in code.parts already
  std::vector<NodeId> annotations;     // AnnAssign nodes of this scope, in order
  uint16_t class_dict_reg = 0;         // annotation scopes: the cell of __classdict__
  bool sees_class_dict = false;
  std::vector<Str*> static_attributes;
};

class Compiler {
 public:
  Compiler(Thread& t, const Ast& tree, const SemanticModel& model, Str* filename, uint32_t flags)
      : t_(t), ast_(tree), model_(model), filename_(filename), flags_(flags), lines_(tree.text()) {}

  enum class Mode { kExec, kEval, kSingle };
  Ref compile(Mode mode);
  const std::string& error() const { return error_; }
  TextRange errorRange() const { return error_range_; }

 private:
  // --- units (compile_unit.cpp)
  Unit& u() { return *unit_; }
  CodeBuilder& code() { return unit_->code; }
  void enterUnit(Unit& unit, ScopeId scope, std::string_view name, NodeId node);
  void declareSymbols(Unit& unit, ScopeId scope);
  Ref leaveUnit(Unit& unit, std::string_view name, uint32_t first_line);
  void fail(NodeId node, const std::string& message);
  void position(NodeId node);
  Str* name(NameId id) { return intern(*t_.isolate, ast_.name(id)); }
  Str* mangled(NameId id);
  uint32_t lineOf(NodeId node) const { return lines_.lineOf(ast_.range(node).begin) + 1; }
  // The closure tuple for a child scope's free variables in a temp, or no temp when there are none.
  bool closureFor(const std::vector<NameId>& names, Operand& out);
  std::vector<NameId> freeNames(ScopeId scope) const;
  const SymbolHome* homeNamed(NameId name) const;
  NameId special(std::string_view text) { return model_.ast().names().find(text); }

  // --- names (compile_names.cpp)
  Place placeOf(NodeId name_node);
  Place placeOfSymbol(SymbolId symbol);
  Operand loadName(NodeId node, NameId id);
  void loadNameTo(NodeId node, NameId id, uint16_t dst);
  void storeName(NodeId node, NameId id, Operand value);
  void deleteName(NodeId node, NameId id);
  void markBound(uint16_t reg);
  bool isBound(uint16_t reg) const;

  // --- expressions
  Operand expr(NodeId node);
  void exprTo(NodeId node, uint16_t dst);
  Operand exprInTemp(NodeId node);
  void exprDrop(NodeId node);
  void free(Operand o);
  void moveTo(Operand o, uint16_t dst);
  Operand fresh() { return {code().temp(), true}; }
  bool mayWrite(NodeId node) const;
  void constantTo(Value v, uint16_t dst);
  Ref constantValue(NodeId node);
  Ref fold(NodeId node);
  void binaryTo(NodeId node, uint16_t dst);
  void emitBinary(ast::BinaryOp op, Operand a, NodeId right, uint16_t dst, bool inplace);
  void unaryTo(NodeId node, uint16_t dst);
  void compareTo(NodeId node, uint16_t dst);
  void boolOpTo(NodeId node, uint16_t dst);
  void ifExpTo(NodeId node, uint16_t dst);
  void attributeTo(NodeId node, uint16_t dst);
  void subscriptTo(NodeId node, uint16_t dst);
  void sliceTo(NodeId node, uint16_t dst);
  void displayTo(NodeId node, uint16_t dst);
  void elementsTo(NodeList elements, uint16_t dst, NodeKind kind);
  void dictTo(NodeId node, uint16_t dst);
  void joinedTo(NodeId node, uint16_t dst);
  void formattedTo(NodeId node, uint16_t dst);
  void templateTo(NodeId node, uint16_t dst);
  void callTo(NodeId node, uint16_t dst);
  void callArguments(NodeList args, uint16_t window, uint32_t first, bool is_method, uint16_t dst);
  void callStarred(NodeList args, uint16_t window, uint16_t dst, uint32_t skip_window);
  void namedExprTo(NodeId node, uint16_t dst);
  void yieldTo(NodeId node, uint16_t dst);
  void yieldFromTo(NodeId node, uint16_t dst);
  void awaitTo(NodeId node, uint16_t dst);
  void awaitOperand(uint16_t reg, int kind);
  void sendLoop(uint16_t value, uint16_t iterator);
  void lambdaTo(NodeId node, uint16_t dst);
  // Jumps to `target` when the truth of `node` is `when`; falls through otherwise.
  void jumpIf(NodeId node, Label target, bool when);
  void jumpIfCompare(NodeId node, Label target, bool when);

  // --- comprehensions
  void comprehensionTo(NodeId node, uint16_t dst);
  void comprehensionBody(NodeId node, size_t generator, uint16_t result, Operand first_iter);
  void comprehensionElement(NodeId node, uint16_t result);
  void compileComprehensionUnit(NodeId node, uint16_t dst);

  // --- targets
  void assign(NodeId target, Operand value);
  void assignDrop(NodeId target, Operand value);
  void unpackTo(NodeList targets, Operand value);
  void augAssign(NodeId node);
  void deleteTarget(NodeId target);

  // --- statements
  void body(NodeList statements);
  void statement(NodeId node);
  void ifStatement(NodeId node);
  void whileStatement(NodeId node);
  void forStatement(NodeId node);
  void returnStatement(NodeId node);
  void breakOrContinue(NodeId node, bool is_break);
  void withStatement(NodeId node, size_t item);
  void tryStatement(NodeId node);
  void tryExcept(NodeId node);
  void tryFinally(NodeId node);
  void tryStar(NodeId node);
  void exceptHandler(NodeId handler, uint16_t exception, Label end);
  void handlerBody(NodeId handler, uint16_t exception, Label end);
  void raiseStatement(NodeId node);
  void assertStatement(NodeId node);
  void importStatement(NodeId node);
  void importFrom(NodeId node);
  void annAssign(NodeId node);
  void expressionStatement(NodeId node);
  void recordAnnotation(NodeId node);
  void storeNamed(NodeId node, Str* name, Operand value);
  void unwindBlock(Block& block, uint16_t* keep);
  void unwindTo(size_t count, uint16_t* keep);
  void openRange(Block& b) { b.range_begin = code().here(); }
  void closeRange(Block& b);
  size_t pushBlock(Block b);

  // --- definitions
  void functionDef(NodeId node);
  void classDef(NodeId node);
  void typeAlias(NodeId node);
  std::vector<Operand> decorators(NodeList list);
  void decorate(NodeList list, const std::vector<Operand>& values, uint16_t value);
  Ref functionCode(NodeId node, ScopeId scope, NodeId params, NodeList body, std::string_view name, bool is_lambda);
  void makeFunction(Ref code, const std::vector<NameId>& free_names, uint16_t dst);
  void functionObject(NodeId node, uint16_t dst, Operand defaults, Operand kw_defaults);
  void genericFunction(NodeId node, uint16_t dst, Operand defaults, Operand kw_defaults);
  void defaultsInto(NodeId params, Operand& defaults, Operand& kw_defaults);
  void setDefaults(uint16_t function, Operand defaults, Operand kw_defaults);
  void annotateFunction(NodeId node, uint16_t function);
  Ref annotateCode(ScopeId scope, const std::vector<std::pair<Str*, NodeId>>& items, NodeId node);
  void checkFormat();
  template <class Inside>
  void typeParamsUnit(NodeId node, ScopeId scope, std::string_view of, const std::vector<Operand>& arguments, uint16_t dst, Inside inside);
  void typeParamsTo(NodeList params, uint16_t dst);
  void typeParamTo(NodeId node, uint16_t dst);
  void lazyScope(NodeId node, ScopeId scope, std::string_view name, uint16_t dst);
  void classObject(NodeId node, uint16_t dst, Operand generic_base);
  Ref classCode(NodeId node);
  void finishAnnotations(ScopeId owner_scope);
  std::string childQualname(std::string_view name, ScopeId scope, SymbolId symbol);

  // --- patterns
  void matchStatement(NodeId node);
  size_t countCaptures(NodeId node) const;
  void pattern(NodeId node, Operand subject, Label fail, std::vector<std::pair<NodeId, uint16_t>>& captures);
  void sequencePattern(NodeId node, Operand subject, Label fail, std::vector<std::pair<NodeId, uint16_t>>& captures);
  void mappingPattern(NodeId node, Operand subject, Label fail, std::vector<std::pair<NodeId, uint16_t>>& captures);
  void classPattern(NodeId node, Operand subject, Label fail, std::vector<std::pair<NodeId, uint16_t>>& captures);
  void orPattern(NodeId node, Operand subject, Label fail, std::vector<std::pair<NodeId, uint16_t>>& captures);

  Thread& t_;
  const Ast& ast_;
  const SemanticModel& model_;
  Str* filename_;
  uint32_t flags_;
  LineIndex lines_;
  Unit* unit_ = nullptr;
  Operand class_extra_base_;  // while a generic class's bases are compiled: its Generic[…] base
  std::string error_;
  TextRange error_range_;
  Mode mode_ = Mode::kExec;
};

}  // namespace krait::compile
