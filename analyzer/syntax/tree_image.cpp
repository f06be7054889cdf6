#include "analyzer/syntax/tree_image.h"

#include <cstring>
#include <unordered_map>

#include "analyzer/syntax/ast_builder.h"

namespace krait::syntax {

namespace {

// Texts stand in the source, or behind the arrays.
struct TextPlace {
  uint32_t begin = 0;
  uint32_t size : 31 = 0;
  uint32_t is_in_source : 1 = 0;
};

struct ImageInt {
  int64_t value;
  TextPlace digits;
  uint32_t fits;
  uint32_t base;
};

struct Header {
  uint32_t image_size = 0, text_size = 0, root = 0;
  uint32_t nodes = 0, slots = 0, lists = 0, comments = 0;
  uint32_t strings = 0, ints = 0, floats = 0;
  uint32_t names = 0, name_slots = 0;  // the names of the tree; which slots hold one, by its place among them
  uint32_t extra = 0;                  // bytes of texts that are not in the source
  uint32_t unused = 0;
};

class Writer {
 public:
  explicit Writer(std::string_view source) : source_(source) {}

  TextPlace place(std::string_view text) {
    bool is_in_source = text.data() >= source_.data() && text.data() + text.size() <= source_.data() + source_.size();
    size_t begin = is_in_source ? static_cast<size_t>(text.data() - source_.data()) : extra_.size();
    if (!is_in_source) extra_.append(text);
    TextPlace place;
    place.begin = static_cast<uint32_t>(begin);
    place.size = static_cast<uint32_t>(text.size()) & 0x7fffffff;
    place.is_in_source = is_in_source;
    return place;
  }
  template <class T>
  void array(const std::vector<T>& items) {
    static_assert(std::is_trivially_copyable_v<T>);
    bytes_.append(reinterpret_cast<const char*>(items.data()), items.size() * sizeof(T));
    align();
  }
  std::string take(Header header) {
    bytes_.append(extra_);
    align();
    header.extra = static_cast<uint32_t>(extra_.size());
    header.image_size = static_cast<uint32_t>(sizeof header + bytes_.size());
    return std::string(reinterpret_cast<const char*>(&header), sizeof header) + bytes_;
  }

 private:
  void align() { bytes_.resize((bytes_.size() + 7) & ~size_t{7}); }

  std::string_view source_;
  std::string bytes_, extra_;
};

class Reader {
 public:
  Reader(std::string_view image, std::string_view source) : image_(image), source_(source) {}

  // The next `count` items; what is missing makes the reader fail.
  template <class T>
  std::span<const T> array(size_t count) {
    size_t bytes = (count * sizeof(T) + 7) & ~size_t{7};
    if (image_.size() - at_ < bytes) {
      has_failed_ = true;
      return {};
    }
    const T* items = reinterpret_cast<const T*>(image_.data() + at_);
    at_ += bytes;
    return {items, count};
  }
  std::string_view text(TextPlace place, std::string_view extra) {
    std::string_view from = place.is_in_source ? source_ : extra;
    if (place.begin > from.size() || place.size > from.size() - place.begin) {
      has_failed_ = true;
      return {};
    }
    return from.substr(place.begin, place.size);
  }
  bool hasFailed() const { return has_failed_; }

