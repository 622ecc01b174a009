// The public names of @fanin/lab/tfjs: comparisons with TensorFlow.js. Only this entry loads it.

export { tfjsEngine } from "./tfjs/tfjs-engine.ts";
