import type { GradConfig, NamedAttrMap, Tensor } from "@tensorflow/tfjs-core";

/** What a kernel saved in its forward pass: its inputs, then its outputs, as the rule asks for them. */
type Saved = readonly Tensor[];

/** The gradient of an input, made when somebody asks for it. */
type InputGradient = () => Tensor;

/** Rule of a kernel with one output, in the types that tfjs's own registry leaves out. */
export interface Rule {
  readonly kernelName: string;
  readonly inputsToSave?: readonly string[];
  /** Needed of a kernel whose inputs are a list. */
  readonly saveAllInputs?: boolean;
  readonly savesOutput?: boolean;
  gradient(
    outputGradient: Tensor,
    saved: Saved,
    attributes: NamedAttrMap,
  ): Readonly<Record<string, InputGradient>> | readonly InputGradient[];
}

/** For `registerGradient`. */
export function asConfig({ gradient, savesOutput, inputsToSave, ...rule }: Rule): GradConfig {
  return {
    ...rule,
    ...(inputsToSave && { inputsToSave: [...inputsToSave] }),
    ...(savesOutput && { outputsToSave: [true] }),
    gradFunc: (outputGradient, saved, attributes) => {
      const gradients = gradient(outputGradient as Tensor, saved, attributes);
      // A list stands for the inputs of a kernel that takes a list.
      return Object.fromEntries(Object.entries(gradients));
    },
  };
}
