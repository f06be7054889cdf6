#include "analyzer/format/comments.h"

#include <algorithm>
#include <string>

#include "analyzer/format/white_space.h"

namespace krait::format {

// One blank after the '#', unless what follows is a shebang's "!", a "#:" or the like.
static std::string_view standardComment(ConcreteTree& tree, std::string_view line) {
  static constexpr std::string_view kNoBreakSpace = "\xc2\xa0";
  line = stripRight(line);
  std::string_view content = line.substr(1);
  if (content.starts_with(kNoBreakSpace)) {
    std::string_view rest = content;
    while (rest.starts_with(kNoBreakSpace) || rest.starts_with(' ')) rest.remove_prefix(rest[0] == ' ' ? 1 : 2);
    if (!rest.starts_with("type:")) return tree.keep("# " + std::string(content.substr(kNoBreakSpace.size())));
  }
  if (content.empty() || std::string_view(" !:#'").find(content[0]) != std::string_view::npos) return line;
  return tree.keep("# " + std::string(content));
}

std::vector<GapComment> commentsIn(ConcreteTree& tree, TextRange gap, bool ends_file) {
  std::vector<GapComment> comments;
  std::string_view text = tree.source().substr(gap.begin, gap.size());
  if (text.find('#') == std::string_view::npos) return comments;
  uint32_t newlines = 0, index = 0, joined_lines = 0;
  for (size_t begin = 0; begin <= text.size(); ++index) {
    size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line = stripLeft(text.substr(begin, end - begin));
    uint32_t line_begin = gap.begin + static_cast<uint32_t>(end - line.size());
    begin = end + 1;
    if (line.empty()) ++newlines;
    if (!line.starts_with('#')) {
      // A comment after a joined line still trails the code.
      joined_lines += line.ends_with('\\');
      continue;
    }
    comments.push_back({.text = standardComment(tree, line),
                        .is_trailing = index == joined_lines && !ends_file,
                        .newlines = newlines,
                        .range = {line_begin, line_begin + static_cast<uint32_t>(stripRight(line).size())},
                        .end = std::min(gap.begin + static_cast<uint32_t>(begin), gap.end)});
    newlines = 0;
  }
  return comments;
}

uint32_t newlinesBefore(std::string_view gap) {
  size_t first_hash = gap.find('#');
  if (gap.substr(0, first_hash).find('\\') != std::string_view::npos) return 0;
  size_t last_hash = gap.rfind('#');
  std::string_view tail = last_hash == std::string_view::npos ? gap : gap.substr(last_hash);
  uint32_t count = static_cast<uint32_t>(std::count(tail.begin(), tail.end(), '\n'));
  return last_hash != std::string_view::npos && count > 0 ? count - 1 : count;
}

bool isTypeComment(const Element& comment) {
  return comment.form != Form::kToken && comment.text.starts_with("# type:");
}

bool isTypeIgnore(const Element& comment) {
  return comment.form != Form::kToken && comment.text.starts_with("# type: ignore");
}

}  // namespace krait::format
