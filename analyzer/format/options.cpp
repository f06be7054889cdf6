#include "analyzer/format/options.h"

#include "analyzer/config/format_settings.h"

namespace krait::format {

FormatOptions optionsFor(const config::FormatSettings& settings, std::string_view path) {
  return {.line_length = settings.line_length,
          .normalizes_strings = settings.normalizes_strings,
          .quotes = settings.quote_style == "single"     ? QuoteStyle::kSingle
                    : settings.quote_style == "preserve" ? QuoteStyle::kPreserve
                                                         : QuoteStyle::kDouble,
          .indents = {settings.indent_width, settings.has_tabs},
          .line_ending = settings.line_ending == "lf"      ? LineEnding::kLf
                         : settings.line_ending == "cr-lf" ? LineEnding::kCrLf
                                                           : LineEnding::kFirst,
          .has_magic_commas = settings.has_magic_commas,
          .is_stub = path.ends_with(".pyi"),
          .oldest_minor = settings.oldest_minor};
}

}  // namespace krait::format
