// tree-sitter's lexer by quick steps: the step to the next character, the mark of a token's end, and whole names, comments
// and runs of a string's text, which are most of what is read. Only for parser_library.c, after lexer.c.
#pragma once

#include <threads.h>

// The next character when this one and the next are ASCII within the same range and chunk, and no line ends: nearly
// always. Everything else is the library's. Logging is not: nothing sets a logger.
static void advanceQuickly(TSLexer *base, bool skip) {
  Lexer *lexer = (Lexer *)base;
  const uint32_t position = lexer->current_position.bytes + 1;
  const uint32_t offset = position - lexer->chunk_start;
  // A text's first character may be its byte order mark, so the second is not reached here.
  const bool is_plain = lexer->lookahead_size == 1 && lexer->data.lookahead != '\n' && lexer->chunk != NULL &&
                        offset < lexer->chunk_size && position > 1;
  if (!is_plain || position >= lexer->included_ranges[lexer->current_included_range_index].end_byte ||
      (unsigned char)lexer->chunk[offset] >= 0x80) {
    ts_lexer__advance(base, skip);
    return;
  }
  const uint32_t row = lexer->current_position.extent.row;
  const uint32_t column = lexer->current_position.extent.column + 1;
  lexer->current_position.bytes = position;
  lexer->current_position.extent.column = column;
  if (lexer->column_data.valid) lexer->column_data.value++;
  lexer->data.lookahead = lexer->chunk[offset];
  if (!skip) return;
  lexer->token_start_position.bytes = position;
  lexer->token_start_position.extent.row = row;
  lexer->token_start_position.extent.column = column;
}

// In the first of the ranges a token ends where the lexer stands.
static void markEndQuickly(TSLexer *base) {
  Lexer *lexer = (Lexer *)base;
  if (lexer->current_included_range_index != 0) {
    ts_lexer__mark_end(base);
    return;
  }
  const uint32_t row = lexer->current_position.extent.row;
  const uint32_t column = lexer->current_position.extent.column;
  lexer->token_end_position.bytes = lexer->current_position.bytes;
  lexer->token_end_position.extent.row = row;
  lexer->token_end_position.extent.column = column;
}

// What of the chunk at hand can be read without a look at ranges and chunks: its bytes from `from` to `end`. Empty where the
// next character is not one byte.
typedef struct {
  const unsigned char *text;
  uint32_t from;
  uint32_t end;
} NearText;

static inline NearText textNear(const Lexer *lexer) {
  const uint32_t from = lexer->current_position.bytes - lexer->chunk_start;
  if (lexer->chunk == NULL || lexer->lookahead_size != 1) return (NearText){NULL, from, from};
  const uint32_t range_end = lexer->included_ranges[lexer->current_included_range_index].end_byte - lexer->chunk_start;
  return (NearText){(const unsigned char *)lexer->chunk, from, range_end < lexer->chunk_size ? range_end : lexer->chunk_size};
}

// The lexer steps over `count` characters of one byte in this line and stands before `next`.
static inline void stepOver(Lexer *lexer, uint32_t count, unsigned char next) {
  lexer->current_position.bytes += count;
  lexer->current_position.extent.column += count;
  if (lexer->column_data.valid) lexer->column_data.value += count;
  lexer->data.lookahead = next;
}

// The lexer steps over `count` characters of one byte, the last of which ends the last of `rows` lines.
static inline void stepOverLines(Lexer *lexer, uint32_t rows, uint32_t count) {
  if (rows == 0) return;
  lexer->current_position.bytes += count;
  lexer->current_position.extent.row += rows;
  lexer->current_position.extent.column = 0;
  ts_lexer__set_column_data(lexer, 0);
}

static inline void copyPosition(Length *to, const Length *from) {
  const uint32_t row = from->extent.row;
  const uint32_t column = from->extent.column;
  to->bytes = from->bytes;
  to->extent.row = row;
  to->extent.column = column;
}

enum { kMostLexStates = 256 };

const TSLanguage *tree_sitter_python(void);
static TSLanguage quick_language;
static bool (*lexExactly)(TSLexer *lexer, TSStateId state);
static TSSymbol comment_symbol;
// The lexer's states in which blanks and ends of lines are skipped and a name is a token, or a comment.
static bool takes_names[kMostLexStates];
static bool takes_comments[kMostLexStates];

