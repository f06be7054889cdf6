#include "lsp/source_module.h"

#include <algorithm>

#include "analyzer/semantic/binder.h"
#include "checker/program/half_typed.h"
#include "lsp/mend.h"

namespace krait::lsp {

SourceModule::SourceModule(std::string path, std::string text, Interner& names) : names_(names) {
  file_.path = std::move(path);
  file_.setText(std::move(text));
}

void SourceModule::release() {
  analysis_.reset();
  adopted_.reset();
  lint_findings.reset();
  has_tree_ = false;
  tree_ = syntax::SyntaxTree();
  base_ = Base();
}

void SourceModule::adopt(const std::shared_ptr<const program::ParsedText>& parsed) {
  if (analysis_ == nullptr && parsed != nullptr && parsed->text == file_.text) adopted_ = parsed;
}

// What the one edit is that makes the text from the base, when another one follows. Places of the base that the edits
// since did not touch are where they were, moved.
syntax::TextEdit SourceModule::Base::editWith(TextRange range, size_t new_size) const {
  uint32_t added = static_cast<uint32_t>(new_size);
  if (!is_edited) return {range.begin, range.end, range.begin + added};
  uint32_t end = std::max(edit.new_end, range.end);
  return {std::min(edit.begin, range.begin), edit.old_end + (end - edit.new_end), end - range.size() + added};
}

// One replacement, of what the texts do not have in common.
void SourceModule::replaceAll(std::string text) {
  std::string_view before = file_.text, after = text;
  size_t shorter = std::min(before.size(), after.size()), head = 0, tail = 0;
  while (head < shorter && before[head] == after[head]) ++head;
  while (tail < shorter - head && before[before.size() - 1 - tail] == after[after.size() - 1 - tail]) ++tail;
  // Not in the middle of a character.
  auto isInside = [](std::string_view of, size_t at) { return at < of.size() && (static_cast<unsigned char>(of[at]) & 0xc0) == 0x80; };
  while (head > 0 && (isInside(before, head) || isInside(after, head))) --head;
  while (tail > 0 && isInside(before, before.size() - tail)) --tail;
  replace({static_cast<uint32_t>(head), static_cast<uint32_t>(before.size() - tail)}, after.substr(head, after.size() - head - tail));
}

void SourceModule::replace(TextRange range, std::string_view replacement) {
  analysis_.reset();
  adopted_.reset();
  lint_findings.reset();
  std::string text;
  text.reserve(file_.text.size() - range.size() + replacement.size());
  text.append(file_.text, 0, range.begin).append(replacement).append(file_.text, range.end);
  if (has_tree_) {
    uint32_t new_end = range.begin + static_cast<uint32_t>(replacement.size());
    tree_.edit({range.begin, range.end, new_end}, file_.text, text);
  }
  base_.edit = base_.editWith(range, replacement.size());
  base_.is_edited = true;
  file_.setText(std::move(text));
}

std::shared_ptr<const program::ParsedText> SourceModule::parsedWith(TextRange range, std::string_view replacement) {
  analysis();
  std::string text;
  text.append(file_.text, 0, range.begin).append(replacement).append(file_.text, range.end);
  if (base_.parsed != nullptr) {
    bool is_wrong = false;
    auto parsed = program::ParsedTexts::parseEdited(*base_.parsed, base_.editWith(range, replacement.size()), text, names_, &is_wrong);
    if (parsed != nullptr || is_wrong) return parsed;
  }
  syntax::SyntaxTree tree = tree_.copy();
  tree.edit({range.begin, range.end, range.begin + static_cast<uint32_t>(replacement.size())}, file_.text, text);
  tree = syntax::parseTree(text, &tree);
  auto parsed = program::ParsedTexts::parse(std::move(text), names_, false, &tree);
  return parsed->error ? nullptr : parsed;
}

const NotebookCell* SourceModule::cellAt(uint32_t offset) const {
  if (cells.empty()) return nullptr;
  uint32_t line = file_.lines.lineOf(offset);
  const NotebookCell* found = &cells[0];
  for (const NotebookCell& cell : cells) {
    if (cell.first_line <= line && cell.line_count > 0) found = &cell;
  }
  return found;
}

const NotebookCell* SourceModule::cellOf(const std::string& uri) const {
  for (const NotebookCell& cell : cells) {
    if (cell.uri == uri) return &cell;
  }
  return nullptr;
}

// `%time`, `!ls` and `?name` are no Python: such a line becomes a comment of the same length.
static void appendCell(const std::string& cell, std::string* out) {
  bool is_line_start = true;
  for (char c : cell) {
    bool is_magic = is_line_start && (c == '%' || c == '!' || c == '?');
    out->push_back(is_magic ? '#' : c);
    is_line_start = c == '\n' || (is_line_start && (c == ' ' || c == '\t'));
  }
  out->push_back('\n');
}

void SourceModule::joinCells() {
  std::string text;
  uint32_t line = 0;
  for (NotebookCell& cell : cells) {
    cell.first_line = line;
    cell.line_count = 0;
    if (!cell.is_code) continue;
    appendCell(cell.text, &text);
    cell.line_count = static_cast<uint32_t>(std::count(cell.text.begin(), cell.text.end(), '\n')) + 1;
    line += cell.line_count;
  }
  replaceAll(std::move(text));
}

SourceModule::Analysis& SourceModule::analysis() {
  if (analysis_ != nullptr) return *analysis_;
  std::shared_ptr<const program::ParsedText> parsed = adopted_;
  bool is_rebased = is_open && parsed == nullptr && base_.parsed != nullptr;
  if (is_rebased) parsed = program::parseHalfTyped(*base_.parsed, base_.edit, file_.text, names_);
  if (parsed == nullptr && is_open) {
    tree_ = syntax::parseTree(file_.text, has_tree_ ? &tree_ : nullptr);
    has_tree_ = true;
    parsed = program::ParsedTexts::parse(file_.text, names_, false, &tree_);
    if (parsed->error) parsed = withMendedTree(std::move(parsed), names_);
  } else if (parsed == nullptr) {
    // Nobody edits it: the parser's own tree, much larger than the Ast, is not kept.
    parsed = program::ParsedTexts::parse(file_.text, names_, false);
  }
  if (is_open && !parsed->error && !parsed->has_type_comments) base_ = {.parsed = parsed, .edit = {}, .is_edited = false};
  analysis_ = std::make_unique<Analysis>(Analysis{std::move(parsed), {}});
  analysis_->model = semantic::bind(*analysis_->parsed->ast, names_);
  return *analysis_;
}

}  // namespace krait::lsp
