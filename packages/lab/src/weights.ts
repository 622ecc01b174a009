// The public names of @fanin/lab/weights: diagnosis of weights tensor by tensor, for files larger than memory.

export { familyDistribution } from "./diagnose/candidate-distributions.ts";
export { diagnoseTensors, type WeightsOptions } from "./diagnose/diagnose.ts";
export { type InspectedTensor, inspectTensor, type TensorReport } from "./diagnose/inspect-tensor.ts";
export { type Layout, layoutOfNames, layouts } from "./diagnose/layout.ts";
export { beginningOf, hasUnits, type MeasuredTensor, measureTensor } from "./diagnose/measured-tensor.ts";
export { listed, naturalOrder } from "./diagnose/natural-order.ts";
export type { Role } from "./diagnose/tensor-names.ts";
export { type TensorPart, tensorParts } from "./diagnose/tensor-parts.ts";
export { type TrainingState, trainingStates } from "./diagnose/training-state.ts";
export { variableNames } from "./diagnose/variable-names.ts";
export type { WeightFamily } from "./diagnose/weight-family.ts";
export type { TensorName, UnitMatrix, WeightTensor } from "./diagnose/weight-tensor.ts";
export { marchenkoPastur, singularValues } from "./signal/singular-values.ts";