 private:
  std::string_view image_, source_;
  size_t at_ = 0;
  bool has_failed_ = false;
};

}  // namespace

static_assert(sizeof(Header) % 8 == 0 && sizeof(ImageInt) % 8 == 0);
static_assert(std::is_trivially_copyable_v<NodeRecord> && std::is_trivially_copyable_v<NodeId>);

// Which slots of the tree hold names.
static std::vector<uint32_t> nameSlots(const std::vector<NodeRecord>& nodes) {
  std::vector<uint32_t> slots;
  for (const NodeRecord& node : nodes) {
    std::span<const FieldInfo> fields = fieldsOf(node.kind);
    for (uint32_t i = 0; i < fields.size(); ++i) {
      if (fields[i].kind == FieldKind::kName) slots.push_back(node.slots + i);
    }
  }
  return slots;
}

std::string writeTreeImage(const Ast& ast) {
  AstBuilder::ConstArrays arrays = AstBuilder::arraysOf(ast);
  Writer writer(ast.text());
  std::vector<uint32_t> name_slots = nameSlots(arrays.nodes), slots = arrays.slots;
  std::unordered_map<uint32_t, uint32_t> known;
  std::vector<TextPlace> names, strings;
  for (uint32_t slot : name_slots) {
    auto [name, is_new] = known.try_emplace(slots[slot], static_cast<uint32_t>(names.size()));
    if (is_new) names.push_back(writer.place(ast.name(NameId(slots[slot]))));
    slots[slot] = name->second;
  }
  for (std::string_view text : arrays.strings) strings.push_back(writer.place(text));
  std::vector<ImageInt> ints;
  for (const IntConstant& each : arrays.ints) ints.push_back({each.value, writer.place(each.digits), each.fits, each.base});
  Header header;
  header.text_size = static_cast<uint32_t>(ast.text().size());
  header.root = arrays.root.value;
  header.nodes = static_cast<uint32_t>(arrays.nodes.size());
  header.slots = static_cast<uint32_t>(slots.size());
  header.lists = static_cast<uint32_t>(arrays.lists.size());
  header.comments = static_cast<uint32_t>(arrays.comments.size());
  header.strings = static_cast<uint32_t>(strings.size());
  header.ints = static_cast<uint32_t>(ints.size());
  header.floats = static_cast<uint32_t>(arrays.floats.size());
  header.names = static_cast<uint32_t>(names.size());
  header.name_slots = static_cast<uint32_t>(name_slots.size());
  writer.array(arrays.nodes);
  writer.array(slots);
  writer.array(arrays.lists);
  writer.array(arrays.comments);
  writer.array(strings);
  writer.array(ints);
  writer.array(arrays.floats);
  writer.array(names);
  writer.array(name_slots);
  return writer.take(header);
}

std::optional<Ast> readTreeImage(std::string_view image, std::string_view text, Interner& interner) {
  Header header;
  if (image.size() < sizeof header) return std::nullopt;
  std::memcpy(&header, image.data(), sizeof header);
  if (header.image_size != image.size() || header.text_size != text.size()) return std::nullopt;
  Reader reader(image.substr(sizeof header), text);
  AstBuilder builder(text, interner);
  AstBuilder::Arrays arrays = builder.arrays();
  auto fill = [&](auto& to, size_t count) {
    auto items = reader.array<typename std::remove_reference_t<decltype(to)>::value_type>(count);
    to.assign(items.begin(), items.end());
  };
  arrays.root = NodeId(header.root);
  fill(arrays.nodes, header.nodes);
  fill(arrays.slots, header.slots);
  fill(arrays.lists, header.lists);
  fill(arrays.comments, header.comments);
  std::span<const TextPlace> strings = reader.array<TextPlace>(header.strings);
  std::span<const ImageInt> ints = reader.array<ImageInt>(header.ints);
  fill(arrays.floats, header.floats);
  std::span<const TextPlace> names = reader.array<TextPlace>(header.names);
  std::span<const uint32_t> name_slots = reader.array<uint32_t>(header.name_slots);
  std::span<const char> behind = reader.array<char>(header.extra);
  if (reader.hasFailed()) return std::nullopt;
  std::string_view extra(behind.data(), behind.size());
  std::vector<uint32_t> ids;
  ids.reserve(names.size());
  for (const TextPlace& name : names) ids.push_back(interner.intern(reader.text(name, extra)).value);
  for (uint32_t slot : name_slots) arrays.slots[slot] = ids[arrays.slots[slot]];
  for (const TextPlace& each : strings) {
    std::string_view string = reader.text(each, extra);
    builder.addString(each.is_in_source ? string : builder.keep(string));
  }
  for (const ImageInt& each : ints) builder.addInt({each.value, each.fits != 0, static_cast<uint8_t>(each.base), reader.text(each.digits, extra)});
  if (reader.hasFailed()) return std::nullopt;
  return builder.take();
}

}  // namespace krait::syntax
