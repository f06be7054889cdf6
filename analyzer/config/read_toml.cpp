// The only file that sees toml++: tables become sections named by their dotted path, or a tree of values with their places.
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include "analyzer/config/config_text.h"
#include "analyzer/config/toml_tree.h"

namespace krait::config {

static std::string numberText(const toml::node& node) {
  if (auto integer = node.value<int64_t>(); node.is_integer() && integer) return std::to_string(*integer);
  double value = node.value<double>().value_or(0);
  std::string text = std::to_string(value);
  while (text.ends_with("0") && !text.ends_with(".0")) text.pop_back();
  return text;
}

static ConfigValue valueOf(const toml::node& node) {
  ConfigValue value;
  if (node.is_string()) {
    value.text = node.value_or(std::string());
  } else if (node.is_boolean()) {
    value.kind = ValueKind::kBool;
    value.flag = node.value_or(false);
    value.text = value.flag ? "True" : "False";
  } else if (node.is_number()) {
    value.kind = ValueKind::kNumber;
    value.text = numberText(node);
  } else if (const toml::array* array = node.as_array()) {
    value.kind = ValueKind::kList;
    for (const toml::node& item : *array) {
      value.has_only_texts &= item.is_string();
      value.items.push_back(item.is_string() ? item.value_or(std::string()) : item.is_number() ? numberText(item) : "");
      value.text += (value.text.empty() ? "" : ", ") + value.items.back();
    }
  } else {
    value.kind = ValueKind::kOther;
    value.text = "(date)";
  }
  return value;
}

static bool isArrayOfTables(const toml::node& node) {
  const toml::array* array = node.as_array();
  return array != nullptr && !array->empty() && array->is_homogeneous(toml::node_type::table);
}

// Depth of nested tables that a configuration may have; deeper ones are not looked at.
static constexpr int kDeepestTable = 16;

static void addTable(ConfigText& out, const toml::table& table, const std::string& name, uint32_t line, int depth) {
  if (depth > kDeepestTable) return;
  size_t index = out.sections.size();
  out.sections.push_back({.name = name, .line = line, .entries = {}});
  for (const auto& [key, node] : table) {
    uint32_t node_line = key.source().begin.line;
    std::string path = name.empty() ? std::string(key.str()) : name + "." + std::string(key.str());
    if (const toml::table* inner = node.as_table()) {
      addTable(out, *inner, path, node_line, depth + 1);
    } else if (isArrayOfTables(node)) {
      for (const toml::node& item : *node.as_array()) {
        addTable(out, *item.as_table(), path, item.source().begin.line, depth + 1);
      }
    } else {
      out.sections[index].entries.push_back({.key = std::string(key.str()), .value = valueOf(node), .line = node_line});
    }
  }
}

Result<ConfigText> readToml(std::string_view path, std::string_view text) {
  toml::parse_result parsed = toml::parse(text, path);
  if (!parsed) {
    const toml::parse_error& error = parsed.error();
    return Failure{std::string(path) + ":" + std::to_string(error.source().begin.line) + ": " +
                   std::string(error.description())};
  }
  ConfigText out;
  addTable(out, parsed.table(), "", 1, 0);
  return out;
}

// toml++ counts lines and characters from 1.
static uint32_t offsetIn(const LineIndex& lines, const toml::source_position& at) {
  if (at.line == 0) return 0;
  return lines.offsetOf({at.line - 1, at.column == 0 ? 0 : at.column - 1}, ColumnUnit::kUtf32);
}

static TomlKind kindOf(const toml::node& node) {
  if (node.is_table()) return TomlKind::kTable;
  if (node.is_array()) return TomlKind::kList;
  if (node.is_string()) return TomlKind::kText;
  if (node.is_integer()) return TomlKind::kInteger;
  if (node.is_floating_point()) return TomlKind::kFloat;
  return node.is_boolean() ? TomlKind::kBool : TomlKind::kDate;
}

// As deep as toml++ reads it.
static TomlValue treeOf(const toml::node& node, const LineIndex& lines) {
  TomlValue value;
  value.kind = kindOf(node);
  value.range = {offsetIn(lines, node.source().begin), offsetIn(lines, node.source().end)};
  if (value.kind == TomlKind::kText) {
    value.text = node.value_or(std::string());
  } else {
    value.text = lines.text().substr(value.range.begin, std::max(value.range.begin, value.range.end) - value.range.begin);
  }
  if (const toml::array* array = node.as_array()) {
    for (const toml::node& item : *array) value.items.push_back(treeOf(item, lines));
  }
  if (const toml::table* table = node.as_table()) {
    for (const auto& [key, inner] : *table) value.entries.push_back({std::string(key.str()), treeOf(inner, lines)});
  }
  return value;
}

TomlTree readTomlTree(std::string_view text) {
  LineIndex lines(text);
  TomlTree tree;
  toml::parse_result parsed = toml::parse(text);
  if (parsed) {
    tree.root = treeOf(parsed.table(), lines);
    return tree;
  }
  tree.error = parsed.error().description();
  tree.error_range = {offsetIn(lines, parsed.error().source().begin), offsetIn(lines, parsed.error().source().end)};
  return tree;
}

}  // namespace krait::config
