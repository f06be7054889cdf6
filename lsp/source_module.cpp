#include "lsp/source_module.h"

#include "analyzer/semantic/binder.h"

namespace krait::lsp {

SourceModule::SourceModule(std::string path, std::string text, Interner& names) : names_(names) {
  file_.path = std::move(path);
  file_.setText(std::move(text));
}

void SourceModule::replaceAll(std::string text) {
  analysis_.reset();
  has_tree_ = false;
  file_.setText(std::move(text));
}

void SourceModule::replace(TextRange range, std::string_view replacement) {
  analysis_.reset();
  std::string text;
  text.reserve(file_.text.size() - range.size() + replacement.size());
  text.append(file_.text, 0, range.begin).append(replacement).append(file_.text, range.end);
  if (has_tree_) {
    uint32_t new_end = range.begin + static_cast<uint32_t>(replacement.size());
    tree_.edit({range.begin, range.end, new_end}, file_.text, text);
  }
  file_.setText(std::move(text));
}

SourceModule::Analysis& SourceModule::analysis() {
  if (analysis_ == nullptr) {
    tree_ = syntax::parseTree(file_.text, has_tree_ ? &tree_ : nullptr);
    has_tree_ = true;
    analysis_ = std::make_unique<Analysis>(Analysis{program::ParsedTexts::parse(file_.text, names_, false, &tree_), {}});
    analysis_->model = semantic::bind(*analysis_->parsed->ast, names_);
  }
  return *analysis_;
}

}  // namespace krait::lsp
