// Frames: what is known about the types of references while statements are walked forward; mypy's
// ConditionalTypeBinder. A reference is a name, a member chain or a subscript with a literal index (`x`, `x.a`,
// `x[0].b`); RefKey is its canonical name. Frames are a stack: a branch pushes one, and popping it merges what the
// ways out of the branch know into the frame below. A key without an entry has its declared type.
//
// What always holds: frames_[0] is the bottom and never popped; exits_[i] are the frames that will be merged when
// frame i's successor is popped; a key that was ever put has a declaration (perhaps none) and is listed among the
// dependents of each of its parts.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "checker/relations/relations.h"

namespace krait::narrow {

using namespace types;
using namespace relations;

struct RefTag;
using RefKey = Id<RefTag>;

enum class RefKind : uint8_t { kName, kMember, kSubscript };

// One link of a reference: a symbol, or a base with a member name or a literal index ("i3", "s'a'"…).
struct RefPart {
  RefKind kind;
  SymbolId symbol;
  RefKey base;
  NameId name;  // the member, or the interned text of the index
};

struct Known {
  TypeId type;
  bool from_assignment = true;
  bool valid() const { return type.valid(); }
};

struct Frame {
  std::vector<std::pair<RefKey, Known>> types;  // in order of key
  bool is_unreachable = false;
  bool is_conditional = false;
  bool hides_unreachable = false;  // no "unreachable" warnings inside

  const Known* find(RefKey key) const;
  void put(RefKey key, Known known);
  void erase(RefKey key);
};

// What a FrameScope does at its end, as mypy's frame_context.
struct FrameOptions {
  bool can_skip = false;
  int fall_through = 1;      // how many frames down the end of the block leads; 0: nowhere
  int break_frame = 0;       // `break` leads to the frame that many down
  int continue_frame = 0;
  bool conditional = false;
  bool try_frame = false;    // every assignment inside may be followed by a jump to the handlers
};

class Frames {
 public:
  explicit Frames(World& w);

  // ---- keys ----
  // The key of an expression of module's Ast, names looked up in `scope`; none: not a reference.
  RefKey keyOf(ModuleId module, ScopeId scope, NodeId expression);
  RefKey keyOfSymbol(SymbolId symbol);
  const RefPart& part(RefKey key) const { return parts_[key.value]; }
  // The symbol that the key begins with.
  SymbolId rootOf(RefKey key) const;

  // ---- knowledge ----
  // The known type of a key, or none.
  TypeId get(RefKey key) const;
  const Known* find(RefKey key) const;
  // Records a narrowed type. `declared` is taken when the key is met for the first time (none: no declaration).
  void put(RefKey key, TypeId type, TypeId declared, bool from_assignment = true);
  // What an assignment of a value of `type` makes known: mypy's assign_type. Forgets what depends on the key.
  void assign(RefKey key, TypeId type, TypeId declared);
  // Forgets everything about references that contain the key (not about the key itself).
  void invalidateDependents(RefKey key);
  void forget(RefKey key);
  TypeId declaration(RefKey key) const;

  // ---- flow ----
  void setUnreachable() { frames_.back().is_unreachable = true; }
  bool isUnreachable() const;
  void hideUnreachable() { frames_.back().hides_unreachable = true; }
  bool hidesUnreachable() const;
  void push(bool conditional = false);
  // Returns the popped frame.
  Frame pop(bool can_skip, int fall_through);
  void enter(const FrameOptions& options);
  Frame leave(const FrameOptions& options);
  // Adds the present knowledge to the ways out of frame `index` (negative: from the top).
  void allowJump(int index);
  void handleBreak();
  void handleContinue();
  bool lastPopChanged() const { return last_pop_changed_; }
  Frame& top() { return frames_.back(); }
  size_t depth() const { return frames_.size(); }

 private:
  bool mergeOptions(std::vector<Frame>& options);
  TypeId mergedType(RefKey key, const std::vector<Known>& values);
  RefKey intern(const RefPart& part);
  void registerKey(RefKey key, TypeId declared);

  World& w_;
  std::vector<Frame> frames_;
  std::vector<std::vector<Frame>> exits_;
  std::vector<int> break_frames_;
  std::vector<int> continue_frames_;
  std::vector<int> try_frames_;
  bool last_pop_changed_ = false;
  std::vector<RefPart> parts_;
  std::unordered_map<uint64_t, std::vector<RefKey>> by_hash_;
  std::unordered_map<RefKey, TypeId> declarations_;
  std::unordered_map<RefKey, std::vector<RefKey>> dependents_;
};

// A frame for the length of a C++ scope.
class FrameScope {
 public:
  FrameScope(Frames& frames, FrameOptions options) : frames_(frames), options_(options) { frames_.enter(options_); }
  ~FrameScope() { frames_.leave(options_); }
  FrameScope(const FrameScope&) = delete;

 private:
  Frames& frames_;
  FrameOptions options_;
};

// The literal index of a subscript as the text that keys are made of; empty: not a literal.
std::string literalIndexText(const Ast& ast, NodeId index);

}  // namespace krait::narrow
