/**
 * Kernels of tfjs-backend-cpu that are not offered: complex numbers, which have no place in our memory,
 * and drawing on a canvas.
 */
export const notOffered: readonly string[] = [
  "Complex",
  "ComplexAbs",
  "Draw",
  "FFT",
  "IFFT",
  "Imag",
  "Real",
];