static inline bool startsName(unsigned char c) { return (unsigned char)((c | 0x20) - 'a') < 26 || c == '_'; }
static inline bool continuesName(unsigned char c) { return startsName(c) || (unsigned char)(c - '0') < 10; }

// One token, as the grammar's own lexer: a name or a comment in ASCII is found at once, anything else is left to that lexer.
static bool lexQuickly(TSLexer *base, TSStateId state) {
  Lexer *lexer = (Lexer *)base;
  if (state >= kMostLexStates || !takes_names[state]) return lexExactly(base, state);
  const NearText near = textNear(lexer);
  uint32_t begin = near.from;
  uint32_t line = near.from;  // where the token's line begins, if it is another
  uint32_t rows = 0;
  for (; begin < near.end && (near.text[begin] == ' ' || near.text[begin] == '\n'); begin++) {
    if (near.text[begin] != '\n') continue;
    line = begin + 1;
    rows++;
  }
  if (begin >= near.end) return lexExactly(base, state);
  const bool is_comment = near.text[begin] == '#' && takes_comments[state];
  uint32_t past = begin + 1;
  if (is_comment) {
    while (past < near.end && near.text[past] < 0x80 && near.text[past] != '\n' && near.text[past] != 0) past++;
  } else if (startsName(near.text[begin])) {
    while (past < near.end && continuesName(near.text[past])) past++;
  } else {
    return lexExactly(base, state);
  }
  if (past >= near.end || near.text[past] >= 0x80 || near.text[past] == 0) return lexExactly(base, state);
  stepOverLines(lexer, rows, line - near.from);
  stepOver(lexer, begin - line, near.text[begin]);
  copyPosition(&lexer->token_start_position, &lexer->current_position);
  stepOver(lexer, past - begin, near.text[past]);
  copyPosition(&lexer->token_end_position, &lexer->current_position);
  lexer->data.result_symbol = is_comment ? comment_symbol : quick_language.keyword_capture_token;
  return true;
}

// What a character may be to the grammar's scanner.
enum { kOpensNothing, kIsPrefix, kNeedsScanner };
static unsigned char scanner_kinds[256];

static void makeScannerKinds(void) {
  for (const char *c = "fFtTrRbBuU"; *c != 0; c++) scanner_kinds[(unsigned char)*c] = kIsPrefix;
  for (const char *c = "\n\r\f\t#\\\"'`{}"; *c != 0; c++) scanner_kinds[(unsigned char)*c] = kNeedsScanner;
  memset(scanner_kinds + 0x80, kNeedsScanner, 0x80);
  scanner_kinds[0] = kNeedsScanner;
}

// Whether nothing that the grammar's scanner knows stands here: neither a line's end nor a string's start. The lexer then
// stands where that scanner would leave it.
static inline bool isNothingToScan(Lexer *lexer, const bool *valid_symbols) {
  const NearText near = textNear(lexer);
  uint32_t past = near.from;
  while (past < near.end && near.text[past] == ' ') past++;
  if (past >= near.end || scanner_kinds[near.text[past]] == kNeedsScanner) return false;
  const uint32_t begin = past;
  if (valid_symbols[STRING_START]) {
    while (past < near.end && scanner_kinds[near.text[past]] == kIsPrefix) past++;
    if (past >= near.end || (past > begin && scanner_kinds[near.text[past]] == kNeedsScanner)) return false;
  }
  copyPosition(&lexer->token_end_position, &lexer->current_position);
  stepOver(lexer, begin - near.from, near.text[begin]);
  copyPosition(&lexer->token_start_position, &lexer->current_position);
  stepOver(lexer, past - begin, near.text[past]);
  return true;
}

