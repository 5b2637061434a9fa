#pragma once

#include "batch_norm.h"

namespace bn_only {

struct GradientInputs {
  const float* input;
  /// The forward output where a residual was added, from which the sign under ReLU is known.
  const float* output;
  const float* output_gradient;
};

struct GradientOutputs {
  float* gamma;
  float* beta;
  /// May be the output gradient where there is no residual; null where it is not wanted.
  float* input;
  /// The output gradient where ReLU let it pass; may be the output gradient. Only with a residual.
  float* residual;
};

/// With `g` the output gradient where ReLU let it pass, x̂ the normalised input and N the number of
/// elements of a channel: `dbeta = Σ g`, `dgamma = Σ g x̂` and
/// `dx = scale (g − dbeta / N − x̂ dgamma / N)`; without the last two terms where the statistics are
/// constants.
template <bool kRelu, bool kResidual>
void gradient(const Cut& cut, const Normalisation& norm, bool batch_statistics,
              const GradientInputs& inputs, const GradientOutputs& outputs) {
  const int64_t channels = cut.channels;
  const auto means = cut.wide([&](int64_t c) { return norm.mean[c]; });
  const auto scales = cut.wide([&](int64_t c) { return norm.scale(c); });
  const auto betas = cut.wide([&](int64_t c) { return norm.beta[c]; });
  const float* const mean = means.data();
  const float* const scale = scales.data();
  const float* const beta = betas.data();
  const auto passed = [=](float g, float x, float y, int64_t j) {
    if (!kRelu) return g;
    return (kResidual ? y : normalised(x, mean[j], scale[j], beta[j])) > 0 ? g : 0;
  };

  std::vector<double> chunk_gradients(cut.chunks * channels);
  std::vector<double> chunk_products(cut.chunks * channels);
  cut.each_chunk([&](int64_t chunk, int64_t begin, int64_t end) {
    std::vector<float> gradients(cut.width), products(cut.width);
    float* const sum = gradients.data();
    float* const product = products.data();
    cut.each_row(begin, end, [=](int64_t at, int64_t n) {
      const float* const x = inputs.input + at;
      const float* const y = kResidual ? inputs.output + at : x;
      const float* const dy = inputs.output_gradient + at;
      float* const dr = kResidual ? outputs.residual + at : nullptr;
      BN_ONLY_INDEPENDENT
      for (int64_t j = 0; j < n; j++) {
        const float g = passed(dy[j], x[j], y[j], j);
        sum[j] += g;
        product[j] += g * (x[j] - mean[j]);
        if (kResidual) dr[j] = g;
      }
    });
    cut.fold(gradients, &chunk_gradients[chunk * channels]);
    cut.fold(products, &chunk_products[chunk * channels]);
  });

  const double count = static_cast<double>(cut.size / channels);
  std::vector<double> offset(channels), slope(channels);
  for (int64_t c = 0; c < channels; c++) {
    double sum = 0, product = 0;
    for (int64_t chunk = 0; chunk < cut.chunks; chunk++) {
      sum += chunk_gradients[chunk * channels + c];
      product += chunk_products[chunk * channels + c];
    }
    const double inverse = norm.inverse_deviation(c);
    outputs.gamma[c] = static_cast<float>(product * inverse);
    outputs.beta[c] = static_cast<float>(sum);
    if (!batch_statistics) continue;
    offset[c] = -norm.scale(c) * sum / count;
    slope[c] = -norm.scale(c) * inverse * inverse * product / count;
  }
  if (outputs.input == nullptr) return;

  const auto offsets = cut.wide([&](int64_t c) { return offset[c]; });
  const auto slopes = cut.wide([&](int64_t c) { return slope[c]; });
  const float* const wide_offset = offsets.data();
  const float* const wide_slope = slopes.data();
  const float* const output_gradient = kResidual ? outputs.residual : inputs.output_gradient;
  cut.each_chunk([&](int64_t, int64_t begin, int64_t end) {
    cut.each_row(begin, end, [=](int64_t at, int64_t n) {
      const float* const x = inputs.input + at;
      const float* const dy = output_gradient + at;
      float* const dx = outputs.input + at;
      BN_ONLY_INDEPENDENT
      for (int64_t j = 0; j < n; j++) {
        const float g = kResidual ? dy[j] : passed(dy[j], x[j], 0, j);
        dx[j] = g * scale[j] + wide_offset[j] + (x[j] - mean[j]) * wide_slope[j];
      }
    });
  });
}

}  // namespace bn_only
