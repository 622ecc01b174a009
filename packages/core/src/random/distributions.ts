// The distributions that can be drawn, as `distributions` of the public names.

export { constant, normal, truncatedNormal, uniform } from "./distribution.ts";
