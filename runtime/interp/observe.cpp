#include "runtime/interp/observe.h"

#include <map>
#include <unordered_map>
#include <vector>

#include "analyzer/base/json_text.h"
#include "runtime/bytecode/instruction.h"
#include "runtime/interp/slow.h"
#include "runtime/object/code.h"
#include "runtime/object/containers.h"
#include "runtime/object/int.h"
#include "runtime/object/str.h"

namespace krait::interp {

using bytecode::Observed;

static constexpr size_t kKinds = 12;        // of values that a place keeps
static constexpr uint32_t kDescribed = 60;  // values of a place that are looked into
static constexpr int64_t kSampled = 6;      // items of a container
static constexpr int kDepth = 3;            // containers in containers
static constexpr int64_t kShortText = 40;
static constexpr int64_t kSmallInt = 1 << 20;

namespace {
struct Place {
  const Type* passed[2] = {nullptr, nullptr};  // classes whose values say nothing new
  uint32_t described = 0;
  std::vector<std::string> kinds;
  bool is_complete = true;
};
struct Observations {
  std::unordered_map<const Code*, std::map<uint32_t, Place>> places;  // by instruction
  std::unordered_map<const Type*, std::string> class_names;
  std::vector<Ref> kept;  // what the addresses belong to
};
}  // namespace
static Observations observations;

static std::string moduleOf(Thread& t, const Type* type) {
  Value module = typeLookup(const_cast<Type*>(type), t.names().d_module);
  return isStr(module) ? toUtf8(module.as<Str>()) : "builtins";
}

static const std::string& classNameOf(Thread& t, Type* type) {
  auto [found, is_new] = observations.class_names.try_emplace(type);
  if (!is_new) return found->second;
  observations.kept.push_back(Ref::of(type));
  found->second = moduleOf(t, type) + ":" + toUtf8(type->qualname != nullptr ? type->qualname : type->name);
  std::string& text = found->second;
  for (int64_t i = 1; type->mro != nullptr && i < type->mro->size; ++i) {
    Value base = type->mro->items()[i];
    if (isType(base)) (void)classNameOf(t, base.as<Type>());
  }
  return text;
}

static std::string kindOf(Thread& t, Value v, int depth);

static void addItems(Thread& t, std::string& out, const char* field, const std::vector<Value>& items, int depth) {
  out += std::string(",\"") + field + "\":[";
  for (size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out += ',';
    out += kindOf(t, items[i], depth - 1);
  }
  out += ']';
}

static void addSample(Thread& t, std::string& out, const Value* items, int64_t size, int depth) {
  std::vector<Value> sample;
  for (int64_t i = 0; i < size; ++i) {
    if (i == kSampled && size > kSampled) i = size - 1;
    sample.push_back(items[i]);
  }
  addItems(t, out, "items", sample, depth);
  if (size <= kSampled + 1) out += ",\"is_whole\":true";
}

static void addDictSample(Thread& t, std::string& out, Dict* dict, int depth) {
  std::vector<Value> keys, values;
  int64_t position = 0;
  Value key, value;
  while (static_cast<int64_t>(keys.size()) < kSampled && dictNext(dict, position, key, value)) {
    keys.push_back(key);
    values.push_back(value);
  }
  addItems(t, out, "keys", keys, depth);
  addItems(t, out, "items", values, depth);
}

// A container's or class's kind depends on more than its class.
static bool isPlain(Value v) { return !isTuple(v) && !isList(v) && !isDict(v) && !isSet(v) && !isType(v) && !isExact(v, TypeId::kModule); }

static void addContents(Thread& t, std::string& out, Value v, int depth) {
  int64_t n = 0;
  if (v.isNone()) out += ",\"value\":null";
  else if (v.isBool()) out += v.isTrue() ? ",\"value\":true" : ",\"value\":false";
  else if (v.isInt() && intFits(v, n) && n > -kSmallInt && n < kSmallInt) out += ",\"value\":" + std::to_string(n);
  else if (isExactStr(v) && v.as<Str>()->length <= kShortText) out += ",\"value\":" + jsonString(toUtf8(v.as<Str>()));
  else if (isType(v)) out += ",\"of\":" + jsonString(classNameOf(t, v.as<Type>()));
  else if (isExact(v, TypeId::kModule)) {
    Value name = dictGetStr(v.as<Module>()->dict, t.names().d_name);
    if (isStr(name)) out += ",\"module\":" + jsonString(toUtf8(name.as<Str>()));
  } else if (depth > 0 && isTuple(v)) addSample(t, out, v.as<Tuple>()->items(), v.as<Tuple>()->size, depth);
  else if (depth > 0 && isList(v)) addSample(t, out, v.as<List>()->items, v.as<List>()->size, depth);
  else if (depth > 0 && isDict(v)) addDictSample(t, out, v.as<Dict>(), depth);
  else if (depth > 0 && isSet(v)) {
    std::vector<Value> sample;
    int64_t position = 0;
    Value key;
    while (static_cast<int64_t>(sample.size()) < kSampled && setNext(v.as<Set>(), position, key)) sample.push_back(key);
    addItems(t, out, "items", sample, depth);
  }
}

static std::string kindOf(Thread& t, Value v, int depth) {
  std::string out = "{\"class\":" + jsonString(classNameOf(t, typeOf(t, v)));
  if (isCallable(t, v)) out += ",\"is_callable\":true";
  addContents(t, out, v, depth);
  // A member of an enumeration is the only value of its type.
  Value enum_name = typeLookup(typeOf(t, v), intern(*t.isolate, "_member_map_"));
  if (isDict(enum_name)) {
    int64_t position = 0;
    Value key, value;
    while (dictNext(enum_name.as<Dict>(), position, key, value)) {
      if (value.bits == v.bits && isStr(key)) out += ",\"member\":" + jsonString(toUtf8(key.as<Str>()));
    }
  }
  return out + "}";
}

static void note(Thread& t, Place& place, Value v) {
  if (place.described++ >= kDescribed) {
    place.is_complete = place.is_complete && isPlain(v);
    place.passed[1] = place.passed[0];
    place.passed[0] = typeOf(t, v);  // class_names keeps it
  }
  std::string kind = kindOf(t, v, kDepth);
  for (const std::string& known : place.kinds) {
    if (known == kind) return;
  }
  if (place.kinds.size() >= kKinds) {
    // Values no longer count one by one: their class does.
    kind = "{\"class\":" + jsonString(classNameOf(t, typeOf(t, v))) + (isCallable(t, v) ? ",\"is_callable\":true}" : "}");
    for (const std::string& known : place.kinds) {
      if (known == kind) return;
    }
    if (place.kinds.size() >= 2 * kKinds) {
      place.is_complete = false;
      return;
    }
  }
  place.kinds.push_back(std::move(kind));
}

bool ObserveSlow(Thread& t, Frame* f, const Instruction* pc) {
  Value v = reg(f, pc->a);
  auto [found, is_new] = observations.places.try_emplace(f->code);
  if (is_new) observations.kept.push_back(Ref::of(f->code));
  Place& place = found->second[static_cast<uint32_t>(pc - f->code->instructions)];
  const Type* own = typeOf(t, v);
  if (own == place.passed[0] || own == place.passed[1]) return true;
  note(t, place, v);
  return true;
}

static void addPlace(std::string& out, const Code* code, uint32_t index, const Place& place) {
  static constexpr const char* kWhat[] = {"expression", "parameter", "result"};
  const Instruction& i = code->instructions[index];
  const SourcePosition& at = positionsOf(code)[index];
  out += "{\"file\":" + jsonString(toUtf8(code->filename)) + ",\"line\":" + std::to_string(at.line) + ",\"column\":" + std::to_string(at.column);
  out += ",\"end_line\":" + std::to_string(at.end_line) + ",\"end_column\":" + std::to_string(at.end_column);
  out += std::string(",\"what\":\"") + kWhat[i.b] + "\",\"function\":" + jsonString(toUtf8(code->qualname)) + ",\"first_line\":" + std::to_string(code->first_line);
  if (static_cast<Observed>(i.b) == Observed::kParameter) out += ",\"name\":" + jsonString(toUtf8(code->local_names->items()[i.c].as<Str>()));
  out += std::string(",\"is_complete\":") + (place.is_complete ? "true" : "false") + ",\"values\":[";
  for (size_t k = 0; k < place.kinds.size(); ++k) {
    if (k > 0) out += ',';
    out += place.kinds[k];
  }
  out += "]}";
}

std::string observationsText(Thread& t) {
  std::string places, classes;
  for (const auto& [code, by_instruction] : observations.places) {
    for (const auto& [index, place] : by_instruction) {
      if (!places.empty()) places += ",\n";
      addPlace(places, code, index, place);
    }
  }
  for (const auto& [type, name] : observations.class_names) {
    if (!classes.empty()) classes += ",\n";
    classes += jsonString(name) + ":[" + jsonString(name);
    for (int64_t i = 1; type->mro != nullptr && i < type->mro->size; ++i) {
      Value base = type->mro->items()[i];
      if (isType(base)) classes += "," + jsonString(observations.class_names.at(base.as<Type>()));
    }
    classes += ']';
  }
  return "{\"classes\": {" + classes + "},\n\"places\": [" + places + "]}\n";
}

}  // namespace krait::interp