// The text of a string up to its end, an escape or a brace: a run of ASCII. Else nothing is stepped over.
static inline bool scanStringRun(Lexer *lexer, Delimiter *delimiter) {
  const unsigned char quote = (unsigned char)end_character(delimiter);
  const NearText near = textNear(lexer);
  uint32_t past = near.from;
  uint32_t line = near.from;  // where the last line that the run reaches begins, if it is not the first
  uint32_t rows = 0;
  for (; past < near.end; past++) {
    const unsigned char c = near.text[past];
    if (c == quote || c == '\\' || c >= 0x80 || c == 0) break;
    if ((c == '{' || c == '}') && is_format(delimiter)) break;
    if (c != '\n') continue;
    if (!is_triple(delimiter)) break;
    line = past + 1;
    rows++;
  }
  // Two more characters may be looked at: the rest of three quotes.
  if (past == near.from || past + 2 >= near.end) return false;
  const unsigned char last = near.text[past];
  if (last >= 0x80 || last == 0 || last == '\n') return false;
  if (last == '\\' && (is_raw(delimiter) || is_bytes(delimiter))) return false;
  const bool is_end_of_triple = last == quote && is_triple(delimiter);
  if (is_end_of_triple && (near.text[past + 1] != quote || near.text[past + 2] != quote)) return false;
  stepOverLines(lexer, rows, line - near.from);
  stepOver(lexer, past - line, last);
  copyPosition(&lexer->token_end_position, &lexer->current_position);
  if (is_end_of_triple) stepOver(lexer, 2, quote);
  lexer->data.result_symbol = STRING_CONTENT;
  return true;
}

// What only the grammar's scanner knows (strings, ends of lines, indentation): nothing, nearly always, or a string's text are
// found at once, anything else is left to that scanner.
static bool scanQuickly(void *payload, TSLexer *base, const bool *valid_symbols) {
  Scanner *const scanner = (Scanner *)payload;
  Lexer *const lexer = (Lexer *)base;
  const bool is_in_string = valid_symbols[STRING_CONTENT] && !valid_symbols[INDENT] && scanner->delimiters.size > 0;
  if (is_in_string) {
    if (scanStringRun(lexer, array_back(&scanner->delimiters))) return true;
  } else if (isNothingToScan(lexer, valid_symbols)) {
    return false;
  }
  return tree_sitter_python_external_scanner_scan(payload, base, valid_symbols);
}

static const char *readWhole(void *text, uint32_t byte, TSPoint point, uint32_t *size) {
  (void)point;
  *size = (uint32_t)strlen((const char *)text) - byte;
  return (const char *)text + byte;
}

// The symbol of the token that the grammar's lexer reads if it begins after `blanks` characters of the text and ends before
// the last one, or 0.
static TSSymbol symbolOf(TSStateId state, const char *text, uint32_t blanks) {
  Lexer lexer;
  ts_lexer_init(&lexer);
  const TSInput input = {(void *)text, readWhole, TSInputEncodingUTF8, NULL};
  ts_lexer_set_input(&lexer, input);
  ts_lexer_start(&lexer);
  const bool is_token = lexExactly(&lexer.data, state) && lexer.token_start_position.bytes == blanks &&
                        lexer.token_end_position.bytes == strlen(text) - 1;
  ts_lexer_delete(&lexer);
  return is_token ? lexer.data.result_symbol : 0;
}

static void makeQuickLanguage(void) {
  makeScannerKinds();
  quick_language = *tree_sitter_python();
  lexExactly = quick_language.lex_fn;
  quick_language.lex_fn = lexQuickly;
  quick_language.external_scanner.scan = scanQuickly;
  const TSSymbol name = quick_language.keyword_capture_token;
  for (uint32_t i = 0; i < quick_language.state_count; i++) {
    const TSStateId state = ts_language_lex_mode_for_state(&quick_language, i).lex_state;
    if (state >= kMostLexStates || takes_names[state]) continue;
    takes_names[state] = symbolOf(state, "a_0;", 0) == name && symbolOf(state, " \n Zz;", 3) == name;
    const TSSymbol comment = symbolOf(state, "\n #'a b\n", 2);
    takes_comments[state] = comment != 0 && symbolOf(state, "#\n", 0) == comment;
    if (takes_comments[state]) comment_symbol = comment;
  }
}

// Python's grammar with the quick lexer.
const TSLanguage *quickPythonLanguage(void) {
  static once_flag once = ONCE_FLAG_INIT;
  call_once(&once, makeQuickLanguage);
  return &quick_language;
}
