#pragma once

#include <cmath>

#include "cut.h"

// BatchNorm of a float32 tensor [..., channels], with what surrounds it in a network: residual and
// ReLU. Sums over a chunk are float32, sums over chunks float64 and in a fixed order, so that
// results do not depend on the number of threads.

namespace bn_only {

/// `[channels]` each.
struct Normalisation {
  const float* gamma;
  const float* beta;
  const float* mean;
  /// Biased.
  const float* variance;
  float epsilon;

  double inverse_deviation(int64_t c) const {
    return 1 / std::sqrt(static_cast<double>(variance[c]) + epsilon);
  }
  double scale(int64_t c) const { return gamma[c] * inverse_deviation(c); }
};

/// One expression for both passes: backward has to find the sign that forward had.
inline float normalised(float x, float mean, float scale, float beta) {
  return (x - mean) * scale + beta;
}

/// Mean and biased variance of every channel: of each chunk, then joined (Chan et al. 1983).
inline void statistics(const Cut& cut, const float* input, float* mean, float* variance) {
  const int64_t channels = cut.channels;
  std::vector<double> means(cut.chunks * channels);
  std::vector<double> squares(cut.chunks * channels);
  std::vector<double> counts(cut.chunks);

  cut.each_chunk([&](int64_t chunk, int64_t begin, int64_t end) {
    double* const chunk_means = &means[chunk * channels];
    double* const chunk_squares = &squares[chunk * channels];
    const double count = counts[chunk] = static_cast<double>((end - begin) / channels);
    std::vector<float> sums(cut.width);
    float* const sum = sums.data();
    cut.each_row(begin, end, [=](int64_t at, int64_t n) {
      const float* const x = input + at;
      BN_ONLY_INDEPENDENT
      for (int64_t j = 0; j < n; j++) sum[j] += x[j];
    });
    cut.fold(sums, chunk_means);
    for (int64_t c = 0; c < channels; c++) chunk_means[c] /= count;

    const auto centres = cut.wide([&](int64_t c) { return chunk_means[c]; });
    const float* const centre = centres.data();
    std::fill(sums.begin(), sums.end(), 0.0f);
    cut.each_row(begin, end, [=](int64_t at, int64_t n) {
      const float* const x = input + at;
      BN_ONLY_INDEPENDENT
      for (int64_t j = 0; j < n; j++) sum[j] += (x[j] - centre[j]) * (x[j] - centre[j]);
    });
    cut.fold(sums, chunk_squares);
    for (int64_t c = 0; c < channels; c++) {
      const double rounding = chunk_means[c] - centres[c];
      chunk_squares[c] -= count * rounding * rounding;
    }
  });

  const double total = static_cast<double>(cut.size / channels);
  std::vector<double> joined(channels), spread(channels);
  for (int64_t chunk = 0; chunk < cut.chunks; chunk++) {
    const double weight = counts[chunk] / total;
    for (int64_t c = 0; c < channels; c++) joined[c] += weight * means[chunk * channels + c];
  }
  for (int64_t chunk = 0; chunk < cut.chunks; chunk++) {
    for (int64_t c = 0; c < channels; c++) {
      const double apart = means[chunk * channels + c] - joined[c];
      spread[c] += squares[chunk * channels + c] + counts[chunk] * apart * apart;
    }
  }
  for (int64_t c = 0; c < channels; c++) {
    mean[c] = static_cast<float>(joined[c]);
    variance[c] = static_cast<float>(spread[c] / total);
  }
}

/// `output = relu((input − mean) scale + beta + residual)`
template <bool kRelu, bool kResidual>
void normalise(const Cut& cut, const Normalisation& norm, const float* input, const float* residual,
               float* output) {
  const auto means = cut.wide([&](int64_t c) { return norm.mean[c]; });
  const auto scales = cut.wide([&](int64_t c) { return norm.scale(c); });
  const auto betas = cut.wide([&](int64_t c) { return norm.beta[c]; });
  const float* const mean = means.data();
  const float* const scale = scales.data();
  const float* const beta = betas.data();
  cut.each_chunk([&](int64_t, int64_t begin, int64_t end) {
    cut.each_row(begin, end, [=](int64_t at, int64_t n) {
      const float* const x = input + at;
      const float* const r = kResidual ? residual + at : nullptr;
      float* const y = output + at;
      BN_ONLY_INDEPENDENT
      for (int64_t j = 0; j < n; j++) {
        float value = normalised(x[j], mean[j], scale[j], beta[j]);
        if (kResidual) value += r[j];
        // A NaN stays one.
        y[j] = kRelu && value < 0 ? 0 : value;
      }
    });
  });
}

}  // namespace bn_only
