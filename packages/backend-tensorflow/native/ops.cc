// BatchNorm as ops of TensorFlow on the CPU, through its C API. They are registered when the
// library that contains them is loaded.

#include "tensorflow/c/ops.h"

#include <cstdio>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "batch_norm_gradient.h"
#include "op_context.h"

namespace bn_only {
namespace {

/// Calls `work` with the two flags as types, for templates.
template <class Work>
void with_flags(bool relu, bool residual, const Work& work) {
  using Yes = std::true_type;
  using No = std::false_type;
  if (relu) {
    residual ? work(Yes(), Yes()) : work(Yes(), No());
  } else {
    residual ? work(No(), Yes()) : work(No(), No());
  }
}

/// The input that is normalised, and how it is cut.
struct Batch {
  Batch(OpContext& context, int index) : input(not_empty(context.input(index))) {}

  static OpContext::Input not_empty(OpContext::Input input) {
    if (!input.shape.empty() && input.size() > 0) return input;
    throw std::runtime_error("the input is empty or has no channels");
  }

  const OpContext::Input input;
  const int64_t channels = input.shape.back();
  const Cut cut{input.size(), channels};
};

/// `output` of `input, gamma, beta, residual, mean, variance`. Without the attribute `joined` the
/// residual is not read.
struct BatchNormInference {
  explicit BatchNormInference(OpAttributes& attributes)
      : epsilon(attributes.number("epsilon")),
        relu(attributes.flag("relu")),
        joined(attributes.flag("joined")) {}

  void compute(OpContext& context) const {
    const Batch batch(context, 0);
    apply(context, batch, context.input(4, batch.channels).values,
          context.input(5, batch.channels).values);
  }

  void apply(OpContext& context, const Batch& batch, const float* mean,
             const float* variance) const {
    const Normalisation norm{context.input(1, batch.channels).values,
                             context.input(2, batch.channels).values, mean, variance, epsilon};
    const float* const residual = joined ? context.input(3, batch.cut.size).values : nullptr;
    float* const output = context.output(0, batch.input.shape);
    with_flags(relu, joined, [&](auto with_relu, auto with_residual) {
      normalise<with_relu, with_residual>(batch.cut, norm, batch.input.values, residual, output);
    });
  }

  const float epsilon;
  const bool relu;
  const bool joined;
};

/// `output, mean, variance, next_mean, next_variance` of `input, gamma, beta, residual,
/// running_mean, running_variance`.
struct BatchNorm {
  explicit BatchNorm(OpAttributes& attributes)
      : inference(attributes), momentum(attributes.number("momentum")) {}

  void compute(OpContext& context) const {
    const Batch batch(context, 0);
    float* const mean = context.output(1, {batch.channels});
    float* const variance = context.output(2, {batch.channels});
    statistics(batch.cut, batch.input.values, mean, variance);
    inference.apply(context, batch, mean, variance);

    const double count = static_cast<double>(batch.cut.size / batch.channels);
    move(context, batch.channels, 4, mean, 1, 3);
    move(context, batch.channels, 5, variance, count / (count - 1), 4);
  }

  /// `(1 − momentum) · running + momentum · factor · batch`
  void move(OpContext& context, int64_t channels, int running, const float* batch, double factor,
            int output) const {
    const float* const before = context.input(running, channels).values;
    float* const next = context.output(output, {channels});
    for (int64_t c = 0; c < channels; c++) {
      next[c] = static_cast<float>((1.0 - momentum) * before[c] + momentum * factor * batch[c]);
    }
  }

  const BatchNormInference inference;
  const float momentum;
};

/// `gamma_gradient, beta_gradient, input_gradient, residual_gradient` of `output_gradient, input,
/// gamma, beta, output, mean, variance`. The output gradient is written over where nobody else
/// holds it. Without `joined` the output is not read and the gradient of the residual is empty;
/// that of the input is without `input_wanted`.
struct BatchNormGradient {
  explicit BatchNormGradient(OpAttributes& attributes)
      : epsilon(attributes.number("epsilon")),
        relu(attributes.flag("relu")),
        joined(attributes.flag("joined")),
        batch_statistics(attributes.flag("batch_statistics")),
        input_wanted(attributes.flag("input_wanted")) {}

