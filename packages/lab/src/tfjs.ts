// The public names of @fanin/lab/tfjs: comparisons through TensorFlow.js, which this entry alone loads.

export { tfjsEngine } from "./tfjs/tfjs-engine.ts";
