// The steps are those of the article "An algorithm for suffix stripping" (Program 14, 1980) with the changes of the
// English stemmer that came after it ("Porter2"): regions r1 and r2 instead of measures, and its short list of words.
#include "analyzer/lint/word_stem.h"

#include <algorithm>
#include <initializer_list>

namespace krait::lint {

namespace {
struct Stemmer {
  std::string word;
  size_t r1 = 0, r2 = 0;
};
}  // namespace

static bool isVowel(char c) { return std::string_view("aeiouy").find(c) != std::string_view::npos; }

static size_t regionAfter(std::string_view word, size_t from) {
  for (size_t i = from + 1; i < word.size(); ++i) {
    if (!isVowel(word[i]) && isVowel(word[i - 1])) return i + 1;
  }
  return word.size();
}

static bool endsShort(std::string_view word) {
  size_t n = word.size();
  if (n == 2) return isVowel(word[0]) && !isVowel(word[1]);
  if (n < 3) return false;
  return !isVowel(word[n - 3]) && isVowel(word[n - 2]) && !isVowel(word[n - 1]) &&
         std::string_view("wxY").find(word[n - 1]) == std::string_view::npos;
}

static bool hasVowel(std::string_view text) { return std::any_of(text.begin(), text.end(), isVowel); }

static bool isShortWord(const Stemmer& s) { return s.r1 >= s.word.size() && endsShort(s.word); }

static void cut(Stemmer& s, size_t size, std::string_view replacement = "") {
  s.word.resize(s.word.size() - size);
  s.word += replacement;
}

static void cutPlural(Stemmer& s) {
  std::string_view word = s.word;
  if (word.ends_with("sses")) return cut(s, 2);
  if (word.ends_with("ied") || word.ends_with("ies")) return cut(s, 3, word.size() > 4 ? "i" : "ie");
  if (word.ends_with("us") || word.ends_with("ss")) return;
  if (word.ends_with("s") && word.size() > 2 && hasVowel(word.substr(0, word.size() - 2))) cut(s, 1);
}

static void cutPast(Stemmer& s) {
  std::string_view word = s.word;
  for (std::string_view suffix : {"eedly", "eed"}) {
    if (!word.ends_with(suffix)) continue;
    if (word.size() - suffix.size() >= s.r1) cut(s, suffix.size(), "ee");
    return;
  }
  for (std::string_view suffix : {"ingly", "edly", "ing", "ed"}) {
    if (!word.ends_with(suffix)) continue;
    if (!hasVowel(word.substr(0, word.size() - suffix.size()))) return;
    cut(s, suffix.size());
    word = s.word;
    if (word.ends_with("at") || word.ends_with("bl") || word.ends_with("iz")) {
      s.word += 'e';
    } else if (word.size() > 1 && word.back() == word[word.size() - 2] &&
               std::string_view("bdfgmnprt").find(word.back()) != std::string_view::npos) {
      s.word.pop_back();
    } else if (isShortWord(s)) {
      s.word += 'e';
    }
    return;
  }
}

static void replaceFinalY(Stemmer& s) {
  size_t n = s.word.size();
  if (n > 2 && (s.word[n - 1] == 'y' || s.word[n - 1] == 'Y') && !isVowel(s.word[n - 2])) s.word[n - 1] = 'i';
}

namespace {
struct Ending {
  std::string_view suffix, replacement;
};
}  // namespace

// The longest ending decides; it is replaced when it lies in the region.
static void replaceEnding(Stemmer& s, size_t region, std::initializer_list<Ending> endings) {
  for (const Ending& ending : endings) {
    if (!std::string_view(s.word).ends_with(ending.suffix)) continue;
    if (s.word.size() - ending.suffix.size() >= region) cut(s, ending.suffix.size(), ending.replacement);
    return;
  }
}

// `li` goes after the letters that such adverbs end in.
static void cutAdverb(Stemmer& s) {
  size_t n = s.word.size();
  bool is_adverb = n > 3 && s.word.ends_with("li") && n - 2 >= s.r1 && std::string_view("cdeghkmnrt").find(s.word[n - 3]) != std::string_view::npos;
  if (is_adverb) cut(s, 2);
}

static void cutLast(Stemmer& s) {
  size_t n = s.word.size();
  if (s.word.ends_with('e')) {
    bool is_cut = n - 1 >= s.r2 || (n - 1 >= s.r1 && !endsShort(std::string_view(s.word).substr(0, n - 1)));
    if (is_cut) s.word.pop_back();
  } else if (s.word.ends_with("ll") && n - 1 >= s.r2) {
    s.word.pop_back();
  }
}

std::string stemOf(std::string_view text) {
  if (text.size() <= 2) return std::string(text);
  Stemmer s{.word = std::string(text)};
  for (size_t i = 0; i < s.word.size(); ++i) {
    if (s.word[i] == 'y' && (i == 0 || isVowel(s.word[i - 1]))) s.word[i] = 'Y';
  }
  s.r1 = regionAfter(s.word, 0);
  for (std::string_view prefix : {"gener", "commun", "arsen"}) {
    if (s.word.starts_with(prefix)) s.r1 = prefix.size();
  }
  s.r2 = s.r1 >= s.word.size() ? s.word.size() : regionAfter(s.word, s.r1);
  cutPlural(s);
  cutPast(s);
  replaceFinalY(s);
  replaceEnding(s, s.r1, {{"ization", "ize"}, {"ational", "ate"}, {"fulness", "ful"}, {"ousness", "ous"}, {"iveness", "ive"},
                          {"tional", "tion"}, {"biliti", "ble"}, {"lessli", "less"}, {"entli", "ent"}, {"ation", "ate"},
                          {"alism", "al"}, {"aliti", "al"}, {"ousli", "ous"}, {"iviti", "ive"}, {"fulli", "ful"},
                          {"enci", "ence"}, {"anci", "ance"}, {"abli", "able"}, {"izer", "ize"}, {"ator", "ate"},
                          {"alli", "al"}, {"bli", "ble"}});
  cutAdverb(s);
  replaceEnding(s, s.r1, {{"ational", "ate"}, {"tional", "tion"}, {"alize", "al"}, {"icate", "ic"}, {"iciti", "ic"},
                          {"ical", "ic"}, {"ness", ""}, {"ful", ""}});
  replaceEnding(s, s.r2, {{"ative", ""}});
  replaceEnding(s, s.r2, {{"ement", ""}, {"ance", ""}, {"ence", ""}, {"able", ""}, {"ible", ""}, {"ment", ""}, {"ant", ""},
                          {"ent", ""}, {"ism", ""}, {"ate", ""}, {"iti", ""}, {"ous", ""}, {"ive", ""}, {"ize", ""},
                          {"sion", "s"}, {"tion", "t"}, {"al", ""}, {"er", ""}, {"ic", ""}});
  cutLast(s);
  std::replace(s.word.begin(), s.word.end(), 'Y', 'y');
  return s.word;
}

}  // namespace krait::lint
