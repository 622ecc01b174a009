// Puts a compiled binary on a memory of the caller's.
// Source: the WebAssembly JavaScript interface's WebAssembly.Instance.

/**
 * The exports of an instance of `module` on `memory`.
 *
 * @throws TypeError for what is not a WebAssembly.Memory; WebAssembly.LinkError for a memory that is too small or shared.
 */
export function instantiateOn(memory: WebAssembly.Memory, module: WebAssembly.Module): WebAssembly.Exports {
  const kind = Object.prototype.toString.call(memory).slice(8, -1);
  if (kind !== "WebAssembly.Memory") {
    throw new TypeError(`memory: expected a WebAssembly.Memory, got ${kind}`);
  }
  return new WebAssembly.Instance(module, { env: { memory } }).exports;
}