  void compute(OpContext& context) const {
    const Batch batch(context, 1);
    const int64_t channels = batch.channels;
    const auto of_channels = [&](int i) { return context.input(i, channels).values; };
    const Normalisation norm{of_channels(2), of_channels(3), of_channels(5), of_channels(6),
                             epsilon};
    const GradientInputs inputs{
        batch.input.values,
        joined ? context.input(4, batch.cut.size).values : nullptr,
        context.input(0, batch.cut.size).values,
    };
    const GradientOutputs outputs{
        context.output(0, {channels}),
        context.output(1, {channels}),
        !input_wanted ? nullptr
        : joined      ? context.output(2, batch.input.shape)
                      : context.output_over(0, 2, batch.input.shape),
        joined ? context.output_over(0, 3, batch.input.shape) : nullptr,
    };
    if (!input_wanted) context.output(2, {0});
    if (!joined) context.output(3, {0});
    with_flags(relu, joined, [&](auto with_relu, auto with_residual) {
      gradient<with_relu, with_residual>(batch.cut, norm, batch_statistics, inputs, outputs);
    });
  }

  const float epsilon;
  const bool relu;
  const bool joined;
  const bool batch_statistics;
  const bool input_wanted;
};

Status invalid(const std::exception& error) {
  Status status = new_status();
  TF_SetStatus(status.get(), TF_INVALID_ARGUMENT, error.what());
  return status;
}

template <class Kernel>
void* create(TF_OpKernelConstruction* construction) {
  try {
    OpAttributes attributes(construction);
    return new Kernel(attributes);
  } catch (const std::exception& error) {
    TF_OpKernelConstruction_Failure(construction, invalid(error).get());
    return nullptr;
  }
}

template <class Kernel>
void compute(void* kernel, TF_OpKernelContext* context) {
  try {
    OpContext op_context(context);
    static_cast<const Kernel*>(kernel)->compute(op_context);
  } catch (const std::exception& error) {
    TF_OpKernelContext_Failure(context, invalid(error).get());
  }
}

template <class Kernel>
void destroy(void* kernel) {
  delete static_cast<Kernel*>(kernel);
}

using Names = std::initializer_list<const char*>;

template <class Kernel>
void register_op(const char* name, Names inputs, Names outputs, Names attributes) {
  const Status status = new_status();
  TF_OpDefinitionBuilder* const definition = TF_NewOpDefinitionBuilder(name);
  for (const char* input : inputs) {
    TF_OpDefinitionBuilderAddInput(definition, (std::string(input) + ": float").c_str());
  }
  for (const char* output : outputs) {
    TF_OpDefinitionBuilderAddOutput(definition, (std::string(output) + ": float").c_str());
  }
  for (const char* attribute : attributes) TF_OpDefinitionBuilderAddAttr(definition, attribute);
  TF_RegisterOpDefinition(definition, status.get());
  check(status);
  TF_RegisterKernelBuilder(
      name, TF_NewKernelBuilder(name, "CPU", create<Kernel>, compute<Kernel>, destroy<Kernel>),
      status.get());
  check(status);
}

bool register_all() {
  try {
    register_op<BatchNorm>(
        "BnOnlyBatchNorm",
        {"input", "gamma", "beta", "residual", "running_mean", "running_variance"},
        {"output", "mean", "variance", "next_mean", "next_variance"},
        {"epsilon: float", "momentum: float", "relu: bool", "joined: bool"});
    register_op<BatchNormInference>("BnOnlyBatchNormInference",
                                    {"input", "gamma", "beta", "residual", "mean", "variance"},
                                    {"output"}, {"epsilon: float", "relu: bool", "joined: bool"});
    register_op<BatchNormGradient>(
        "BnOnlyBatchNormGradient",
        {"output_gradient", "input", "gamma", "beta", "output", "mean", "variance"},
        {"gamma_gradient", "beta_gradient", "input_gradient", "residual_gradient"},
        {"epsilon: float", "relu: bool", "joined: bool", "batch_statistics: bool",
         "input_wanted: bool"});
    return true;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "BatchNorm could not be registered with TensorFlow: %s\n", error.what());
    return false;
  }
}

[[maybe_unused]] const bool registered = register_all();

}  // namespace
}  // namespace bn_only
