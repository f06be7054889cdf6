// The stack of frames. Follows mypy's binder.py: the merge takes for each key the union of what each way out knows;
// when no way out assigned (all knowledge comes from conditions) and all are reachable, the key keeps what it had, so
// that `if isinstance(x, A): …` does not change the type of x behind it.
#include "checker/narrow/frames.h"

#include <algorithm>

namespace krait::narrow {

const Known* Frame::find(RefKey key) const {
  auto at = std::lower_bound(types.begin(), types.end(), key, [](const auto& entry, RefKey k) { return entry.first < k; });
  return at != types.end() && at->first == key ? &at->second : nullptr;
}

void Frame::put(RefKey key, Known known) {
  auto at = std::lower_bound(types.begin(), types.end(), key, [](const auto& entry, RefKey k) { return entry.first < k; });
  if (at != types.end() && at->first == key) {
    at->second = known;
  } else {
    types.insert(at, {key, known});
  }
}

void Frame::erase(RefKey key) {
  auto at = std::lower_bound(types.begin(), types.end(), key, [](const auto& entry, RefKey k) { return entry.first < k; });
  if (at != types.end() && at->first == key) types.erase(at);
}

Frames::Frames(World& w) : w_(w) {
  frames_.emplace_back();
  exits_.emplace_back();
}

const Known* Frames::find(RefKey key) const {
  for (size_t i = frames_.size(); i-- > 0;) {
    if (const Known* known = frames_[i].find(key)) return known;
  }
  return nullptr;
}

TypeId Frames::get(RefKey key) const {
  const Known* known = key.valid() ? find(key) : nullptr;
  return known == nullptr ? TypeId::none() : known->type;
}

TypeId Frames::declaration(RefKey key) const {
  auto found = declarations_.find(key);
  return found == declarations_.end() ? TypeId::none() : found->second;
}

void Frames::registerKey(RefKey key, TypeId declared) {
  if (!declarations_.emplace(key, declared).second) return;
  for (RefKey base = parts_[key.value].base; base.valid(); base = parts_[base.value].base) {
    dependents_[base].push_back(key);
  }
}

void Frames::put(RefKey key, TypeId type, TypeId declared, bool from_assignment) {
  if (!key.valid()) return;
  registerKey(key, declared);
  frames_.back().put(key, {type, from_assignment});
}

void Frames::forget(RefKey key) {
  for (Frame& frame : frames_) frame.erase(key);
}

void Frames::invalidateDependents(RefKey key) {
  auto found = dependents_.find(key);
  if (found == dependents_.end()) return;
  for (RefKey dependent : found->second) forget(dependent);
}

static bool hasItemOf(World& w, TypeId type, TypeKind kind) {
  for (TypeId item : unionItems(w, type)) {
    if (w.types.kind(proper(w, item)) == kind) return true;
  }
  return false;
}

void Frames::assign(RefKey key, TypeId type, TypeId declared) {
  if (!key.valid()) return;
  invalidateDependents(key);
  if (!declared.valid() || w_.types.is(declared, TypeKind::kPartial)) return;
  registerKey(key, declared);
  const Known* before = find(key);
  TypeId enclosing = proper(w_, before != nullptr ? before->type : declared);
  TypeId assigned = proper(w_, type);
  TypeId wanted = proper(w_, declared);
  if (w_.types.is(wanted, TypeKind::kAny) && w_.types.is(enclosing, TypeKind::kAny)) {
    put(key, declared, declared);
  } else if (w_.types.is(assigned, TypeKind::kAny) && w_.types.is(wanted, TypeKind::kUnion) &&
             hasItemOf(w_, wanted, TypeKind::kNone) && w_.types.is(enclosing, TypeKind::kNone)) {
    // The Any takes the place of the None.
    std::vector<TypeId> items;
    for (TypeId item : unionItems(w_, wanted)) items.push_back(w_.types.is(item, TypeKind::kNone) ? type : item);
    put(key, w_.types.unionOf(items), declared);
  } else if (w_.types.is(assigned, TypeKind::kAny) &&
             !(w_.types.is(wanted, TypeKind::kUnion) && hasItemOf(w_, wanted, TypeKind::kAny))) {
    put(key, declared, declared);
  } else {
    put(key, type, declared);
  }
  for (int frame : try_frames_) allowJump(frame);
}

bool Frames::isUnreachable() const {
  for (const Frame& frame : frames_) {
    if (frame.is_unreachable) return true;
  }
  return false;
}

bool Frames::hidesUnreachable() const {
  for (const Frame& frame : frames_) {
    if (frame.hides_unreachable) return true;
  }
  return false;
}

void Frames::push(bool conditional) {
  frames_.emplace_back();
  frames_.back().is_conditional = conditional;
  exits_.emplace_back();
}

void Frames::allowJump(int index) {
  if (index < 0) index += static_cast<int>(exits_.size());
  Frame frame;
  for (size_t i = static_cast<size_t>(index) + 1; i < frames_.size(); ++i) {
    for (const auto& entry : frames_[i].types) frame.put(entry.first, entry.second);
    if (frames_[i].is_unreachable) frame.is_unreachable = true;
  }
  exits_[static_cast<size_t>(index)].push_back(std::move(frame));
}

void Frames::handleBreak() {
  if (!break_frames_.empty()) allowJump(break_frames_.back());
  setUnreachable();
}

void Frames::handleContinue() {
  if (!continue_frames_.empty()) allowJump(continue_frames_.back());
  setUnreachable();
}

Frame Frames::pop(bool can_skip, int fall_through) {
  // The ways out of the popped frame were collected at the frame below it.
  if (fall_through > 0) allowJump(-fall_through - 1);
  Frame result = std::move(frames_.back());
  frames_.pop_back();
  exits_.pop_back();
  std::vector<Frame> options = std::move(exits_.back());
  exits_.back().clear();
  if (can_skip) options.insert(options.begin(), frames_.back());
  last_pop_changed_ = mergeOptions(options);
  return result;
}

TypeId Frames::mergedType(RefKey key, const std::vector<Known>& values) {
  TypeId declared = declaration(key);
  TypeId wanted = declared.valid() ? proper(w_, declared) : declared;
  if (wanted.valid() && w_.types.is(wanted, TypeKind::kAny)) {
    for (const Known& value : values) {
      if (!isSameType(w_, value.type, values[0].type)) return w_.types.any(AnyKind::kFromAnotherAny);
    }
    return values[0].type;
  }
  if (values.size() == 1) return values[0].type;
  std::vector<TypeId> possible;
  for (const Known& value : values) possible.push_back(value.type);
  TypeId merged = simplifiedUnion(w_, possible);
  if (wanted.valid() && w_.types.is(wanted, TypeKind::kTypeVar) && !isSubtype(w_, merged, wanted)) return declared;
  if (w_.types.is(merged, TypeKind::kUnion) && declared.valid()) {
    std::vector<TypeId> without_any;
    for (TypeId item : w_.types[merged].args()) {
      if (!w_.types.is(proper(w_, item), TypeKind::kAny)) without_any.push_back(item);
    }
    TypeId simplified = w_.types.unionOf(without_any);
    if (simplified == declared) return simplified;
  }
  return merged;
}

bool Frames::mergeOptions(std::vector<Frame>& options) {
  bool all_reachable = true;
  for (const Frame& frame : options) all_reachable = all_reachable && !frame.is_unreachable;
  std::erase_if(options, [](const Frame& frame) { return frame.is_unreachable; });
  std::vector<RefKey> keys;
  for (const Frame& frame : options) {
    for (const auto& entry : frame.types) keys.push_back(entry.first);
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  bool changed = false;
  for (RefKey key : keys) {
    const Known* current = find(key);
    std::vector<Known> values;
    bool is_complete = true;
    bool any_assigned = false;
    for (const Frame& frame : options) {
      const Known* known = frame.find(key);
      if (known == nullptr) known = current;
      if (known == nullptr) {
        is_complete = false;
        break;
      }
      any_assigned = any_assigned || known->from_assignment;
      values.push_back(*known);
    }
    if (!is_complete || (all_reachable && !any_assigned)) continue;
    TypeId type = mergedType(key, values);
    if (current == nullptr || !isSameType(w_, type, current->type)) {
      frames_.back().put(key, {type, true});
      changed = true;
    }
  }
  frames_.back().is_unreachable = options.empty();
  return changed;
}

void Frames::enter(const FrameOptions& options) {
  if (options.break_frame > 0) break_frames_.push_back(static_cast<int>(frames_.size()) - options.break_frame);
  if (options.continue_frame > 0) continue_frames_.push_back(static_cast<int>(frames_.size()) - options.continue_frame);
  if (options.try_frame) try_frames_.push_back(static_cast<int>(frames_.size()) - 1);
  push(options.conditional);
  // An exception may come at once.
  if (options.try_frame) allowJump(static_cast<int>(frames_.size()) - 2);
}

Frame Frames::leave(const FrameOptions& options) {
  Frame popped = pop(options.can_skip, options.fall_through);
  if (options.break_frame > 0) break_frames_.pop_back();
  if (options.continue_frame > 0) continue_frames_.pop_back();
  if (options.try_frame) try_frames_.pop_back();
  return popped;
}

}  // namespace krait::narrow
