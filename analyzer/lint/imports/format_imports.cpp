// Sorting and writing of import blocks. Straight imports (`import a`) come before `from` imports of the same section;
// from imports of one module are merged, those with `as` stay alone.
#include <algorithm>
#include <map>
#include <tuple>

#include "analyzer/lint/imports/import_block.h"
#include "analyzer/lint/natural_order.h"

namespace krait::lint {

static std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

static int compareNames(std::string_view a, std::string_view b, const ImportSettings& settings) {
  if (!settings.is_case_sensitive) {
    if (int order = compareNatural(lowered(a), lowered(b)); order != 0) return order;
  }
  return compareNatural(a, b);
}

// Constants, classes, the rest.
static int memberType(std::string_view name) {
  bool has_lower = std::any_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  bool has_upper = std::any_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (name.size() > 1 && has_upper && !has_lower) return 0;
  return !name.empty() && name[0] >= 'A' && name[0] <= 'Z' ? 1 : 2;
}

static int compareMembers(const ImportMember& a, const ImportMember& b, const ImportSettings& settings) {
  if ((a.name == "*") != (b.name == "*")) return a.name == "*" ? -1 : 1;
  if (settings.orders_by_type && memberType(a.name) != memberType(b.name)) return memberType(a.name) < memberType(b.name) ? -1 : 1;
  if (int order = compareNames(a.name, b.name, settings); order != 0) return order;
  if (a.asname.empty() != b.asname.empty()) return a.asname.empty() ? -1 : 1;
  return compareNatural(a.asname, b.asname);
}

static int compareModules(const ImportedModule& a, const ImportedModule& b, const ImportSettings& settings) {
  // The farthest relative imports come first.
  if (a.level != b.level) return a.level > b.level ? -1 : 1;
  if (int order = compareNames(a.name, b.name, settings); order != 0) return order;
  if (a.is_from && b.is_from && !a.members.empty() && !b.members.empty()) return compareMembers(a.members[0], b.members[0], settings);
  if (a.asname.empty() != b.asname.empty()) return a.asname.empty() ? -1 : 1;
  return compareNatural(a.asname, b.asname);
}

static void append(std::vector<std::string>& to, const std::vector<std::string>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

static void mergeComments(ImportComments& to, const ImportComments& from) {
  append(to.atop, from.atop);
  append(to.inlined, from.inlined);
}

static void addMember(ImportedModule& module, const ImportMember& member) {
  for (ImportMember& known : module.members) {
    if (known.name != member.name || known.asname != member.asname) continue;
    mergeComments(known.comments, member.comments);
    return;
  }
  module.members.push_back(member);
}

static ImportedModule withoutMembers(const ImportedModule& module) {
  ImportedModule copy = module;
  copy.members.clear();
  copy.comments = {};
  return copy;
}

// Merges what stands for the same module; the result has one entry for each statement to write.
static std::vector<ImportedModule> normalize(const std::vector<ImportedModule>& imports, const ImportSettings& settings) {
  std::map<std::tuple<int, uint32_t, std::string, std::string, std::string>, size_t> places;
  std::vector<ImportedModule> out;
  auto placeFor = [&](const ImportedModule& module, int kind, const std::string& member, const std::string& asname) -> ImportedModule& {
    auto [entry, is_new] = places.try_emplace(std::tuple(kind, module.level, module.name, member, asname), out.size());
    if (is_new) out.push_back(withoutMembers(module));
    return out[entry->second];
  };
  for (const ImportedModule& module : imports) {
    if (!module.is_from) {
      mergeComments(placeFor(module, 0, "", module.asname).comments, module.comments);
      continue;
    }
    bool has_own_comments = false;
    for (const ImportMember& member : module.members) {
      bool is_alone = settings.forces_single_line || member.name == "*" || (!member.asname.empty() && !settings.combines_as);
      ImportedModule& place = is_alone ? placeFor(module, 2, member.name, member.asname) : placeFor(module, 1, "", "");
      // What stands behind a statement of one name is said about that name.
      ImportMember added = member;
      bool is_only = module.members.size() == 1 && member.name != "*";
      if (is_only) append(added.comments.inlined, module.comments.inlined);
      addMember(place, added);
      place.has_trailing_comma |= module.has_trailing_comma;
      if (!has_own_comments) {
        append(place.comments.atop, module.comments.atop);
        if (!is_only) append(place.comments.inlined, module.comments.inlined);
      }
      has_own_comments = true;
    }
  }
  for (ImportedModule& module : out) {
    std::stable_sort(module.members.begin(), module.members.end(),
                     [&](const ImportMember& a, const ImportMember& b) { return compareMembers(a, b, settings) < 0; });
  }
  return out;
}

static std::string memberText(const ImportMember& member) {
  return member.asname.empty() ? member.name : member.name + " as " + member.asname;
}

static std::string inlineText(const std::vector<std::string>& comments) {
  std::string out;
  for (const std::string& comment : comments) out += "  " + comment;
  return out;
}

static std::string fromText(const ImportedModule& module, const ImportSettings& settings) {
  std::string head = "from " + std::string(module.level, '.') + module.name + " import ";
  bool has_member_comments = false;
  for (const ImportMember& member : module.members) {
    has_member_comments |= !member.comments.atop.empty();
    has_member_comments |= module.members.size() > 1 && !member.comments.inlined.empty();
  }
  bool wraps = settings.splits_on_comma && module.has_trailing_comma;
  std::string line = head;
  std::vector<std::string> comments = module.comments.inlined;
  for (size_t i = 0; i < module.members.size(); ++i) {
    line += (i > 0 ? ", " : "") + memberText(module.members[i]);
    append(comments, module.members[i].comments.inlined);
  }
  line += inlineText(comments);
  bool fits = countUnits(line, ColumnUnit::kUtf32) <= settings.line_length;
  bool is_star = module.members[0].name == "*";
  if (is_star || (!wraps && !has_member_comments && fits)) return line + "\n";
  std::string out = head + "(" + inlineText(module.comments.inlined) + "\n";
  for (const ImportMember& member : module.members) {
    for (const std::string& comment : member.comments.atop) out += "    " + comment + "\n";
    out += "    " + memberText(member) + "," + inlineText(member.comments.inlined) + "\n";
  }
  return out + ")\n";
}

static std::string moduleText(const ImportedModule& module, const ImportSettings& settings) {
  std::string out;
  for (const std::string& comment : module.comments.atop) out += comment + "\n";
  if (module.is_from) return out + fromText(module, settings);
  out += "import " + module.name + (module.asname.empty() ? "" : " as " + module.asname);
  return out + inlineText(module.comments.inlined) + "\n";
}

std::string formatImports(const LintContext& context, const ImportBlock& block, const ImportSettings& settings) {
  std::vector<ImportedModule> modules = normalize(readImports(context, block), settings);
  std::vector<std::pair<Section, const ImportedModule*>> order;
  for (const ImportedModule& module : modules) order.emplace_back(sectionOf(context, module.name, module.level), &module);
  std::stable_sort(order.begin(), order.end(), [&](const auto& a, const auto& b) {
    if (a.first != b.first) return a.first < b.first;
    bool sorts_kinds = !settings.sorts_within_sections;
    if (sorts_kinds && a.second->is_from != b.second->is_from) return !a.second->is_from;
    if (int order_of_two = compareModules(*a.second, *b.second, settings); order_of_two != 0) return order_of_two < 0;
    return !a.second->is_from && b.second->is_from;
  });
  std::string out;
  for (size_t i = 0; i < order.size(); ++i) {
    bool is_first = i == 0 || order[i].first != order[i - 1].first;
    if (i > 0 && (is_first || !order[i].second->comments.atop.empty())) out += "\n";
    out += moduleText(*order[i].second, settings);
  }
  int blank_lines = block.trailer == Trailer::kNone ? 0 : settings.lines_after >= 0 ? settings.lines_after : 1;
  if (block.trailer == Trailer::kDefinition && settings.lines_after < 0 && !context.is_stub && !block.is_nested) blank_lines = 2;
  return out + std::string(static_cast<size_t>(blank_lines), '\n');
}

}  // namespace krait::lint
