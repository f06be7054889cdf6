// The state of one compilation: CompileContext for the file, UnitContext for the code object in the making, and the records
// that they hold. Internal to the compiler.
//
// Registers of a code object: parameters and locals (cells among them, and the variables of inlined comprehensions), then
// free variables, then temporaries, which are taken and given back in stack order (`top` is the first free one). A call
// window stands at the top, so everything above it is empty. Each temporary is read once: its consumer frees it.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "analyzer/base/text.h"
#include "analyzer/semantic/semantic_model.h"
#include "runtime/bytecode/code_unit.h"
#include "runtime/codegen/compile.h"

namespace krait::codegen {

using bytecode::CodeUnit;
using bytecode::Constant;
using bytecode::ConstantKind;
using bytecode::Instruction;
using bytecode::Op;
using semantic::Binding;
using semantic::Scope;
using semantic::ScopeId;
using semantic::ScopeKind;
using semantic::SemanticModel;
using semantic::Symbol;
using semantic::SymbolId;
using syntax::Ast;
using syntax::NodeId;
using syntax::NodeKind;
using syntax::NodeList;

using bytecode::kWindowHeader;
inline constexpr uint16_t kNoRegister = 0xffff;

// The locals that are certainly bound. Only the first 128 are tracked; the others always count as unbound.
struct BoundSet {
  static constexpr uint32_t kTracked = 128;
  uint64_t words[2] = {0, 0};
  static BoundSet all() { return {{~0ull, ~0ull}}; }
  bool has(uint32_t r) const { return r < kTracked && (words[r / 64] >> (r % 64) & 1); }
  void add(uint32_t r) {
    if (r < kTracked) words[r / 64] |= 1ull << (r % 64);
  }
  void remove(uint32_t r) {
    if (r < kTracked) words[r / 64] &= ~(1ull << (r % 64));
  }
  void without(const BoundSet& o) {
    words[0] &= ~o.words[0];
    words[1] &= ~o.words[1];
  }
  void intersect(const BoundSet& o) {
    words[0] &= o.words[0];
    words[1] &= o.words[1];
  }
};

struct Label {
  uint32_t id = 0xffffffffu;
  bool valid() const { return id != 0xffffffffu; }
};

struct LabelState {
  int64_t position = -1;
  bool is_used = false;  // some reachable jump leads here
  BoundSet bound = BoundSet::all();
};

struct PendingJump {
  uint32_t instruction;
  uint32_t label;
  bool is_short;  // 16 bits in c, else 32 in b and c
};

// A value for an instruction to read: a register in place, a temporary that the reader frees, or a constant.
struct Operand {
  uint16_t reg = 0;
  bool is_temp = false;
  bool is_constant = false;  // `reg` is then the constant's index
};

enum class BlockKind : uint8_t {
  kLoop,           // reg: the iterator to clear, or none
  kProtected,      // only a handler range
  kFinally,        // node: the Try whose finalbody runs on the way out
  kFinallyEnd,     // the finalbody as exception handler; reg: the exception, reg2: what was handled before
  kWith,           // reg: the exit method
  kAsyncWith,
  kHandler,        // an except clause; reg, reg2 as kFinallyEnd
  kHandlerName,    // `except E as node:` deletes the name
  kHeld,           // reg: a value that is being returned past a finalbody, dropped by what leaves that elsewhere
};

struct Block {
  BlockKind kind = BlockKind::kProtected;
  Label break_label, continue_label;
  uint16_t reg = kNoRegister, reg2 = kNoRegister;
  NodeId node;
  Label handler;             // valid: the block has a handler range
  uint32_t range_begin = 0;  // the open part of it
  uint16_t level = 0;
};

// A handler that gives an inlined comprehension's variables back, emitted behind the unit's code; what it raises again goes to
// `outer`, the handler around the comprehension (invalid when there is none).
struct ClearingHandler {
  Label label;
  uint16_t level;
  std::vector<uint16_t> registers;
  TextRange range;
  Label outer;
  uint16_t outer_level = 0;
};

struct FreeVariable {
  NameId name;
  uint16_t reg;
};

struct UnitContext {
  UnitContext* outer = nullptr;
  std::unique_ptr<CodeUnit> code = std::make_unique<CodeUnit>();
  ScopeId scope;
  ScopeKind kind = ScopeKind::kModule;
  NodeId node;

  uint16_t top = 0;        // first free temporary
  uint16_t first_temp = 0;
  uint32_t max_top = 0;
  std::vector<FreeVariable> free;   // sorted by name
  std::vector<FreeVariable> cells;  // cells that closures take by name: the class's implicit ones
  std::vector<bool> is_walrus_target;  // by register: may be assigned inside an expression
  BoundSet deletable;  // variables that some statement deletes: a path back into a loop may have lost them

  bool is_reachable = true;
  BoundSet bound;
  std::vector<LabelState> labels;
  std::vector<PendingJump> jumps;
  std::vector<Block> blocks;
  std::vector<ClearingHandler> clearing;
  std::vector<TextRange> ranges;  // by instruction
  int64_t last_bound = -1;        // where a label was bound last: the instruction there has several ways to it
  TextRange here;                 // the range for the next instruction
  std::unordered_map<std::string, uint32_t> constant_index;
  std::unordered_map<uint64_t, uint32_t> shared_caches;

  bool is_function = false;  // names are registers
  bool is_async = false;
  bool is_generator = false;
  bool long_jumps = false;   // second attempt: the code is too long for 16-bit distances
  bool overflowed = false;
  std::vector<NameId> static_attributes;  // class: X of `self.X = …`
  std::vector<ScopeId> comprehensions;    // inlined ones being compiled, innermost last
  NameId private_class;                   // for name mangling, or none
  std::string child_prefix;               // the qualified name that definitions inside begin with, with the dot
};

struct SpecialNames {
  NameId self, super, dunder_class, classdict, conditional_annotations, type_params, dot_type_params, generic_base, defaults,
      kwdefaults, debug, annotate, annotate_func, annotations, doc, name, module, qualname, firstlineno, static_attributes,
      classcell, classdictcell, dot_zero, dot_format, format, lambda_name, genexpr_name, listcomp_name, setcomp_name,
      dictcomp_name, module_name, star;
  explicit SpecialNames(Interner& names);
};

struct CompileContext {
  const Ast& ast;
  const SemanticModel& model;
  Interner& names;
  const CompileOptions& options;
  SpecialNames special;
  LineIndex lines;
  std::vector<uint16_t> register_of;  // by symbol, for the owners of this file's fast and cell variables
  UnitContext* u = nullptr;
  uint32_t depth = 0;  // nesting of expressions and statements
  bool future_annotations = false;
  CompileError error;
  bool failed = false;

  CompileContext(const SemanticModel& m, Interner& n, const CompileOptions& o)
      : ast(m.ast()), model(m), names(n), options(o), special(n), lines(m.ast().text()),
        register_of(m.symbols().size(), kNoRegister) {}
};

// Gives temporaries back at the end of a block.
class TempScope {
 public:
  explicit TempScope(CompileContext& c) : u_(*c.u), top_(c.u->top) {}
  ~TempScope() { u_.top = top_; }
  TempScope(const TempScope&) = delete;

 private:
  UnitContext& u_;
  uint16_t top_;
};

// Counts nesting and stops at the limit.
class DepthGuard {
 public:
  DepthGuard(CompileContext& c, NodeId node);
  ~DepthGuard() { --c_.depth; }
  bool ok() const { return ok_; }

 private:
  CompileContext& c_;
  bool ok_;
};

}  // namespace krait::codegen
