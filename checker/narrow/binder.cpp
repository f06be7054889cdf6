#include "checker/narrow/binder.h"

#include <algorithm>
#include <set>

namespace krait::narrow {

KeyId KeyTable::item(KeyId base, std::string_view literal) {
  return intern(items_, std::to_string(base.value) + "[" + std::string(literal), base);
}

KeyId KeyTable::variable(SymbolId symbol) {
  if (symbol.value >= by_symbol_.size()) by_symbol_.resize(symbol.value + 1, KeyId::none());
  if (KeyId known = by_symbol_[symbol.value]; known.valid()) return known;
  KeyId key(static_cast<uint32_t>(bases_.size()));
  by_symbol_[symbol.value] = key;
  bases_.push_back(KeyId::none());
  variables_.resize(bases_.size());
  variables_[key.value] = symbol;
  return key;
}

static TypeId known(const std::vector<Frame>& frames, uint32_t key, KnownType* out) {
  for (size_t i = frames.size(); i-- > 0;) {
    auto found = frames[i].types.find(key);
    if (found == frames[i].types.end()) continue;
    if (out != nullptr) *out = found->second;
    return found->second.type;
  }
  return TypeId::none();
}

TypeId Binder::get(KeyId key) const { return known(frames_, key.value, nullptr); }

KnownType Binder::find(KeyId key) const {
  KnownType found;
  known(frames_, key.value, &found);
  return found;
}

std::unordered_map<uint32_t, KnownType> Binder::all() const {
  std::unordered_map<uint32_t, KnownType> found;
  for (size_t i = frames_.size(); i-- > 0;) found.insert(frames_[i].types.begin(), frames_[i].types.end());
  return found;
}

void Binder::put(KeyId key, TypeId type, TypeId declared, bool from_assignment, bool is_guard) {
  declarations_.try_emplace(key.value, declared);
  frames_.back().types[key.value] = {type, from_assignment, is_guard};
}

// What Any tells when it is assigned: `T | None` becomes `T | Any` (a fallback for None is usual); else the declared
// type stays, so that fewer mistakes are missed.
TypeId Binder::afterAny(TypeId any, TypeId declared) const {
  TypeId plain = proper(w_, declared);
  // An attribute that begins as None and has no declaration says nothing of what it becomes.
  if (w_.types.is(plain, TypeKind::kNone) && follows(w_.options, Divergence::kUnannotatedBodies)) return any;
  if (!w_.types.is(plain, TypeKind::kUnion)) return declared;
  std::vector<TypeId> items(w_.types[plain].args().begin(), w_.types[plain].args().end());
  bool has_none = false, has_any = false;
  for (TypeId& item : items) {
    TypeKind kind = w_.types.kind(proper(w_, item));
    has_any = has_any || kind == TypeKind::kAny;
    if (kind != TypeKind::kNone) continue;
    has_none = true;
    item = any;
  }
  if (has_none && !follows(w_.options, Divergence::kAnyAssigned)) return w_.types.unionOf(items);
  return has_any ? any : declared;
}

void Binder::assign(KeyId key, TypeId type, TypeId declared, bool is_inferred) {
  if (!declared.valid()) return;
  if (is_inferred) inferred_.insert(key.value);
  if (!follows(w_.options, Divergence::kRedefinition)) {
    // A module that a variable holds is any module.
    bool is_module = w_.types.is(type, TypeKind::kModule) && !w_.types.is(proper(w_, declared), TypeKind::kModule);
    type = is_module ? w_.types[type].extra : removeLastKnownValues(w_, type);
  }
  if (!isSubtype(w_, type, declared)) return;
  // A class by its name tells no more than type[…] of it does.
  if (w_.types.is(proper(w_, declared), TypeKind::kTypeType) && isSubtype(w_, declared, type)) type = declared;
  if (w_.types.is(proper(w_, type), TypeKind::kAny)) {
    put(key, is_inferred ? type : afterAny(type, declared), declared, true);
  } else if (w_.types.is(proper(w_, declared), TypeKind::kAny)) {
    put(key, is_inferred ? type : declared, declared, true);
  } else {
    put(key, type, declared, true);
  }
  for (int index : try_frames) allowJump(index);
}

bool Binder::isUnreachable() const {
  for (const Frame& frame : frames_) {
    if (frame.is_unreachable) return true;
  }
  return false;
}

bool Binder::isWarningSuppressed() const {
  for (const Frame& frame : frames_) {
    if (frame.suppresses_warnings) return true;
  }
  return false;
}

void Binder::forget(KeyId key) {
  for (Frame& frame : frames_) frame.types.erase(key.value);
}

void Binder::invalidateDependents(KeyId key, const KeyTable& keys) {
  std::set<uint32_t> stale;
  for (const Frame& frame : frames_) {
    for (const auto& entry : frame.types) {
      for (KeyId base = keys.baseOf(KeyId(entry.first)); base.valid(); base = keys.baseOf(base)) {
        if (base == key) stale.insert(entry.first);
      }
    }
  }
  for (uint32_t entry : stale) forget(KeyId(entry));
}

void Binder::declare(KeyId variable) {
  std::vector<uint32_t>& ids = declared_in_[variable.value];
  ids.clear();
  for (const Frame& frame : frames_) ids.push_back(frame.id);
}

bool Binder::isDeclaredInOtherBranch(KeyId variable) const {
  auto declared = declared_in_.find(variable.value);
  if (declared == declared_in_.end()) return false;
  // The innermost frame that was open there too.
  for (size_t i = frames_.size(); i-- > 0;) {
    for (uint32_t id : declared->second) {
      if (id == frames_[i].id) return frames_[i].is_conditional;
    }
  }
  return false;
}

void Binder::pushFrame() {
  frames_.emplace_back();
  frames_.back().id = next_frame_++;
  options_.emplace_back();
}

void Binder::allowJump(int index) {
  if (index < 0) index += static_cast<int>(options_.size());
  if (index < 0 || static_cast<size_t>(index) >= options_.size()) return;
  Frame merged;
  for (size_t i = static_cast<size_t>(index) + 1; i < frames_.size(); ++i) {
    for (const auto& entry : frames_[i].types) merged.types[entry.first] = entry.second;
    merged.is_unreachable = merged.is_unreachable || frames_[i].is_unreachable;
  }
  options_[static_cast<size_t>(index)].push_back(std::move(merged));
}

Frame Binder::popFrame(bool can_skip, int fall_through) {
  if (fall_through > 0) allowJump(-fall_through);
  Frame result = std::move(frames_.back());
  frames_.pop_back();
  std::vector<Frame> ways = std::move(options_.back());
  options_.pop_back();
  if (can_skip) ways.insert(ways.begin(), frames_.back());
  last_pop_changed_ = mergeOptions(std::move(ways));
  return result;
}

// The type of an expression behind branches that leave it with different types.
TypeId Binder::mergedType(const std::vector<TypeId>& possible, TypeId declared, bool is_redefinable) const {
  TypeId type = simplifiedUnion(w_, possible);
  if (!declared.valid()) return type;
  if (!is_redefinable && w_.types.is(proper(w_, declared), TypeKind::kTypeVar) && !isSubtype(w_, type, declared)) return declared;
  TypeId plain = proper(w_, type);
  // All members of an enum are the enum, but where they were declared one by one.
  bool is_whole = w_.types.is(plain, TypeKind::kInstance) && w_.types.is(proper(w_, declared), TypeKind::kUnion);
  if (is_whole && isSubtype(w_, type, declared) && isSubtype(w_, declared, type)) return declared;
  if (!w_.types.is(plain, TypeKind::kUnion) || is_redefinable) return type;
  // Any that the branches added to the declared type goes away again.
  std::vector<TypeId> rest;
  for (TypeId item : w_.types[plain].args()) {
    if (!w_.types.is(proper(w_, item), TypeKind::kAny)) rest.push_back(item);
  }
  TypeId simplified = w_.types.unionOf(rest);
  return simplified == declared ? simplified : type;
}

bool Binder::mergeOptions(std::vector<Frame> ways) {
  bool all_reachable = std::none_of(ways.begin(), ways.end(), [](const Frame& frame) { return frame.is_unreachable; });
  if (!all_reachable) std::erase_if(ways, [](const Frame& frame) { return frame.is_unreachable; });
  bool changed = false;
  std::set<uint32_t> keys;
  for (const Frame& frame : ways) {
    for (const auto& entry : frame.types) keys.insert(entry.first);
  }
  for (uint32_t key : keys) {
    KnownType current;
    known(frames_, key, &current);
    std::vector<KnownType> results;
    bool is_unknown = false;
    for (const Frame& frame : ways) {
      auto found = frame.types.find(key);
      KnownType value = found == frame.types.end() ? current : found->second;
      is_unknown = is_unknown || !value.type.valid();
      if (value.type.valid()) results.push_back(value);
    }
    bool is_redefinable = isRedefinable(KeyId(key));
    if ((is_unknown && !is_redefinable) || results.empty()) continue;
    bool any_assignment = false;
    for (const KnownType& value : results) any_assignment = any_assignment || value.from_assignment;
    if (all_reachable && !any_assignment) continue;
    TypeId declared = declarations_[key];
    TypeId type = results[0].type;
    bool is_guard = false;
    if (!is_redefinable && declared.valid() && w_.types.is(proper(w_, declared), TypeKind::kAny)) {
      for (const KnownType& value : results) {
        if (!isSameType(w_, type, value.type)) type = w_.types.any(AnyKind::kFromAnotherAny);
      }
    } else {
      std::vector<TypeId> possible;
      for (const KnownType& value : results) possible.push_back(value.type);
      bool all_same = true;
      for (TypeId item : possible) all_same = all_same && item == type;
      if (!all_same) {
        type = mergedType(possible, declared, is_redefinable);
      } else {
        is_guard = results[0].is_guard;
      }
    }
    // Equal types may tell of other values.
    bool tells_more = is_redefinable && type != current.type && follows(w_.options, Divergence::kRedefinition);
    if (!current.type.valid() || tells_more || !isSameType(w_, type, current.type)) {
      frames_.back().types[key] = {type, true, is_guard};
      changed = true;
    }
  }
  frames_.back().is_unreachable = ways.empty();
  return changed;
}

FrameScope::FrameScope(Binder& binder, Options options) : binder_(binder), options_(options) {
  auto depth = static_cast<int>(binder.depth()) - 1;  // the number of options
  if (options.break_frame != 0) binder.break_frames.push_back(depth + 1 - options.break_frame);
  if (options.continue_frame != 0) binder.continue_frames.push_back(depth + 1 - options.continue_frame);
  binder.pushFrame();
  binder.top().is_conditional = options.is_conditional;
  if (!options.is_try) return;
  binder.try_frames.push_back(static_cast<int>(binder.depth()) - 2);
  binder.allowJump(-1);  // an exception may come before anything else happens
}

void FrameScope::close() {
  if (!is_open_) return;
  is_open_ = false;
  binder_.popFrame(options_.can_skip, options_.fall_through);
  if (options_.break_frame != 0) binder_.break_frames.pop_back();
  if (options_.continue_frame != 0) binder_.continue_frames.pop_back();
  if (options_.is_try) binder_.try_frames.pop_back();
}

}  // namespace krait::narrow
