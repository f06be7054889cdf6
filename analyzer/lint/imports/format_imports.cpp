// Sorting and writing of import blocks. Straight imports (`import a`) come before `from` imports of the same section;
// from imports of one module are merged, those with `as` stay alone.
#include <algorithm>
#include <map>
#include <tuple>

#include "analyzer/lint/imports/import_block.h"
#include "analyzer/lint/physical_lines.h"
#include "analyzer/lint/rewrites.h"
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

static bool holds(const std::vector<std::string>& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

// Constants, classes, the rest.
static int memberType(std::string_view name, const ImportSettings& settings) {
  if (holds(settings.constants, name)) return 0;
  if (holds(settings.classes, name)) return 1;
  if (holds(settings.variables, name)) return 2;
  bool has_lower = std::any_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  bool has_upper = std::any_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (name.size() > 1 && has_upper && !has_lower) return 0;
  return !name.empty() && name[0] >= 'A' && name[0] <= 'Z' ? 1 : 2;
}

static uint32_t widthOf(std::string_view name) { return lineWidth(name, 4); }

static int compareMembers(const ImportMember& a, const ImportMember& b, const ImportSettings& settings) {
  if ((a.name == "*") != (b.name == "*")) return a.name == "*" ? -1 : 1;
  int a_type = memberType(a.name, settings), b_type = memberType(b.name, settings);
  if (settings.orders_by_type && a_type != b_type) return a_type < b_type ? -1 : 1;
  if (settings.sorts_by_length && widthOf(a.name) != widthOf(b.name)) return widthOf(a.name) < widthOf(b.name) ? -1 : 1;
  if (int order = compareNames(a.name, b.name, settings); order != 0) return order;
  if (a.asname.empty() != b.asname.empty()) return a.asname.empty() ? -1 : 1;
  return compareNatural(a.asname, b.asname);
}

static int compareModules(const ImportedModule& a, const ImportedModule& b, const ImportSettings& settings) {
  bool is_a_top = holds(settings.to_top, a.name), is_b_top = holds(settings.to_top, b.name);
  if (is_a_top != is_b_top) return is_a_top ? -1 : 1;
  bool has_a_length = settings.sorts_by_length || (settings.sorts_straight_by_length && !a.is_from);
  bool has_b_length = settings.sorts_by_length || (settings.sorts_straight_by_length && !b.is_from);
  if (has_a_length != has_b_length) return has_b_length ? -1 : 1;
  uint32_t a_length = widthOf(a.name) + a.level, b_length = widthOf(b.name) + b.level;
  if (has_a_length && a_length != b_length) return a_length < b_length ? -1 : 1;
  // The farthest relative imports come first, before those that are not relative.
  if (a.level != b.level) {
    if (a.level == 0 || b.level == 0) return a.level == 0 ? 1 : -1;
    return (a.level > b.level) != settings.sorts_closest_first ? -1 : 1;
  }
  if (int order = compareNames(a.name, b.name, settings); order != 0) return order;
  if (a.is_from != b.is_from) return a.is_from ? 1 : -1;
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
  append(to.trailing, from.trailing);
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
  copy.has_trailing_comma = false;
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
    // Does each member stay alone?
    bool is_single = settings.forces_single_line && !holds(settings.single_line_exclusions, module.name) && module.members[0].name != "*";
    for (size_t i = 0; i < module.members.size(); ++i) {
      const ImportMember& member = module.members[i];
      bool is_alone = is_single || member.name == "*" || (!member.asname.empty() && !settings.combines_as);
      ImportedModule& place = is_alone ? placeFor(module, 2, member.name, member.asname) : placeFor(module, 1, "", "");
      addMember(place, member);
      place.has_trailing_comma |= module.has_trailing_comma && !is_single;
      // What stands above the statement is said about its first name, what stands behind it about each that stays alone.
      if (i == 0) append(place.comments.atop, module.comments.atop);
      if (i > 0 && !is_single) continue;
      append(place.comments.inlined, module.comments.inlined);
      append(place.comments.trailing, module.comments.trailing);
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

// `from m import a, b  # c` with the comments of all that stand in it; its width without those that speak to tools.
static std::string lineText(const ImportedModule& module, const ImportSettings& settings, uint32_t& width) {
  std::string line = "from " + std::string(module.level, '.') + module.name + " import ";
  std::vector<std::string> comments = module.comments.inlined;
  for (size_t i = 0; i < module.members.size(); ++i) {
    const ImportMember& member = module.members[i];
    line += (i > 0 ? ", " : "") + memberText(member);
    for (const std::vector<std::string>* part : {&member.comments.atop, &member.comments.inlined, &member.comments.trailing}) append(comments, *part);
  }
  append(comments, module.comments.trailing);
  width = settings.indent_width + lineWidth(line, settings.tab_width);
  for (const std::string& comment : comments) {
    if (!isPragma(comment)) width += 2 + lineWidth(comment, settings.tab_width);
  }
  return line + inlineText(comments) + "\n";
}

static std::string fromText(const ImportedModule& module, const ImportSettings& settings, std::string_view step) {
  bool has_member_comments = false, has_alias = false;
  for (const ImportMember& member : module.members) {
    has_member_comments |= !member.comments.atop.empty() || !member.comments.inlined.empty() || !member.comments.trailing.empty();
    has_alias |= !member.asname.empty();
  }
  bool is_only = module.members.size() == 1;
  uint32_t width = 0;
  std::string line = lineText(module, settings, width);
  bool wraps = (settings.splits_on_comma && module.has_trailing_comma) || (!is_only && (has_member_comments || (settings.wraps_aliases && has_alias)));
  if (module.members[0].name == "*" || (!wraps && width <= settings.line_length)) return line;
  std::string indent(step);
  std::string out = "from " + std::string(module.level, '.') + module.name + " import (" + inlineText(module.comments.inlined) + "\n";
  for (const ImportMember& member : module.members) {
    for (const std::string& comment : member.comments.atop) out += indent + comment + "\n";
    out += indent + memberText(member) + "," + inlineText(member.comments.inlined) + "\n";
    for (const std::string& comment : member.comments.trailing) out += indent + comment + "\n";
  }
  return out + ")" + inlineText(module.comments.trailing) + "\n";
}

static std::string moduleText(const ImportedModule& module, const ImportSettings& settings, std::string_view step) {
  std::string out;
  for (const std::string& comment : module.comments.atop) out += comment + "\n";
  if (module.is_from) return out + fromText(module, settings, step);
  out += "import " + module.name + (module.asname.empty() ? "" : " as " + module.asname);
  return out + inlineText(module.comments.inlined) + "\n";
}

static bool isBefore(const ImportedModule& a, const ImportedModule& b, const ImportSettings& settings) {
  // In the future's section `from` comes first: such an import has to stand at the top.
  bool is_future = a.name == "__future__" && b.name == "__future__";
  if (!settings.sorts_within_sections && a.is_from != b.is_from) return a.is_from == (settings.puts_from_first || is_future);
  if (int order = compareModules(a, b, settings); order != 0) return order < 0;
  return !a.is_from && b.is_from;
}

// The statements of one block, section by section.
static std::string sectionsText(const LintContext& context, const std::vector<const ImportedModule*>& modules, const ImportSettings& settings) {
  std::map<std::string, std::vector<const ImportedModule*>> by_section;
  for (const ImportedModule* module : modules) by_section[sectionNameOf(context, settings, module->name, module->level)].push_back(module);
  std::string out;
  bool wants_line = false;
  for (const std::string& name : settings.sections) {
    wants_line |= !holds(settings.no_lines_before, name);
    std::vector<const ImportedModule*>& section = by_section[name];
    if (section.empty()) continue;
    std::stable_sort(section.begin(), section.end(), [&](const ImportedModule* a, const ImportedModule* b) { return isBefore(*a, *b, settings); });
    if (!out.empty() && wants_line) out += "\n";
    wants_line = false;
    if (auto heading = settings.headings.find(name); heading != settings.headings.end()) out += heading->second + "\n";
    bool is_parted = false;
    for (size_t i = 0; i < section.size(); ++i) {
      bool changes_kind = i > 0 && section[i]->is_from != section[i - 1]->is_from && !is_parted && settings.lines_between_types > 0 &&
                          !settings.sorts_within_sections;
      if (changes_kind) out += std::string(settings.lines_between_types, '\n');
      is_parted |= changes_kind;
      if (i > 0 && !section[i]->comments.atop.empty()) out += "\n";
      out += moduleText(*section[i], settings, indentStep(context));
    }
    section.clear();
  }
  return out;
}

bool isHeading(const ImportSettings& settings, std::string_view comment) {
  return std::any_of(settings.headings.begin(), settings.headings.end(), [&](const auto& each) { return each.second == comment; });
}

std::string formatImports(const LintContext& context, const ImportBlock& block, const ImportSettings& settings) {
  std::vector<ImportedModule> read = readImports(context, block);
  for (ImportedModule& module : read) {
    std::erase_if(module.comments.atop, [&](const std::string& comment) { return isHeading(settings, comment); });
  }
  std::vector<ImportedModule> modules = normalize(read, settings);
  std::vector<const ImportedModule*> rest;
  for (const ImportedModule& module : modules) rest.push_back(&module);
  std::vector<std::string> parts = {{}};
  for (const std::string& prefix : settings.forced_separate) {
    // What the package's name begins with counts.
    auto is_forced = [&](const ImportedModule* module) { return module->level == 0 && module->name.substr(0, module->name.find('.')).starts_with(prefix); };
    auto split = std::stable_partition(rest.begin(), rest.end(), [&](const ImportedModule* module) { return !is_forced(module); });
    parts.push_back(sectionsText(context, {split, rest.end()}, settings));
    rest.erase(split, rest.end());
  }
  parts[0] = sectionsText(context, rest, settings);
  std::string out;
  for (const std::string& part : parts) {
    if (!part.empty() && !out.empty()) out += "\n";
    out += part;
  }
  int blank_lines = block.trailer == Trailer::kDefinition && !context.is_stub ? 2 : 1;
  if (settings.lines_after >= 0) blank_lines = context.is_stub ? std::min(settings.lines_after, 1) : settings.lines_after;
  if (block.trailer == Trailer::kNone) blank_lines = 0;
  return out + std::string(static_cast<size_t>(blank_lines), '\n');
}

}  // namespace krait::lint
