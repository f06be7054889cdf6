#include "cli/verify/side_file.h"

#include <algorithm>
#include <cstdlib>

#include "analyzer/base/file_io.h"
#include "analyzer/config/config_text.h"

namespace krait::cli {

static std::string folderOf(const std::string& path) { return path.find('/') == std::string::npos ? "" : path.substr(0, path.rfind('/') + 1); }

namespace {
struct BlockNeeds {
  std::string document, section, input;
  uint32_t line = 0;
  std::vector<std::string> arguments;
  bool is_skipped = false;
};
}  // namespace

// Gives what is wrong with an entry, or nothing.
static std::optional<std::string> readEntry(const config::ConfigEntry& entry, BlockNeeds& needs) {
  using config::ValueKind;
  ValueKind kind = entry.value.kind;
  if (entry.key == "line" && kind == ValueKind::kNumber) {
    needs.line = static_cast<uint32_t>(std::strtoul(entry.value.text.c_str(), nullptr, 10));
  } else if (entry.key == "args" && kind == ValueKind::kList) {
    needs.arguments = entry.value.items;
  } else if (entry.key == "skip" && kind == ValueKind::kBool) {
    needs.is_skipped = entry.value.flag;
  } else if (entry.key == "document" && kind == ValueKind::kText) {
    needs.document = entry.value.text;
  } else if (entry.key == "section" && kind == ValueKind::kText) {
    needs.section = entry.value.text;
  } else if (entry.key == "input" && kind == ValueKind::kText) {
    needs.input = entry.value.text;
  } else {
    return "\"" + entry.key + "\" is not known here, or its value has the wrong type: document, line, section, input, args and skip are";
  }
  return std::nullopt;
}

static void apply(const BlockNeeds& needs, VerifiedBlock& block) {
  bool is_meant = needs.line != 0 ? block.block.line == needs.line : !needs.section.empty() && block.block.section.ends_with(needs.section);
  if (!is_meant) return;
  block.input += needs.input;
  block.arguments.insert(block.arguments.end(), needs.arguments.begin(), needs.arguments.end());
  block.is_skipped = block.is_skipped || needs.is_skipped;
}

static void addWords(std::string_view line, std::vector<std::string>& out) {
  while (!line.empty()) {
    size_t space = std::min(line.find(' '), line.size());
    if (space > 0) out.emplace_back(line.substr(0, space));
    line.remove_prefix(std::min(space + 1, line.size()));
  }
}

// `# python script.py arg1 arg2`: how the text says that the block is started. Empty: it does not.
static std::string_view toldArguments(std::string_view line) {
  for (std::string_view start : {"# python ", "# python3 ", "# $ python ", "# $ python3 "}) {
    if (!line.starts_with(start)) continue;
    std::string_view rest = line.substr(start.size());
    size_t space = rest.find(' ');
    if (space != std::string_view::npos && rest.substr(0, space).ends_with(".py")) return rest.substr(space + 1);
  }
  return {};
}

// `# stdin: …` and `# argv: …`, each on a line of its own; and the first call of the program that the text tells, when it reads
// arguments.
static void readComments(VerifiedBlock& block) {
  std::string_view text = block.block.text;
  bool reads_arguments = text.find("argv") != std::string_view::npos || text.find("argparse") != std::string_view::npos;
  std::string_view told;
  while (!text.empty()) {
    size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with("# stdin: ")) block.input += std::string(line.substr(9)) + "\n";
    if (line.starts_with("# argv: ")) addWords(line.substr(8), block.arguments);
    if (told.empty()) told = toldArguments(line);
  }
  if (reads_arguments && block.arguments.empty()) addWords(told, block.told_arguments);
}

std::optional<std::string> readSideFile(const std::string& document_path, VerifiedDocument& document) {
  for (VerifiedBlock& block : document.blocks) readComments(block);
  std::string path = folderOf(document_path) + "verify.toml";
  Result<std::string> text = readFile(path);
  if (!text.ok()) return std::nullopt;
  Result<config::ConfigText> read = config::readToml(path, text.value());
  if (!read.ok()) return read.message();
  std::string name = document_path.substr(folderOf(document_path).size());
  std::vector<StandInPage> pages;
  for (const config::ConfigSection& section : read.value().sections) {
    auto wrong = [&](uint32_t line, const std::string& what) { return path + ":" + std::to_string(line) + ": " + what; };
    if (section.name == "files") {
      for (const config::ConfigEntry& entry : section.entries) {
        bool is_inside = !entry.key.starts_with("/") && entry.key.find("..") == std::string::npos;
        if (!is_inside) return wrong(entry.line, "a file's name is a path below the block's folder");
        document.files.push_back({entry.key, entry.value.text});
      }
    } else if (section.name == "servers") {
      for (const config::ConfigEntry& entry : section.entries) {
        std::optional<StandInPage> page = readStandIn(entry.key, entry.value.text);
        if (!page) return wrong(entry.line, "the name of a page is its address: \"https://example.com/page\"");
        pages.push_back(std::move(*page));
      }
    } else if (section.name == "block") {
      BlockNeeds needs;
      for (const config::ConfigEntry& entry : section.entries) {
        if (auto what = readEntry(entry, needs)) return wrong(entry.line, *what);
      }
      if (needs.line == 0 && needs.section.empty()) return wrong(section.line, "which block? Give its line or its section");
      if (!needs.document.empty() && needs.document != name) continue;
      for (VerifiedBlock& block : document.blocks) apply(needs, block);
    } else if (!section.name.empty() || !section.entries.empty()) {
      return wrong(section.line, "[" + section.name + "] is not known: [files], [servers] and [[block]] are");
    }
  }
  if (!pages.empty()) document.stand_ins = std::make_shared<StandIns>(std::move(pages));
  return std::nullopt;
}

}  // namespace krait::cli
