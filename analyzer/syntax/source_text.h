// Bytes of a source file to the UTF-8 text that the front end works on: BOM, encoding declaration (PEP 263), decoding.
//
// Takes the bytes of a file; gives valid UTF-8 without a BOM, or the error that CPython's compile() reports for them.
// A file in UTF-8 is not copied: its text is a view of the bytes, which must outlive it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "analyzer/syntax/tokens/syntax_error.h"

namespace krait::syntax {

struct SourceText {
  std::string_view text;      // a view of the bytes or of `decoded`
  std::string encoding;       // as declared and normalised: "utf-8" when nothing is declared
  bool has_bom = false;
  std::optional<SyntaxError> error;  // then `text` is empty

  SourceText() = default;
  SourceText(SourceText&& other) noexcept { *this = std::move(other); }
  SourceText& operator=(SourceText&& other) noexcept;

  // Makes `text` a view of a copy that this object owns.
  void own(std::string text);

 private:
  std::optional<std::string> decoded_;
};

SourceText decodeSource(std::string_view bytes);

// The encoding that a declaration in the first two lines names, or empty.
std::string_view findEncodingDeclaration(std::string_view bytes);

// source_encodings.cpp: decodes bytes of an encoding that is not UTF-8. `problem` gets the exception's text
// ("'ascii' codec can't decode byte …") when they cannot be decoded; an unknown encoding is a problem too.
std::optional<std::string> decodeBytes(std::string_view bytes, std::string_view encoding, std::string& problem);

}  // namespace krait::syntax
