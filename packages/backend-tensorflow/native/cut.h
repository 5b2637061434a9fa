#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "team.h"

/// Before a loop whose steps do not depend on each other, though pointers may point to the same.
#ifdef __clang__
#define BN_ONLY_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define BN_ONLY_INDEPENDENT _Pragma("GCC ivdep")
#endif

namespace bn_only {

/// How a tensor `[..., channels]` is cut: into chunks that fit into a core's first cache, and those
/// into wide rows, some rows as one, so that the innermost loops are long for any number of
/// channels.
struct Cut {
  Cut(int64_t size, int64_t channels)
      : size(size),
        channels(channels),
        width(channels * std::max<int64_t>(1, 256 / channels)),
        chunk(width * std::max<int64_t>(1, 8192 / width)),
        chunks((size + chunk - 1) / chunk) {}

  /// Calls `work(chunk, begin, end)` for every chunk, on all threads.
  template <class Work>
  void each_chunk(const Work& work) const {
    Team::instance().run(chunks,
                         [&](int64_t i) { work(i, i * chunk, std::min((i + 1) * chunk, size)); });
  }

  /// Calls `work(at, n)` for every wide row of a chunk: the `n` elements from `at` on.
  template <class Work>
  void each_row(int64_t begin, int64_t end, const Work& work) const {
    for (int64_t at = begin; at < end; at += width) work(at, std::min(width, end - at));
  }

  /// A wide row of `value(channel)`.
  template <class Value>
  std::vector<float> wide(const Value& value) const {
    std::vector<float> row(width);
    for (int64_t c = 0; c < channels; c++) {
      const auto of_channel = static_cast<float>(value(c));
      for (int64_t j = c; j < width; j += channels) row[j] = of_channel;
    }
    return row;
  }

  /// Adds up what belongs to the same channel.
  void fold(const std::vector<float>& row, double* sums) const {
    std::fill(sums, sums + channels, 0.0);
    for (int64_t j = 0; j < width; j += channels) {
      for (int64_t c = 0; c < channels; c++) sums[c] += row[j + c];
    }
  }

  const int64_t size;
  const int64_t channels;
  const int64_t width;
  const int64_t chunk;
  const int64_t chunks;
};

}  // namespace bn_only
