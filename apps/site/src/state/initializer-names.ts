// The initializers in the lists of the site; a link may contain others.

export const initializerNames = [
  "glorot_uniform",
  "glorot_normal",
  "he_normal",
  "he_uniform",
  "lecun_normal",
  "lecun_uniform",
  "orthogonal",
  "orthogonal(gain=1.414)",
  "random_normal(stddev=0.01)",
  "random_normal",
  "random_normal(stddev=1)",
  "random_uniform",
  "truncated_normal",
  "identity",
  "zeros",
  "ones",
  "constant(value=0.1)",
] as const;
