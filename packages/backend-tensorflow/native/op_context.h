#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "tensorflow/c/kernels.h"
#include "tensorflow/c/tf_status.h"
#include "tensorflow/c/tf_tensor.h"

namespace bn_only {

using Status = std::unique_ptr<TF_Status, decltype(&TF_DeleteStatus)>;
using TensorPointer = std::unique_ptr<TF_Tensor, decltype(&TF_DeleteTensor)>;

inline Status new_status() { return {TF_NewStatus(), TF_DeleteStatus}; }

inline void check(const Status& status) {
  if (TF_GetCode(status.get()) != TF_OK) throw std::runtime_error(TF_Message(status.get()));
}

inline int64_t size_of(const std::vector<int64_t>& shape) {
  int64_t product = 1;
  for (int64_t length : shape) product *= length;
  return product;
}

/// Inputs and outputs of a running op, all float32. TensorFlow keeps inputs alive meanwhile.
class OpContext {
 public:
  explicit OpContext(TF_OpKernelContext* context) : context_(context), status_(new_status()) {}

  struct Input {
    const float* values;
    std::vector<int64_t> shape;

    int64_t size() const { return size_of(shape); }
  };

  Input input(int index) {
    TF_Tensor* tensor = nullptr;
    TF_GetInput(context_, index, &tensor, status_.get());
    check(status_);
    // Given back at once: a tensor that somebody else holds cannot be written over.
    const TensorPointer held(tensor, TF_DeleteTensor);
    std::vector<int64_t> shape(TF_NumDims(tensor));
    for (size_t i = 0; i < shape.size(); i++) shape[i] = TF_Dim(tensor, static_cast<int>(i));
    return {static_cast<const float*>(TF_TensorData(tensor)), std::move(shape)};
  }

  Input input(int index, int64_t size) {
    Input found = input(index);
    if (found.size() == size) return found;
    throw std::runtime_error("input " + std::to_string(index) + " has " +
                             std::to_string(found.size()) + " elements instead of " +
                             std::to_string(size));
  }

  float* output(int index, const std::vector<int64_t>& shape) {
    const TensorPointer tensor(
        TF_AllocateOutput(context_, index, TF_FLOAT, shape.data(), static_cast<int>(shape.size()),
                          size_of(shape) * sizeof(float), status_.get()),
        TF_DeleteTensor);
    check(status_);
    return static_cast<float*>(TF_TensorData(tensor.get()));
  }

  /// The output takes the place of an input, if nobody else holds that.
  float* output_over(int input_index, int index, const std::vector<int64_t>& shape) {
    int forwarded = -1;
    const TensorPointer tensor(
        TF_ForwardInputOrAllocateOutput(context_, &input_index, 1, index, shape.data(),
                                        static_cast<int>(shape.size()), &forwarded, status_.get()),
        TF_DeleteTensor);
    check(status_);
    return static_cast<float*>(TF_TensorData(tensor.get()));
  }

 private:
  TF_OpKernelContext* const context_;
  const Status status_;
};

/// Attributes of an op, read when its kernel is made.
class OpAttributes {
 public:
  explicit OpAttributes(TF_OpKernelConstruction* construction)
      : construction_(construction), status_(new_status()) {}

  float number(const char* name) {
    float value = 0;
    TF_OpKernelConstruction_GetAttrFloat(construction_, name, &value, status_.get());
    check(status_);
    return value;
  }

  bool flag(const char* name) {
    unsigned char value = 0;
    TF_OpKernelConstruction_GetAttrBool(construction_, name, &value, status_.get());
    check(status_);
    return value != 0;
  }

 private:
  TF_OpKernelConstruction* const construction_;
  const Status status_;
};

}  // namespace bn_only
