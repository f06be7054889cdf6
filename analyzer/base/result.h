// Result<T>: a value or the message of a failure that the user can cause (I/O, configuration).
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "analyzer/base/check.h"

namespace krait {

struct Failure {
  std::string message;
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}
  Result(Failure failure) : message_(std::move(failure.message)) {}

  bool ok() const { return value_.has_value(); }
  const T& value() const {
    CHECK(ok(), "the result holds a value");
    return *value_;
  }
  T& value() {
    CHECK(ok(), "the result holds a value");
    return *value_;
  }
  const std::string& message() const { return message_; }

 private:
  std::optional<T> value_;
  std::string message_;
};

}  // namespace krait
