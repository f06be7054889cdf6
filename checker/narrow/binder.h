// Binder: what is known about expressions at the present point of the control flow, beyond their declared types. A
// port of the idea of mypy's ConditionalTypeBinder: a stack of frames, each with the types assigned or narrowed in it;
// leaving a frame merges the ways out of it into the one below. Keys are narrowable expressions: variables, attributes
// and subscripts of them.
#pragma once

#include <unordered_map>
#include <unordered_set>

#include "checker/relations/relations.h"

namespace krait::narrow {

using namespace types;
using namespace relations;

struct KeyTag;
using KeyId = Id<KeyTag>;

// The key of `x`, `x.attr`, `x[literal]`: equal expressions in one scope have equal keys.
class KeyTable {
 public:
  KeyId variable(SymbolId symbol);
  KeyId attribute(KeyId base, NameId name) { return intern(attributes_, uint64_t{base.value} << 32 | name.value, base); }
  KeyId item(KeyId base, std::string_view literal);
  // A call or other expression that can be narrowed only within one condition.
  KeyId other(uint32_t node) { return intern(others_, node, KeyId::none()); }
  KeyId baseOf(KeyId key) const { return bases_[key.value]; }
  // The variable that the key stands for; none: it is another expression.
  SymbolId variableOf(KeyId key) const { return key.value < variables_.size() ? variables_[key.value] : SymbolId::none(); }

 private:
  // The key under `id` in one of the tables, made where it is new.
  template <class Table, class Name>
  KeyId intern(Table& table, const Name& id, KeyId base) {
    auto [it, is_new] = table.try_emplace(id, static_cast<uint32_t>(bases_.size()));
    if (is_new) bases_.push_back(base);
    return KeyId(it->second);
  }
  std::unordered_map<uint64_t, uint32_t> attributes_, others_;  // by base and name; by node
  std::unordered_map<std::string, uint32_t> items_;             // by base and literal
  std::vector<KeyId> by_symbol_;                                // the variables' keys, as far as there are any
  std::vector<KeyId> bases_;
  std::vector<SymbolId> variables_;  // by KeyId, as far as there are any
};

struct KnownType {
  TypeId type;
  bool from_assignment = false;
  bool is_guard = false;
};

struct Frame {
  std::unordered_map<uint32_t, KnownType> types;  // by KeyId
  bool is_unreachable = false;
  bool suppresses_warnings = false;
  bool is_conditional = false;  // holds the branches of an if statement
  uint32_t id = 0;
};

class Binder {
 public:
  // `redefinable`: variables keep any type that is assigned to them (--allow-redefinition); the table tells which keys
  // are variables. Null: they stay as declared.
  explicit Binder(World& w, const KeyTable* redefinable = nullptr) : w_(w), redefinable_(redefinable) { frames_.emplace_back(); }

  TypeId get(KeyId key) const;
  KnownType find(KeyId key) const;
  // All that is known here, each key once.
  std::unordered_map<uint32_t, KnownType> all() const;
  // Narrows (or, from_assignment, sets) in the current frame. `declared`: the declared type of the expression.
  void put(KeyId key, TypeId type, TypeId declared, bool from_assignment, bool is_guard = false);
  // mypy's assign_type: what an assignment of `type` to an expression declared as `declared` says about it.
  // `is_inferred`: the expression is a variable without annotation.
  void assign(KeyId key, TypeId type, TypeId declared, bool is_inferred);
  void unreachable() { frames_.back().is_unreachable = true; }
  void suppressWarnings() { frames_.back().suppresses_warnings = true; }
  bool isUnreachable() const;
  bool isWarningSuppressed() const;
  // Forgets what is known of expressions that begin with `key`.
  void invalidateDependents(KeyId key, const KeyTable& keys);
  void forget(KeyId key);
  // Remembers that the variable gets its inferred type here.
  void declare(KeyId variable);
  // Was it declared in another branch of an if statement that we are in?
  bool isDeclaredInOtherBranch(KeyId variable) const;

  void pushFrame();
  // Ends the frame and merges it: `can_skip`: the frame may not have run at all; fall_through: how many frames up its
  // end leads (0: nowhere). Returns whether anything known changed.
  Frame popFrame(bool can_skip, int fall_through);
  bool lastPopChanged() const { return last_pop_changed_; }
  void allowJump(int index);
  void handleBreak() {
    if (!break_frames.empty()) allowJump(break_frames.back());
    unreachable();
  }
  void handleContinue() {
    if (!continue_frames.empty()) allowJump(continue_frames.back());
    unreachable();
  }
  size_t depth() const { return frames_.size(); }
  bool mergeOptions(std::vector<Frame> options);
  Frame& top() { return frames_.back(); }

  std::vector<int> break_frames, continue_frames, try_frames;

 private:
  TypeId afterAny(TypeId any, TypeId declared) const;
  TypeId mergedType(const std::vector<TypeId>& possible, TypeId declared, bool is_redefinable) const;

  bool isRedefinable(KeyId key) const {
    return redefinable_ != nullptr && !redefinable_->baseOf(key).valid() && inferred_.count(key.value) != 0;
  }

  World& w_;
  const KeyTable* redefinable_;
  std::vector<Frame> frames_;
  std::vector<std::vector<Frame>> options_;  // ways out that lead behind the frame
  std::unordered_map<uint32_t, TypeId> declarations_;
  std::unordered_set<uint32_t> inferred_;  // by KeyId: variables without declaration
  std::unordered_map<uint32_t, std::vector<uint32_t>> declared_in_;  // by KeyId: ids of the frames that were open
  uint32_t next_frame_ = 1;
  bool last_pop_changed_ = false;
};

// A frame for the lifetime of the object; see mypy's frame_context.
class FrameScope {
 public:
  struct Options {
    bool can_skip = false;
    int fall_through = 1;
    int break_frame = 0;
    int continue_frame = 0;
    bool is_try = false;
    bool is_conditional = false;
  };
  FrameScope(Binder& binder, Options options);
  ~FrameScope() { close(); }
  FrameScope(const FrameScope&) = delete;
  void close();

 private:
  Binder& binder_;
  Options options_;
  bool is_open_ = true;
};

}  // namespace krait::narrow
