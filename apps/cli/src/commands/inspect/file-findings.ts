// The findings of `inspect` for several files: those of each file, and fresh tensors shared between files.
// `fanin explain` explains the codes.

import type { FindingCode, Severity } from "@fanin/lab";
import type { JudgedFile } from "../../weights/judge-file.ts";
import { isConstant } from "../../weights/tensor-summary.ts";

/** A finding. */
export interface FileFinding {
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly file: string;
  /** The first of its tensors. */
  readonly tensor: string;
  readonly tensors: readonly string[];
  readonly message: string;
  readonly fix: string | null;
}

/** Lists the findings in the order of the files. */
export function fileFindings(files: readonly JudgedFile[]): FileFinding[] {
  const first = new Map<string, { readonly file: string; readonly name: string }>();
  const findings: FileFinding[] = [];
  for (const { file, diagnosis, tensors } of files) {
    for (const { code, severity, where, found, fix } of diagnosis.findings) {
      findings.push({ code, severity, file, tensor: where[0] ?? "", tensors: where, message: found, fix });
    }
    for (const tensor of tensors) {
      const { name, dtype, shape, sha256, role, state } = tensor;
      // Trained tensors may be equal in two checkpoints if they are frozen, which is not a fault.
      if (isConstant(tensor) || state !== "fresh" || /^(bias|statistic|scale|other)$/.test(role)) continue;
      const key = `${dtype} ${shape.join("x")} ${sha256}`;
      const original = first.get(key);
      if (original === undefined) first.set(key, { file, name });
      else if (original.file !== file) {
        const message = `identical to ${original.name} in ${original.file}`;
        findings.push({ code: "W103", severity: "warning", file, tensor: name, tensors: [name], message, fix: null });
      }
    }
  }
  return findings;
}
